import Keyspace
import Quantities
import RedisClient
import Reporting

/// Turns what a walk over TTLs has counted into its report.
struct TTLReporter {
  let request: TTLRequest
  let scanRequest: ScanRequest
  let header: ReportHeader
  let scan: ScanRun

  func report() -> TTLReport {
    let summaries = ScanSummaries(scan, request: scanRequest)
    let edges =
      request.buckets
      ?? (request.fitsBuckets
        ? summaries.total.estimate.buckets.fittedEdges(most: TTLRequest.mostBars) : TTLRequest.fixedEdges)
    let groups = summaries.groups.sorted { $0.estimate.keys > $1.estimate.keys }
      .map { group(of: $0, summaries, edges) }
    var totals = group(of: summaries.total, summaries, edges)
    // A wave belongs to a group; the whole has its own range, in which the wave of one group would drown.
    totals.waves = Array(groups.flatMap(\.waves).sorted { $0.keys > $1.keys }.prefix(5))
    return TTLReport(
      header: header, grouping: scanRequest.reportedGrouping, coverage: scan.coverage, groups: groups,
      totals: totals, top: request.top)
  }

  private func group(
    of summary: ScanSummaries.Summary, _ summaries: ScanSummaries, _ edges: [Int64]
  ) -> TTLGroup {
    let row = summaries.group(of: summary)
    let estimate = summary.estimate
    var group = TTLGroup()
    group.names = row
    group.keys = row.keys
    group.withoutTTL = row.withoutTTL
    group.withoutTTLError = row.withoutTTLError
    group.vanished = estimate.vanished
    group.ttl = row.ttl
    group.sumSeconds = estimate.ttl.sum / 1000
    let weights = estimate.buckets.weights.isEmpty ? [] : estimate.buckets.weights(at: edges)
    group.expiring = row.withoutTTL == nil ? 0 : Int(estimate.ttl.total.rounded())
    let counts = row.withoutTTL == nil ? [] : Self.wholeNumbers(weights, sum: group.expiring)
    group.buckets = zip(edges.map { Double($0) / 1000 } + [nil], counts).map { .init(upTo: $0, keys: $1) }
    group.waves = waves(of: summary, row.title(scanRequest.reportedGrouping))
    group.policy = ExpiryPolicy(estimate)?.sentence(of: row.title(scanRequest.reportedGrouping))
    return group
  }

  private func waves(of summary: ScanSummaries.Summary, _ title: String) -> [TTLGroup.Wave] {
    guard let timeline = summary.timeline else { return [] }
    let expiring = Double(summary.estimate.keys) - summary.estimate.withoutTTL
    return ExpiryWaveDetector.waves(in: timeline, window: request.waveWindow).map { wave in
      let load = WaveLoad(wave, in: timeline, expiringKeys: expiring)
      let wait = max(0, wave.at - scan.tally.timelineStart)
      let grouping = request.depth == nil ? request.grouping : .namespace
      let choice = GroupSelection.options(
        for: summary.label, name: summary.name, grouping: grouping, separator: request.walk.naming.separator)
      let suggester = CommandSuggester(verb: .ttl, context: request.commandContext)
      let window = wave.windowSeconds
      let isExact = request.depth == nil && GroupSelection.isExact(summary.label, grouping: grouping)
      return TTLGroup.Wave(
        at: load.at.text, windowSeconds: wave.windowSeconds, keys: load.keys, share: load.share,
        sentence: load.sentence(of: title, in: wait),
        command: isExact
          ? suggester.removal(choice + .spreading(in: wait, window: window))
          : suggester.command(.scan, choice + .expiring(in: wait, window: window) + [.list]))
    }
  }

  /// Rounds weights so that they add up; the largest takes what rounding leaves over.
  private static func wholeNumbers(_ weights: [Double], sum: Int) -> [Int] {
    var rounded = weights.map { Int($0.rounded()) }
    guard let largest = rounded.indices.max(by: { rounded[$0] < rounded[$1] }) else { return [] }
    let difference = sum - rounded.reduce(0, +)
    if rounded[largest] + difference >= 0 { rounded[largest] += difference }
    return rounded
  }
}
