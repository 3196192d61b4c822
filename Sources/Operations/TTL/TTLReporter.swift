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
    if !isTotal {
      let templates = summaries.templates(of: summary)
      group.waves = templates.flatMap { template in
        waves(
          of: template, isWhole: templates.count == 1, in: summaries.database,
          templates.count == 1 ? title(of: row) : title(of: summaries.group(of: template), .template))
      }
      .sorted { $0.keys > $1.keys }
    }
    group.policy = ExpiryPolicy(estimate)?.sentence(of: isTotal ? "the whole" : title(of: row))
    return group
  }

  private func title(of row: ScanGroup, _ grouping: ScanGrouping? = nil) -> String {
    let title = row.title(grouping ?? scanRequest.reportedGrouping)
    guard spansDatabases, request.grouping != .database, let database = row.database else { return title }
    return "\(title) of db \(database)"
  }

  /// The waves of a template; where it `isWhole`, the keys of a group all have it, and they go by the group's names.
  private func waves(
    of summary: ScanSummaries.Summary, isWhole: Bool, in database: Int, _ title: String
  ) -> [TTLGroup.Wave] {
    guard let timeline = summary.timeline else { return [] }
    let expiring = summary.estimate.ttl.total
    return ExpiryWaveDetector.waves(in: timeline, window: request.waveWindow).compactMap { wave in
      let load = WaveLoad(wave, in: timeline, expiringKeys: expiring)
      guard load.isNoticeable else { return nil }
      let wait = max(0, wave.at - scan.timelineStart)
      let grouping = request.depth == nil ? request.grouping : .namespace
      var label = summary.label
      if request.depth != nil { label.template = nil }
      if isWhole, GroupSelection.isReadAlone(summary, request.walk.naming),
        GroupSelection.isExact(label.byVersion, grouping: .version)
      {
        label = label.byVersion
      }
      let choice = GroupSelection.options(
        for: label, name: summary.name,
        grouping: grouping.readsNames && request.depth == nil ? .version : grouping,
        separator: request.walk.naming.separator)
      let suggester = CommandSuggester(
        verb: .ttl, context: request.commandContext.narrowed(to: database))
      let isExact =
        request.depth == nil && grouping.readsNames && GroupSelection.isExact(label, grouping: .version)
        && summary.roles.allSatisfy(\.isReplaceable)
      return TTLGroup.Wave(
        at: load.at.text, windowSeconds: wave.windowSeconds, keys: load.keys, share: load.share,
        sentence: load.sentence(of: title, in: wait, isPart: summary.estimate.unmeasured > 0),
        command: isExact
          ? suggester.removal(choice + .spreading(wave, in: wait))
          : suggester.command(.scan, choice + .expiring(in: wave) + [.list]))
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
