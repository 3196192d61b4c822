import Bytes

extension ServerInfo {
  // MARK: - Keyspace

  /// The keys of one database, or of several.
  package struct Database: Sendable, Equatable {
    /// Keys; nil where they are not known.
    package let keys: Int?
    /// Keys with a time to live; nil where they are not known.
    package let expires: Int?
    /// Keys of which parts have a time to live of their own: hashes with fields that expire.
    package let partlyExpiring: Int

    /// Counts of a database; more keys with a time to live than keys are impossible, and so unknown.
    package init(keys: Int?, expires: Int?, partlyExpiring: Int = 0) {
      self.keys = keys
      self.expires = expires.flatMap { expires in keys.map { expires <= $0 } ?? true ? expires : nil }
      self.partlyExpiring = partlyExpiring
    }

    /// The counts of several databases added up; what one of them lacks is lacking.
    package init(sum databases: some Sequence<Database>) {
      self.init(
        keys: databases.lazy.map(\.keys).known, expires: databases.lazy.map(\.expires).known,
        partlyExpiring: databases.reduce(0) { $0 &+ $1.partlyExpiring })
    }

    /// Keys that have no time to live, and neither has a part of them; nil where they are not known.
    package var endless: Int? { keys.minus(expires).minus(partlyExpiring) }
  }

  /// The keys of each database that has any: `db0:keys=12,expires=3,avg_ttl=0`.
  package var databases: [Int: Database] {
    var result: [Int: Database] = [:]
    for (name, line) in fields where name.hasPrefix("db") {
      guard let number = ServerInfo.amount(name.dropFirst(2)) else { continue }
      let pairs = ServerInfo.pairs(line)
      guard pairs["keys"] != nil else { continue }
      let counts = pairs.compactMapValues { ServerInfo.amount($0) }
      // Redis from 7.4 on, and Valkey from 9 on.
      let partly = counts["subexpiry"] ?? counts["keys_with_volatile_items"] ?? 0
      result[number] = Database(keys: counts["keys"], expires: counts["expires"], partlyExpiring: partly)
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
    commandFigure("calls", of: command)
  }

  /// How often a command was called and did not fail; 0 where it has no line.
  package func successes(of command: String) -> Int {
    max(0, (calls(of: command) ?? 0) - (commandFigure("failed_calls", of: command) ?? 0))
  }

  /// For how long a command has run in all, in microseconds; nil where it has no line.
  package func microseconds(of command: String) -> Int? { commandFigure("usec", of: command) }

  /// True where the text holds the statistics of commands.
  package var countsCommands: Bool { fields.keys.contains { $0.hasPrefix("cmdstat_") } }

  /// The figure of a command's line.
  private func commandFigure(_ name: String, of command: String) -> Int? {
    fields["cmdstat_" + command].flatMap { ServerInfo.pairs($0)[name] }.flatMap { ServerInfo.amount($0) }
  }

  /// How often an error of a code was answered: `errorstat_OOM:count=3`; nil where errors are not counted.
  package func errors(_ code: String) -> Int? {
    guard let line = fields["errorstat_" + code] else { return hasSection("Errorstats") ? 0 : nil }
    return ServerInfo.pairs(line)["count"].flatMap { ServerInfo.amount($0) }
  }

  /// How often keys were flushed or databases swapped; nil without command statistics.
  var flushesAndSwaps: Int? {
    guard countsCommands else { return nil }
    return ["flushall", "flushdb", "swapdb"].map { calls(of: $0) ?? 0 }.known
  }

  /// Asks a server how often its keys were flushed, or its databases swapped; nil where it does not say.
  package static func flushesAndSwaps(of channel: some CommandChannel) throws(ClientError) -> Int? {
    ServerInfo(try channel.call("INFO", "commandstats"))?.flushesAndSwaps
  }
}
