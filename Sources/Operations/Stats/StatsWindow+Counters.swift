import Bytes
import Reporting

extension StatsWindow {
  /// The counters of a span without some lookups, of which there are no more than hits and misses; its length is still to
  /// be set.
  init(_ counters: StatsCounters, without lookups: InspectingLookups) {
    self.init()
    (serverHits, serverMisses) = (counters.hits, counters.misses)
    subtracted = lookups
    inspectionLookups = counters.inspections == nil ? nil : lookups.count
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
    let lookups = windows.compactMap(\.subtracted)
    subtracted = lookups.count == windows.count ? InspectingLookups(sum: lookups) : nil
    // Spans of different lengths add up to counts, but not to a rate.
    if StatsWindow.agree(windows) { seconds = windows.compactMap(\.seconds).max() }
  }

  private static let amounts: [any WritableKeyPath<StatsWindow, Int?> & Sendable] = [
    \.serverHits, \.serverMisses, \.evictedKeys, \.expiredKeys, \.commands, \.inspectionLookups, \.flushes,
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
