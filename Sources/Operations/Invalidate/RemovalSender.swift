import Keyspace
import RedisClient
import Reporting

/// Sends batches one by one, with a record of each in the journal and its values in the backup, and settles what
/// became of them.
struct RemovalSender {
  /// Why a key is not removed that was found on another node.
  static let elsewhere = "another node of the cluster has the key"

  private let request: InvalidateRequest
  private let isCount: Bool
  private let policy: WriteRetryPolicy
  private let keysPerCommand: Int
  private let shouldStop: () -> Bool
  private let budget: RemovalBudget
  private let journal: (any RecordFile)?
  private let backup: KeyBackup?
  /// Which of several workers this is, for the journal; nil where there is one.
  private var worker: Int?
  private var source = KeySource.database
  private var remover: BatchRemover
  private var backpressure = WriteBackpressure()
  /// Batches that wait to be sent.
  private var ready: [RemovalBatch] = []
  /// Batches whose replies were lost with a connection.
  private var unanswered: [RemovalBatch] = []
  /// Keys that were not removed because another node has them.
  private var moved: [[UInt8]] = []
  /// True where a batch was dropped because the run was asked to end.
  private(set) var isCutShort = false
  /// Commands that take removed keys out of their tags.
  var untagging: UntaggingQueue

  init(_ request: InvalidateRequest, _ pass: KeyRemover.Pass, budget: RemovalBudget) {
    self.request = request
    self.budget = budget
    isCount = pass.isCount
    policy = pass.policy
    keysPerCommand = pass.keysPerCommand
    shouldStop = pass.shouldStop
    journal = pass.isCount ? nil : pass.records.journal
    backup = pass.isCount ? nil : pass.records.backup.map { KeyBackup($0) }
    remover = BatchRemover(request.action, keysPerCommand: pass.keysPerCommand, policy: pass.policy)
    untagging = UntaggingQueue(request.action)
  }

  /// The same for another node: nothing sent yet.
  func fork() -> RemovalSender {
    var other = self
    other.worker = budget.nextWorker()
    (other.ready, other.unanswered, other.moved) = ([], [], [])
    other.remover = BatchRemover(request.action, keysPerCommand: keysPerCommand, policy: policy)
    other.untagging = UntaggingQueue(request.action)
    return other
  }

  mutating func begin(_ source: KeySource) { self.source = source }

  /// Adds the waits of another worker.
  mutating func merge(_ other: RemovalSender) {
    isCutShort = isCutShort || other.isCutShort
    backpressure.merge(other.backpressure)
  }

  /// What the report says of waits.
  var warnings: [String] { backpressure.warnings }

  // MARK: - Batches

  mutating func add(_ batch: RemovalBatch) { ready.append(batch) }

  /// Drops the batches that wait, and returns the number of their keys.
  mutating func dropBatches() -> Int {
    defer { ready = [] }
    return ready.reduce(0) { $0 + $1.count }
  }

  /// True where the next page must wait: a backup must be on disk before its keys are removed, and a second batch may not
  /// follow before the first is answered.
  var mustCatchUp: Bool { backup != nil || ready.count > 1 || !unanswered.isEmpty }

  /// Receives the replies to the batch before, and sends the next.
  mutating func endPage(on channel: some CommandChannel, ledger: inout RemovalLedger) throws(ClientError) {
    try receive(on: channel, &ledger)
    // Where batches pile up, `catchUp` sends them one by one.
    guard !mustCatchUp else { return }
    if ready.isEmpty { return try sendManyUntagged(on: channel) }
    try sendNext(on: channel, &ledger)
  }

  /// Sends and settles all batches; nothing else may be under way.
  mutating func catchUp(on channel: some CommandChannel, ledger: inout RemovalLedger) throws(ClientError) {
    try receive(on: channel, &ledger)
    try settleUnanswered(on: channel, &ledger)
    while !ready.isEmpty {
      try sendNext(on: channel, &ledger)
      try receive(on: channel, &ledger)
    }
    try sendManyUntagged(on: channel)
    try receive(on: channel, &ledger)
  }

  /// Sends and settles all batches, and takes all removed keys out of their tags.
  mutating func endWalk(on channel: some CommandChannel, ledger: inout RemovalLedger) throws(ClientError) {
    try catchUp(on: channel, ledger: &ledger)
    // A server that refuses writes keeps removed keys in their tags; a limit does not.
    if case .refused = ledger.stop { return }
    guard untagging.count > 0 else { return }
    try sendUntagging(on: channel)
    try receive(on: channel, &ledger)
  }

  // MARK: - Sending

  /// Members that are to be taken out of tags go with the next batch; where none comes they must not pile up.
  private mutating func sendManyUntagged(on channel: some CommandChannel) throws(ClientError) {
    guard untagging.count >= InvalidateRequest.mostUntagged else { return }
    try sendUntagging(on: channel)
  }

  private mutating func sendUntagging(on channel: some CommandChannel) throws(ClientError) {
    try remover.send(
      RemovalBatch(), untagging: untagging.take(), asksInfo: false, from: source, on: channel)
  }

  private mutating func sendNext(
    on channel: some CommandChannel, _ ledger: inout RemovalLedger
  ) throws(ClientError) {
    guard !ready.isEmpty else { return }
    var batch = ready.removeFirst()
    // Keys beyond the limit are not removed, those that were chosen before are.
    guard !ledger.isRefused, !mustEnd() else { return }
    batch.sortByGroup(ledger.tally.current)
    guard !isCount else {
      ledger.batches += 1
      for group in batch.groups { ledger.tally.count(in: group) { $0.planned += 1 } }
      return
    }
    if backpressure.reason != nil {
      channel.pause(WriteBackpressure.rest)
      backpressure.noteRest()
      guard !mustEnd() else { return }
    }
    let isRecorded: Bool
    do throws(ClientError) { isRecorded = try record(&batch, on: channel, &ledger) } catch {
      ready.insert(batch, at: 0)
      throw error
    }
    guard isRecorded, !batch.isEmpty else { return }
    if !batch.isRetry { ledger.batches += 1 }
    try remover.send(
      batch, untagging: untagging.take(), asksInfo: backpressure.isTimeToAsk(), from: source, on: channel)
  }

  /// True where a batch must be dropped because the run was asked to end; it is not counted then.
  private mutating func mustEnd() -> Bool {
    guard shouldStop() else { return false }
    isCutShort = true
    return true
  }

  /// Writes down what is about to be done; false where that fails, because then it must not be done.
  private mutating func record(
    _ batch: inout RemovalBatch, on channel: some CommandChannel, _ ledger: inout RemovalLedger
  ) throws(ClientError) -> Bool {
    if let saved = try backup?.save(batch, on: channel) {
      if let fault = saved.fault {
        ledger.note(.cannotRecord(fault.message))
        return false
      }
      if meetsMoved {
        moved += saved.moved.map { batch.key($0) }
        budget.giveBack(saved.moved.count)
      }
      // What cannot be saved is not removed.
      let strangers = meetsMoved ? [] : saved.moved
      for index in saved.forbidden + strangers {
        ledger.tally.count(in: batch.groups[index]) { $0.failed += 1 }
      }
      ledger.noteFailures(saved.forbidden.count, saved.refusal)
      ledger.noteFailures(strangers.count, RemovalSender.elsewhere)
      batch = batch.without(Set(saved.forbidden + saved.moved))
    }
    do {
      try journal?.append(JournalLine.sent(batch, worker: worker))
    } catch {
      ledger.note(.cannotRecord(error.message))
      return false
    }
    return true
  }

  /// True where keys that another node has will be met there.
  private var meetsMoved: Bool { policy.meetsMoved && source.namesLiveKeys }

  /// The keys that another node has, found since the last call.
  mutating func takeMoved() -> [[UInt8]] {
    defer { moved = [] }
    return moved
  }

  // MARK: - Receiving

  private mutating func receive(
    on channel: some CommandChannel, _ ledger: inout RemovalLedger
  ) throws(ClientError) {
    guard let outcome = try remover.receive(on: channel, untagging: &untagging) else { return }
    for (group, counts) in outcome.counts { ledger.tally.count(in: group) { $0.add(counts) } }
    if let failures = outcome.failures { ledger.noteFailures(failures.count, failures.reason) }
    if let failure = outcome.untaggingFailure { ledger.noteUntaggingFailure(failure) }
    if let facts = outcome.facts { backpressure.note(ServerBacklog(facts)) }
    if let refusal = outcome.refusal { ledger.note(.refused(refusal)) }
    ready.insert(contentsOf: outcome.retries, at: 0)
    moved += outcome.moved
    budget.giveBack(outcome.moved.count)
    if outcome.isBatch {
      note(JournalLine.done(outcome.total, worker: worker), &ledger)
    }
    // Nothing of it was done: it is tried again once the server answers, or another one has taken over.
    if let obstacle = outcome.obstacle { throw obstacle }
  }

  private func note(_ line: @autoclosure () -> [UInt8], _ ledger: inout RemovalLedger) {
    guard let journal else { return }
    do {
      try journal.append(line())
    } catch {
      ledger.note(.cannotRecord(error.message))
    }
  }

  // MARK: - Lost connections

  /// Keeps the batch whose replies are lost, to be settled later.
  mutating func connectionLost(ledger: inout RemovalLedger) {
    guard let lost = remover.abandon() else { return }
    if lost.untagging > 0 {
      ledger.noteUntaggingFailure("the connection was lost, and nobody knows which were")
    }
    if !lost.batch.isEmpty { unanswered.append(lost.batch) }
  }

  /// Counts keys that were sent and will never be answered. They are the last in the journal, where the next run looks for
  /// them.
  mutating func abandon(ledger: inout RemovalLedger) {
    connectionLost(ledger: &ledger)
    for lost in unanswered {
      for (group, isAccounted) in zip(lost.groups, lost.accounted) where !isAccounted {
        ledger.tally.count(in: group) { $0.unknown += 1 }
      }
    }
    unanswered = []
  }

  /// Looks which keys live of those that were sent when a connection was lost. Those that do are tried again; of those
  /// that do not, no reply says that this run removed them.
  private mutating func settleUnanswered(
    on channel: some CommandChannel, _ ledger: inout RemovalLedger
  ) throws(ClientError) {
    while let lost = unanswered.first {
      let alive = try living(of: lost, on: channel)
      unanswered.removeFirst()
      var (living, gone, total) = ([Int](), [[UInt8]](), RemovalCounts())
      for index in 0..<lost.count {
        let isAlive = alive.contains(index)
        if !isAlive { gone.append(lost.key(index)) }
        // A key that was written anew may not be what was chosen by its TTL, its size or its type.
        if isAlive, isChosenByNameAlone {
          living.append(index)
        } else if !lost.accounted[index] {
          total.unknown += 1
          ledger.tally.count(in: ledger.tally.current(lost.groups[index])) { $0.unknown += 1 }
        }
      }
      if !living.isEmpty { ready.append(lost.retry(living)) }
      note(JournalLine.settled(total, gone: gone, worker: worker), &ledger)
    }
  }

  private var isChosenByNameAlone: Bool {
    request.walk.selection.neededMeasurements.isEmpty && request.walk.selection.type == nil
  }

  /// The places of the keys that live, or that may not be looked at: they are tried again then.
  private func living(
    of batch: RemovalBatch, on channel: some CommandChannel
  ) throws(ClientError) -> Set<Int> {
    var commands = CommandBuffer()
    for index in 0..<batch.count { commands.append([CommandWord.exists, batch.key(index)]) }
    let replies = ReplyBuffer()
    try channel.send(commands)
    try channel.receive(batch.count, into: replies)
    var living = Set<Int>()
    for index in 0..<batch.count {
      if let error = replies[index].error, error.isTransient {
        throw ClientError(error, to: "EXISTS", at: channel.endpoint)
      }
      if replies[index].integer != 0 { living.insert(index) }
    }
    return living
  }
}
