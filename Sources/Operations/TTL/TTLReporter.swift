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
  /// True where every database was asked for, so that figures name theirs.
  let spansDatabases: Bool

  func report() -> TTLReport {
    let parts = ScanSummaries.all(of: scan, request: scanRequest)
    let total = ScanSummaries.total(of: parts)
    let edges =
      request.buckets
      ?? (request.fitsBuckets
        ? total.estimate.buckets.fittedEdges(most: TTLRequest.mostBars) : TTLRequest.fixedEdges)
    let groups = parts.flatMap { part in part.groups.map { group(of: $0, part, edges) } }
      .sorted { $0.keys > $1.keys }
    var totals = group(of: total, parts[0], edges, isTotal: true)
    totals.add(up: groups)
    // A wave belongs to a group; the whole has its own range, in which the wave of one group would drown.
    totals.waves = Array(groups.flatMap(\.waves).sorted { $0.keys > $1.keys }.prefix(5))
    return TTLReport(
      header: header, grouping: scanRequest.reportedGrouping, coverage: scan.coverage, groups: groups,
      totals: totals, top: request.top, namesDatabases: spansDatabases)
  }

  private func group(
    of summary: ScanSummaries.Summary, _ summaries: ScanSummaries, _ edges: [Int64], isTotal: Bool = false
  ) -> TTLGroup {
    let row = summaries.group(of: summary, isTotal: isTotal)
    let estimate = summary.estimate
    var group = TTLGroup()
    group.names = row
    group.keys = row.keys
    group.withoutTTL = row.withoutTTL
    group.withoutTTLError = row.withoutTTLError
    group.unmeasured = row.unmeasured
    group.partlyExpiring = row.partlyExpiring
    group.vanished = estimate.vanished
    group.ttl = row.ttl
    group.sumSeconds = estimate.ttl.sum / 1000
    let weights = estimate.buckets.weights.isEmpty ? [] : estimate.buckets.weights(at: edges)
    group.expiring = row.expiring ?? 0
    let counts = row.expiring.map { ScanSummaries.wholeNumbers(weights, sum: $0) } ?? []
    group.buckets = zip(edges.map { Double($0) / 1000 } + [nil], counts).map { .init(upTo: $0, keys: $1) }
    if !isTotal { group.waves = waves(of: summary, in: summaries.database, title(of: row)) }
    group.policy = ExpiryPolicy(estimate)?.sentence(of: isTotal ? "the whole" : title(of: row))
    return group
  }

  private func title(of row: ScanGroup) -> String {
    let title = row.title(scanRequest.reportedGrouping)
    guard spansDatabases, request.grouping != .database, let database = row.database else { return title }
    return "\(title) of db \(database)"
  }

  private func waves(
    of summary: ScanSummaries.Summary, in database: Int, _ title: String
  ) -> [TTLGroup.Wave] {
    guard let timeline = summary.timeline else { return [] }
    let expiring = summary.estimate.ttl.total
    return ExpiryWaveDetector.waves(in: timeline, window: request.waveWindow).map { wave in
      let load = WaveLoad(wave, in: timeline, expiringKeys: expiring)
      let wait = max(0, wave.at - scan.timelineStart)
      let grouping = request.depth == nil ? request.grouping : .namespace
      let choice = GroupSelection.options(
        for: summary.label, name: summary.name, grouping: grouping, separator: request.walk.naming.separator)
      let suggester = CommandSuggester(
        verb: .ttl, context: request.commandContext.narrowed(to: database))
      let window = wave.windowSeconds
      let isExact = request.depth == nil && GroupSelection.isExact(summary.label, grouping: grouping)
      return TTLGroup.Wave(
        at: load.at.text, windowSeconds: wave.windowSeconds, keys: load.keys, share: load.share,
        sentence: load.sentence(of: title, in: wait, isPart: summary.estimate.unmeasured > 0),
        command: isExact
          ? suggester.removal(choice + .spreading(in: wait, window: window))
          : suggester.command(.scan, choice + .expiring(in: wait, window: window) + [.list]))
    }
  }
}

extension TTLGroup {
  /// Takes the sums of groups, each of which was rounded by itself.
  fileprivate mutating func add(up groups: [TTLGroup]) {
    guard !groups.isEmpty else { return }
    let known = groups.compactMap(\.withoutTTL)
    withoutTTL = known.isEmpty ? nil : known.reduce(0, +)
    unmeasured = groups.reduce(0) { $0 + $1.unmeasured }
    partlyExpiring = groups.reduce(0) { $0 + $1.partlyExpiring }
    expiring = groups.reduce(0) { $0 + $1.expiring }
    buckets = buckets.enumerated().map { index, bucket in
      Bucket(
        upTo: bucket.upTo,
        keys: groups.reduce(0) { $0 + ($1.buckets.indices.contains(index) ? $1.buckets[index].keys : 0) })
    }
  }
}
