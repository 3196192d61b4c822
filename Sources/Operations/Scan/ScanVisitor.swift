import Bytes
import Keyspace
import RedisClient
import Reporting

/// Counts the keys of a walk and picks those to measure.
struct ScanVisitor: KeyVisitor {
  let request: ScanRequest
  /// Keys measured per group; nil measures every key.
  private(set) var quota: Int?
  private(set) var asksEveryType: Bool
  private let mayTurnToSampling: Bool
  /// True where a key's group, or whether it is chosen at all, depends on what it answers.
  private let countsAfterMeasuring: Bool
  private let measurements: KeyMeasurements
  private let asksTypes: Bool
  private var clock: ServerClock
  var chooser: KeyChooser
  private var now: Int64
  /// The address of the node that is walked, where the groups are nodes.
  private(set) var node = ""
  /// When all timelines begin, so that those of several nodes merge.
  private let timelineStart: Int
  /// The database that is walked; nil before the first.
  private(set) var database: Int?
  /// What was counted of it.
  var tally: ScanTally
  /// What was counted of the databases before it.
  private var earlier: [Int: ScanTally] = [:]
  /// True where the types of the largest keys come with the keys, and nothing can be asked at the end.
  var learnsTypesOnTheWay = false
  /// The lookups of the questions for them, by the address of the node.
  var bigKeyLookups: [String: StatsLookups] = [:]

  init(_ request: ScanRequest, scan: ScanRun, superseded: SupersededChoice?, clock: ServerClock) {
    self.request = request
    self.clock = clock
    timelineStart = scan.timelineStart
    tally = ScanTally(request: request, timelineStart: timelineStart)
    quota = scan.quota
    asksEveryType = scan.asksEveryType
    mayTurnToSampling = scan.mayTurnToSampling
    countsAfterMeasuring = request.choosesByMeasure || request.grouping == .type
    let asksIdle = request.measuresIdle || request.walk.selection.idleAbove != nil
    var measurements: KeyMeasurements = request.isAudit ? [.ttl, .memory] : .ttl
    if asksIdle { measurements.insert(.idle) }
    self.measurements = measurements.union(request.walk.selection.neededMeasurements).union(request.heat)
    asksTypes = request.isAudit || request.grouping == .type || request.grouping == .role
    chooser = KeyChooser(
      request.walk, superseded: superseded,
      readsNames: request.grouping.readsNames || request.grouping.segment != nil,
      showsStrangers: true)
    now = clock.now
  }

  func fork() -> ScanVisitor {
    var other = self
    other.chooser = chooser.fork()
    other.startOver()
    return other
  }

  mutating func startOver() {
    tally = ScanTally(request: request, timelineStart: timelineStart)
    (database, earlier) = (nil, [:])
  }

  /// What was counted, by database.
  var tallies: [Int: ScanTally] {
    guard let database else { return earlier }
    return earlier.merging([database: tally]) { _, last in last }
  }

  mutating func merge(_ other: ScanVisitor) {
    for (database, theirs) in other.tallies {
      turn(to: database)
      tally.merge(theirs)
    }
    quota = quota ?? other.quota
    asksEveryType = asksEveryType && other.asksEveryType
    bigKeyLookups.merge(other.bigKeyLookups, uniquingKeysWith: +)
  }

  /// Goes on with the keys of a database.
  private mutating func turn(to number: Int) {
    guard number != database else { return }
    if let database { earlier[database] = tally }
    tally =
      earlier.removeValue(forKey: number)
      ?? ScanTally(request: request, timelineStart: timelineStart, beside: Array(earlier.values))
    database = number
  }

  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock) {
    turn(to: database)
    chooser.begin(database: database)
    node = address
    self.clock = clock
    if quota != nil { tally.beginStratum() }
  }

  mutating func beginPage() { now = clock.now }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    let strangers = chooser.strangers
    guard chooser.admits(key) else {
      if chooser.strangers > strangers { tally.noteMismatch(key) }
      return choice
    }
    choice.isChosen = true
    tally.seen += 1
    if countsAfterMeasuring {
      choice.measurements = asksTypes ? measurements.union(.type) : measurements
      return choice
    }
    if mayTurnToSampling, quota == nil, tally.seen > ScanRequest.Measuring.smallDatabase { turnToSampling() }
    let group = locate(key)
    let isPicked = quota.map { tally.byGroup.figures[group].chosen < $0 } ?? true
    tally.byGroup.figures[group].count(isChosen: isPicked)
    choice.isChosen = isPicked
    choice.tag = group
    if isPicked {
      choice.measurements = measurements
      if asksTypes, asksEveryType || tally.byGroup.figures[group].needsTypes {
        choice.measurements.insert(.type)
      }
    }
    return choice
  }

  /// Measures only some of the keys that follow: the server has more than it said.
  private mutating func turnToSampling() {
    quota = ScanRequest.Measuring.defaultSample
    asksEveryType = false
    tally.beginStratum()
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    guard !countsAfterMeasuring else { return visitUncounted(key, outcome) }
    let group = tally.current(choice.tag)
    switch outcome {
    case .measured(let measure): record(measure, of: key, in: group)
    case .vanished:
      tally.vanished += 1
      tally.byGroup.figures[group].vanish()
    case .moved:
      tally.seen -= 1
      tally.byGroup.figures[group].retract()
    case .forbidden: tally.forbid(in: group)
    }
  }

  /// Counts a key whose answers decide its group, or whether it is chosen.
  private mutating func visitUncounted(_ key: Span<UInt8>, _ outcome: KeyMeasurer.Outcome) {
    switch outcome {
    case .vanished: tally.vanished += 1
    case .moved: tally.seen -= 1
    case .forbidden:
      // A condition on something that may not be read is not met.
      guard !request.choosesByMeasure else {
        tally.seen -= 1
        return
      }
      count(key, nil)
    case .measured(let measure):
      guard request.walk.selection.admits(measure) else {
        tally.seen -= 1
        return
      }
      count(key, measure)
    }
  }

  /// Counts a key with its answers; nil where it could not be measured.
  private mutating func count(_ key: Span<UInt8>, _ measure: KeyMeasure?) {
    let group: Int
    if request.grouping == .type {
      group = self.group(named: measure?.type ?? ScanTally.unknownType, of: key)
    } else {
      chooser.read(key)
      group = locate(key)
    }
    tally.byGroup.figures[group].count(isChosen: true)
    guard let measure else { return tally.forbid(in: group) }
    record(measure, of: key, in: group)
  }

  private mutating func record(_ measure: KeyMeasure, of key: Span<UInt8>, in group: Int) {
    // The server does not answer PTTL at all: whether the key expires is not known.
    guard measure.ttlMilliseconds != nil else { return tally.forbid(in: group) }
    if learnsTypesOnTheWay { tally.noteType(of: key, measure) }
    tally.record(measure, of: key, in: group, now: now)
  }

  /// The name of the group of all keys of the database.
  var databaseName: String { "db \(database ?? 0)" }

  /// The group of a key by something else than its name, which need not have been read.
  private mutating func group(named name: String, of key: Span<UInt8>) -> Int {
    let group = tally.group(named: name)
    noteName(key, group, mayHoldSpaces: true)
    return group
  }

  /// The group of a key that the reader has just read, where the grouping goes by names.
  private mutating func locate(_ key: Span<UInt8>) -> Int {
    if request.grouping == .node { return group(named: node, of: key) }
    if request.grouping == .database { return group(named: databaseName, of: key) }
    let group =
      if let number = request.grouping.segment {
        tally.group(ofSegment: chooser.reader.reading.segment(number))
      } else { tally.group(for: chooser.reader.reading) }
    noteName(key, group, mayHoldSpaces: chooser.reader.reading.mayHoldSpaces)
    if !request.walk.naming.schemas.isEmpty, !chooser.reader.reading.matchesSchema { tally.noteMismatch(key) }
    return group
  }

  private mutating func noteName(_ key: Span<UInt8>, _ group: Int, mayHoldSpaces: Bool) {
    let isUnbounded = request.isAudit && NameTraits.isUnbounded(key, mayHoldSpaces: mayHoldSpaces)
    if isUnbounded || tally.byGroup.figures[group].wantsExamples {
      tally.byGroup.figures[group].noteName(key, isUnbounded: isUnbounded)
    }
  }
}

extension ScanVisitor {
  func save(to writer: inout CheckpointWriter) {
    let tallies = tallies.sorted { $0.key < $1.key }
    writer.add(database)
    writer.add(tallies.count)
    for (database, tally) in tallies {
      writer.add(database)
      tally.write(to: &writer)
    }
  }

  mutating func restore(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    startOver()
    let walked = try reader.optionalAmount()
    for _ in 0..<(try reader.count()) {
      turn(to: try reader.amount())
      try tally.read(from: &reader)
    }
    guard let walked else { return }
    turn(to: walked)
    chooser.begin(database: walked)
  }
}
