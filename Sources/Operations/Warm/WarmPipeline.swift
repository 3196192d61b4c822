import Keyspace
import RedisClient
import Reporting
import SeedFormat

/// Sends batches and receives their replies, several at a time, so that the server has work while the next records
/// are read.
struct WarmPipeline {
  /// A batch ends with the record that takes it over this many bytes: the socket's buffers hold hardly more, and the
  /// server cannot begin with what they do not hold.
  static let batchBytes = 128 << 10

  /// How a run recovers from a lost connection.
  struct Recovery {
    var backoff: Backoff
    let policy: WriteRetryPolicy
    let reconnect: () throws(ClientError) -> AnyChannel
  }

  private let request: WarmRequest
  private let context: RunContext
  private(set) var channel: AnyChannel
  private var recovery: Recovery
  private var pace: PaceController
  private var timer: ServiceClock
  private var backpressure = WriteBackpressure()
  /// Batches that were sent and have not been answered, the oldest first.
  private var underWay: [WarmBatch] = []
  private let replies = ReplyBuffer()
  /// What the server can do.
  private(set) var abilities: Abilities
  /// The database that commands go to; nil for that of the run.
  private(set) var database: Int?

  init(
    _ request: WarmRequest, channel: AnyChannel, roundTrip: Duration, abilities: Abilities,
    recovery: Recovery, context: RunContext
  ) {
    self.abilities = abilities
    self.request = request
    self.context = context
    self.channel = channel
    self.recovery = recovery
    pace = PaceController(request.pace, rate: request.rate, count: request.batchSize)
    timer = ServiceClock(roundTrip: roundTrip)
  }

  /// The records that a batch should hold.
  var batchSize: Int { pace.batchSize }

  /// The most batches that may be under way at once.
  var window: Int {
    if pace.rests { return 0 }
    // As many more as are done while one is on its way.
    return request.pace == .full ? 4 : min(8, 2 + Int(timer.roundTrip / PaceController.targetHold))
  }

  /// What the report says of waits.
  var warnings: [String] { abilities.warnings + backpressure.warnings }

  // MARK: - Databases

  /// The number of the database that commands go to.
  var selected: Int { database ?? request.database }

  /// Goes on in another database, nil for that of the run, once what is under way is answered.
  mutating func enter(_ database: Int?, ledger: inout WarmLedger) throws(ClientError) {
    try receive(downTo: 0, ledger: &ledger)
    try select(database)
    self.database = database
  }

  /// Selects a database on the channel; nothing may be under way.
  func select(_ database: Int?) throws(ClientError) {
    let number = database ?? request.database
    try channel.expectOK("SELECT", String(number))
  }

  // MARK: - Questions

  /// Sends commands and waits for their replies; no batch may be under way.
  func ask(_ commands: CommandBuffer) throws(ClientError) -> ReplyBuffer {
    replies.removeAll()
    try channel.send(commands)
    try channel.receive(commands.count, into: replies)
    return replies
  }

  /// Tries UNLINK without a key, which every server refuses and those that lack it in other words, and an empty
  /// transaction. A dry run tries nothing.
  mutating func learnAbilities() throws(ClientError) {
    guard !request.isDryRun else { return }
    var commands = CommandBuffer()
    for word in [CommandWord.unlink, CommandWord.multi, CommandWord.exec] { commands.append([word]) }
    let replies = try ask(commands)
    if replies[0].error?.isUnknownCommand == true { abilities.removal = CommandWord.remove }
    let isOpen = replies[1].error == nil && replies[2].error != nil
    abilities.transactionRefusal = replies[1].error ?? replies[2].error
    // What follows would be queued for ever.
    if isOpen, try channel.call([Array("DISCARD".utf8)]).error != nil { channel = try recovery.reconnect() }
  }

  /// Asks for the server's state at the end, so that the report mentions evictions even after a very short run.
  mutating func askForEvictions(ledger: inout WarmLedger) throws(ClientError) {
    guard ledger.stop == nil, !context.mustStop, !request.isDryRun, ledger.watchesEvictions,
      ledger.counts.written > 0
    else { return }
    var commands = CommandBuffer()
    commands.append("INFO")
    let replies = try ask(commands)
    if let info = try? replies[0].decode(String.self) { note(ServerInfo(text: info), &ledger) }
  }

  // MARK: - Sending

  /// Sends a batch, once no more than the window are under way, and keeps to the pace.
  mutating func send(_ filled: WarmBatch, ledger: inout WarmLedger) throws(ClientError) {
    guard !filled.isEmpty else { return }
    var batch = filled
    if backpressure.isTimeToAsk(), !request.isDryRun {
      batch.asksInfo = true
      batch.commands.append("INFO")
    }
    timer.noteSent()
    // Noted before it is sent: a batch that fails half-way may have been carried out.
    underWay.append(batch)
    if !batch.commands.isEmpty { try channel.send(batch.commands) }
    try receive(downTo: batch.needsMoves ? 0 : window, ledger: &ledger)
    rest(isStopped: ledger.stop != nil)
  }

  /// Keeps to the pace, and slows down where replicas or the freeing of memory lag behind.
  private mutating func rest(isStopped: Bool) {
    if pace.rests {
      let pause = pace.pause(elapsed: timer.elapsed)
      if pause > .zero { channel.pause(pause) }
    }
    guard backpressure.reason != nil, !isStopped else { return }
    channel.pause(WriteBackpressure.rest)
    backpressure.noteRest()
  }

  // MARK: - Receiving

  /// Receives replies until at most `count` batches are under way.
  mutating func receive(downTo count: Int, ledger: inout WarmLedger) throws(ClientError) {
    while underWay.count > count {
      replies.removeAll()
      var batch = underWay[0]
      if batch.commands.count > 0 { try channel.receive(batch.commands.count, into: replies) }
      // Once the run must stop there is nothing to wait for: a refusal is an answer then.
      if ledger.stop == nil, recovery.backoff.allowsRetry() { try expectAnswers() }
      // No other batch is under way after one that needs moves.
      if batch.needsMoves { try move(&batch) }
      underWay.removeFirst()
      if let done = timer.noteDone() {
        pace.observe(keys: batch.writes.count, requested: batch.writes.count, service: done)
      }
      settle(batch, &ledger)
    }
  }

  /// Renames the collections of which all pieces have arrived, and removes the pieces of the others.
  private mutating func move(_ batch: inout WarmBatch) throws(ClientError) {
    var moves = CommandBuffer()
    var position = 0
    for index in batch.writes.indices {
      let write = batch.writes[index]
      if let move = write.move {
        let isWhole = write.refusal(replies, at: position) == nil
        if isWhole { batch.writes[index].move?.start = batch.commands.count + moves.count }
        for command in isWhole ? move.whenWhole : move.otherwise { moves.append(command) }
      }
      position += write.allReplies
    }
    try channel.send(moves)
    try channel.receive(moves.count, into: replies)
  }

  private mutating func settle(_ batch: WarmBatch, _ ledger: inout WarmLedger) {
    var done = batch.settled
    var position = 0
    for write in batch.writes {
      let outcome = write.outcome(replies, at: position)
      ledger.settle(write, outcome, isRepeated: batch.isRepeated, in: &done)
      for index in 0..<write.tagReplies {
        for error in TagWriter.refusals(in: replies[position + write.replies + index]) {
          ledger.noteFailure(error, of: write.key, line: write.position.line)
        }
      }
      position += write.allReplies
    }
    if batch.asksInfo, let info = try? replies[position].decode(String.self) {
      note(ServerInfo(text: info), &ledger)
    }
    recovery.backoff.noteProgress()
    ledger.close(done, through: batch.lastLine)
  }

  private mutating func note(_ facts: ServerInfo, _ ledger: inout WarmLedger) {
    backpressure.note(ServerBacklog(facts))
    ledger.noteEvictions(facts)
  }

  /// Counts what was sent and will never be answered, or not again.
  mutating func abandon(ledger: inout WarmLedger) {
    for write in underWay.lazy.flatMap(\.writes) { ledger.settleUnanswered(write) }
    underWay = []
  }

  // MARK: - Lost connections

  /// Notes a step that has succeeded: the time for retries begins anew.
  mutating func noteProgress() { recovery.backoff.noteProgress() }

  /// Connects again after an error and repeats the batches that are under way; throws where that is no use.
  ///
  /// Batches whose replies were lost are sent again: each writes whole keys, so that a second time changes nothing but
  /// the moment. Collections in pieces are the exception: they would be doubled, so they count as unknown.
  mutating func recover(from first: ClientError, ledger: inout WarmLedger) throws(ClientError) {
    var error = first
    while true {
      guard error.isWorthAnotherTry, ledger.stop == nil, !context.mustStop, let wait = recovery.backoff.next()
      else { throw error }
      context.pause(wait)
      guard !context.mustStop else {
        throw context.stopError(" while \(channel.endpoint.description) did not answer")
      }
      do throws(ClientError) {
        channel = try recovery.reconnect()
        ledger.endpoint = channel.endpoint
        if database != nil { try select(database) }
        return try repeatBatches()
      } catch let other {
        error = other
      }
    }
  }

  private mutating func repeatBatches() throws(ClientError) {
    timer.forgetPending()
    for index in underWay.indices where underWay[index].needsMoves { underWay[index].dropWrites() }
    for index in underWay.indices {
      underWay[index].isRepeated = true
      timer.noteSent()
      if !underWay[index].commands.isEmpty { try channel.send(underWay[index].commands) }
    }
  }

  /// Throws where the server did nothing because of a state that passes, or because another one has taken over.
  private mutating func expectAnswers() throws(ClientError) {
    guard replies.hasErrors else { return }
    for index in 0..<replies.count {
      guard let error = replies[index].error, recovery.policy.retries(after: error) else { continue }
      noteReplies()
      throw ClientError(refusing: error, "a write", channel.endpoint)
    }
  }

  /// Keeps what the server answered to the batches under way, which are sent again as a whole: the replies to the first
  /// have come, and as the server does answer, so will the others.
  private mutating func noteReplies() {
    underWay[0].noteReplies(replies)
    for index in underWay.indices.dropFirst() where !underWay[index].commands.isEmpty {
      replies.removeAll()
      do throws(ClientError) {
        try channel.receive(underWay[index].commands.count, into: replies)
      } catch { return }
      underWay[index].noteReplies(replies)
    }
  }
}

extension WarmPipeline {
  /// What a server can do of that which a warming would use, and what is used in its place.
  struct Abilities {
    /// Why the server takes no transactions; nil where it does.
    ///
    /// Where MULTI is refused, the server would carry out the commands after it one by one, and a key could be lost before
    /// its new value is refused.
    var transactionRefusal: ServerError?
    /// The command that removes a key: UNLINK, or before Redis 4.0 DEL.
    var removal = CommandWord.unlink
    /// False before Redis 3.0, where RESTORE takes no REPLACE.
    var restoresInPlace = true

    /// What a server of some version can do as far as its version shows.
    init(version: String? = nil) {
      let major = version?.split(separator: ".").first.flatMap { Int($0) }
      restoresInPlace = major.map { $0 >= 3 } ?? true
    }

    /// What the report says of it.
    var warnings: [String] {
      removal == CommandWord.unlink
        ? [] : ["UNLINK is not available here: DEL takes its place, and frees values while all clients wait"]
    }
  }
}
