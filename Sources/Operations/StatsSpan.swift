import Keyspace
import Reporting

/// Two readings of one server compared: what happened in between, and what may not be said of it.
struct StatsSpan {
  /// What was counted in between; nil where the readings cannot be compared.
  var window: StatsWindow?
  /// How long the calls in between took; nil where either reading has no histogram.
  var histogram: StatsHistogram?
  /// What a reader must know.
  var warning: String?

  /// Compares; `lookups` and `ownCommands` were the tool's own and are left out.
  init(from earlier: StatsSample, to later: StatsReading, lookups: StatsLookups, ownCommands: Int) {
    let continuity = later.sample.continuity(since: earlier)
    warning = StatsSpan.warning(continuity, earlier, later)
    guard continuity == .unbroken || continuity == .resynchronized else { return }
    var counters = later.sample.counters.since(earlier.counters).subtracting(lookups)
    counters.commands = counters.commands.map { max(0, $0 - ownCommands) }
    var window = StatsWindow(counters)
    window.seconds = later.sample.seconds(since: earlier)
    self.window = window
    if let before = earlier.histogram { histogram = later.sample.histogram?.since(before) }
  }

  private static func warning(
    _ continuity: StatsContinuity, _ earlier: StatsSample, _ later: StatsReading
  ) -> String? {
    let place = later.address
    switch continuity {
    case .unbroken: return nil
    case .resynchronized:
      return
        "\(place) follows another replication history than before (a resynchronization, or a failover and back)"
    case .restarted:
      let uptime = later.sample.uptimeSeconds.map { " \(NumberText.elapsed(Double($0))) ago" } ?? ""
      return "\(place) was restarted\(uptime): its counters began anew, so there is no interval"
    case .replaced:
      return "another server answers at \(place) since the last reading (a failover?): there is no interval"
    case .roleChanged:
      let roles = [earlier.role, later.sample.role].map { $0 ?? "unknown" }
      return "\(place) was \(roles[0]) and is \(roles[1]) now (a failover): there is no interval"
    case .reset:
      return
        "the counters of \(place) were reset since the last reading (CONFIG RESETSTAT): there is no interval, "
        + "and all figures count from the reset on"
    }
  }
}

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
    let lengths = windows.compactMap(\.seconds)
    seconds = lengths.count == windows.count ? lengths.max() : nil
  }
}
