import Bytes
import Keyspace
import RedisClient
import Reporting
import SeedFormat

/// Turns records into batches of commands.
///
/// Most records are encoded at once. Those whose policy or tags depend on TTLs that the server has to be asked for
/// wait until the batch is complete, so that one question serves all of them.
struct WarmBatchBuilder {
  /// A question for the TTLs of keys and tags.
  struct Question {
    /// The sets of the tags.
    let tags: [[UInt8]]
    /// The keys; none where the policy does not depend on their TTLs.
    let keys: [[UInt8]]
    /// The lines of all waiting records.
    let lines: [Int]

    /// PTTL of all names, then TYPE of the tags.
    var commands: CommandBuffer {
      var commands = CommandBuffer()
      for name in tags + keys { commands.append([CommandWord.remainingTime, name]) }
      for name in tags { commands.append([CommandWord.type, name]) }
      return commands
    }
  }

  private let request: WarmRequest
  private let rule: SeedExpiryRule
  private var encoder: RecordEncoder
  private var tags: TagWriter
  /// Why the server takes no transactions; nil where it does.
  var transactionRefusal: ServerError?
  private(set) var batch = WarmBatch()
  /// Records that wait for TTLs, and nil for the rejected ones among them.
  private var waiting: [(record: SeedRecord?, position: SeedPosition)] = []
  /// The first in `waiting` that has not been encoded.
  private var nextWaiting = 0
  private var waitingBytes = 0
  /// The TTLs of the keys of the waiting records, in milliseconds: -1 for ever, -2 where there is no key.
  private var remaining: ArraySlice<Int64>?
  /// The TTLs that the batch gives to keys, or that a dry run would have given, by the hashes of the keys.
  private var given: [UInt64: Int64] = [:]
  private let givenSeed = KeyHash.newSeed

  init(_ request: WarmRequest, isCluster: Bool) {
    self.request = request
    rule = SeedExpiryRule(request)
    // Two runs at once, or one after the other, must not build under the same name.
    let run = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    encoder = RecordEncoder(request.policy, run: run, isCluster: isCluster)
    tags = TagWriter(request.tagKey)
  }

  /// The records that the batch holds, those that wait included.
  var records: Int { waiting.count - nextWaiting + batch.size }

  /// The bytes that the batch takes, about.
  var bytes: Int { waitingBytes + batch.commands.bytes.count }

  private var isWaiting: Bool { nextWaiting < waiting.count }

  // MARK: - Adding

  /// Adds a record; `now` is the server's time in milliseconds since 1970.
  mutating func add(
    _ record: SeedRecord, at position: SeedPosition, now: Int64, ledger: inout WarmLedger
  ) {
    guard dependsOnKeys || !record.tags.isEmpty || isWaiting else {
      return encode(record, position, remaining: nil, now: now, &ledger)
    }
    waiting.append((record, position))
    waitingBytes += WarmBatchBuilder.bytes(of: record)
  }

  /// Adds a record that cannot be loaded.
  mutating func addRejected(at position: SeedPosition) {
    if isWaiting { waiting.append((nil, position)) } else { batch.addRejected(line: position.line) }
  }

  /// Encodes the next of the records that wait; false where there is none.
  mutating func addNextWaiting(now: Int64, ledger: inout WarmLedger) -> Bool {
    guard isWaiting else {
      waiting.removeAll(keepingCapacity: true)
      nextWaiting = 0
      return false
    }
    let (record, position) = waiting[nextWaiting]
    nextWaiting += 1
    if let record {
      waitingBytes -= WarmBatchBuilder.bytes(of: record)
      encode(record, position, remaining: remaining?.popFirst(), now: now, &ledger)
    } else {
      batch.addRejected(line: position.line)
    }
    return true
  }

  /// Hands the batch over and begins another.
  mutating func takeBatch() -> WarmBatch {
    defer { batch = WarmBatch() }
    return batch
  }

  /// Forgets the TTLs that the batch gives: once it is sent, the server knows them. After a dry run it does not.
  mutating func forgetGivenTTLs() {
    if !request.isDryRun { given.removeAll(keepingCapacity: true) }
  }

  private static func bytes(of record: SeedRecord) -> Int { record.key.count + record.value.size }

  private mutating func encode(
    _ record: SeedRecord, _ position: SeedPosition, remaining: Int64?, now: Int64, _ ledger: inout WarmLedger
  ) {
    batch.lastLine = max(batch.lastLine, position.line)
    let lifetime = rule.lifetime(of: record, now: now)
    guard lifetime != .over else {
      ledger.noteExpired()
      batch.settled.skipped += 1
      return
    }
    let time: Int64? = if case .after(let time) = lifetime { time } else { nil }
    if let remaining {
      let hash = KeyHash.tableValue(record.key.span, seed: givenSeed)
      guard isToBeWritten(remaining: given[hash] ?? remaining, lifetime) else {
        batch.settled.skipped += 1
        return
      }
      if given.count < SeenKeys.capacity { given[hash] = time ?? -1 }
    }
    guard !request.isDryRun else {
      ledger.notePlanned(time)
      batch.settled.planned += 1
      return
    }
    if let transactionRefusal, record.value.isCollection {
      return ledger.noteUnsent(transactionRefusal, line: position.line)
    }
    var write = encoder.append(record, lifetime, at: position, to: &batch.commands)
    write.time = time
    if !record.tags.isEmpty {
      write.tagReplies = tags.append(
        record.key, tags.names(of: record.tags), lifetime, inTransaction: transactionRefusal == nil,
        to: &batch.commands)
    }
    if request.verifies { write.sampled = ledger.sample.offer(record) }
    if write.move != nil { batch.needsMoves = true }
    batch.writes.append(write)
  }

  /// Decides by the TTL that a key has, in milliseconds: -1 for ever, -2 where there is no key.
  private func isToBeWritten(remaining: Int64, _ lifetime: KeyLifetime) -> Bool {
    switch request.policy {
    case .overwrite: return true
    case .ifMissing: return remaining == -2
    case .refreshBelow(let share):
      if remaining == -2 { return true }
      guard remaining >= 0 else { return false }
      guard case .after(let time) = lifetime else { return true }
      return Double(remaining) < share * Double(time)
    }
  }

  // MARK: - Remaining TTLs

  /// True where the policy depends on the TTL of each key.
  private var dependsOnKeys: Bool {
    switch request.policy {
    case .overwrite: false
    // SET, RESTORE and RENAMENX see for themselves; a dry run has to ask.
    case .ifMissing: request.isDryRun
    case .refreshBelow: true
    }
  }

  /// What the server must be asked before the waiting records are encoded; nil for nothing.
  mutating func question() -> Question? {
    remaining = nil
    let records = waiting[nextWaiting...].compactMap { entry in
      entry.record.map { (record: $0, line: entry.position.line) }
    }
    let names = request.isDryRun ? [] : Array(Set(records.flatMap { tags.names(of: $0.record.tags) }))
    let keys = dependsOnKeys ? records.map(\.record.key) : []
    guard !names.isEmpty || !keys.isEmpty else { return nil }
    return Question(tags: names, keys: keys, lines: records.map(\.line))
  }

  /// Keeps the answers to a question. Throws where the server refuses to answer at all.
  mutating func learn(
    _ replies: ReplyBuffer, to question: Question, ledger: inout WarmLedger
  ) throws(ClientError) {
    let names = question.tags
    let asked = names.count + question.keys.count
    var times: [Int64] = []
    for index in 0..<asked {
      let isTag = index < names.count
      if let error = replies[index].error {
        guard error.isKeyForbidden else { throw ClientError(error, to: "PTTL", at: ledger.endpoint) }
        ledger.noteFailure(error, line: isTag ? question.lines[0] : question.lines[index - names.count])
      }
      // A tag whose TTL may not be read counts as one that lives for ever: its TTL must not be cut.
      times.append(replies[index].integer ?? (isTag ? -1 : -2))
    }
    // A key that has a tag's name and is no set belongs to somebody else: it refuses members, and its TTL stays.
    for index in names.indices where !TagWriter.mayHoldMembers(replies[asked + index]) { times[index] = -1 }
    tags.learn(names, Array(times.prefix(names.count)))
    if dependsOnKeys { remaining = times.dropFirst(names.count) }
  }
}
