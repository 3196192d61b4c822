/// What INFO says of a server; a field that is absent stays absent.
package struct ServerInfo: Sendable, Equatable {
  /// Every field by its name.
  package let fields: [String: String]
  /// The headings, without their `#`.
  private let sections: Set<String>
  /// What HELLO says where INFO is refused: `mode`, `role` and the like.
  private var greeting: [String: String] = [:]

  /// Reads the text of INFO: lines of `name:value`, headings behind `#`. An empty text has no fields.
  package init(text: String = "") {
    var fields: [String: String] = [:]
    var sections: Set<String> = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("#") {
        sections.insert(String(line.dropFirst().drop { $0 == " " }))
      } else if let colon = line.firstIndex(of: ":") {
        fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
      }
    }
    self.fields = fields
    self.sections = sections
  }

  /// Reads the reply to INFO; nil where it is an error or no text.
  package init?(_ reply: Reply) {
    guard let text = try? reply.decode(String.self) else { return nil }
    self.init(text: text)
  }

  /// True where nothing is known, because the server refuses INFO.
  package var isEmpty: Bool { fields.isEmpty }

  /// The number that a field holds.
  package func integer(_ name: String) -> Int? { fields[name].flatMap { Int($0) } }

  /// Whether a section's heading came, even without a line below it.
  func hasSection(_ name: String) -> Bool { sections.contains(name) }

  // MARK: - Identity

  /// The server's make in lower case: `redis`, `valkey`, …; nil where INFO does not say.
  package var server: String? {
    if let name = fields["server_name"] { return name.lowercased() }
    if fields["dragonfly_version"] != nil { return "dragonfly" }
    return fields["redis_version"] == nil ? nil : "redis"
  }

  /// The make's own version number; Valkey reports 7.2.4 as `redis_version` beside its own.
  package var version: String? {
    fields["valkey_version"] ?? fields["dragonfly_version"] ?? fields["redis_version"]
  }

  /// The server's process, by the random name that it gives itself; nil where INFO does not say.
  package var runID: String? { fields["run_id"] }

  /// `primary`, `replica`, or the server's own word for another role.
  package var role: String? {
    switch fields["role"] ?? greeting["role"] {
    case "master": "primary"
    case "slave": "replica"
    case let other: other
    }
  }

  /// True where the server is part of a cluster.
  package var isClusterNode: Bool { fields["cluster_enabled"] == "1" || greeting["mode"] == "cluster" }
}

// MARK: - Reading

extension ServerInfo {
  /// Asks a server for all of INFO; where that is refused, HELLO at least says its mode and role.
  ///
  /// Throws `transient` and `permission` for a server that may answer later or that asks for a password, and whatever the
  /// channel throws.
  package static func read(from channel: some CommandChannel) throws(ClientError) -> ServerInfo {
    if let info = try section(nil, from: channel) { return info }
    var info = ServerInfo()
    // Whether the server is one of many must be known: its keys are not all there are.
    info.greeting = (try? ReplyFields(reply: channel.call("HELLO")))?.values ?? [:]
    return info
  }

  /// Asks a server for one section of INFO, or for the default ones; nil where it does not let that be read.
  ///
  /// Throws as `read(from:)` does.
  static func section(_ name: String?, from channel: some CommandChannel) throws(ClientError) -> ServerInfo? {
    let reply = if let name { try channel.call("INFO", name) } else { try channel.call("INFO") }
    if let error = reply.error, error.isTransient || error.isAuthentication {
      throw ClientError(error, to: "INFO", at: channel.endpoint)
    }
    return ServerInfo(reply)
  }
}
