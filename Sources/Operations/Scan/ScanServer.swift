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
  private let maximumMemory: Int?
  private let facts: ServerInfo
  private let nodes: Int
  private let isCluster: Bool

  /// `met` is the number of keys that SCAN has named: a count that is far below it is not believed.
  init<Channel: CommandChannel>(_ keyspace: KeyspaceWalk<Channel>, met: Int) {
    let told = keyspace.counted
    isRefuted = told.keys.map { $0 < met / 2 } ?? false
    counted = isRefuted ? ServerInfo.Database(keys: nil, expires: nil) : told
    let numbers = isRefuted ? [] : keyspace.databases
    countedByDatabase = Dictionary(numbers.map { ($0, keyspace.counted(in: [$0])) }) { first, _ in first }
    spansDatabases = keyspace.target.databases == .all
    usedMemory = keyspace.coversAllDatabases ? keyspace.usedForData : nil
    maximumMemory = keyspace.sum(of: "maxmemory")
    facts = keyspace.facts
    nodes = keyspace.nodes.count
    isCluster = keyspace.cluster != nil
  }

  /// "Redis 7.0.15 primary  4.0 GiB allkeys-lru  1,166,537 keys, 41,212 without TTL"; for a cluster, with the number
  /// of its nodes in place of the role.
  var line: String {
    var parts: [String] = []
    if let server = facts.server {
      let role = isCluster ? "cluster of \(nodes) shard\(nodes == 1 ? "" : "s")" : facts.role ?? ""
      parts.append(
        [server.prefix(1).uppercased() + server.dropFirst(), facts.version ?? "", role]
          .filter { !$0.isEmpty }.map { KeyText.sanitized($0) }.joined(separator: " "))
    }
    if let maximumMemory {
      let policy = KeyText.sanitized(facts.fields["maxmemory_policy"] ?? "")
      parts.append(
        (maximumMemory == 0 ? "no maxmemory" : NumberText.bytes(maximumMemory))
          + (policy.isEmpty ? "" : " " + policy))
    }
    if let keys = counted.keys {
      parts.append(
        NumberText.keys(keys) + (counted.endless.map { ", \(NumberText.count($0)) without TTL" } ?? ""))
    }
    return parts.joined(separator: "  ")
  }
}
