import Keyspace
import RedisClient
import Reporting

/// The groups of a scan at the level asked for, each with its figures for all of its keys.
struct ScanSummaries {
  /// One group.
  struct Summary {
    var label: GroupLabel
    /// The type or node, where that is what is grouped by.
    var name: String?
    var estimate = SampleEstimate()
    var examples: [[UInt8]] = []
    var unboundedNames = 0
    var timeline: ExpiryTimeline?
  }

  /// The groups of the report.
  private(set) var groups: [Summary] = []
  /// The groups by namespace and version, for the findings; empty where names were not read.
  private(set) var byVersion: [Summary] = []
  let total: Summary
  let ranking: VersionRanking
  private let unavailable: KeyMeasurements
  private let grouping: ScanGrouping

  init(_ scan: ScanRun, request: ScanRequest) {
    unavailable = scan.unavailable
    grouping = request.reportedGrouping
    let all = ScanSummaries.found(in: scan.tally)
    // The keys of a group may all have gone meanwhile: the total counts them, but the report has no such group.
    total = all.reduce(into: Summary(label: GroupLabel())) { $0.add($1) }
    let found = all.filter { $0.estimate.keys > 0 }
    // A cut name may lack its version, and nothing can be said of versions then.
    let readsNames = grouping != .type && grouping != .node
    byVersion = readsNames && request.depth == nil ? ScanSummaries.fold(found) { $0.byVersion } : []
    ranking = VersionRanking(labels: byVersion.map(\.label))
    switch grouping {
    case .namespace: groups = ScanSummaries.fold(found) { $0.byNamespace }
    case .version: groups = ScanSummaries.fold(found) { $0.byVersion }
    default: groups = ScanSummaries.fold(found) { $0 }
    }
    if !readsNames { groups = found }
  }

  private static func found(in tally: ScanTally) -> [Summary] {
    if tally.named.isEmpty {
      return tally.tree.livingGroups.map { summary(tally.figures[$0], tally.tree.label(of: $0), nil) }
    }
    return tally.namesInOrder.compactMap { name in
      tally.named[name].map { summary(tally.figures[$0], GroupLabel(), name) }
    }
  }

  private static func summary(_ figures: GroupFigures, _ label: GroupLabel, _ name: String?) -> Summary {
    Summary(
      label: label, name: name, estimate: figures.estimate, examples: figures.examples,
      unboundedNames: figures.unboundedNames, timeline: figures.timeline)
  }

  /// Adds up the groups that have the same label at a coarser level.
  private static func fold(_ groups: [Summary], by coarser: (GroupLabel) -> GroupLabel) -> [Summary] {
    var places: [GroupLabel: Int] = [:]
    var result: [Summary] = []
    for group in groups {
      let label = coarser(group.label)
      if let place = places[label] {
        result[place].add(group)
      } else {
        places[label] = result.count
        var first = group
        first.label = label
        result.append(first)
      }
    }
    return result
  }

  // MARK: - For the report

  /// The groups in the order asked for.
  func sorted(by order: ScanRequest.Order) -> [ScanGroup] {
    let rows = groups.map { group(of: $0) }
    func name(_ row: ScanGroup) -> [[UInt8]] {
      [row.template ?? row.entity ?? row.namespace ?? [], row.version ?? []] + [
        Array((row.type ?? row.node ?? "").utf8)
      ]
    }
    func precedes(_ left: ScanGroup, _ right: ScanGroup) -> Bool {
      for (mine, theirs) in zip(name(left), name(right)) where mine != theirs {
        return mine.lexicographicallyPrecedes(theirs)
      }
      return false
    }
    return rows.sorted { left, right in
      switch order {
      case .keys where left.keys != right.keys: left.keys > right.keys
      case .memory where left.memoryBytes != right.memoryBytes:
        (left.memoryBytes ?? 0) > (right.memoryBytes ?? 0)
      case .ttl where left.ttl?.p50 != right.ttl?.p50:
        (left.ttl?.p50 ?? .infinity) < (right.ttl?.p50 ?? .infinity)
      default: precedes(left, right)
      }
    }
  }

  /// The row of one group.
  func group(of summary: Summary, isTotal: Bool = false) -> ScanGroup {
    let estimate = summary.estimate
    var group = ScanGroup()
    group.namespace = summary.label.namespace
    group.version = summary.label.version
    group.entity = summary.label.entity
    group.template = summary.label.template
    group.isOverflow = summary.label.isOverflow
    if grouping == .type { group.type = summary.name }
    if grouping == .node { group.node = summary.name }
    group.keys = estimate.keys
    group.share =
      isTotal ? (estimate.keys > 0 ? 1 : 0) : Double(estimate.keys) / Double(max(1, total.estimate.keys))
    if !unavailable.contains(.ttl), estimate.expiryKnown > 0 || estimate.keys == 0 {
      group.withoutTTL = Int(estimate.withoutTTL.rounded())
      group.withoutTTLError = Int(estimate.withoutTTLError.rounded(.up))
      group.ttl = quantiles(estimate.ttl, perSecond: 1000)
    }
    if !unavailable.contains(.memory), estimate.memoryKnown > 0 || estimate.keys == 0 {
      group.memoryBytes = Int(exactly: estimate.memory.rounded()) ?? .max
      group.memoryError = estimate.memoryError
    }
    group.types = wholeNumbers(estimate.types, sum: Int(estimate.types.total.rounded()))
    group.idle = quantiles(estimate.idle, perSecond: 1)
    group.isSuperseded = !isTotal && grouping != .namespace && ranking.isSuperseded(summary.label)
    group.examples = summary.examples
    return group
  }

  private func quantiles(_ histogram: LogHistogram, perSecond: Double) -> ScanGroup.Quantiles? {
    guard let low = histogram.min, let middle = histogram.quantile(0.5), let high = histogram.quantile(0.99),
      let top = histogram.max
    else { return nil }
    return .init(
      min: Double(low) / perSecond, p50: Double(middle) / perSecond, p99: Double(high) / perSecond,
      max: Double(top) / perSecond)
  }

  /// Rounds weights so that they still add up; the largest takes what rounding leaves over.
  private func wholeNumbers(_ tally: Tally, sum: Int) -> [(name: String, keys: Int)] {
    var rounded = tally.entries.map { (name: $0.name, keys: Int($0.weight.rounded())) }
      .sorted { $0.keys != $1.keys ? $0.keys > $1.keys : $0.name < $1.name }
    guard !rounded.isEmpty else { return [] }
    rounded[0].keys += sum - rounded.reduce(0) { $0 + $1.keys }
    return rounded
  }
}

extension ScanSummaries.Summary {
  mutating func add(_ other: Self) {
    estimate.add(other.estimate)
    examples = Array((examples + other.examples).prefix(3))
    unboundedNames += other.unboundedNames
    if let theirs = other.timeline {
      if timeline == nil { timeline = theirs } else { timeline?.merge(theirs) }
    }
  }
}

/// The newest version of each namespace among some groups.
struct VersionRanking {
  /// The version of a group that holds many generations.
  static let generations = Array("v*".utf8)

  private var newest: [[UInt8]?: KeyVersion] = [:]

  init(labels: [GroupLabel]) {
    for label in labels {
      guard let version = label.version, version != VersionRanking.generations else { continue }
      let candidate = KeyVersion(version)
      if newest[label.namespace].map({ $0 < candidate }) ?? true { newest[label.namespace] = candidate }
    }
  }

  /// The newest version of a namespace; nil where it has none.
  func newest(of namespace: [UInt8]?) -> KeyVersion? { newest[namespace] }

  /// True where a newer version of the group's namespace is live. Generations (`v*`) never are.
  func isSuperseded(_ label: GroupLabel) -> Bool {
    guard let version = label.version, version != VersionRanking.generations,
      let newest = newest[label.namespace]
    else {
      return false
    }
    return KeyVersion(version).compareNumbers(with: newest) < 0
  }
}
