import Bytes
import Keyspace

/// What a scan has counted of one database so far: groups, and figures for each. Tallies of several nodes merge.
struct ScanTally {
  /// The group of keys whose type is not known; no type has this name.
  static let unknownType = "unknown"

  /// Groups and the figures of each; where the grouping is not by names, `named` says which group is whose.
  var byGroup: FiguresByGroup<GroupFigures>
  /// Groups by type or node, where the name does not decide.
  var named: [String: Int] = [:]
  var namesInOrder: [String] = []
  /// The groups of segments, beside their names.
  private var segments: [[UInt8]?: Int] = [:]
  private let maximumGroups: Int
  var biggest: BiggestKeys
  /// The keys that are used most, with how much: the larger the more.
  var hottest: BiggestKeys
  /// The types of the largest keys, once they were asked for; nil where the key is gone.
  var biggestTypes: [[UInt8]: String?] = [:]
  /// Collections, with their sizes, that are looked at more closely at the end: the first ones of each group, because the
  /// order of SCAN is random.
  private(set) var probes: [[UInt8]: Int] = [:]
  private var probesOfGroups: [Int: Int] = [:]
  /// Keys that were looked at.
  private var looked: Set<[UInt8]> = []
  var seen = 0
  var measured = 0
  var vanished = 0
  /// Keys that were asked about and could not be measured.
  var refused = 0
  var mismatches = 0
  var mismatchExamples: [[UInt8]] = []
  private var timelines = 0
  /// All timelines begin at the same moment, so that they merge.
  let timelineStart: Int
  private let plan: ExpiryPlan
  private let judgesNames: Bool

  /// Counts nothing yet; the databases of `others` have taken their part of what may be held in memory.
  init(request: ScanRequest, timelineStart: Int, beside others: [ScanTally] = []) {
    self.timelineStart = timelineStart
    plan = others.reduce(into: request.expiry) { plan, other in
      plan.fineTimelines = max(1, plan.fineTimelines - other.timelines)
      plan.timelines = max(1, plan.timelines - other.timelines)
    }
    judgesNames = request.isAudit
    let groups = others.reduce(request.maximumGroups) { $0 - $1.byGroup.tree.groupCount }
    maximumGroups = max(1, groups)
    byGroup = FiguresByGroup(
      GroupTree(
        level: request.level, separator: request.walk.naming.separator, maximumGroups: maximumGroups),
      none: GroupFigures(edges: plan.edges))
    // The findings name a few of the largest keys in any case.
    // Sizes of collections are estimates, so more keys are looked at than are named.
    hottest = BiggestKeys(limit: request.hottest ?? 0)
    biggest = BiggestKeys(limit: request.isAudit ? (request.biggest ?? 0) + ScanTally.candidates : 0)
  }

  /// The group of a key that has been read.
  mutating func group(for reading: borrowing KeyReading) -> Int {
    byGroup.group(for: reading)
  }

  /// The group of that name: a type, or a node.
  mutating func group(named name: String) -> Int {
    if let group = named[name] { return group }
    byGroup.figures.append(GroupFigures(edges: plan.edges))
    named[name] = byGroup.figures.count - 1
    namesInOrder.append(name)
    return byGroup.figures.count - 1
  }

  /// The group of keys without the segment that is grouped by; no shown text has this byte.
  static let noSegment = "\0"
  /// The group of the keys for which no group was left.
  static let otherSegments = "\0\0"

  /// The segment that a name stands for; nil where the keys have none.
  static func segment(of name: String) -> [UInt8]? {
    [noSegment, otherSegments].contains(name) ? nil : KeyText.bytes(quoted: name)
  }

  /// The group of keys with a segment; nil for those without.
  mutating func group(ofSegment segment: [UInt8]?) -> Int {
    if let group = segments[segment] { return group }
    let name = segment.map(KeyText.quoted) ?? ScanTally.noSegment
    let isKnown = named[name] != nil
    guard isKnown || named.count < maximumGroups else { return group(named: ScanTally.otherSegments) }
    let group = group(named: name)
    segments[segment] = group
    return group
  }

  /// The living group that a key was counted in.
  func current(_ group: Int) -> Int { named.isEmpty ? byGroup.tree.current(group) : group }

  /// Notes that a key of a group could not be measured.
  mutating func forbid(in group: Int) {
    refused += 1
    byGroup.figures[group].forbid()
  }

  /// Records a measured key of a group; `now` is the server's clock in milliseconds since 1970.
  mutating func record(_ measure: KeyMeasure, of key: Span<UInt8>, in group: Int, now: Int64) {
    measured += 1
    let neglected = judgesNames && measure.neverExpires ? NameTraits.kind(of: key) : nil
    byGroup.figures[group].record(measure, neglected: neglected?.rawValue)
    if let ttl = measure.ttlMilliseconds, (0..<Int64.max / 2).contains(ttl) {
      // To the nearest second: the answer was given a moment before it is looked at.
      note(expiry: Int((now + ttl + 500) / 1000), in: group)
    }
    if let heat = ScanTally.heat(of: measure) { hottest.add(key, bytes: heat) }
    if let bytes = measure.memoryBytes {
      biggest.add(key, bytes: bytes)
      if probes.count < ScanTally.mostProbes, let type = measure.type, type != "string" {
        noteProbe(key, bytes, in: group)
      }
    }
  }

  /// No server has waited longer for a key to be used, in seconds.
  private static let longestIdle = 1 << 40

  /// How much a key is used: how often, where the server counts that, else how lately.
  private static func heat(of measure: KeyMeasure) -> Int? {
    measure.frequency ?? measure.idleSeconds.map { longestIdle - min($0, longestIdle) }
  }

  /// What a server says of a key that is used so much.
  static func use(ofHeat heat: Int, isFrequency: Bool) -> Int { isFrequency ? heat : longestIdle - heat }

  /// Remembers the type of a key that may be among the largest, until larger keys have pushed it out.
  mutating func noteType(of key: Span<UInt8>, _ measure: KeyMeasure) {
    guard let bytes = measure.memoryBytes, biggest.admits(bytes) else { return }
    biggestTypes[Array(copying: key)] = .some(measure.type)
    guard biggestTypes.count > 4 * (biggest.entries.count + ScanTally.candidates) else { return }
    let kept = Set(biggest.entries.map(\.key) + [Array(copying: key)])
    biggestTypes = biggestTypes.filter { kept.contains($0.key) }
  }

  // MARK: - A closer look at collections

  private static let candidates = 100
  private static let mostProbes = 200
  private static let probesOfGroup = 20
  private static let mostLooks = 1000

  private mutating func noteProbe(_ key: Span<UInt8>, _ bytes: Int, in group: Int) {
    guard probesOfGroups[group, default: 0] < ScanTally.probesOfGroup else { return }
    probesOfGroups[group, default: 0] += 1
    probes[Array(copying: key)] = bytes
  }

  /// The collections to look at more closely, with the sizes that they were recorded with.
  var collectionsToLookAt: [(key: [UInt8], bytes: Int)] {
    var sizes = probes
    for entry in biggest.entries {
      if let type = biggestTypes[entry.key] ?? nil, type != "string" { sizes[entry.key] = entry.bytes }
    }
    return sizes.lazy.filter { !looked.contains($0.key) }.prefix(ScanTally.mostLooks).map {
      ($0.key, $0.value)
    }
  }

  /// Takes the size of a collection at a closer look.
  mutating func correct(_ key: [UInt8], in group: Int, from first: Int, to second: Int) {
    looked.insert(key)
    if probes[key] != nil { byGroup.figures[group].note(lookFrom: first, to: second) }
    guard first != second else { return }
    byGroup.figures[group].correct(from: first, to: second)
    biggest.correct(key, to: second)
  }

  /// Lets what was seen of some groups stand for those whose collections were not looked at.
  mutating func generalizeLooks() {
    let all = byGroup.figures.reduce(into: SizeLooks()) { $0.merge($1.looks) }
    for group in byGroup.figures.indices { byGroup.figures[group].assume(all) }
  }

  private mutating func note(expiry: Int, in group: Int) {
    if byGroup.figures[group].timeline == nil {
      guard timelines < plan.timelines else { return }
      let resolution = timelines < plan.fineTimelines ? 1 : 30
      timelines += 1
      byGroup.figures[group].timeline = ExpiryTimeline(
        start: timelineStart, horizon: plan.horizon, resolution: resolution)
    }
    byGroup.figures[group].timeline?.add(expiry: expiry)
  }

  /// Begins samples of their own for the keys of another database or node.
  mutating func beginStratum() {
    for group in byGroup.figures.indices { byGroup.figures[group].beginStratum() }
  }

  mutating func noteMismatch(_ key: Span<UInt8>) {
    mismatches += 1
    if mismatchExamples.count < 3 {
      mismatchExamples.append(Array(copying: key, atMost: 512))
    }
  }

  /// Completes the grouping after the last key.
  mutating func settle() {
    byGroup.settle()
  }

  /// Adds what another node's scan has counted.
  mutating func merge(_ other: ScanTally) {
    seen += other.seen
    measured += other.measured
    vanished += other.vanished
    refused += other.refused
    mismatches += other.mismatches
    mismatchExamples = Array((mismatchExamples + other.mismatchExamples).prefix(3))
    biggest.merge(other.biggest)
    hottest.merge(other.hottest)
    biggestTypes.merge(other.biggestTypes) { mine, _ in mine }
    if other.named.isEmpty {
      byGroup.merge(other.byGroup)
    } else {
      for name in other.namesInOrder {
        guard let theirs = other.named[name] else { continue }
        let mine = group(named: name)
        byGroup.figures[mine].merge(other.byGroup.figures[theirs])
      }
    }
  }
}

extension ScanTally {
  /// Writes the counts to a checkpoint; no key may be under way that is counted in a group already.
  func write(to writer: inout CheckpointWriter) {
    byGroup.tree.write(to: &writer)
    writer.add(namesInOrder.count)
    for name in namesInOrder { writer.add(name) }
    let living = named.isEmpty ? byGroup.tree.livingGroups : namesInOrder.compactMap { named[$0] }
    writer.add(living.count)
    for group in living {
      writer.add(
        byGroup.figures.indices.contains(group) ? byGroup.figures[group] : GroupFigures(edges: plan.edges))
      writer.add(probesOfGroups[group] ?? 0)
    }
    writer.add(probes.count)
    for (key, bytes) in probes {
      writer.add(key)
      writer.add(bytes)
    }
    biggest.write(to: &writer)
    writer.add(biggestTypes.count)
    for (key, type) in biggestTypes {
      writer.add(key)
      writer.add(type != nil)
      if let type { writer.add(type) }
    }
    for count in [seen, measured, vanished, refused, mismatches, timelines] { writer.add(count) }
    writer.add(mismatchExamples.count)
    for example in mismatchExamples { writer.add(example) }
  }

  /// Reads the counts into a tally that has counted nothing, for the same request.
  mutating func read(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    try byGroup.tree.read(from: &reader)
    for number in 0..<(try reader.count()) {
      let name = try reader.text()
      namesInOrder.append(name)
      named[name] = number
    }
    let groups = try reader.count()
    guard groups == (named.isEmpty ? byGroup.tree.groupCount : named.count) else { throw CheckpointDamage() }
    for group in 0..<groups {
      byGroup.figures.append(try reader.value())
      let probes = try reader.amount()
      if probes > 0 { probesOfGroups[group] = probes }
    }
    for _ in 0..<(try reader.count()) { probes[try reader.piece()] = try reader.amount() }
    try biggest.read(from: &reader)
    for _ in 0..<(try reader.count()) {
      let key = try reader.piece()
      biggestTypes[key] = .some(try reader.flag() ? reader.text() : nil)
    }
    seen = try reader.amount()
    measured = try reader.amount()
    vanished = try reader.amount()
    refused = try reader.amount()
    mismatches = try reader.amount()
    timelines = try reader.amount()
    for _ in 0..<(try reader.count()) { mismatchExamples.append(try reader.piece()) }
  }
}

extension GroupFigures: GroupedFigures {}
