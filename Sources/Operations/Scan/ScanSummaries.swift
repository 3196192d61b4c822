import Keyspace
import RedisClient
import Reporting

/// The groups of one database at the level asked for, each with its figures for all of its keys.
struct ScanSummaries {
  /// One group.
  struct Summary {
    var label: GroupLabel
    /// The template, where all keys have one, whatever the label says.
    var template: [UInt8]?
    /// The type or node, where that is what is grouped by.
    var name: String?
    var estimate = SampleEstimate()
    var examples: [[UInt8]] = []
    var unboundedNames = 0
    var timeline: ExpiryTimeline?
    /// What the keys are for; several where templates with several are one group.
    var roles: Set<KeyRole> = []

    /// What all keys of the group are for; nil where that differs.
    var role: KeyRole? { roles.count == 1 ? roles.first : nil }
  }

  /// The groups of the report.
  private(set) var groups: [Summary] = []
  /// The groups by template, for the findings; empty where names were not read, or were cut.
  private(set) var byTemplate: [Summary] = []
  /// The groups by namespace and version, for the findings; empty where names were not read.
  private(set) var byVersion: [Summary] = []
  let total: Summary
  let ranking: VersionRanking
  /// The number of the database.
  let database: Int
  let tally: ScanTally
  /// The keys of all databases.
  private let allKeys: Int
  private let unavailable: KeyMeasurements
  private let grouping: ScanGrouping
  /// How far off the memory of a group may be beside what its own estimate says.
  private let leastMemoryError: Double

  /// The groups of each database of a scan, in the order of their numbers.
  static func all(of scan: ScanRun, request: ScanRequest) -> [ScanSummaries] {
    let all = scan.tallies.sorted { $0.key < $1.key }
    let keys = all.reduce(0) { sum, part in
      ScanSummaries.found(in: part.value).reduce(sum) { $0 + $1.estimate.keys }
    }
    return all.map { ScanSummaries(scan, of: $0.key, $0.value, among: keys, request: request) }
  }

  private init(
    _ scan: ScanRun, of database: Int, _ tally: ScanTally, among keys: Int, request: ScanRequest
  ) {
    (self.database, self.tally, allKeys) = (database, tally, keys)
    unavailable = scan.unavailable
    grouping = request.reportedGrouping
    leastMemoryError = scan.memoryError
    let all = ScanSummaries.sharingRoles(ScanSummaries.found(in: tally))
    // The keys of a group may all have gone meanwhile: the total counts them, but the report has no such group.
    total = all.reduce(into: Summary(label: GroupLabel())) { $0.add($1) }
    let found = all.filter { $0.estimate.keys > 0 }
    // A cut name may lack its version, and nothing can be said of versions then.
    let readsNames = grouping.readsNames
    byTemplate = readsNames && request.depth == nil ? found : []
    byVersion = ScanSummaries.fold(byTemplate) { $0.label.byVersion }
    ranking = VersionRanking(labels: byVersion.map(\.label))
    let grouping = grouping
    groups = readsNames ? ScanSummaries.fold(found) { grouping.label(of: $0) } : found
  }

  /// The templates that make up a group; the group itself where names were not read.
  func templates(of group: Summary) -> [Summary] {
    byTemplate.isEmpty ? [group] : byTemplate.filter { grouping.label(of: $0) == group.label }
  }

  /// Gives the keys that a queue or the like has beside its known ones, which are most of a namespace, their role.
  private static func sharingRoles(_ found: [Summary]) -> [Summary] {
    let roles = KeyRole.shared(
      among: found.map {
        .init(
          namespace: $0.label.namespace, keys: $0.estimate.keys, known: $0.label.role, role: $0.role ?? .entry
        )
      })
    return zip(found, roles).map { group, role in
      var group = group
      if !group.roles.isEmpty { group.roles = [role] }
      return group
    }
  }

  private static func found(in tally: ScanTally) -> [Summary] {
    if tally.named.isEmpty {
      return tally.byGroup.tree.livingGroups.map {
        summary(tally.byGroup.figures[$0], tally.byGroup.tree.label(of: $0), nil)
      }
    }
    return tally.namesInOrder.compactMap { name in
      tally.named[name].map {
        summary(tally.byGroup.figures[$0], name == ScanTally.otherSegments ? .overflow : GroupLabel(), name)
      }
    }
  }

  private static func summary(_ figures: GroupFigures, _ label: GroupLabel, _ name: String?) -> Summary {
    Summary(
      label: label, template: label.template, name: name, estimate: figures.estimate,
      examples: figures.examples,
      unboundedNames: figures.unboundedNames, timeline: figures.timeline,
      roles: name == nil ? [KeyRole(of: label, types: figures.estimate.types.entries.map(\.name))] : [])
  }

  /// Adds up the groups that have the same label at a coarser level.
  private static func fold(_ groups: [Summary], by coarser: (Summary) -> GroupLabel) -> [Summary] {
    var places: [GroupLabel: Int] = [:]
    var result: [Summary] = []
    for group in groups {
      let label = coarser(group)
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

  /// The rows of its groups.
  var rows: [ScanGroup] { groups.map { group(of: $0) } }

  /// A namespace with this share of all keys is looked at more closely.
  private static let large = 0.2

  /// The rows for a table: namespaces that hold a good part of all keys by entity, where there are several.
  var splitRows: [ScanGroup] {
    var keys: [[UInt8]?: Int] = [:]
    for group in groups { keys[group.label.namespace, default: 0] += group.estimate.keys }
    let large = Set(keys.filter { Double($0.value) >= ScanSummaries.large * Double(allKeys) }.map(\.key))
    return groups.flatMap { group -> [Summary] in
      guard group.label.namespace != nil, large.contains(group.label.namespace), !group.label.isOverflow
      else { return [group] }
      let entities = ScanSummaries.fold(templates(of: group)) { $0.label.byEntity }
      return entities.count > 1 ? entities : [group]
    }
    .map { self.group(of: $0) }
  }

  /// Rows in the order asked for.
  static func sorted(_ rows: [ScanGroup], by order: ScanRequest.Order) -> [ScanGroup] {
    func name(_ row: ScanGroup) -> [[UInt8]] {
      [row.template ?? row.entity ?? row.namespace ?? row.segment ?? [], row.version ?? []] + [
        Array((row.type ?? row.node ?? row.role ?? "").utf8)
      ]
    }
    func precedes(_ left: ScanGroup, _ right: ScanGroup) -> Bool {
      for (mine, theirs) in zip(name(left), name(right)) where mine != theirs {
        return mine.lexicographicallyPrecedes(theirs)
      }
      return left.database ?? 0 < right.database ?? 0
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
    if !isTotal { group.database = database }
    group.namespace = summary.label.namespace
    group.version = summary.label.version
    group.entity = summary.label.entity
    group.template = summary.label.template
    group.isOverflow = summary.label.isOverflow
    if grouping == .type { group.type = summary.name == ScanTally.unknownType ? nil : summary.name }
    if grouping == .node { group.node = summary.name }
    if grouping.segment != nil { group.segment = summary.name.flatMap(ScanTally.segment(of:)) }
    group.keys = estimate.keys
    group.share =
      isTotal ? (estimate.keys > 0 ? 1 : 0) : Double(estimate.keys) / Double(max(1, allKeys))
    group.unmeasured = estimate.unmeasured
    if !unavailable.contains(.ttl), estimate.expiryKnown > 0 || estimate.keys == 0 {
      group.withoutTTL = Int(estimate.withoutTTL.rounded())
      group.partlyExpiring = min(
        group.known - (group.withoutTTL ?? 0), Int(estimate.partlyExpiring.rounded()))
      // Any of the keys that were not measured may expire, or not.
      group.withoutTTLError = Int(estimate.withoutTTLError.rounded(.up)) + estimate.unmeasured
      group.ttl = quantiles(estimate.ttl, perSecond: 1000)
    }
    if !unavailable.contains(.memory), estimate.memoryKnown > 0 || estimate.keys == 0 {
      group.memoryBytes = Int(exactly: estimate.memory.rounded()) ?? .max
      // Nothing bounds the size of a key that was not measured.
      group.memoryError = estimate.unmeasured == 0 ? max(estimate.memoryError, leastMemoryError) : nil
    }
    group.types = unavailable.contains(.type) ? [] : types(of: estimate)
    group.idle = quantiles(estimate.idle, perSecond: 1)
    group.isSuperseded = !isTotal && grouping != .namespace && ranking.isSuperseded(summary.label)
    group.examples = summary.examples
    group.role = isTotal ? nil : summary.role?.rawValue
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

  /// Rounds weights, none of which is negative, to whole numbers with the given sum.
  ///
  /// Each is rounded down, and those with the largest fractions then take what is missing (Hamilton's method). What is over
  /// is taken from the largest. Without weights there are no numbers.
  static func wholeNumbers(_ weights: [Double], sum: Int) -> [Int] {
    guard !weights.isEmpty else { return [] }
    var numbers = weights.map { Int(exactly: max(0, $0).rounded(.down)) ?? 0 }
    var missing = sum - numbers.reduce(0, +)
    func fraction(_ index: Int) -> Double { weights[index] - weights[index].rounded(.down) }
    let order = weights.indices.sorted { fraction($0) > fraction($1) }
    for index in order where missing > 0 && fraction(index) > 0 {
      numbers[index] += 1
      missing -= 1
    }
    let largest = numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0
    numbers[largest] = max(0, numbers[largest] + missing)
    return numbers
  }

  private func types(of estimate: SampleEstimate) -> [(name: String, keys: Int)] {
    let entries = estimate.types.entries
    let counts = ScanSummaries.wholeNumbers(entries.map(\.weight), sum: Int(estimate.types.total.rounded()))
    return ScanSummaries.sorted(zip(entries, counts).map { ($0.name, $1) })
  }

  private static func sorted(_ types: [(name: String, keys: Int)]) -> [(name: String, keys: Int)] {
    types.sorted { $0.keys != $1.keys ? $0.keys > $1.keys : $0.name < $1.name }
  }

  /// All keys of some databases, of which there is at least one, as one group.
  static func total(of parts: [ScanSummaries]) -> Summary {
    parts.reduce(into: Summary(label: GroupLabel())) { $0.add($1.total) }
  }

  /// The row of all groups: its sums are those of their rows, although each of those was rounded by itself.
  func totals(_ total: Summary, of rows: [ScanGroup]) -> ScanGroup {
    var totals = group(of: total, isTotal: true)
    func sum(_ figure: (ScanGroup) -> Int?) -> Int? {
      let known = rows.compactMap(figure)
      return known.isEmpty
        ? nil : known.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    }
    guard !rows.isEmpty else { return totals }
    totals.unmeasured = sum(\.unmeasured) ?? 0
    totals.withoutTTL = sum(\.withoutTTL)
    totals.partlyExpiring = sum(\.partlyExpiring) ?? 0
    totals.memoryBytes = sum(\.memoryBytes)
    let types = Dictionary(rows.flatMap(\.types).map { ($0.name, $0.keys) }, uniquingKeysWith: +)
    totals.types = ScanSummaries.sorted(types.map { ($0.key, $0.value) })
    return totals
  }
}

extension ScanSummaries.Summary {
  mutating func add(_ other: Self) {
    estimate.add(other.estimate)
    examples = Array((examples + other.examples).prefix(3))
    unboundedNames += other.unboundedNames
    if template != other.template { template = nil }
    roles.formUnion(other.roles)
    if let theirs = other.timeline {
      if timeline == nil { timeline = theirs } else { timeline?.merge(theirs) }
    }
  }
}

extension ScanGrouping {
  /// The names of a template's keys at the level of the grouping.
  fileprivate func label(of template: ScanSummaries.Summary) -> GroupLabel {
    let label = template.label
    switch self {
    case .namespace: return label.byNamespace
    case .version: return label.byVersion
    case .entity: return label.byEntity
    case .template, .type, .node, .database, .segment: return label
    case .role:
      guard !label.isOverflow else { return label }
      var byRole = GroupLabel()
      byRole.role = template.role
      return byRole
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
    // Where the namespace itself varies, each of its values is at a version of its own.
    guard let version = label.version, version != VersionRanking.generations,
      label.namespace?.contains(UInt8(ascii: "*")) != true, let newest = newest[label.namespace]
    else {
      return false
    }
    return KeyVersion(version).compareNumbers(with: newest) < 0
  }
}
