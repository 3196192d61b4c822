import Bytes
import RedisClient

/// What rules read of INFO that takes more than a field.
extension NodeFacts {
  /// `primary` or `replica`; nil where the server does not tell.
  var role: String? { info.role }

  /// The server's make in lower case.
  var make: String? { info.server }

  /// The number of databases that hold keys.
  var databaseCount: Int { info.databases.count { ($0.value.keys ?? 0) > 0 } }

  // MARK: - Commands

  /// Calls of a command between the two readings.
  struct CommandGrowth: Equatable {
    /// The command in lower case, subcommands as in `config|get`.
    var name: String
    var calls: Int
    /// How long they took, in microseconds.
    var microseconds: Int
  }

  /// What each command did between the two readings.
  func commandGrowths() throws(FactGap) -> [CommandGrowth] {
    guard let commandStats, commandStats.now.countsCommands else {
      throw .unavailable("the server does not count its commands (INFO commandstats), or was read once only")
    }
    let prefix = "cmdstat_"
    return commandStats.now.fields.keys.filter { $0.hasPrefix(prefix) }.compactMap { field in
      let name = String(field.dropFirst(prefix.count))
      let (before, now) = (commandStats.before, commandStats.now)
      guard let calls = now.calls(of: name), let time = now.microseconds(of: name) else { return nil }
      let growth = CommandGrowth(
        name: name, calls: calls - (before.calls(of: name) ?? 0),
        microseconds: time - (before.microseconds(of: name) ?? 0))
      return growth.calls > 0 && growth.microseconds >= 0 ? growth : nil
    }
    .sorted { ($0.microseconds, $1.name) > ($1.microseconds, $0.name) }
  }

  /// What one command did between the two readings.
  func commandGrowth(_ name: String) throws(FactGap) -> CommandGrowth {
    try commandGrowths().first { $0.name == name } ?? CommandGrowth(name: name, calls: 0, microseconds: 0)
  }

  /// The errors between the two readings by their codes, the most frequent first.
  func errorGrowths() -> [(code: String, count: Int)] {
    let prefix = "errorstat_"
    return info.fields.keys.filter { $0.hasPrefix(prefix) }.compactMap { field in
      let code = String(field.dropFirst(prefix.count))
      // A code is what a server or a script wrote: nothing else than a word is shown.
      guard code.utf8.allSatisfy({ $0.isUppercase || $0 == UInt8(ascii: "_") }), let now = info.errors(code),
        case let then = before?.errors(code) ?? now, now > then
      else { return nil }
      return (code, now - then)
    }
    .sorted { ($0.count, $1.code) > ($1.count, $0.code) }
  }

  // MARK: - Replication and persistence

  /// The replica that has acknowledged least, and by how many bytes; nil where there is none.
  var furthestReplica: (address: String, bytes: Int)? {
    guard let end = info.amount("master_repl_offset") else { return nil }
    return info.replicas.compactMap { replica in
      replica.offset.map { (replica.address?.description ?? "without an address", max(0, end - $0)) }
    }.max { $0.1 < $1.1 }
  }

  /// The replicas that do not follow yet, each with its state.
  var replicasNotOnline: [String] {
    info.replicas.filter { !$0.isOnline }.map { replica in
      let state = KeyText.sanitized(replica.fields["state"] ?? "unknown")
      return "\(replica.address?.description ?? "one without an address") (\(state))"
    }
  }

  /// How the server saves its data: `RDB`, `AOF`, both or neither.
  func persistence() throws(FactGap) -> [String] {
    let savesRDB = try !setting("save").isEmpty
    let savesAOF = try word("aof_enabled") == "1"
    return [savesRDB ? "RDB" : nil, savesAOF ? "AOF" : nil].compactMap(\.self)
  }
}
