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
  /// A question about keys and tags.
  struct Question {
    /// The sets of the tags, whose TTLs and types are asked for.
    let tags: [[UInt8]]
    /// The keys of the waiting records; none where nothing depends on them.
    let keys: [[UInt8]]
    /// The lines of all waiting records.
    let lines: [Int]
    /// Whether the TTLs and the types of the keys are asked for.
    let asks: (ttl: Bool, type: Bool)

    /// PTTL of all names that need it, then TYPE.
    var commands: CommandBuffer {
      var commands = CommandBuffer()
      for name in tags + (asks.ttl ? keys : []) { commands.append([CommandWord.remainingTime, name]) }
      for name in tags + (asks.type ? keys : []) { commands.append([CommandWord.type, name]) }
      return commands
    }
  }

  private let request: WarmRequest
  private let rule: SeedExpiryRule
  private var encoder: RecordEncoder
  private var tags: TagWriter
  /// What the server can do.
  var abilities: WarmPipeline.Abilities {
    get { encoder.abilities }
    set { encoder.abilities = newValue }
  }
  private(set) var batch = WarmBatch()
  /// Records that wait for TTLs, and nil for the rejected ones among them.
  private var waiting: [(record: SeedRecord?, position: SeedPosition)] = []
  /// The first in `waiting` that has not been encoded.
  private var nextWaiting = 0
  private var waitingBytes = 0
  /// What the server says of the keys of the waiting records; nil where it was not asked.
  private var states: ArraySlice<KeyState>?
  /// The TTLs that the batch gives to keys, or that a dry run would have given, by the hashes of the keys.
  private var given: [UInt64: Int64] = [:]
  /// The bound on keys.
  private let limit: WriteLimit
  /// Records that were encoded, so far in the run.
  private var encoded = 0
  /// True where what is replaced is saved first.
  private let backsUp: Bool
  /// Keys, with their databases, whose values could not be saved, and which stay as they are.
  private var unsaved: Set<[UInt8]> = []
  private let givenSeed = KeyHash.newSeed

  init(_ request: WarmRequest, limit: WriteLimit, backsUp: Bool, isCluster: Bool) {
    self.request = request
    self.limit = limit
    self.backsUp = backsUp && !request.isDryRun
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
    let waits = isWaiting || waits(record)
    if !waits, encode(record, position, KeyState(), now: now, &ledger) { return }
    waiting.append((record, position))
    waitingBytes += WarmBatchBuilder.bytes(of: record)
  }

  /// Adds a record that cannot be loaded.
  mutating func addRejected(at position: SeedPosition) {
    if isWaiting { waiting.append((nil, position)) } else { batch.addRejected(line: position.line) }
  }

  /// Encodes the next of the records that wait; false where there is none, and where no more keys may be written.
  mutating func addNextWaiting(now: Int64, ledger: inout WarmLedger) -> Bool {
    guard isWaiting else {
      waiting.removeAll(keepingCapacity: true)
      nextWaiting = 0
      return false
    }
    let (record, position) = waiting[nextWaiting]
    if let record {
      guard encode(record, position, states?.first ?? KeyState(), now: now, &ledger) else { return false }
      _ = states?.popFirst()
      waitingBytes -= WarmBatchBuilder.bytes(of: record)
    } else {
      batch.addRejected(line: position.line)
    }
    nextWaiting += 1
    return true
  }

  /// True where records wait although all others have been sent: no more keys may be written.
  var isHeld: Bool { isWaiting }

  /// True where another key may be written.
  func hasRoom(_ ledger: WarmLedger) -> Bool {
    request.isDryRun || encoded - ledger.spared < limit.keys
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

  /// Encodes a record, or settles it without a command; false where it must wait because no more keys may be written.
  private mutating func encode(
    _ record: SeedRecord, _ position: SeedPosition, _ state: KeyState, now: Int64, _ ledger: inout WarmLedger
  ) -> Bool {
    let lifetime = rule.lifetime(of: record, now: now)
    guard lifetime != .over else {
      ledger.noteExpired()
      return skip(position)
    }
    let time: Int64? = if case .after(let time) = lifetime { time } else { nil }
    if state.isKnown {
      let hash = KeyHash.tableValue(record.place.span, seed: givenSeed)
      let earlier = given[hash]
      let current = earlier.map { KeyState(ttl: $0) } ?? state
      guard isToBeWritten(current, lifetime) else { return skip(position) }
      if request.isDryRun, earlier == nil { ledger.notePlanned(record.value.keyType, over: state.type) }
      if given.count < SeenKeys.capacity { given[hash] = time ?? -1 }
    }
    guard hasRoom(ledger) else { return false }
    batch.lastLine = max(batch.lastLine, position.line)
    guard !request.isDryRun else {
      ledger.notePlanned(time)
      ledger.notePlanned(memberships: record.memberships.count { !$0.isOver(now) })
      batch.settled.planned += 1
      return true
    }
    encoded += 1
    if let refusal = abilities.transactionRefusal, encoder.usesTransaction(record.value) {
      ledger.noteUnsent(refusal, of: record.key, line: position.line)
    } else if !unsaved.isEmpty, unsaved.contains(record.place) {
      batch.settled.failed += 1
      ledger.noteUnsaved(record, at: position)
    } else {
      write(record, lifetime, time, position, now: now, &ledger)
    }
    return true
  }

  /// Counts a record that needs no command.
  private mutating func skip(_ position: SeedPosition) -> Bool {
    batch.lastLine = max(batch.lastLine, position.line)
    batch.settled.skipped += 1
    return true
  }

  private mutating func write(
    _ record: SeedRecord, _ lifetime: KeyLifetime, _ time: Int64?, _ position: SeedPosition, now: Int64,
    _ ledger: inout WarmLedger
  ) {
    var write = encoder.append(record, lifetime, at: position, to: &batch.commands)
    write.time = time
    write.key = record.key
    if record.value.size <= WarmBatchBuilder.kept { write.record = record }
    if !record.tags.isEmpty {
      let names = tags.names(of: record.tags)
      if tags.cannotName(record.key, in: names) {
        let reason = "ERR a tag cannot name a key that does not begin with the prefix of the tag's store"
        ledger.noteFailure(ServerError(line: reason), of: record.key, line: position.line)
      }
      write.tagReplies = tags.append(
        record.key, names, lifetime, now: now, inTransaction: abilities.transactionRefusal == nil,
        to: &batch.commands)
    }
    let memberships = record.memberships.filter { !$0.isOver(now) }
    write.memberships = memberships.count
    write.tagReplies += tags.restore(
      memberships, now: now, inTransaction: abilities.transactionRefusal == nil, to: &batch.commands)
    if request.verifies { write.sampled = ledger.sample.offer(record) }
    if write.move != nil { batch.needsMoves = true }
    batch.writes.append(write)
  }

  /// Decides by what the server says of a key.
  private func isToBeWritten(_ state: KeyState, _ lifetime: KeyLifetime) -> Bool {
    switch request.policy {
    case .overwrite: return true
    case .ifMissing: return !state.isThere
    case .refreshBelow(let share):
      guard state.isThere, let remaining = state.ttl else { return true }
      guard remaining >= 0 else { return false }
      guard case .after(let time) = lifetime else { return true }
      return Double(remaining) < share * Double(time)
    }
  }

  // MARK: - Questions

  /// The most bytes of a value that is kept until the server has answered.
  private static let kept = 1 << 20
  /// The most bytes of a value that is sent before it is known whether the key is there.
  private static let dear = 1024

  /// True where the server must be asked before a record is encoded.
  private func waits(_ record: SeedRecord) -> Bool {
    if record.hasSets || asks.ttl || request.isDryRun || backsUp { return true }
    // SET, RESTORE and RENAMENX see for themselves whether the key is there, but only once they have all of it: on a
    // full server a value that is sent in vain pushes out what others need.
    return request.policy == .ifMissing
      && (record.value.isCollection || record.value.size > WarmBatchBuilder.dear)
  }

  /// What is asked about each key that waits.
  private var asks: (ttl: Bool, type: Bool) {
    let isRefresh = if case .refreshBelow = request.policy { true } else { false }
    return (ttl: isRefresh, type: request.isDryRun || request.policy == .ifMissing)
  }

  /// What the server must be asked before the waiting records are encoded; nil for nothing.
  mutating func question() -> Question? {
    states = nil
    let records = waiting[nextWaiting...].compactMap { entry in
      entry.record.map { (record: $0, line: entry.position.line) }
    }
    let names = request.isDryRun ? [] : Array(Set(records.flatMap { sets(of: $0.record) }))
    let keys = asks.ttl || asks.type ? records.map(\.record.key) : []
    guard !names.isEmpty || !keys.isEmpty else { return nil }
    return Question(tags: names, keys: keys, lines: records.map(\.line), asks: asks)
  }

  /// The sets that a record makes its key a member of.
  private func sets(of record: SeedRecord) -> [[UInt8]] {
    tags.names(of: record.tags) + record.memberships.map(\.set)
  }

  /// Keeps the answers to a question. Throws where the server refuses to answer at all.
  mutating func learn(
    _ replies: ReplyBuffer, to question: Question, ledger: inout WarmLedger
  ) throws(ClientError) {
    var answers = KeyAnswers(replies, isCertain: request.policy != .overwrite)
    let tagTimes = try answers.times(question.tags.map { _ in question.lines[0] }, ifForbidden: -1, &ledger)
    let times = question.asks.ttl ? try answers.times(question.lines, ifForbidden: -2, &ledger) : nil
    // A key that has a tag's name and is no set belongs to somebody else: it refuses members, and its TTL stays.
    let tagTypes = answers.take(question.tags.count)
    let tagged = zip(tagTimes, tagTypes).map { TagWriter.mayHoldMembers($1) ? $0 : -1 }
    let sorted = zip(question.tags, tagTypes).filter { (try? $1.decode(String.self)) == "zset" }.map(\.0)
    tags.learn(question.tags, tagged, sorted: Set(sorted))
    let types =
      question.asks.type && !question.keys.isEmpty
      ? try answers.types(question.lines, isDryRun: request.isDryRun, &ledger) : nil
    guard !question.keys.isEmpty else { return }
    states =
      question.keys.indices.map { KeyState(ttl: times?[$0], type: types?[$0]) }[...]
  }

  // MARK: - Backup

  /// The waiting records that are about to replace a key which is not in the backup.
  func recordsToSave(now: Int64, besides saved: SeenKeys) -> [SeedRecord] {
    var states = states
    var chosen = SeenKeys()
    var records: [SeedRecord] = []
    for case let record? in waiting[nextWaiting...].map(\.record) {
      let state = states?.popFirst() ?? KeyState()
      let lifetime = rule.lifetime(of: record, now: now)
      guard lifetime != .over, !saved.contains(record.place.span), isToBeWritten(state, lifetime) else {
        continue
      }
      if chosen.insert(record.place.span) { records.append(record) }
    }
    return records
  }

  /// Leaves keys alone whose values could not be saved.
  mutating func leave(_ places: [[UInt8]]) { unsaved.formUnion(places) }
}
