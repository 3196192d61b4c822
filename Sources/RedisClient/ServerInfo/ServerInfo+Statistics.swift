extension ServerInfo {
  // MARK: - Keyspace

  /// The keys of one database.
  package struct Database: Sendable, Equatable {
    /// Keys.
    package let keys: Int
    /// Keys with a time to live.
    package let expires: Int

    /// Counts of a database, or of several added up.
    package init(keys: Int, expires: Int) {
      self.keys = keys
      self.expires = expires
    }
  }

  /// The keys of each database that has any: `db0:keys=12,expires=3,avg_ttl=0`.
  package var databases: [Int: Database] {
    var result: [Int: Database] = [:]
    for (name, line) in fields where name.hasPrefix("db") {
      guard let number = Int(name.dropFirst(2)) else { continue }
      let counts = ServerInfo.pairs(line).compactMapValues { Int($0) }
      if let keys = counts["keys"] { result[number] = Database(keys: keys, expires: counts["expires"] ?? 0) }
    }
    return result
  }

  /// Whether the keyspace is described at all: an empty one has a heading and no line.
  package var describesKeyspace: Bool { hasSection("Keyspace") || !databases.isEmpty }

  // MARK: - Command statistics

  /// How often a command was called: `cmdstat_get:calls=5,usec=…`; nil where it has no line.
  ///
  /// Subcommands are named as in `config|resetstat`.
  package func calls(of command: String) -> Int? {
    fields["cmdstat_" + command].flatMap { ServerInfo.pairs($0)["calls"] }.flatMap { Int($0) }
  }

  /// How often keys were flushed or databases swapped; nil without command statistics.
  var flushesAndSwaps: Int? {
    guard fields.keys.contains(where: { $0.hasPrefix("cmdstat_") }) else { return nil }
    return ["flushall", "flushdb", "swapdb"].reduce(0) { $0 + (calls(of: $1) ?? 0) }
  }

  /// Asks a server how often its keys were flushed, or its databases swapped; nil where it does not say.
  package static func flushesAndSwaps(of channel: some CommandChannel) throws(ClientError) -> Int? {
    ServerInfo(try channel.call("INFO", "commandstats"))?.flushesAndSwaps
  }
}
