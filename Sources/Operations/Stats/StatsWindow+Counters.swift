import Bytes
import Reporting

extension StatsWindow {
  /// The counters of a span without some lookups, of which there are no more than hits and misses; its length is still to
  /// be told.
  init(_ counters: StatsCounters, without lookups: StatsLookups) {
    self.init()
    (hits, misses) = (counters.hits.minus(lookups.hits), counters.misses.minus(lookups.misses))
    (subtractedHits, subtractedMisses) = (lookups.hits, lookups.misses)
    inspectionLookups = counters.inspections == nil ? nil : lookups.hits + lookups.misses
    evictedKeys = counters.evictedKeys
    expiredKeys = counters.expiredKeys
    commands = counters.commands
    flushes = counters.flushes
    memoryRefusals = counters.memoryRefusals
    diskRefusals = counters.diskRefusals
    replicaRefusals = counters.replicaRefusals
    rejectedConnections = counters.rejectedConnections
  }

  /// The sum of several servers' spans; nil for what one of them lacks.
  init(sum windows: [StatsWindow]) {
    self.init()
    for path in StatsWindow.amounts { self[keyPath: path] = windows.map { $0[keyPath: path] }.known }
    subtractedHits = windows.map { $0.subtractedHits }.known
    subtractedMisses = windows.map { $0.subtractedMisses }.known
    // Spans of different lengths add up to counts, but not to a rate.
    if StatsWindow.agree(windows) { seconds = windows.compactMap(\.seconds).max() }
  }

  private static let amounts: [any WritableKeyPath<StatsWindow, Int?> & Sendable] = [
    \.hits, \.misses, \.evictedKeys, \.expiredKeys, \.commands, \.inspectionLookups, \.flushes,
    \.memoryRefusals, \.diskRefusals, \.replicaRefusals, \.rejectedConnections, \.keysBefore,
  ]

  /// True where windows are of about the same length: within a second, or a tenth of the longest.
  static func agree(_ windows: [StatsWindow]) -> Bool {
    let lengths = windows.compactMap(\.seconds)
    guard lengths.count == windows.count, let shortest = lengths.min(), let longest = lengths.max() else {
      return false
    }
    return longest - shortest <= max(1, longest / 10)
  }
}
