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
  /// The tags of the keys, which lose them first.
  private var memberships: TagMemberships
  /// Keys that live on, and are to be put back into their tags.
  private var stranded: [[UInt8]] = []

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
    memberships = TagMemberships(
      request.untags && !pass.isCount ? pass.tags : [], policy: pass.policy, savesTimes: backup != nil)
  }

  /// The same for another node: nothing sent yet.
  func fork() -> RemovalSender {
    var other = self
    other.worker = budget.nextWorker()
    (other.ready, other.unanswered, other.moved, other.stranded) = ([], [], [], [])
    other.remover = BatchRemover(request.action, keysPerCommand: keysPerCommand, policy: policy)
    // What this worker waits must not be counted again when the two are merged.
    other.backpressure = WriteBackpressure()
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

  /// True where the next page must wait: a backup must be on disk before its keys are removed, keys must be out of their
  /// tags before, and a second batch may not follow before the first is answered.
  var mustCatchUp: Bool {
    backup != nil || !memberships.isEmpty || ready.count > 1 || !unanswered.isEmpty
  }

  /// Receives the replies to the batch before, and sends the next.
  mutating func endPage(on channel: some CommandChannel, ledger: inout RemovalLedger) throws(ClientError) {
    try receive(on: channel, &ledger)
    // Where batches pile up, `catchUp` sends them one by one.
    guard !mustCatchUp else { return }
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
    guard !stranded.isEmpty else { return }
    for refusal in try memberships.putBack(stranded, on: channel) { ledger.noteLostMembers(refusal) }
    stranded = []
  }

  // MARK: - Sending

  private mutating func sendNext(
    on channel: some CommandChannel, _ ledger: inout RemovalLedger
  ) throws(ClientError) {
    guard !ready.isEmpty else { return }
    var batch = ready.removeFirst()
    // Keys beyond the limit are not removed, those that were chosen before are.
    guard !ledger.isRefused, !mustEnd() else { return drop(batch) }
    batch.sortByGroup(ledger.tally.current)
    guard !isCount else {
      ledger.batches += 1
      for group in batch.groups { ledger.tally.count(in: group) { $0.planned += 1 } }
      return
    }
    if backpressure.reason != nil {
      channel.pause(WriteBackpressure.rest)
      backpressure.noteRest()
      guard !mustEnd() else { return drop(batch) }
    }
    let isRecorded: Bool
    do throws(ClientError) {
      try memberships.look(at: batch, on: channel)
      isRecorded = try record(&batch, on: channel, &ledger)
      if isRecorded { try takeOut(batch, on: channel, &ledger) }
    } catch {
      ready.insert(batch, at: 0)
      throw error
    }
    guard isRecorded else { return drop(batch) }
    guard !batch.isEmpty else { return }
    if !batch.isRetry { ledger.batches += 1 }
    try remover.send(batch, asksInfo: backpressure.isTimeToAsk(), from: source, on: channel)
  }

  private mutating func takeOut(
    _ batch: RemovalBatch, on channel: some CommandChannel, _ ledger: inout RemovalLedger
  ) throws(ClientError) {
    try memberships.takeOut(batch, on: channel)
    if let refusal = memberships.refusal { ledger.noteUntaggingFailure(refusal) }
  }

  /// Leaves the keys of a batch as they are: those that have lost their tags get them back.
  private mutating func drop(_ batch: RemovalBatch) {
    if !memberships.isEmpty { stranded += (0..<batch.count).map { batch.key($0) } }
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
    if let saved = try backup?.save(batch, on: channel, memberships: memberships.saved) {
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
      let forbidden = saved.forbidden.map { RefusedKey(key: batch.key($0), reason: saved.refusal ?? "") }
      ledger.noteFailures(forbidden.count, forbidden)
      ledger.noteFailures(
        strangers.count, strangers.map { RefusedKey(key: batch.key($0), reason: RemovalSender.elsewhere) })
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
    guard let outcome = try remover.receive(on: channel) else { return }
    for (group, counts) in outcome.counts { ledger.tally.count(in: group) { $0.add(counts) } }
    ledger.noteFailures(outcome.failures, outcome.named)
    if let facts = outcome.facts { backpressure.note(ServerBacklog(facts)) }
    if let refusal = outcome.refusal { ledger.note(.refused(refusal)) }
    ready.insert(contentsOf: outcome.retries, at: 0)
    moved += outcome.moved
    budget.giveBack(outcome.moved.count)
    if outcome.isBatch {
      note(lines(of: outcome), &ledger)
    }
    ledger.noteAction(remover.actionName)
    memberships.forget(outcome.settled)
    if !memberships.isEmpty { stranded += outcome.refused }
    // Nothing of it was done: it is tried again once the server answers, or another one has taken over.
    if let obstacle = outcome.obstacle { throw obstacle }
  }

  /// What the journal says of a batch. Keys whose replies make no sense stay open, for the next run to look at, and so do
  /// those that were refused and may be in no tag any more.
  private func lines(of outcome: BatchRemover.Outcome) -> [UInt8] {
    var counts = outcome.total
    counts.unknown = 0
    return JournalLine.done(counts, worker: worker)
      + JournalLine.open(outcome.unread + (memberships.isEmpty ? [] : outcome.refused))
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
    if let lost = remover.abandon(), !lost.isEmpty { unanswered.append(lost) }
  }

  /// Counts keys that were sent and will never be answered. They are the last in the journal, where the next run looks for
  /// them.
  mutating func abandon(ledger: inout RemovalLedger) {
    connectionLost(ledger: &ledger)
    if memberships.holds(stranded) { ledger.noteLostMembers("the connection was lost") }
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
      // In the journal only what is gone counts: the next run meets again what lives.
      var (living, gone, total) = ([Int](), [[UInt8]](), RemovalCounts())
      var kept: [[UInt8]] = []
      for index in 0..<lost.count {
        let isAlive = alive.contains(index)
        if !isAlive { gone.append(lost.key(index)) }
        // A key that was written anew may not be what was chosen by its TTL, its size or its type.
        if isAlive, isChosenByNameAlone {
          living.append(index)
        } else {
          if isAlive { kept.append(lost.key(index)) }
          guard !lost.accounted[index] else { continue }
          if !isAlive { total.absent += 1 }
          ledger.tally.count(in: ledger.tally.current(lost.groups[index])) { $0.unknown += 1 }
        }
      }
      memberships.forget(gone)
      if !memberships.isEmpty { stranded += kept }
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
      if let error = replies[index].error {
        if error.isTransient { throw ClientError(error, to: "EXISTS", at: channel.endpoint) }
        living.insert(index)
        continue
      }
      do throws(DecodeError) {
        if try replies[index].decode(Presence.self).isThere { living.insert(index) }
      } catch {
        throw ClientError(error, to: "EXISTS", at: channel.endpoint)
      }
    }
    return living
  }
}
