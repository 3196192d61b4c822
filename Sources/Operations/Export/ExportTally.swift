import Reporting

/// What became of the keys that an export has chosen.
struct ExportTally {
  /// Keys whose records were handed over.
  private(set) var written = 0
  /// Keys that had gone before their values were read.
  private(set) var gone = 0
  /// Keys whose values could not be read.
  private(set) var unread = 0
  /// The first of those, with the reasons.
  private(set) var named: [ExportReport.Unread] = []
  /// Keys that were written as dumps because natural form would have lost something, by what that is.
  private(set) var dumped: [String: Int] = [:]

  mutating func noteWritten(inPlaceOf loss: ValueLoss?) {
    written += 1
    if let loss { dumped[loss.name, default: 0] += 1 }
  }

  mutating func noteGone() { gone += 1 }

  /// Counts a key that could not be read, and names it while no more than `limit` are named.
  mutating func noteUnread(_ key: [UInt8], _ reason: String, naming limit: Int) {
    unread += 1
    if named.count < limit { named.append(ExportReport.Unread(key: key, reason: reason)) }
  }

  /// Adds what another node's keys came to.
  mutating func add(_ other: ExportTally, naming limit: Int) {
    written += other.written
    gone += other.gone
    unread += other.unread
    named += other.named.prefix(max(0, limit - named.count))
    dumped.merge(other.dumped, uniquingKeysWith: +)
  }
}
