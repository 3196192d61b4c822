import Reporting

extension StatsWindow {
  /// The counters of a span; its length is still to be told.
  init(_ counters: StatsCounters) {
    self.init()
    hits = counters.hits
    misses = counters.misses
    evictedKeys = counters.evictedKeys
    expiredKeys = counters.expiredKeys
    commands = counters.commands
  }

  /// The sum of several servers' spans; nil for what one of them lacks.
  init(sum windows: [StatsWindow]) {
    self.init()
    func sum(_ path: KeyPath<StatsWindow, Int?>) -> Int? {
      windows.reduce(0) { total, window in
        total.flatMap { sum in window[keyPath: path].map { sum + $0 } }
      }
    }
    hits = sum(\.hits)
    misses = sum(\.misses)
    evictedKeys = sum(\.evictedKeys)
    expiredKeys = sum(\.expiredKeys)
    commands = sum(\.commands)
    // Spans of different lengths add up to counts, but not to a rate.
    if StatsWindow.agree(windows) { seconds = windows.compactMap(\.seconds).max() }
  }

  /// True where windows are of about the same length: within a second, or a tenth of the longest.
  static func agree(_ windows: [StatsWindow]) -> Bool {
    let lengths = windows.compactMap(\.seconds)
    guard lengths.count == windows.count, let shortest = lengths.min(), let longest = lengths.max() else {
      return false
    }
    return longest - shortest <= max(1, longest / 10)
  }
}
