import Keyspace
import RedisClient
import Reporting

/// Sending the batches, and settling what became of them.
extension KeyRemover {
  var wantsStop: Bool { stop != nil }

  /// A backup must be on disk before its keys are removed, and a second batch may not follow before the first
  /// is answered.
  var mustCatchUp: Bool { backup != nil || ready.count > 1 || !doubtful.isEmpty }

  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {
    if open.count >= min(request.batchSize, InvalidateRequest.smallBatch) { seal() }
    try receive(on: channel)
    // Where batches pile up, `catchUp` sends them one by one.
    guard !mustCatchUp else { return }
    if ready.isEmpty { return try sendManyUntagged(on: channel) }
    try sendNext(on: channel)
  }

  /// Members that are to be taken out of tags go with the next batch; where none comes they must not pile up.
  mutating func sendManyUntagged(on channel: some CommandChannel) throws(ClientError) {
    guard writer.untaggedCommands >= InvalidateRequest.mostUntagged else { return }
    try writer.sendUntagging(on: channel)
  }

  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {
    try receive(on: channel)
    try settleDoubtful(on: channel)
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

  mutating func sendNext(on channel: some CommandChannel) throws(ClientError) {
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
      channel.pause(WriteBackpressure.rest)
      brake.noteRest()
      guard !mustEnd() else { return }
    }
    let isRecorded: Bool
    do throws(ClientError) { isRecorded = try keepsRecord(of: &batch, on: channel) } catch {
      ready.insert(batch, at: 0)
      throw error
    }
    guard isRecorded, !batch.isEmpty else { return }
    if !batch.isRetry { batches += 1 }
    try writer.send(
      batch, keysPerCommand: keysPerCommand, asksBurden: brake.isTimeToAsk(), untagging: source, on: channel)
  }

  /// True where a batch must be dropped because the run was asked to end; it is not counted then.
  mutating func mustEnd() -> Bool {
    guard shouldStop() else { return false }
    isCutShort = true
    return true
  }

  /// Writes down what is about to be done; false where that fails, because then it must not be done.
  mutating func keepsRecord(
    of batch: inout RemovalBatch, on channel: some CommandChannel
  ) throws(ClientError) -> Bool {
    if let saved = try backup?.save(batch, on: channel) {
      if let fault = saved.fault {
        stop = .cannotRecord(fault.message)
        return false
      }
      if meetsMoved {
        moved += saved.moved.map { batch.key($0) }
        lanes.giveBack(saved.moved.count)
      }
      // What cannot be saved is not removed.
      let strangers = meetsMoved ? [] : saved.moved
      for index in saved.forbidden + strangers { tally.count(in: batch.groups[index]) { $0.failed += 1 } }
      writer.noteFailures(saved.forbidden.count, saved.refusal)
      writer.noteFailures(strangers.count, "another node of the cluster has the key")
      batch = batch.without(Set(saved.forbidden + saved.moved))
    }
    do {
      try journal?.append(JournalLine.sent(batch, lane: lane))
    } catch {
      stop = .cannotRecord(error.message)
      return false
    }
    return true
  }

  mutating func receive(on channel: some CommandChannel) throws(ClientError) {
    guard let outcome = try writer.receive(on: channel) else { return }
    for (group, counts) in outcome.counts { tally.count(in: group) { $0.add(counts) } }
    if let facts = outcome.facts { brake.note(ServerBacklog(facts)) }
    if let refusal = outcome.refusal { note(.refused(refusal)) }
    ready.insert(contentsOf: outcome.retries, at: 0)
    moved += outcome.moved
    lanes.giveBack(outcome.moved.count)
    if outcome.isBatch, let journal {
      do {
        try journal.append(JournalLine.done(outcome.total, lane: lane))
      } catch {
        note(.cannotRecord(error.message))
      }
    }
    // Nothing of it was done: it is tried again once the server answers, or another one has taken over.
    if let obstacle = outcome.obstacle { throw obstacle }
  }

  /// A limit lets what was chosen before be removed; the other reasons to stop let nothing more be sent.
  mutating func note(_ reason: RemovalStop) {
    switch stop {
    case nil, .limit: stop = reason
    case .refused, .cannotRecord: break
    }
  }

  /// Counts what was sent and will never be answered. Its keys are the last in the journal, where a run that
  /// goes on looks for them.
  mutating func abandon() {
    connectionLost()
    for lost in doubtful {
      for (group, isAccounted) in zip(lost.groups, lost.accounted) where !isAccounted {
        tally.count(in: group) { $0.unknown += 1 }
      }
    }
    doubtful = []
  }

  // MARK: - Lost connections

  mutating func connectionLost() {
    if let lost = writer.abandon(), !lost.isEmpty { doubtful.append(lost) }
  }

  mutating func takeMoved() -> [[UInt8]] {
    defer { moved = [] }
    return moved
  }

  /// Looks which keys live of those that were sent when a connection was lost. Those that do are tried again; of those
  /// that do not, nobody has acknowledged that this run removed them.
  mutating func settleDoubtful(on channel: some CommandChannel) throws(ClientError) {
    while let lost = doubtful.first {
      let alive = try living(of: lost, on: channel)
      doubtful.removeFirst()
      var (living, gone, total) = ([Int](), [[UInt8]](), RemovalCounts())
      for index in 0..<lost.count {
        if alive.contains(index) {
          // One that was written anew may not be what was chosen by its TTL, its size or its type.
          if isChosenByNameAlone {
            living.append(index)
          } else if !lost.accounted[index] {
            total.unknown += 1
            tally.count(in: tally.current(lost.groups[index])) { $0.unknown += 1 }
          }
        } else {
          gone.append(lost.key(index))
          guard !lost.accounted[index] else { continue }
          total.unknown += 1
          tally.count(in: tally.current(lost.groups[index])) { $0.unknown += 1 }
        }
      }
      if !living.isEmpty { ready.append(lost.retry(living)) }
      do {
        try journal?.append(JournalLine.settled(total, gone: gone, lane: lane))
      } catch {
        note(.cannotRecord(error.message))
      }
    }
  }

  private var isChosenByNameAlone: Bool {
    request.walk.selection.neededMeasurements.isEmpty && request.walk.selection.type == nil
  }

  /// The places of the keys that live, or that may not be looked at: they are tried again then.
  func living(of batch: RemovalBatch, on channel: some CommandChannel) throws(ClientError) -> Set<Int> {
    var flight = CommandBuffer()
    for index in 0..<batch.count { flight.append([CommandWord.exists, batch.key(index)]) }
    let replies = ReplyBuffer()
    try channel.send(flight)
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
