import Bytes
import Keyspace
import RedisClient
import Reporting
import SeedFormat

/// Filling flights and sending them.
extension WarmRun {
  /// Tries an empty transaction: where MULTI is refused, the commands behind it would be carried out one by one, and
  /// a key could be lost before its new value is refused.
  mutating func tryTransaction() throws(ClientError) {
    guard !request.isDryRun else { return }
    var flight = CommandBuffer()
    flight.append([CommandWord.multi])
    flight.append([CommandWord.exec])
    replies.removeAll()
    try channel.send(flight)
    try channel.receive(2, into: replies)
    transactionRefusal = replies[0].error ?? replies[1].error
  }

  /// Sends what has been read.
  mutating func dispatch() throws(ClientError) {
    // After a lost connection more may be under way than there should.
    try receive(downTo: window)
    guard !isRefused else { return }
    var standings = try learnStandings().map { $0[...] }
    now = clock.now
    // What a lost connection keeps from being sent stays in the batch.
    var done = 0
    defer {
      batch.removeFirst(done)
      batchBytes = batch.reduce(0) { $0 + ($1.record.map { $0.key.count + $0.value.size } ?? 0) }
    }
    for (record, position) in batch {
      guard !isRefused else { return }
      done += 1
      if let record {
        append(record, position, standing: standings?.popFirst(), now: now)
      } else {
        noteRejected(position.line)
      }
      // Before anything later on the same key.
      if building.needsMoves { try send() }
    }
    guard !isRefused else { return }
    if !request.isDryRun { given.removeAll(keepingCapacity: true) }
    try send()
  }

  private mutating func send() throws(ClientError) {
    guard !building.isEmpty else { return }
    var flight = building
    building = WarmFlight()
    if brake.takeTurn(), !request.isDryRun {
      flight.asksFacts = true
      flight.commands.append("INFO")
    }
    timer.noteSent()
    // Noted before it is sent: of a flight that fails half-way nobody knows what was carried out.
    underWay.append(flight)
    if !flight.commands.isEmpty { try channel.send(flight.commands) }
    try receive(downTo: flight.needsMoves ? 0 : window)
    try rest()
  }

  mutating func append(
    _ record: SeedRecord, _ position: SeedPosition, standing: Int64?, now: Int64
  ) {
    building.lastLine = max(building.lastLine, position.line)
    let lifetime = rule.lifetime(of: record, now: now)
    guard lifetime != .over else {
      expired += 1
      building.settled.skipped += 1
      return
    }
    let time: Int64? = if case .after(let time) = lifetime { time } else { nil }
    if let standing {
      let hash = KeyHash.tableValue(record.key.span, seed: givenSeed)
      guard wantsWriting(given[hash] ?? standing, lifetime) else {
        building.settled.skipped += 1
        return
      }
      if given.count < SeenKeys.capacity { given[hash] = time ?? -1 }
    }
    guard !request.isDryRun else {
      if let time { ttl.add(time) }
      building.settled.planned += 1
      return
    }
    if let refusal = transactionRefusal, record.value.isCollection {
      // Counted at once: a flight that is given up takes its counts along.
      counts.failed += 1
      return judge(refusal, at: position.line)
    }
    var write = writer.append(record, lifetime, at: position, to: &building.commands)
    write.time = time
    if !record.tags.isEmpty {
      write.tagReplies = tags.append(
        record.key, tags.names(of: record.tags), lifetime, inTransaction: transactionRefusal == nil,
        to: &building.commands)
    }
    if request.verifies { write.sampled = sample.offer(record) }
    if write.move != nil { building.needsMoves = true }
    building.writes.append(write)
  }

  /// Decides by what is left of a key, in milliseconds: -1 for ever, -2 where there is none.
  func wantsWriting(_ left: Int64, _ lifetime: KeyLifetime) -> Bool {
    switch request.policy {
    case .overwrite: return true
    case .ifMissing: return left == -2
    case .refreshBelow(let share):
      if left == -2 { return true }
      guard left >= 0 else { return false }
      guard case .after(let time) = lifetime else { return true }
      return Double(left) < share * Double(time)
    }
  }

  /// What is left of the keys of the batch, where the policy asks; and of their tags.
  mutating func learnStandings() throws(ClientError) -> [Int64]? {
    guard !batch.isEmpty else { return nil }
    let asksKeys = needsStandings
    let records = batch.compactMap(\.record)
    let names = request.isDryRun ? [] : Array(Set(records.flatMap { tags.names(of: $0.tags) }))
    let keys = asksKeys ? records.map(\.key) : []
    guard !names.isEmpty || !keys.isEmpty else { return nil }
    try receive(downTo: 0)
    var flight = CommandBuffer()
    for name in names + keys { flight.append([CommandWord.remainingTime, name]) }
    for name in names { flight.append([CommandWord.type, name]) }
    replies.removeAll()
    try channel.send(flight)
    try channel.receive(flight.count, into: replies)
    let lines = batch.compactMap { $0.record == nil ? nil : $0.position.line }
    var times: [Int64] = []
    let asked = names.count + keys.count
    for index in 0..<asked {
      let isTag = index < names.count
      if let error = replies[index].error {
        guard error.isKeyForbidden else { throw ClientError(error, to: "PTTL", at: channel.endpoint) }
        noteFailure(error, isTag ? lines[0] : lines[index - names.count])
      }
      // The life of a tag that may not be looked at might be cut: it is taken for one that lives for ever.
      times.append(replies[index].integer ?? (isTag ? -1 : -2))
    }
    // What has a tag's name and is no set will refuse its members: its life is somebody else's.
    for index in names.indices where !TagKeeper.mayHoldMembers(replies[asked + index]) { times[index] = -1 }
    tags.learn(names, Array(times.prefix(names.count)))
    return asksKeys ? Array(times.dropFirst(names.count)) : nil
  }

  /// Keeps to the pace, and slows down where replicas or the freeing of memory lag behind.
  mutating func rest() throws(ClientError) {
    if pace.rests {
      let pause = pace.pause(elapsed: timer.elapsed)
      if pause > .zero { channel.pause(pause) }
    }
    guard brake.reason != nil, stop == nil else { return }
    channel.pause(WriteBrake.rest)
    brake.noteRest()
  }
}
