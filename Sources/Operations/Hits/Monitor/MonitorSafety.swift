import Quantities
import RedisClient

/// What is looked at before a server is monitored.
struct MonitorSafety: Sendable {
  /// The part of a server's memory that the output of a window may take at most.
  private static let memoryShare = 0.01
  private static let leastMemory = 4.0 * 0x1p20

  /// Above this many commands a second a server is not monitored.
  let mostOperations: Int
  /// Whether only what makes monitoring impossible counts.
  let isForced: Bool

  /// Why a server should not be monitored now; nil where it may.
  func objection(to facts: ServerInfo, for length: Duration) -> String? {
    guard !isForced else { return nil }
    if let rate = facts.amount("instantaneous_ops_per_sec"), rate > mostOperations {
      return
        "it runs \(NumberText.count(rate)) commands a second, more than \(NumberText.count(mostOperations))"
    }
    // What clients write, MONITOR writes out again, and escaped.
    if let input = facts.decimal("instantaneous_input_kbps") {
      let bytes = input * 1024 * 2 * (length / .seconds(1))
      let limit = facts.amount("maxmemory").flatMap { $0 > 0 ? Double($0) : nil }
      if bytes > max(MonitorSafety.leastMemory, (limit ?? 0x1p33) * MonitorSafety.memoryShare) {
        return
          "its clients write so much that the output of a window would take \(NumberText.bytes(Int(bytes)))"
      }
    }
    return nil
  }

  /// True where a window must wait: a fork copies the memory that is written to.
  static func mustWait(_ facts: ServerInfo) -> Bool {
    ["rdb_bgsave_in_progress", "aof_rewrite_in_progress", "async_loading", "loading"].contains {
      facts.amount($0) ?? 0 > 0
    }
  }
}
