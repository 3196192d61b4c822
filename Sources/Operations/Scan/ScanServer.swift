import Bytes
import Quantities
import RedisClient
import Reporting

/// What the servers of a target report about themselves, as a sum.
struct ScanServer {
  /// The keys that INFO counts, as far as all servers tell.
  let counted: ServerInfo.Database
  /// The same, by database.
  let countedByDatabase: [Int: ServerInfo.Database]
  /// True where SCAN has named far more keys than INFO counts.
  let isRefuted: Bool
  /// True where every database was asked for, so that figures name theirs.
  let spansDatabases: Bool
  /// The bytes that the servers use for the data of all keys; nil where one does not tell, or where keys of other databases
  /// are among them.
  let usedMemory: Int?
  /// The memory of each server that has a limit.
  let memory: [ServerMemory]
  /// What each server said of itself at the start.
  let infos: [ServerInfo]
  /// What reports say of the servers.
  let facts: ScanReport.Server

  /// `met` is the number of keys that SCAN has named: a count that is far below it is not believed.
  init<Channel: CommandChannel>(_ keyspace: KeyspaceWalk<Channel>, met: Int) {
    let told = keyspace.counted
    isRefuted = told.keys.map { $0 < met / 2 } ?? false
    counted = isRefuted ? ServerInfo.Database(keys: nil, expires: nil) : told
    let numbers = isRefuted ? [] : keyspace.databases
    countedByDatabase = Dictionary(numbers.map { ($0, keyspace.counted(in: [$0])) }) { first, _ in first }
    spansDatabases = keyspace.target.databases == .all
    usedMemory = keyspace.coversAllDatabases ? keyspace.usedForData : nil
    infos = keyspace.nodes.map(\.facts)
    memory = ScanServer.memory(of: keyspace)
    facts = ScanServer.facts(keyspace, counted, memory)
  }

  /// Asks the servers once more, where their memory may be full, what they have evicted meanwhile.
  private static func memory<Channel: CommandChannel>(of keyspace: KeyspaceWalk<Channel>) -> [ServerMemory] {
    keyspace.nodes.compactMap { node in
      let address = keyspace.nodes.count > 1 ? node.endpoint.place : nil
      guard let memory = ServerMemory(node.facts, address: address, evictions: nil) else { return nil }
      guard memory.ratio >= nearLimit, keyspace.result.isComplete else { return memory }
      return ServerMemory(node.facts, address: address, evictions: node.evictedMeanwhile())
    }
  }

  /// A server that uses less of its limit than this evicts nothing.
  private static let nearLimit = 0.9

  /// The server that wrote a dump, of which only the dump tells: "Redis 7.0.15  dump of 2026-01-31T12:00:00Z".
  init(_ dump: DumpWalk) {
    counted = ServerInfo.Database(keys: nil, expires: nil)
    countedByDatabase = [:]
    isRefuted = false
    spansDatabases = dump.dump.databases == .all
    usedMemory = nil
    (memory, infos) = ([], [])
    var parts: [String] = []
    if let server = dump.streams.lazy.compactMap(\.facts.server).first {
      parts.append(ScanServer.words([ScanServer.title(server.name), server.version]))
    }
    if let moment = dump.streams.lazy.compactMap(\.facts.createdAt).first {
      parts.append("dump of \(Timestamp(secondsSince1970: moment).text)")
    }
    var facts = ScanReport.Server()
    facts.title = parts.joined(separator: "  ")
    self.facts = facts
  }

  private static func title(_ server: String) -> String {
    server.prefix(1).uppercased() + server.dropFirst()
  }

  private static func words(_ words: [String]) -> String {
    words.filter { !$0.isEmpty }.map { KeyText.sanitized($0) }.joined(separator: " ")
  }

  /// "Redis 7.0.15 primary"; for a cluster, with the number of its shards in place of the role.
  private static func facts<Channel: CommandChannel>(
    _ keyspace: KeyspaceWalk<Channel>, _ counted: ServerInfo.Database, _ memory: [ServerMemory]
  ) -> ScanReport.Server {
    var facts = ScanReport.Server()
    let info = keyspace.facts
    if let server = info.server {
      facts.title = words([title(server), info.version ?? "", keyspace.cluster?.title ?? info.role ?? ""])
    }
    facts.usedMemory = keyspace.sum(of: "used_memory")
    facts.maximumMemory = keyspace.sum(of: "maxmemory")
    facts.policy = info.fields["maxmemory_policy"]
    // The keys of some shards are not those of the cluster.
    facts.keys = keyspace.cluster?.asksSomeShards == true ? nil : counted.keys
    let evictions = memory.compactMap(\.evictions)
    facts.isEvicting = evictions.contains { $0.keys > 0 }
    let rates = evictions.compactMap(\.rate)
    facts.evictionsPerSecond = rates.isEmpty ? nil : rates.reduce(0, +)
    return facts
  }
}
