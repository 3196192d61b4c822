import RedisClient
import Reporting

/// Turns readings into a report.
struct StatsReporter {
  let round: StatsRound
  /// What happened before each reading; nil where there is one reading only.
  let intervals: StatsIntervals?
  let commandContext: [SuggestedOption]

  private var readings: [StatsReading] { round.readings }

  /// The report under a header, to whose warnings are added what the readings lack.
  func report(_ header: ReportHeader) -> StatsReport {
    let nodes = readings.indices.map { index in
      StatsReport.Node(
        address: readings[index].address, role: readings[index].facts.role,
        figures: figures([readings[index]], intervals.map { [$0.spans[index]] }))
    }
    // A total of some servers only would look like a loss of traffic.
    let totals = figures(readings, intervals.flatMap { $0.isWhole ? $0.spans : nil })
    let verdict = StatsVerdict(figures: totals, nodes: nodes, commandContext: commandContext)
    return StatsReport(
      header: header, nodes: nodes, unread: round.unread, totals: totals, wasReset: wasReset,
      findings: verdict.findings)
  }

  private var wasReset: Bool { readings.contains { ($0.sample.resets ?? 0) > 0 } }

  private func figures(_ readings: [StatsReading], _ spans: [StatsSpan?]?) -> StatsReport.Figures {
    let lifetimes = readings.map { reading in
      let counters = reading.sample.counters
      var window = StatsWindow(
        counters,
        without: counters.countsInspections == false ? InspectingLookups() : counters.inspectingLookups())
      // After CONFIG RESETSTAT nothing tells since when the counters count.
      let isReset = (reading.sample.resets ?? 0) > 0
      window.seconds = isReset ? nil : reading.sample.uptimeSeconds.map(Double.init)
      return window
    }
    let windows = (spans ?? []).compactMap { $0?.window }
    let hasInterval = !windows.isEmpty && windows.count == readings.count
    var gauges = StatsAmounts.total(readings.map(\.amounts)).values
    let histograms = (spans ?? []).compactMap { $0?.histogram }
    setLatency(&gauges, readings, hasInterval && histograms.count == readings.count ? histograms : [])
    return StatsReport.Figures(
      lifetime: StatsWindow(sum: lifetimes), interval: hasInterval ? StatsWindow(sum: windows) : nil,
      gauges: gauges)
  }

  /// The latencies of the interval where it has calls, else of the whole histogram, else what percentiles
  /// give.
  private func setLatency(
    _ gauges: inout StatsGauges, _ readings: [StatsReading], _ intervals: [StatsHistogram]
  ) {
    var interval = StatsHistogram()
    intervals.forEach { interval.merge($0) }
    var lifetime = StatsHistogram()
    let histograms = readings.compactMap(\.sample.histogram)
    if histograms.count == readings.count { histograms.forEach { lifetime.merge($0) } }
    let (quantile, source): ((Double) -> Double?, StatsGauges.LatencySource) =
      if interval.total > 0 {
        (interval.quantile, .intervalHistogram)
      } else if lifetime.total > 0 {
        (lifetime.quantile, .histogram)
      } else {
        (readings.map(\.percentiles).merged.quantile, .percentiles)
      }
    (gauges.latencyP50, gauges.latencyP95, gauges.latencyP99) = (
      quantile(0.5), quantile(0.95), quantile(0.99)
    )
    gauges.latencySource = gauges.latencyP50 == nil ? nil : source
  }
}

extension [StatsPercentiles] {
  fileprivate var merged: StatsPercentiles {
    reduce(into: StatsPercentiles()) { $0.merge($1) }
  }
}
