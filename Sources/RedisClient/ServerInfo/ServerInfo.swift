/// What INFO says of a server; a field that is absent stays absent.
package struct ServerInfo: Sendable, Equatable {
  /// Every field that has a value, by its name.
  package let fields: [String: String]
  /// The headings, without their `#`.
  private let sections: Set<String>
  /// What other commands say of what INFO leaves out: `mode` and `role`, in HELLO's words.
  private var greeting: [String: String] = [:]
  /// Why INFO could not be read; nil where it could.
  package private(set) var refusal: String?

  /// The most that an amount may be: no server has had the time or the memory for more.
  static let mostAmount = 1 << 53

  /// Reads the text of INFO: lines of `name:value`, headings behind `#`. An empty text has no fields, and a field without
  /// a value is absent.
  package init(text: String = "") {
    var fields: [String: String] = [:]
    var sections: Set<String> = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("#") {
        sections.insert(String(line.dropFirst().drop { $0 == " " }))
      } else if let colon = line.firstIndex(of: ":"), line.index(after: colon) < line.endIndex {
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

  /// The number that a field holds, as far as it may be from 0 in either direction.
  package func integer(_ name: String) -> Int? { fields[name].flatMap { Int($0) } }

  /// The amount that a field holds; nil where it holds none, or what cannot be one.
  package func amount(_ name: String) -> Int? { fields[name].flatMap { ServerInfo.amount($0) } }

  /// The decimal number that a field holds; nil where it is not finite or below 0.
  package func decimal(_ name: String) -> Double? {
    fields[name].flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  /// Reads an amount: 0 to `mostAmount`.
  package static func amount(_ text: some StringProtocol) -> Int? {
    Int(text).flatMap { (0...mostAmount).contains($0) ? $0 : nil }
  }

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
  /// Asks a server for all of INFO, and other commands for its mode and role where INFO does not say: whether the server is
  /// one of many must be known, because its keys are not all there are then.
  ///
  /// Throws `transient` and `permission` for a server that may answer later or that asks for a password, and whatever the
  /// channel throws.
  package static func read(from channel: some CommandChannel) throws(ClientError) -> ServerInfo {
    let reply = try channel.call("INFO")
    try throwPassing(reply, channel)
    let read = ServerInfo(reply)
    var info = read ?? ServerInfo()
    if read == nil { info.refusal = refusal(of: "INFO", reply, at: channel.endpoint) }
    if info.fields["cluster_enabled"] == nil || info.role == nil { try info.askElsewhere(channel) }
    return info
  }

  private mutating func askElsewhere(_ channel: some CommandChannel) throws(ClientError) {
    greeting = (try? ReplyFields(reply: channel.call("HELLO")))?.values ?? [:]
    if fields["cluster_enabled"] == nil, greeting["mode"] == nil, try Self.hasTopology(channel) {
      greeting["mode"] = "cluster"
    }
    guard role == nil, let role = try channel.call("ROLE").children.first else { return }
    greeting["role"] = try? role.decode(String.self)
  }

  /// True where a server tells who has which slots; one that is not part of a cluster refuses to.
  private static func hasTopology(_ channel: some CommandChannel) throws(ClientError) -> Bool {
    if try channel.call("CLUSTER", "SLOTS").kind == .array { return true }
    return try channel.call("CLUSTER", "SHARDS").kind == .array
  }

  /// Asks a server for one section of INFO; nil where it does not let that be read.
  ///
  /// Throws as `read(from:)` does.
  package static func section(_ name: String, from channel: some CommandChannel) throws(ClientError)
    -> ServerInfo?
  {
    let reply = try channel.call("INFO", name)
    try throwPassing(reply, channel)
    return ServerInfo(reply)
  }

  private static func throwPassing(_ reply: Reply, _ channel: some CommandChannel) throws(ClientError) {
    guard let error = reply.error, error.isTransient || error.isAuthentication else { return }
    throw ClientError(error, to: "INFO", at: channel.endpoint)
  }

  /// Why a command brought nothing: "INFO is not permitted here; …".
  private static func refusal(of command: String, _ reply: Reply, at endpoint: Endpoint) -> String {
    reply.error.map { $0.reason(command, at: endpoint) } ?? "\(command) is not available here"
  }
}
