/// The figures of one group while keys stream by, mergeable.
public struct GroupFigures: Sendable {
  /// A type that was seen this often without another one beside it is taken to be the group's only type.
  public static let typesToAgree = 1000

  private var open = SampleStratum()
  /// Strata that were sampled at a rate of their own and can only be added as estimates.
  private var closed: SampleEstimate?
  /// When the group's keys expire; kept for a bounded number of groups.
  public var timeline: ExpiryTimeline?
  /// A few of the group's keys.
  public private(set) var examples: [[UInt8]] = []
  /// Keys longer than 200 bytes or made of free text.
  public private(set) var unboundedNames = 0

  /// A group without keys.
  public init() {}

  // Asked for with every key, and therefore stored: a computed property would copy the whole group to answer.

  /// Keys counted so far.
  public private(set) var keys = 0
  /// Keys picked for measuring so far.
  public private(set) var chosen = 0
  /// True while the types of more keys must be asked for to know the group's types.
  public private(set) var needsTypes = true
  /// True while examples are wanted.
  public private(set) var wantsExamples = true

  /// Counts a key, and whether it is picked for measuring.
  public mutating func count(isChosen: Bool) {
    keys += 1
    open.keys += 1
    guard isChosen else { return }
    chosen += 1
    open.chosen += 1
  }

  /// Keeps a key as an example while there is room.
  public mutating func noteName(_ key: Span<UInt8>, isUnbounded: Bool) {
    if isUnbounded { unboundedNames += 1 }
    guard wantsExamples else { return }
    examples.append(key.withUnsafeBufferPointer { Array($0.prefix(512)) })
    wantsExamples = examples.count < 3
  }

  /// Records what a key that was counted and picked answered.
  public mutating func record(_ measure: KeyMeasure) {
    // A key whose stratum was closed while its answer was under way is no part of the sample any more.
    guard open.measured < open.chosen else { return }
    open.record(measure)
    if needsTypes, measure.type != nil { judgeTypes() }
  }

  private mutating func judgeTypes() {
    needsTypes = open.types.entries.count > 1 || open.types.total < Double(GroupFigures.typesToAgree)
  }

  /// Notes that a key which never expires has a name that says it should.
  public mutating func noteNeglected(_ kind: String) { open.neglected.add(kind) }

  /// Notes that a key which was counted had gone when it was measured.
  public mutating func vanish() {
    guard open.keys > 0 else { return }
    keys -= 1
    chosen -= 1
    open.keys -= 1
    open.chosen -= open.chosen > open.measured ? 1 : 0
    open.vanished += 1
  }

  /// Adds the keys of another group, which becomes part of this one.
  public mutating func merge(_ other: GroupFigures) {
    if open.isComplete, other.open.isComplete {
      open.merge(other.open)
    } else {
      // Two samples of different density may not be pooled: the denser one would count too much.
      close()
      var other = other
      other.close()
      if let estimate = other.closed { addClosed(estimate) }
      other.closed = nil
    }
    if let estimate = other.closed { addClosed(estimate) }
    keys += other.keys
    chosen += other.chosen
    judgeTypes()
    unboundedNames += other.unboundedNames
    examples = Array((examples + other.examples).prefix(3))
    wantsExamples = examples.count < 3
    if let theirs = other.timeline {
      if timeline == nil { timeline = theirs } else { timeline?.merge(theirs) }
    }
  }

  /// The group's figures.
  public var estimate: SampleEstimate {
    var result = open.estimate
    if let closed { result.add(closed) }
    return result
  }

  private mutating func close() {
    addClosed(open.estimate)
    open = SampleStratum()
  }

  private mutating func addClosed(_ estimate: SampleEstimate) {
    if closed == nil { closed = estimate } else { closed?.add(estimate) }
  }
}
