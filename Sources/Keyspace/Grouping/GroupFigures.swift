package import Bytes

/// The figures of one group, collected key by key; mergeable.
package struct GroupFigures: Sendable {
  /// A type that this many keys have, while none has another, counts as the group's only type.
  package static let typesToAgree = 1000

  private var open: SampleStratum
  private let edges: [Int64]
  /// Strata with other sampling rates, which can only be added as estimates.
  private var closed: SampleEstimate?
  /// Pending replies that belong to a closed stratum.
  private var late = 0
  /// What closer looks at the group's collections have shown.
  package private(set) var looks = SizeLooks()
  /// How far its collections are off by looks at others, where there was none at its own.
  private var assumedError = 0.0
  /// When the group's keys expire; kept for a bounded number of groups.
  package var timeline: ExpiryTimeline?
  /// A few of the group's keys.
  package private(set) var examples: [[UInt8]] = []
  /// Keys longer than 200 bytes or made of free text.
  package private(set) var unboundedNames = 0

  /// A group without keys; `edges`, in milliseconds, ask for counts of the TTLs between them.
  package init(edges: [Int64] = []) {
    self.edges = edges
    open = SampleStratum(edges: edges)
  }

  // Read for every key, and therefore stored: a computed property would copy the whole group.

  /// Keys counted so far.
  package private(set) var keys = 0
  /// Keys picked for measuring since a sample was last begun; merging groups of different density begins a
  /// new one.
  package private(set) var chosen = 0
  /// True while the types of more keys must be asked for to know the group's types.
  package private(set) var needsTypes = true
  /// True while examples are wanted.
  package private(set) var wantsExamples = true

  /// Counts a key, and whether it is picked for measuring.
  package mutating func count(isChosen: Bool) {
    keys += 1
    open.keys += 1
    guard isChosen else { return }
    chosen += 1
    open.chosen += 1
  }

  /// Keeps a key as an example while there is room.
  package mutating func noteName(_ key: Span<UInt8>, isUnbounded: Bool) {
    if isUnbounded { unboundedNames += 1 }
    guard wantsExamples else { return }
    examples.append(Array(copying: key, atMost: 512))
    wantsExamples = examples.count < 3
  }

  /// Records the measurements of a key that was counted and picked; `neglected` is the kind that its name
  /// shows where it should expire but never does.
  package mutating func record(_ measure: KeyMeasure, neglected: String? = nil) {
    // Replies come in the order of the requests: those of a closed stratum before those of the open one.
    guard late == 0 else {
      late -= 1
      return
    }
    open.record(measure)
    if let neglected { open.neglected.add(neglected) }
    if needsTypes, measure.type != nil { judgeTypes() }
  }

  private mutating func judgeTypes() {
    needsTypes = open.types.entries.count > 1 || open.types.total < Double(GroupFigures.typesToAgree)
  }

  /// Notes that a key which was counted and picked could not be measured.
  package mutating func forbid() {
    guard late == 0 else {
      late -= 1
      return
    }
    open.refused += 1
  }

  /// Notes that a key which was counted and picked had gone when it was measured.
  package mutating func vanish() {
    guard keys > 0 else { return }
    keys -= 1
    guard late == 0 else {
      late -= 1
      // What one key adds to a closed estimate is within its error.
      closed?.keys -= 1
      closed?.vanished += 1
      return
    }
    open.keys -= 1
    open.chosen -= 1
    open.vanished += 1
    chosen = open.chosen
  }

  /// Uncounts a key that was counted and picked: it belongs to another node.
  package mutating func retract() {
    guard keys > 0 else { return }
    keys -= 1
    guard late == 0 else {
      late -= 1
      closed?.keys -= 1
      return
    }
    open.keys -= 1
    open.chosen -= 1
    chosen = open.chosen
  }

  /// True where the group has collections, whose sizes rest on some of their elements.
  package var hasCollections: Bool {
    open.types.entries.contains { $0.name != "string" }
      || closed?.types.entries.contains { $0.name != "string" } ?? false
  }

  /// Notes a closer look at a collection that was picked at random.
  package mutating func note(lookFrom first: Int, to second: Int) { looks.add(from: first, to: second) }

  /// Takes what looks at other groups have shown, where there was none at this one.
  package mutating func assume(_ others: SizeLooks) {
    if looks.count == 0, hasCollections { assumedError = others.relativeError }
  }

  /// Corrects the size of a key that was recorded.
  package mutating func correct(from first: Int, to second: Int) {
    if open.memory.count > 0 {
      open.memory.replace(Double(first), with: Double(second))
    } else {
      closed?.memoryTotal.shift(by: Double(second - first))
    }
  }

  /// Begins a sample of its own for the keys that follow, because they are not in random order with those before:
  /// another database, another node.
  package mutating func beginStratum() {
    close()
    chosen = open.chosen
  }

  /// Adds the keys of another group, which becomes part of this one.
  package mutating func merge(_ other: GroupFigures) {
    if open.isComplete, other.open.isComplete {
      adopt(other)
    } else {
      // Two samples of different density may not be pooled: the denser one would count too much.
      close()
      var theirs = other
      theirs.close()
      adopt(theirs)
    }
    keys += other.keys
    chosen = open.chosen
    judgeTypes()
    looks.merge(other.looks)
    assumedError = max(assumedError, other.assumedError)
    unboundedNames += other.unboundedNames
    examples = Array((examples + other.examples).prefix(3))
    wantsExamples = examples.count < 3
    if let theirs = other.timeline {
      if timeline == nil { timeline = theirs } else { timeline?.merge(theirs) }
    }
  }

  /// The group's figures.
  package var estimate: SampleEstimate {
    var result = open.estimate(isOver: true)
    if let closed { result.add(closed) }
    result.sizeHalfWidth = sizeError(result) * result.memory
    return result
  }

  /// How far the bytes are off, relative to them, because of collections that were not looked at.
  private func sizeError(_ estimate: SampleEstimate) -> Double {
    guard looks.count > 0 else { return assumedError }
    let collections = estimate.types.entries.reduce(0) { $0 + ($1.name == "string" ? 0 : $1.weight) }
    let unseen = max(0, 1 - Double(looks.count) / max(1, collections))
    return looks.relativeError * unseen
  }

  /// Turns the sample into an estimate and begins a new one.
  private mutating func close() {
    // Without any reply there is nothing to estimate from: the pending ones then begin the new sample.
    guard open.measured > 0 else { return }
    addClosed(open.estimate(isOver: false))
    late += open.chosen - open.measured - open.refused
    open = SampleStratum(edges: edges)
  }

  private mutating func adopt(_ other: GroupFigures) {
    open.merge(other.open)
    late += other.late
    if let estimate = other.closed { addClosed(estimate) }
  }

  private mutating func addClosed(_ estimate: SampleEstimate) {
    if closed == nil { closed = estimate } else { closed?.add(estimate) }
  }
}

extension GroupFigures: Checkpointed {
  /// Adds everything but pending replies, of which there must be none.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(edges.count)
    for edge in edges { writer.add(Int(edge)) }
    writer.add(open)
    writer.add(closed)
    writer.add(timeline)
    writer.add(examples.count)
    for example in examples { writer.add(example) }
    for count in [unboundedNames, keys, chosen] { writer.add(count) }
    writer.add(needsTypes)
    writer.add(looks)
    writer.add(assumedError)
  }

  /// Reads the figures of a group.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    var edges: [Int64] = []
    for _ in 0..<(try reader.count()) { edges.append(Int64(try reader.number())) }
    self.init(edges: edges)
    open = try reader.value()
    closed = try reader.optional()
    timeline = try reader.optional()
    for _ in 0..<(try reader.count()) { examples.append(try reader.piece()) }
    wantsExamples = examples.count < 3
    unboundedNames = try reader.amount()
    keys = try reader.amount()
    chosen = try reader.amount()
    needsTypes = try reader.flag()
    looks = try reader.value()
    assumedError = try reader.double()
  }
}
