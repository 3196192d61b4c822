import Bytes
import Keyspace
import RedisClient
import Reporting
import SeedFormat

/// One warming on its way: records in, flights out, replies in.
///
/// Some flights are under way at a time, so that the server has work while the next records are read.
struct WarmRun<Channel: CommandChannel> {
  /// A flight ends with the record that takes it over so many bytes: the socket's buffers hold hardly more, and what
  /// they do not hold the server cannot begin with.
  static var flightBytes: Int { 128 << 10 }

  let request: WarmRequest
  var channel: Channel
  var recovery: WarmRecovery<Channel>
  let clock: ServerClock
  let rule: SeedExpiryRule
  let records: WarmRecords
  let context: RunContext
  let skippedLines: Int
  var input: SeedInput
  var pace: PaceController
  var timer: ServiceClock
  let roundTrip: Duration
  var writer: KeyWriter
  var tags: TagKeeper
  var brake = WriteBrake()
  var underWay: [WarmFlight] = []
  var building = WarmFlight()
  /// Records that wait for what the server knows of their keys, and nil for rejected ones behind them.
  var batch: [(record: SeedRecord?, position: SeedPosition)] = []
  var batchBytes = 0
  /// The server's time when the last flight was sent, in milliseconds since 1970.
  var now: Int64
  /// What is left of keys that the flight gives a TTL, or that a dry run would have given one, by their hashes.
  var given: [UInt64: Int64] = [:]
  let givenSeed = KeyHash.newSeed
  let replies = ReplyBuffer()
  var seen = SeenKeys()
  var sample = WarmSample()
  let evictedBefore: Int?
  var evicted = 0
  var expired = 0
  var duplicates = 0
  var counts = WarmCounts()
  var ttl = LogHistogram()
  var rejections: [WarmReport.Rejection] = []
  var failures: (count: Int, line: Int, reason: String)?
  var stop: WarmStop?
  /// Why the server takes no transactions; nil where it does.
  var transactionRefusal: ServerError?
  /// Written keys that could not be read back, and why the first of them.
  var unreadable: (count: Int, reason: String)?
  var lastLine = 0

  init(
    _ request: WarmRequest, channel: Channel, facts: ServerInfo, clock: ServerClock, roundTrip: Duration,
    source: any SeedSource, records: WarmRecords, context: RunContext, recovery: WarmRecovery<Channel>
  ) {
    self.request = request
    self.recovery = recovery
    self.roundTrip = roundTrip
    self.channel = channel
    self.clock = clock
    self.records = records
    self.context = context
    rule = SeedExpiryRule(request)
    skippedLines = request.earlier?.line ?? 0
    input = SeedInput(source, format: request.format)
    pace = PaceController(request.pace, rate: request.rate, count: request.batchSize)
    timer = ServiceClock(roundTrip: roundTrip)
    // Two runs at once, or one after the other, must not build under the same name.
    writer = KeyWriter(
      request.policy, run: String(UInt64.random(in: 0...UInt64.max), radix: 36),
      isCluster: facts.isClusterNode)
    tags = TagKeeper(request.tagKey)
    evictedBefore = facts.integer("evicted_keys")
    now = clock.now
  }

  /// More flights than these are never under way at once.
  var window: Int {
    if pace.rests { return 0 }
    // As many more as are done while one is on its way.
    return request.pace == .full ? 4 : min(8, 2 + Int(timer.roundTrip / PaceController.targetHold))
  }

  var mustStop: Bool { context.shouldStop() || context.deadline.hasPassed }

  /// True where nothing more may be sent, not even what has been read already.
  var isRefused: Bool {
    switch stop {
    case .refused, .outOfMemory, .evicting, .cannotRecord: true
    case nil, .strict, .badSeed, .unreadable: false
    }
  }

  // MARK: - Reading

  /// Reads the seed to its end and sends what it holds.
  mutating func loadAll() throws(ClientError) {
    try tryTransaction()
    while stop == nil {
      guard let item = try nextItem() else { break }
      switch item {
      case .record(let record, let position): take(record, position)
      case .rejected(let rejection):
        // Where reading was broken off, the last record is cut off.
        if !context.shouldStop() { reject(rejection) }
      case .refused(let rejection):
        stop = .badSeed("line \(rejection.position.line), column \(rejection.column): \(rejection.reason)")
      }
      if batch.count + building.size >= pace.batchSize || building.needsMoves
        || batchBytes + building.commands.bytes.count >= WarmRun.flightBytes
      {
        if mustStop { break }
        try persist { run throws(ClientError) in try run.dispatch() }
      }
    }
    if !mustStop { try persist { run throws(ClientError) in try run.dispatch() } }
    try persist { run throws(ClientError) in try run.receive(downTo: 0) }
    try persist { run throws(ClientError) in try run.lookOnceMore() }
    guard !mustStop || stop != nil else {
      throw context.shouldStop()
        ? ClientError(.interrupted, "stopped by the user")
        : .runOver()
    }
  }

  /// The next item; nil at the end, and where the run must stop.
  mutating func nextItem() throws(ClientError) -> SeedItem? {
    while true {
      if let item = input.next() { return item }
      guard !input.isAtEnd else { return nil }
      // What a slow source has brought does not wait for what it is yet to bring.
      if !input.isReady(within: .zero) {
        try persist { run throws(ClientError) in
          try run.dispatch()
          try run.receive(downTo: 0)
        }
        while !input.isReady(within: .milliseconds(100)) { if mustStop || stop != nil { return nil } }
      }
      do { try input.draw() } catch {
        stop = .unreadable(error.message)
        return nil
      }
      now = clock.now
    }
  }

  mutating func take(_ record: consuming SeedRecord, _ position: SeedPosition) {
    // An earlier run has dealt with it; it is counted there.
    guard position.line > skippedLines else { return }
    if !seen.insert(record.key.span) { duplicates += 1 }
    if !request.tags.isEmpty { record.tags += request.tags }
    if request.envelope != nil {
      guard let wrapped = enveloped(record) else {
        var bytes: [UInt8] = []
        SeedWriter.append(record, to: &bytes)
        let type = record.value.typeName ?? "dump"
        return reject(
          SeedRejection(
            position: position, column: 1,
            reason:
              "--envelope wraps strings of text, and this is a \(type == "string" ? "binary string" : type)",
            bytes: bytes.dropLast()))
      }
      record.value = .string(wrapped)
    }
    // Most records need not wait for what the server knows of their keys.
    if needsStandings || !record.tags.isEmpty || !batch.isEmpty {
      batch.append((record, position))
      batchBytes += record.key.count + record.value.size
    } else {
      append(record, position, standing: nil, now: now)
    }
  }

  /// True where the policy asks what is left of each key.
  var needsStandings: Bool {
    switch request.policy {
    case .overwrite: false
    // SET, RESTORE and RENAMENX see for themselves; a dry run has to ask.
    case .ifMissing: request.isDryRun
    case .refreshBelow: true
    }
  }

  func enveloped(_ record: SeedRecord) -> [UInt8]? {
    guard case .string(let value) = record.value else { return nil }
    var fresh = rule.freshness(of: record)
    if case .at(let moment) = record.expiry { fresh = moment - now }
    return SeedEnvelope.wrap(value, isJSON: record.isJSON, now: now, freshFor: fresh)
  }

  mutating func reject(_ rejection: SeedRejection) {
    guard rejection.position.line > skippedLines else { return }
    let line = rejection.position.line
    if batch.isEmpty { noteRejected(line) } else { batch.append((nil, rejection.position)) }
    if rejections.count < WarmReport.rejectionsShown {
      rejections.append(.init(line: line, column: rejection.column, reason: rejection.reason))
    }
    do { try records.rejects?.append(RejectLine.line(rejection)) } catch {
      stop = .cannotRecord(error.message)
    }
    if request.isStrict, stop == nil { stop = .strict(line: line, rejection.reason) }
  }

  mutating func noteRejected(_ line: Int) {
    building.settled.rejected += 1
    building.lastLine = max(building.lastLine, line)
  }
}
