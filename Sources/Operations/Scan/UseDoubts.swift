import Bytes
import RedisClient

/// Why what servers note of the uses of keys cannot be believed.
enum UseDoubts {
  /// A clause for each reason; `frequencies` are those of the keys that are used most, where the servers count uses.
  static func clauses(of servers: [ServerInfo], frequencies: [Int]) -> [String] {
    var clauses: [String] = []
    if servers.contains(where: { $0.role == "replica" }) {
      clauses.append("a replica notes the reads that it serves itself, not those of its primary")
    }
    if let policy = servers.lazy.compactMap({ $0.fields["maxmemory_policy"] }).first(where: isOfChanges) {
      clauses.append("\(policy) notes changes, and no reads")
    }
    if servers.contains(where: hasChild) {
      clauses.append("a background save is under way, and no use is noted meanwhile")
    }
    let hits = servers.map { $0.amount("keyspace_hits") }.known
    if let hits, leastReads(of: frequencies) > Double(hits) {
      clauses.append(
        "the counters stand for more reads than the server has counted: LFU was switched on a short time ago, "
          + "or the statistics were reset")
    }
    return clauses
  }

  /// Policies that go by the last change (`allkeys-lrm`, Redis 8.6).
  private static func isOfChanges(_ policy: String) -> Bool { policy.hasSuffix("-lrm") }

  /// While a child saves, looking up a key leaves its clock alone, so that memory pages stay shared.
  private static func hasChild(_ server: ServerInfo) -> Bool {
    ["rdb_bgsave_in_progress", "aof_rewrite_in_progress", "module_fork_in_progress"].contains {
      server.fields[$0] == "1"
    }
  }

  /// The reads that counters stand for at the very least.
  ///
  /// A counter begins at 5 and rises from `c` with a chance of 1 in `10 (c - 5) + 1`, so that it takes about `5 (c - 5)²`
  /// reads; a tenth of that allows for a smaller `lfu-log-factor`.
  private static func leastReads(of frequencies: [Int]) -> Double {
    frequencies.reduce(0) { $0 + 0.5 * Double(max(0, $1 - 5) * max(0, $1 - 5)) }
  }
}
