import RedisClient
import Reporting
import SeedFormat

/// One warming: the reader brings records, the builder makes batches of them, the pipeline sends those, and the ledger
/// keeps account.
struct WarmRun {
  /// The bytes of rejects that may wait for their place in the file.
  private static let rejectBytes = 1 << 20

  private let context: RunContext
  private let limit: WriteLimit
  /// True where nothing is written.
  let isDryRun: Bool
  private var backup: WarmBackup?
  private let clock: ServerClock
  private var reader: WarmReader
  private var builder: WarmBatchBuilder
  private var pipeline: WarmPipeline
  private(set) var ledger: WarmLedger
  /// The server's time when the last batch was sent, or the seed was read, in milliseconds since 1970.
  private var now: Int64

  init(
    _ request: WarmRequest, limit: WriteLimit, reader: WarmReader, pipeline: WarmPipeline, ledger: WarmLedger,
    backup: WarmBackup?, isCluster: Bool, clock: ServerClock, context: RunContext
  ) {
    self.limit = limit
    isDryRun = request.isDryRun
    self.backup = backup
    self.context = context
    self.clock = clock
    self.reader = reader
    self.pipeline = pipeline
    self.ledger = ledger
    builder = WarmBatchBuilder(request, limit: limit, backsUp: backup != nil, isCluster: isCluster)
    now = clock.now
  }

  /// Reads the seed to its end and sends what it holds.
  mutating func loadAll() throws(ClientError) {
    try pipeline.learnAbilities()
    builder.abilities = pipeline.abilities
    while ledger.stop == nil, let entry = try nextEntry() {
      try take(entry)
      guard isFull || ledger.pendingBytes >= WarmRun.rejectBytes else { continue }
      if context.mustStop { break }
      try retrying { run throws(ClientError) in
        try run.dispatch()
        if run.ledger.pendingBytes >= WarmRun.rejectBytes {
          try run.pipeline.receive(downTo: 0, ledger: &run.ledger)
        }
      }
    }
    if !context.mustStop { try retrying { run throws(ClientError) in try run.dispatch() } }
    try retrying { run throws(ClientError) in try run.pipeline.receive(downTo: 0, ledger: &run.ledger) }
    try retrying { run throws(ClientError) in try run.pipeline.askForEvictions(ledger: &run.ledger) }
    guard !context.mustStop || ledger.stop != nil else { throw context.stopError() }
  }

  /// Reads some of the written keys back and compares, through lost connections.
  mutating func verify() throws(ClientError) -> WarmReport.Verification {
    var isDone = false
    let context = context
    while !isDone {
      try retrying { run throws(ClientError) in
        let pipeline = run.pipeline
        isDone = try !run.ledger.sample.compareNext(
          on: pipeline.channel, now: run.clock.now, stop: { context.mustStop ? context.stopError() : nil }
        ) { database throws(ClientError) in
          try pipeline.select(database)
        }
        run.pipeline.noteProgress()
      }
    }
    return ledger.sample.result
  }

  /// Counts what was sent and will never be answered.
  mutating func abandon() { pipeline.abandon(ledger: &ledger) }

  /// Keys whose values are in the backup.
  var savedKeys: Int { backup?.count ?? 0 }

  /// What the reader of the report must know.
  var warnings: [String] { pipeline.warnings + ledger.warnings(duplicates: reader.duplicates) }

  // MARK: - Reading

  /// The next entry of the seed; nil at the end, and where the run must stop.
  private mutating func nextEntry() throws(ClientError) -> WarmReader.Entry? {
    while true {
      if let entry = reader.next(now: now) { return entry }
      // Blank lines bring no entry, however many there are.
      guard !reader.isAtEnd, !context.mustStop else { return nil }
      // The records of a slow source are not held back until it brings more.
      if !reader.isReady(within: .zero) {
        try retrying { run throws(ClientError) in
          try run.dispatch()
          try run.pipeline.receive(downTo: 0, ledger: &run.ledger)
        }
        while !reader.isReady(within: .milliseconds(100)) {
          if context.mustStop || ledger.stop != nil { return nil }
        }
      }
      do { try reader.draw() } catch {
        ledger.end(.unreadable(error.message))
        return nil
      }
      ledger.share = reader.share
      now = clock.now
    }
  }

  private mutating func take(_ entry: WarmReader.Entry) throws(ClientError) {
    switch entry {
    case .record(let record, let position):
      try enter(record.database)
      guard !ledger.isRefused else { return }
      builder.add(record, at: position, now: now, ledger: &ledger)
    case .rejected(let rejection):
      // Where reading was broken off, the last record is cut off.
      guard !context.mustStop else { return }
      reject(rejection)
    case .refused(let rejection): reject(rejection)
    case .unreadable(let rejection):
      ledger.end(
        .badSeed("line \(rejection.position.line), column \(rejection.column): \(rejection.reason)"))
    }
  }

  /// Goes on in the database of the next record, nil for that of the run; what was read before goes to its own.
  private mutating func enter(_ database: Int?) throws(ClientError) {
    guard database != pipeline.database else { return }
    try retrying { run throws(ClientError) in
      try run.dispatch()
      if !run.ledger.isRefused { try run.pipeline.enter(database, ledger: &run.ledger) }
    }
  }

  private mutating func reject(_ rejection: SeedRejection) {
    builder.addRejected(at: rejection.position)
    ledger.reject(rejection)
  }

  private var isFull: Bool {
    builder.records >= pipeline.batchSize || builder.batch.needsMoves
      || builder.bytes >= WarmPipeline.batchBytes
  }

  // MARK: - Sending

  /// Sends what has been read.
  private mutating func dispatch() throws(ClientError) {
    // After a lost connection more batches may be under way than there should.
    try pipeline.receive(downTo: pipeline.window, ledger: &ledger)
    guard !ledger.isRefused else { return }
    try prepareWaiting()
    now = clock.now
    while !ledger.isRefused, builder.addNextWaiting(now: now, ledger: &ledger) {
      // Before anything later on the same key.
      if builder.batch.needsMoves { try pipeline.send(builder.takeBatch(), ledger: &ledger) }
    }
    guard !ledger.isRefused else { return }
    builder.forgetGivenTTLs()
    try pipeline.send(builder.takeBatch(), ledger: &ledger)
    guard builder.isHeld else { return }
    // Keys that turn out to be there already make room for others.
    try pipeline.receive(downTo: 0, ledger: &ledger)
    guard ledger.stop == nil else { return }
    if builder.hasRoom(ledger) { try dispatch() } else { ledger.end(.limit(limit)) }
  }

  /// Asks what the waiting records depend on, and saves what they replace.
  private mutating func prepareWaiting() throws(ClientError) {
    if let question = builder.question() {
      try pipeline.receive(downTo: 0, ledger: &ledger)
      let replies = try pipeline.ask(question.commands)
      try builder.learn(replies, to: question, ledger: &ledger)
    }
    guard let saved = backup?.saved else { return }
    let records = builder.recordsToSave(now: clock.now, besides: saved)
    guard !records.isEmpty else { return }
    try pipeline.receive(downTo: 0, ledger: &ledger)
    guard !ledger.isRefused else { return }
    let left = try backup?.save(
      records, in: pipeline.selected, on: pipeline.channel, ledger: &ledger)
    builder.leave(left ?? [])
  }

  /// Carries a step out, through lost connections.
  private mutating func retrying(_ step: (inout Self) throws(ClientError) -> Void) throws(ClientError) {
    while true {
      do throws(ClientError) {
        return try step(&self)
      } catch {
        try pipeline.recover(from: error, ledger: &ledger)
      }
    }
  }
}
