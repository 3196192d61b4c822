import Keyspace
import RedisClient
import Reporting
import SeedFormat

extension WarmCounts {
  /// Counts a record by its outcome; nil where nobody knows it.
  fileprivate mutating func count(_ outcome: KeyWrite.Outcome?) {
    switch outcome {
    case .written: written += 1
    case .skipped: skipped += 1
    case .refused: failed += 1
    case .senseless, nil: unknown += 1
    }
  }
}

/// Receiving what became of the records.
extension WarmRun {
  /// Receives until so many flights are under way.
  mutating func receive(downTo count: Int) throws(ClientError) {
    while underWay.count > count {
      replies.removeAll()
      var flight = underWay[0]
      if flight.commands.count > 0 { try channel.receive(flight.commands.count, into: replies) }
      // Once the run must stop there is nothing to wait for: a refusal is an answer then.
      if stop == nil, recovery.backoff.allowsRetry() { try expectAnswers() }
      // Nothing is under way behind such a flight.
      if flight.needsMoves { try move(&flight) }
      underWay.removeFirst()
      if let done = timer.noteDone() {
        pace.observe(keys: flight.writes.count, requested: flight.writes.count, service: done)
      }
      settle(flight)
    }
  }

  /// Puts the collections into their places whose pieces have all arrived, and takes away the others.
  mutating func move(_ flight: inout WarmFlight) throws(ClientError) {
    var moves = CommandBuffer()
    var position = 0
    for index in flight.writes.indices {
      let write = flight.writes[index]
      if let move = write.move {
        let isWhole = write.refusal(replies, at: position) == nil
        if isWhole { flight.writes[index].move?.start = flight.commands.count + moves.count }
        for command in isWhole ? move.whenWhole : move.otherwise { moves.append(command) }
      }
      position += write.allReplies
    }
    try channel.send(moves)
    try channel.receive(moves.count, into: replies)
  }

  mutating func settle(_ flight: WarmFlight) {
    var done = flight.settled
    var position = 0
    for write in flight.writes {
      let outcome = write.outcome(replies, at: position)
      let isWritten = outcome.isWritten || write.earlier?.isWritten == true
      if !isWritten, let hash = write.sampled { sample.remove(hash) }
      if isWritten, let time = write.time { ttl.add(time) }
      switch outcome {
      case _ where isWritten: done.written += 1
      // Sent once more, it may have met what it had written itself, or have written before the server took no more.
      case .skipped where flight.isRepeated && write.earlier == nil: done.unknown += 1
      case .refused(let error) where flight.isRepeated && write.earlier == nil && error.stopsWriting:
        done.unknown += 1
      default: done.count(outcome)
      }
      judge(outcome, at: write.position.line)
      for index in 0..<write.tagReplies {
        for error in TagKeeper.refusals(in: replies[position + write.replies + index]) {
          noteFailure(error, write.position.line)
        }
      }
      position += write.allReplies
    }
    if flight.asksFacts, let info = try? replies[position].decode(String.self) {
      look(at: ServerInfo(text: info))
    }
    recovery.backoff.noteProgress()
    counts.add(done)
    lastLine = max(lastLine, flight.lastLine)
    note(done, through: flight.lastLine)
    context.progress(
      RunContext.Progress(
        keys: counts.records, share: input.share, elapsed: ContinuousClock.now - context.start))
  }

  /// Tells the journal how far the run has come.
  ///
  /// What was refused because the server took no writes is not dealt with: a run that goes on begins with it.
  mutating func note(_ done: WarmCounts, through line: Int) {
    switch stop {
    case .refused, .outOfMemory, .cannotRecord: return
    case nil, .evicting, .strict, .badSeed, .unreadable: break
    }
    do {
      try records.journal?.append(WarmProgress.step(through: line, done))
    } catch {
      stop = .cannotRecord(error.message)
    }
  }

  /// Stops the run where an answer says that the next one will be the same, or makes no sense.
  private mutating func judge(_ outcome: KeyWrite.Outcome, at line: Int) {
    switch outcome {
    case .written, .skipped: break
    case .refused(let error): judge(error, at: line)
    case .senseless(let summary):
      guard stop == nil else { return }
      let error = DecodeError(expected: "what became of the key", found: summary)
      stop = .refused(line: line, ClientError(error, to: "a write", at: channel.endpoint))
    }
  }

  mutating func judge(_ error: ServerError, at line: Int) {
    noteFailure(error, line)
    guard stop == nil else { return }
    if error.code == "OOM" {
      stop = .outOfMemory(line: line, error.shownMessage)
    } else if error.stopsWriting {
      stop = .refused(
        line: line, ClientError(refusing: error, error.forbiddenCommand ?? "a write", channel.endpoint))
    }
  }

  mutating func noteFailure(_ error: ServerError, _ line: Int) {
    failures = (
      count: (failures?.count ?? 0) + 1, line: failures?.line ?? line,
      reason: failures?.reason ?? error.advised(for: channel.endpoint)
    )
  }

  mutating func look(at facts: ServerInfo) {
    brake.note(WriteBurden(facts))
    guard let before = evictedBefore, let now = facts.integer("evicted_keys"), before >= 0, now > before
    else { return }
    evicted = now - before
    if request.stopsOnEviction, stop == nil { stop = .evicting(keys: evicted) }
  }

  /// Asks for the server's state at the end, so that evictions are told of a run that was over in a moment.
  mutating func lookOnceMore() throws(ClientError) {
    guard stop == nil, !mustStop, !request.isDryRun, evictedBefore != nil, counts.written > 0 else { return }
    var flight = CommandBuffer()
    flight.append("INFO")
    replies.removeAll()
    try channel.send(flight)
    try channel.receive(1, into: replies)
    if let info = try? replies[0].decode(String.self) { look(at: ServerInfo(text: info)) }
  }

  /// Counts what was sent and will never be answered, or not again.
  mutating func abandon() {
    for write in underWay.lazy.flatMap(\.writes) {
      counts.count(write.earlier)
      if write.earlier?.isWritten == true, let time = write.time { ttl.add(time) }
    }
    underWay = []
  }
}
