package import RedisClient
import Reporting

/// What INFO tells of a server; a field that is absent stays absent.
package struct ServerFacts: Sendable, Equatable {
  /// The keys of one database.
  package struct Database: Sendable, Equatable {
    /// Keys.
    package let keys: Int
    /// Keys with a time to live.
    package let expires: Int
  }

  /// Every field by its name.
  package let fields: [String: String]
  /// What HELLO says where INFO may not be asked: `mode`, `role` and the like.
  private var greeting: [String: String] = [:]

  /// Reads the text of INFO: lines of `name:value`, headings behind `#`.
  package init(info: String) {
    var fields: [String: String] = [:]
    for line in info.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
    self.fields = fields
  }

  /// Asks a server; an answer that is an error gives no facts.
  package static func read<Channel: CommandChannel>(
    from channel: Channel
  ) throws(ClientError) -> ServerFacts {
    let reply = try channel.ask("INFO")
    if let error = reply.error {
      if error.isTransient || error.isAuthentication {
        throw ClientError(error, to: "INFO", at: channel.endpoint)
      }
      var facts = ServerFacts(info: "")
      // Whether the server is one of many must be known: its keys are not all there are.
      facts.greeting = (try? ReplyFields(reply: channel.ask("HELLO")))?.values ?? [:]
      return facts
    }
    return ServerFacts(info: (try? reply.decode(String.self)) ?? "")
  }

  /// How often a server's keys have been flushed, or its databases swapped; nil where it does not tell.
  static func flushesAndSwaps(of channel: some CommandChannel) throws(ClientError) -> Int? {
    let reply = try channel.ask("INFO", "commandstats")
    guard let text = try? reply.decode(String.self) else { return nil }
    let facts = ServerFacts(info: text)
    guard facts.fields.keys.contains(where: { $0.hasPrefix("cmdstat_") }) else { return nil }
    return ["flushall", "flushdb", "swapdb"].reduce(0) { $0 + (facts.calls(of: $1) ?? 0) }
  }

  /// How often a command was called, by the line of commandstats that begins with `calls=`.
  func calls(of command: String) -> Int? {
    fields["cmdstat_" + command]?.split(separator: ",").first { $0.hasPrefix("calls=") }
      .flatMap { Int($0.dropFirst("calls=".count)) }
  }

  /// The server's make in lower case: `redis`, `valkey`, …; nil where INFO tells nothing.
  package var server: String? {
    if let name = fields["server_name"] { return name.lowercased() }
    if fields["dragonfly_version"] != nil { return "dragonfly" }
    return fields["redis_version"] == nil ? nil : "redis"
  }

  /// The make's own version number; Valkey reports 7.2.4 as `redis_version` beside its own.
  package var version: String? {
    fields["valkey_version"] ?? fields["dragonfly_version"] ?? fields["redis_version"]
  }

  /// The server's process, by the random name that it gives itself; nil where INFO does not tell.
  var runID: String? { fields["run_id"] }

  /// Where a replica's primary is, as the replica reaches it; nil for a primary.
  var primary: String? {
    guard let host = fields["master_host"], let port = fields["master_port"] else { return nil }
    return KeyText.sanitized(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
  }

  /// `primary` or `replica`.
  package var role: String? {
    switch fields["role"] ?? greeting["role"] {
    case "master": "primary"
    case "slave": "replica"
    case let other: other
    }
  }

  /// True where the server is part of a cluster.
  package var isClusterNode: Bool { fields["cluster_enabled"] == "1" || greeting["mode"] == "cluster" }

  /// The number that a field holds.
  package func integer(_ name: String) -> Int? { fields[name].flatMap { Int($0) } }

  /// The keys of each database that has any, as `INFO keyspace` counts them.
  package var databases: [Int: Database] {
    var result: [Int: Database] = [:]
    for (name, value) in fields where name.hasPrefix("db") {
      guard let number = Int(name.dropFirst(2)) else { continue }
      var counts: [Substring: Int] = [:]
      for pair in value.split(separator: ",") {
        let halves = pair.split(separator: "=", maxSplits: 1)
        if halves.count == 2 { counts[halves[0]] = Int(halves[1]) }
      }
      if let keys = counts["keys"] { result[number] = Database(keys: keys, expires: counts["expires"] ?? 0) }
    }
    return result
  }
}
