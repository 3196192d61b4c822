import Bytes
import Keyspace

/// What a scan has counted so far: groups, and figures for each. Tallies of several nodes or databases merge.
struct ScanTally {
  var tree: GroupTree
  var figures: [GroupFigures] = []
  /// Groups by type or node, where the name does not decide.
  var named: [String: Int] = [:]
  var namesInOrder: [String] = []
  var biggest: BiggestKeys
  var seen = 0
  var measured = 0
  var vanished = 0
  var mismatches = 0
  var mismatchExamples: [[UInt8]] = []
  private var timelines = 0
  /// All timelines begin at the same moment, so that they merge.
  let timelineStart: Int
  private let plan: ExpiryPlan
  private let judgesNames: Bool

  init(request: ScanRequest, timelineStart: Int) {
    self.timelineStart = timelineStart
    plan = request.expiry
    judgesNames = request.isAudit
    tree = GroupTree(
      level: request.level, separator: request.walk.naming.separator, maximumGroups: request.maximumGroups)
    // The findings name a few of the largest keys in any case.
    biggest = BiggestKeys(limit: request.isAudit ? max(request.biggest ?? 0, 3) : 0)
  }

  /// The group of a key that has been read.
  mutating func group(for reading: borrowing KeyReading) -> Int {
    let group = tree.group(for: reading)
    while group >= figures.count { figures.append(GroupFigures(edges: plan.edges)) }
    let merges = tree.takeMerges()
    guard !merges.isEmpty else { return group }
    apply(merges)
    return tree.current(group)
  }

  /// The group of that name: a type, or a node.
  mutating func group(named name: String) -> Int {
    if let group = named[name] { return group }
    figures.append(GroupFigures(edges: plan.edges))
    named[name] = figures.count - 1
    namesInOrder.append(name)
    return figures.count - 1
  }

  /// The living group that a key was counted in.
  func current(_ group: Int) -> Int { named.isEmpty ? tree.current(group) : group }

  private mutating func apply(_ merges: [GroupTree.Merge]) {
    for merge in merges {
      let from = figures[merge.from]
      figures[merge.from] = GroupFigures(edges: plan.edges)
      figures[merge.into].merge(from)
    }
  }

  /// Records a measured key of a group; `now` is the server's clock in milliseconds since 1970.
  mutating func record(_ measure: KeyMeasure, of key: Span<UInt8>, in group: Int, now: Int64) {
    measured += 1
    let neglected = judgesNames && measure.neverExpires ? NameTraits.kind(of: key) : nil
    figures[group].record(measure, neglected: neglected?.rawValue)
    if let ttl = measure.ttlMilliseconds, (0..<Int64.max / 2).contains(ttl) {
      // To the nearest second: the answer was given a moment before it is looked at.
      note(expiry: Int((now + ttl + 500) / 1000), in: group)
    }
    if let bytes = measure.memoryBytes { biggest.add(key, bytes: bytes) }
  }

  private mutating func note(expiry: Int, in group: Int) {
    if figures[group].timeline == nil {
      guard timelines < plan.timelines else { return }
      let resolution = timelines < plan.fineTimelines ? 1 : 30
      timelines += 1
      figures[group].timeline = ExpiryTimeline(
        start: timelineStart, horizon: plan.horizon, resolution: resolution)
    }
    figures[group].timeline?.add(expiry: expiry)
  }

  /// Begins samples of their own for the keys of another database or node.
  mutating func beginStratum() {
    for group in figures.indices { figures[group].beginStratum() }
  }

  mutating func noteMismatch(_ key: Span<UInt8>) {
    mismatches += 1
    if mismatchExamples.count < 3 {
      mismatchExamples.append(Array(copying: key, atMost: 512))
    }
  }

  /// Completes the grouping after the last key.
  mutating func settle() {
    tree.settle()
    apply(tree.takeMerges())
  }

  /// Adds what another node's scan has counted.
  mutating func merge(_ other: ScanTally) {
    seen += other.seen
    measured += other.measured
    vanished += other.vanished
    mismatches += other.mismatches
    mismatchExamples = Array((mismatchExamples + other.mismatchExamples).prefix(3))
    biggest.merge(other.biggest)
    if other.named.isEmpty {
      let places = tree.absorb(other.tree)
      while figures.count < tree.groupCount { figures.append(GroupFigures(edges: plan.edges)) }
      apply(tree.takeMerges())
      for (theirs, mine) in places { figures[tree.current(mine)].merge(other.figures[theirs]) }
    } else {
      for name in other.namesInOrder {
        guard let theirs = other.named[name] else { continue }
        let mine = group(named: name)
        figures[mine].merge(other.figures[theirs])
      }
    }
  }
}

extension ScanTally {
  /// Writes the counts to a checkpoint; no key may be under way that is counted in a group already.
  func write(to writer: inout CheckpointWriter) {
    tree.write(to: &writer)
    writer.add(namesInOrder.count)
    for name in namesInOrder { writer.add(name) }
    let living = named.isEmpty ? tree.livingGroups : namesInOrder.compactMap { named[$0] }
    writer.add(living.count)
    for group in living {
      writer.add(figures.indices.contains(group) ? figures[group] : GroupFigures(edges: plan.edges))
    }
    biggest.write(to: &writer)
    for count in [seen, measured, vanished, mismatches, timelines] { writer.add(count) }
    writer.add(mismatchExamples.count)
    for example in mismatchExamples { writer.add(example) }
  }

  /// Reads the counts into a tally that has counted nothing, for the same request.
  mutating func read(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    try tree.read(from: &reader)
    for number in 0..<(try reader.count()) {
      let name = try reader.text()
      namesInOrder.append(name)
      named[name] = number
    }
    let groups = try reader.count()
    guard groups == (named.isEmpty ? tree.groupCount : named.count) else { throw CheckpointDamage() }
    for _ in 0..<groups { figures.append(try reader.value()) }
    try biggest.read(from: &reader)
    seen = try reader.amount()
    measured = try reader.amount()
    vanished = try reader.amount()
    mismatches = try reader.amount()
    timelines = try reader.amount()
    for _ in 0..<(try reader.count()) { mismatchExamples.append(try reader.piece()) }
  }
}
