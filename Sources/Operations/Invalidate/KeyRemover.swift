import Bytes
import Keyspace
import Reporting

/// Gathers the keys that a walk chooses into batches and removes them, or only counts them.
///
/// A dry run takes the same way; only `send` differs.
struct KeyRemover: SendingVisitor {
  let request: InvalidateRequest
  let counts: Bool
  let keysPerCommand: Int
  let patience: WriteRetryPolicy
  let shouldStop: () -> Bool
  let records: RemovalRecords
  /// True where more keys are named than may be removed: those that do not exist must not count.
  private let asksExistence: Bool
  let lanes: RemovalLanes
  /// Which of several workers this is, for the journal; nil where there is one.
  private(set) var lane: Int?
  let journal: (any RecordFile)?
  let backup: KeyBackup?
  private let lost: SeenKeys
  /// The sets of the tags whose members go.
  private let tagNames: Set<[UInt8]>

  private let pristineChooser: KeyChooser
  private var chooser: KeyChooser
  private var seen = SeenKeys()
  /// What had been counted when the source was begun.
  private var before: Counted
  var source = KeySource.database
  var open = RemovalBatch()
  var ready: [RemovalBatch] = []
  /// Batches whose replies were lost with a connection.
  var doubtful: [RemovalBatch] = []
  /// Keys that were not removed because another node has them.
  var moved: [[UInt8]] = []
  /// Tags that are members of a tag: their turn comes when all members are known.
  private(set) var postponed: [[UInt8]] = []
  var writer: BatchWriter
  var tally: RemovalTally
  var brake = WriteBackpressure()
  var batches = 0
  private(set) var duplicates = 0
  private(set) var undecided = 0
  var stop: RemovalStop?
  var isCutShort = false
  private(set) var hasForgotten = false

  /// `counts` says that nothing is written; `mostKeys` are named at most; `keysPerCommand` bounds the keys of one command;
  /// `lost` are keys that are gone, and were in the batch that an earlier run had no answer to.
  init(
    _ request: InvalidateRequest, superseded: SupersededChoice?, counts: Bool, limit: RemovalLimit,
    mostKeys: Int,
    keysPerCommand: Int, patience: WriteRetryPolicy, lost: SeenKeys, records: RemovalRecords,
    shouldStop: @escaping () -> Bool
  ) {
    self.lost = lost
    tagNames = Set(request.tags.flatMap { request.tagKey.names(of: $0) })
    self.request = request
    self.counts = counts
    lanes = RemovalLanes(limit: limit)
    asksExistence = counts || mostKeys > limit.keys
    self.keysPerCommand = keysPerCommand
    self.patience = patience
    self.shouldStop = shouldStop
    self.records = records
    journal = counts ? nil : records.journal
    backup = counts ? nil : records.backup.map { KeyBackup($0) }
    chooser = KeyChooser(request.walk, superseded: superseded, readsNames: true, rendersTail: false)
    pristineChooser = chooser
    tally = RemovalTally(separator: request.walk.naming.separator)
    before = Counted(tally: tally)
    writer = BatchWriter(request.action, patience: patience)
  }

  /// What a count comes to before another source.
  private struct Counted {
    var tally: RemovalTally
    var seen = SeenKeys()
    var duplicates = 0
    var undecided = 0
    var batches = 0
  }

  /// Says where the keys of the next walk come from.
  mutating func begin(_ source: KeySource) {
    self.source = source
    if counts {
      before = Counted(
        tally: tally, seen: seen, duplicates: duplicates, undecided: undecided, batches: batches)
    }
  }

  // MARK: - Several nodes

  func fork() -> KeyRemover {
    var other = self
    other.lane = lanes.open()
    other.forget()
    other.writer = BatchWriter(request.action, patience: patience)
    return other
  }

  mutating func startOver() {
    if counts {
      (tally, seen) = (before.tally, before.seen)
      (duplicates, undecided, batches) = (before.duplicates, before.undecided, before.batches)
      (open, ready) = (RemovalBatch(), [])
      return
    }
    // What is removed stays removed; what is not will be named again.
    guard source.namesLiveKeys else { return }
    lanes.giveBack(open.count + ready.reduce(0) { $0 + $1.count })
    (open, ready) = (RemovalBatch(), [])
    tally.forgetLiving()
    undecided = 0
  }

  /// True where keys that another node has will be met there.
  var meetsMoved: Bool { patience.meetsMoved && source.namesLiveKeys }

  mutating func unchoose(_ key: Span<UInt8>) { seen.remove(key) }

  private mutating func forget() {
    tally = RemovalTally(separator: request.walk.naming.separator)
    chooser = pristineChooser.fork()
    before = Counted(tally: tally)
    seen = SeenKeys()
    (open, ready, doubtful, moved, postponed) = (RemovalBatch(), [], [], [], [])
    (batches, duplicates, undecided) = (0, 0, 0)
  }

  mutating func merge(_ other: KeyRemover) {
    var other = other
    other.abandon()
    tally.merge(other.tally)
    postponed += other.postponed
    batches += other.batches
    duplicates += other.duplicates
    undecided += other.undecided
    hasForgotten = hasForgotten || other.hasForgotten
    isCutShort = isCutShort || other.isCutShort
    if let reason = other.stop { note(reason) }
    brake.merge(other.brake)
    writer.merge(other.writer)
  }

  // MARK: - Choosing

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    guard chooser.admits(key) else { return choice }
    if !counts, source.isTag, tagNames.contains(Array(copying: key)) {
      postponed.append(Array(copying: key))
      return choice
    }
    if !source.namesLiveKeys, seen.isFull { hasForgotten = true }
    if !source.namesLiveKeys, !seen.insert(key) {
      duplicates += 1
      writer.untagAgain(key, from: source)
      return choice
    }
    choice.isChosen = true
    choice.tag = tally.group(for: chooser.reader.reading)
    choice.measurements = needed
    if tally.figures[choice.tag].sampledKeys < RemovalTally.sizeSample { choice.measurements.insert(.memory) }
    return choice
  }

  /// What must be known of a key before it is chosen.
  private var needed: KeyMeasurements {
    var needed = request.walk.selection.neededMeasurements
    // The server has filtered by type already; what is removed is asked for its type once more all the same.
    if request.walk.selection.type != nil { needed.insert(.type) }
    if case .expire = request.action { needed.insert(.ttl) }
    // Whether a key that somebody else named exists shows by itself only when it is removed.
    if asksExistence, !source.namesLiveKeys { needed.insert(.type) }
    return needed
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    guard stop == nil else { return }
    var measure = KeyMeasure()
    switch outcome {
    case .moved:
      // A walk of the database will meet it where it is now.
      guard !meetsMoved else { return }
      tally.count(in: choice.tag) { $0.failed += 1 }
      writer.noteFailures(1, "another node of the cluster has the key")
      return
    case .vanished:
      // What SCAN named and is gone was never there to be removed; what the user named is accounted for.
      guard !source.namesLiveKeys else { return }
      // Where the name alone decides, it goes with a batch all the same, and so into the journal.
      if !counts, needed.isEmpty { return enqueue(key, tally.current(choice.tag)) }
      if !counts { writer.noteGone(key, from: source) }
      if !isAccounted(key) { tally.count(in: choice.tag) { $0.absent += 1 } }
      return
    case .forbidden:
      // A key may refuse to tell its size and be removed all the same, but nothing is removed on a guess.
      guard needed.isEmpty else {
        undecided += 1
        return
      }
    case .measured(let answer): measure = answer
    }
    guard request.walk.selection.admits(measure), hasType(measure) else { return }
    let group = tally.current(choice.tag)
    if let bytes = measure.memoryBytes { tally.noteSize(bytes, in: group) }
    if case .expire(let window) = request.action {
      // Without knowing what is left of a key nobody can promise not to lengthen it.
      guard let ttl = measure.ttlMilliseconds else {
        undecided += 1
        return
      }
      if ttl >= 0, ttl <= SoftExpiry.milliseconds(for: key, within: window) {
        tally.count(in: group) { $0.kept += 1 }
        return
      }
    }
    guard lanes.take() else {
      stop = .limit(lanes.limit)
      return
    }
    accept(key, group)
  }

  private func hasType(_ measure: KeyMeasure) -> Bool {
    guard let type = request.walk.selection.type else { return true }
    return measure.type == type
  }

  private mutating func accept(_ key: Span<UInt8>, _ group: Int) {
    tally.noteSample(key)
    enqueue(key, group)
  }

  private mutating func enqueue(_ key: Span<UInt8>, _ group: Int) {
    open.append(key, group: group, isAccounted: isAccounted(key))
    if open.count >= request.batchSize || open.bytes.count >= InvalidateRequest.batchBytes { seal() }
  }

  /// True for a key that a list or a tag names again, although an earlier run has told what became of it.
  private func isAccounted(_ key: Span<UInt8>) -> Bool {
    guard !source.namesLiveKeys, let earlier = request.earlier else { return false }
    return earlier.accounted.contains(key) || lost.contains(key)
  }

  mutating func seal() {
    guard !open.isEmpty else { return }
    ready.append(open)
    open = RemovalBatch()
  }
}
