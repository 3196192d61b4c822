import Keyspace
import RedisClient
import Reporting

/// Gathers the keys that a walk chooses into batches and removes them, or only counts them.
///
/// A dry run takes the same way; only `send` differs.
struct KeyRemover: KeyVisitor {
  private let request: InvalidateRequest
  private let counts: Bool
  private let limit: Int
  private let keysPerCommand: Int
  private let shouldStop: () -> Bool
  private let journal: (any RecordFile)?
  private let backup: KeyBackup?

  private var chooser: KeyChooser
  private var seen = SeenKeys()
  private let lost: SeenKeys
  private var source = KeySource.database
  private var open = RemovalBatch()
  private var ready: [RemovalBatch] = []
  private var accepted = 0
  private(set) var writer: BatchWriter
  var tally: RemovalTally
  private(set) var brake = WriteBrake()
  private(set) var batches = 0
  private(set) var duplicates = 0
  private(set) var undecided = 0
  private(set) var stop: RemovalStop?
  private(set) var isCutShort = false
  /// True where a name that came twice may have gone unnoticed.
  var hasForgotten: Bool { seen.isFull }

  /// `counts` says that nothing is written; `limit` bounds the keys; `keysPerCommand` those of one command;
  /// `lost` are keys that are gone, and were in the batch that an earlier run had no answer to.
  init(
    _ request: InvalidateRequest, superseded: SupersededChoice?, counts: Bool, limit: Int,
    keysPerCommand: Int, lost: SeenKeys, records: RemovalRecords, shouldStop: @escaping () -> Bool
  ) {
    self.lost = lost
    self.request = request
    self.counts = counts
    self.limit = limit
    self.keysPerCommand = keysPerCommand
    self.shouldStop = shouldStop
    journal = counts ? nil : records.journal
    backup = counts ? nil : records.backup.map { KeyBackup($0) }
    chooser = KeyChooser(request.walk, superseded: superseded, readsNames: true, rendersTail: false)
    tally = RemovalTally(separator: request.walk.naming.separator)
    writer = BatchWriter(request.action)
  }

  /// Says where the keys of the next walk come from.
  mutating func begin(_ source: KeySource) { self.source = source }

  // MARK: - Choosing

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    guard chooser.admits(key) else { return choice }
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
    if counts, !source.namesLiveKeys { needed.insert(.type) }
    return needed
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: MeasureOutcome) {
    guard stop == nil else { return }
    var measure = KeyMeasure()
    switch outcome {
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
    guard accepted < limit else {
      stop = .limit(limit)
      return
    }
    accept(key, group)
  }

  private func hasType(_ measure: KeyMeasure) -> Bool {
    guard let type = request.walk.selection.type else { return true }
    return measure.type == type
  }

  private mutating func accept(_ key: Span<UInt8>, _ group: Int) {
    accepted += 1
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

  private mutating func seal() {
    guard !open.isEmpty else { return }
    ready.append(open)
    open = RemovalBatch()
  }

  // MARK: - Removing

  var wantsStop: Bool { stop != nil }

  /// A backup must be on disk before its keys are removed, and a second batch may not follow before the first
  /// is answered.
  var wantsQuiet: Bool { backup != nil || ready.count > 1 }

  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {
    if open.count >= min(request.batchSize, InvalidateRequest.smallBatch) { seal() }
    try receive(on: channel)
    // Where batches pile up, `catchUp` sends them one by one.
    guard !wantsQuiet else { return }
    if ready.isEmpty { return try sendManyUntagged(on: channel) }
    try sendNext(on: channel)
  }

  /// Members that are to be taken out of tags go with the next batch; where none comes they must not pile up.
  private mutating func sendManyUntagged(on channel: some CommandChannel) throws(ClientError) {
    guard writer.untaggedCommands >= InvalidateRequest.mostUntagged else { return }
    try writer.sendUntagging(on: channel)
  }

  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {
    try receive(on: channel)
    while !ready.isEmpty {
      try sendNext(on: channel)
      try receive(on: channel)
    }
    try sendManyUntagged(on: channel)
    try receive(on: channel)
  }

  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {
    seal()
    try catchUp(on: channel)
    // A limit keeps no removed key a member of its tag; a server that refuses to be written to does.
    if case .refused = stop { return }
    guard writer.untaggedCommands > 0 else { return }
    try writer.sendUntagging(on: channel)
    try receive(on: channel)
  }

  private mutating func sendNext(on channel: some CommandChannel) throws(ClientError) {
    guard !ready.isEmpty else { return }
    var batch = ready.removeFirst()
    // What the limit has cut off is not removed, what was chosen before is.
    if case .refused = stop { return }
    if case .cannotRecord = stop { return }
    guard !mustEnd() else { return }
    batch.sortByGroup(tally.current)
    guard !counts else {
      batches += 1
      for group in batch.groups { tally.count(in: group) { $0.planned += 1 } }
      return
    }
    if brake.reason != nil {
      channel.pause(WriteBrake.rest)
      brake.noteRest()
      guard !mustEnd() else { return }
    }
    guard try keepsRecord(of: &batch, on: channel), !batch.isEmpty else { return }
    if !batch.isRetry { batches += 1 }
    try writer.send(
      batch, keysPerCommand: keysPerCommand, asksBurden: brake.takeTurn(), untagging: source, on: channel)
  }

  /// True where a batch must be dropped because the run was asked to end; it is not counted then.
  private mutating func mustEnd() -> Bool {
    guard shouldStop() else { return false }
    isCutShort = true
    return true
  }

  /// Writes down what is about to be done; false where that fails, because then it must not be done.
  private mutating func keepsRecord(
    of batch: inout RemovalBatch, on channel: some CommandChannel
  ) throws(ClientError) -> Bool {
    if let saved = try backup?.save(batch, on: channel) {
      if let fault = saved.fault {
        stop = .cannotRecord(fault.message)
        return false
      }
      // What cannot be saved is not removed.
      for index in saved.forbidden { tally.count(in: batch.groups[index]) { $0.failed += 1 } }
      writer.noteFailures(saved.forbidden.count, saved.refusal)
      batch = batch.without(Set(saved.forbidden))
    }
    do {
      try journal?.append(JournalLine.sent(batch))
    } catch {
      stop = .cannotRecord(error.message)
      return false
    }
    return true
  }

  private mutating func receive(on channel: some CommandChannel) throws(ClientError) {
    guard let outcome = try writer.receive(on: channel) else { return }
    for (group, counts) in outcome.counts { tally.count(in: group) { $0.add(counts) } }
    if let facts = outcome.facts { brake.note(WriteBurden(facts)) }
    if let refusal = outcome.refusal { note(.refused(refusal)) }
    ready.insert(contentsOf: outcome.retries, at: 0)
    guard outcome.isBatch, let journal else { return }
    do {
      try journal.append(JournalLine.done(outcome.total))
    } catch {
      note(.cannotRecord(error.message))
    }
  }

  /// A limit lets what was chosen before be removed; the other reasons to stop let nothing more be sent.
  private mutating func note(_ reason: RemovalStop) {
    switch stop {
    case nil, .limit: stop = reason
    case .refused, .cannotRecord: break
    }
  }

  /// Counts what was sent and will never be answered. Its keys are the last in the journal, where a run that
  /// goes on looks for them.
  mutating func abandon() {
    guard let lost = writer.abandon() else { return }
    for (group, isAccounted) in zip(lost.groups, lost.accounted) where !isAccounted {
      tally.count(in: group) { $0.unknown += 1 }
    }
  }
}

/// Where a removal keeps account of what it does.
public struct RemovalRecords {
  /// Told of each batch before it is sent, and once it is answered.
  public var journal: (any RecordFile)?
  /// Given the value of each key before it is removed.
  public var backup: (any RecordFile)?

  /// Makes records; nil keeps none.
  public init(journal: (any RecordFile)? = nil, backup: (any RecordFile)? = nil) {
    self.journal = journal
    self.backup = backup
  }
}
