import Bytes
import Quantities
import Reporting

/// Two readings of one server compared: what happened in between, and what may not be said of it.
struct StatsSpan {
  /// What was counted in between; nil where the readings cannot be compared.
  var window: StatsWindow?
  /// How long the calls in between took; nil where either reading has no histogram.
  var histogram: StatsHistogram?
  /// What a reader must know.
  var warning: String?
  /// Lookups of SCAN with TYPE that may be among the hits and misses.
  var possibleScanLookups = 0

  /// Compares; lookups of inspecting commands and the tool's own commands are left out.
  init(from earlier: StatsEarlier, to later: StatsReading) {
    let before = earlier.sample
    guard earlier.isComparable(with: later) else {
      warning =
        "another server answers than at the last reading, \(later.address) in place of \(earlier.address) "
        + "(a failover?): there is no interval"
      return
    }
    let continuity = later.sample.continuity(since: before)
    warning = StatsSpan.warning(continuity, before, later)
    guard continuity == .unbroken || continuity == .resynchronized else { return }
    let ownCommands = earlier.ownCommands.map { max(0, later.ownCommands - $0) } ?? 0
    var counters = later.sample.counters.since(before.counters)
    possibleScanLookups = counters.possibleScanLookups
    counters.commands = counters.commands.map { max(0, $0 - ownCommands) }
    let counted = later.sample.counters.countsInspections
    var window = StatsWindow(
      counters,
      without: counted == false ? InspectingLookups() : counters.inspectingLookups(noted: earlier.lookups))
    window.seconds = later.sample.seconds(since: before)
    window.keysBefore = before.keys
    self.window = window
    if let before = before.histogram { histogram = later.sample.histogram?.since(before) }
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
