import Keyspace
import Reporting

/// Counts the keys that a walk brings and picks those to measure.
struct ScanVisitor: KeyVisitor {
  private let request: ScanRequest
  /// Keys measured per group; nil measures every key.
  private let quota: Int?
  private let asksEveryType: Bool
  /// True where a key's group, or whether it is chosen at all, depends on what it answers.
  private let countsAfterMeasuring: Bool
  private let measurements: KeyMeasurements
  private let asksTypes: Bool
  private let clock: ServerClock
  private var chooser: KeyChooser
  private var now: Int64
  /// The server that the walk is on, for `--by node`.
  private var node = ""
  var tally: ScanTally

  init(_ request: ScanRequest, scan: ScanWalk, superseded: SupersededChoice?, clock: ServerClock) {
    self.request = request
    self.clock = clock
    tally = scan.tally
    quota = scan.quota
    asksEveryType = scan.asksEveryType
    countsAfterMeasuring = request.choosesByMeasure || request.grouping == .type
    let asksIdle = request.measuresIdle || request.walk.selection.idleAbove != nil
    var measurements: KeyMeasurements = request.isAudit ? [.ttl, .memory] : .ttl
    if asksIdle { measurements.insert(.idle) }
    self.measurements = measurements.union(request.walk.selection.neededMeasurements)
    asksTypes = request.isAudit || request.grouping == .type
    chooser = KeyChooser(
      request.walk, superseded: superseded,
      readsNames: request.grouping != .node && request.grouping != .type,
      rendersTail: request.level != .version)
    now = clock.now
  }

  mutating func beginWalk(at node: String) {
    self.node = node
    if quota != nil { tally.beginStratum() }
  }

  mutating func beginPage() { now = clock.now }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    guard chooser.admits(key) else { return choice }
    choice.isChosen = true
    tally.seen += 1
    if countsAfterMeasuring {
      choice.measurements = asksTypes ? measurements.union(.type) : measurements
      return choice
    }
    let group = locate(key)
    let isPicked = quota.map { tally.figures[group].chosen < $0 } ?? true
    tally.figures[group].count(isChosen: isPicked)
    choice.isChosen = isPicked
    choice.tag = group
    if isPicked {
      choice.measurements = measurements
      if asksTypes, asksEveryType || tally.figures[group].needsTypes { choice.measurements.insert(.type) }
    }
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: MeasureOutcome) {
    guard !countsAfterMeasuring else { return visitUncounted(key, outcome) }
    let group = tally.current(choice.tag)
    switch outcome {
    case .measured(let measure): tally.record(measure, of: key, in: group, now: now)
    case .vanished:
      tally.vanished += 1
      tally.figures[group].vanish()
    case .forbidden: tally.figures[group].forbid()
    }
  }

  /// Counts a key whose group, or whose being chosen at all, depends on what it answered.
  private mutating func visitUncounted(_ key: Span<UInt8>, _ outcome: MeasureOutcome) {
    switch outcome {
    case .vanished: tally.vanished += 1
    case .forbidden:
      // A condition on something that may not be looked at does not hold.
      guard !request.choosesByMeasure else {
        tally.seen -= 1
        return
      }
      count(key, KeyMeasure(type: "unknown"))
    case .measured(let measure):
      guard request.walk.selection.admits(measure) else {
        tally.seen -= 1
        return
      }
      count(key, measure)
    }
  }

  private mutating func count(_ key: Span<UInt8>, _ measure: KeyMeasure) {
    if request.grouping != .type { chooser.read(key) }
    let group = request.grouping == .type ? groupOfType(key, measure.type) : locate(key)
    tally.figures[group].count(isChosen: true)
    tally.record(measure, of: key, in: group, now: now)
  }

  private mutating func groupOfType(_ key: Span<UInt8>, _ type: String?) -> Int {
    let group = tally.group(named: type ?? "unknown")
    noteName(key, group)
    return group
  }

  /// The group of a key that the reader has just read.
  private mutating func locate(_ key: Span<UInt8>) -> Int {
    let group =
      request.grouping == .node ? tally.group(named: node) : tally.group(for: chooser.reader.reading)
    noteName(key, group)
    if !request.walk.naming.schemas.isEmpty, !chooser.reader.reading.matchesSchema { tally.noteMismatch(key) }
    return group
  }

  private mutating func noteName(_ key: Span<UInt8>, _ group: Int) {
    let isUnbounded = request.isAudit && NameTraits.isUnbounded(key)
    if isUnbounded || tally.figures[group].wantsExamples {
      tally.figures[group].noteName(key, isUnbounded: isUnbounded)
    }
  }
}
