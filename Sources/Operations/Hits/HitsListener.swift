import RedisClient
import Synchronization

/// Listens to one server: takes its events to the ledger, and its counters at the beginning, now and then, and at the end.
///
/// Counters and events come over one connection, in the order in which they happened: the events between two readings of INFO
/// are the misses that INFO has counted between them, to the unit.
final class HitsListener {
  /// How often the counters are read: what was counted is lost with a server that dies only since the last time.
  private static let period = Duration.seconds(2)
  static let patience = Duration.seconds(10)

  private let node: HitsNode
  private let channels: HitsChannels
  private let ledger: HitsSink
  private let context: RunContext
  private let wallClock: Double
  private let end: ContinuousClock.Instant
  /// True where a server that has become a replica is no longer the one that is meant.
  private let wantsPrimary: Bool
  /// True where sentinels say which server is meant.
  private let asksSentinels: Bool
  private var batch = PushBatch()
  /// The replies to the commands of a reading that have come.
  private var replies: [String] = []
  private var readings = 0
  /// False before the first reading and after the last one.
  private var isCounting = false
  private var endsWithNextReading = false
  /// True until it is known whether the server lets its events be heard.
  private var isSubscribing = false
  private var refusal: ServerError?
  /// True once a connection was lost.
  private var isAgain = false
  /// What happened until then has come: events that came later may be followed by others that were lost, because a server
  /// gives up a connection with all that waits in its output buffer.
  private var completeUntil = ContinuousClock.now

  init(
    to node: HitsNode, _ channels: HitsChannels, _ ledger: HitsSink, wallClock: Double,
    wantsPrimary: Bool, asksSentinels: Bool, until end: ContinuousClock.Instant, context: RunContext
  ) {
    self.node = node
    self.channels = channels
    self.ledger = ledger
    self.wallClock = wallClock
    self.wantsPrimary = wantsPrimary
    self.asksSentinels = asksSentinels
    self.end = end
    self.context = context
  }

  /// Listens until the end, or until the user asks to stop; connects again where the connection is lost.
  func run(retryFor: Duration) {
    var backoff = Backoff(retryFor: retryFor)
    defer { node.endListening() }
    while true {
      do throws(ClientError) {
        return try listen { backoff.noteProgress() }
      } catch {
        node.noteLoss(at: completeUntil)
        isAgain = true
        guard !isOver,
          error.kind == .closed || error.kind == .unreachable || error.kind == .timeout
            || error.kind == .transient, let wait = backoff.next()
        else {
          node.failure = error
          return
        }
        context.pause(min(wait, ContinuousClock.now.duration(to: end)))
      }
    }
  }

  private var isOver: Bool { context.mustStop || ContinuousClock.now >= end }

  private func listen(_ noteProgress: () -> Void) throws(ClientError) {
    (isCounting, endsWithNextReading) = (false, false)
    (replies, refusal) = ([], nil)
    let connection = try node.access.open(isAgain)
    if isAgain { try node.meet(connection) }
    let subscribes = node.maySendMisses && connection.greeting.protocolVersion == 3
    let stream = PushStream(over: connection, channels: subscribes ? channels.names : [])
    isSubscribing = subscribes
    if subscribes {
      // Confirmed or refused before the reply to the first reading.
      var commands = CommandBuffer()
      commands.append((["SUBSCRIBE"] + channels.names).map { Array($0.utf8) })
      try stream.send(commands)
    } else if node.maySendMisses {
      node.silence = "the server does not speak RESP3, in which events and counters come over one connection"
    }
    var asked = ContinuousClock.now
    try read(stream, wakesOnStop: true)
    completeUntil = asked
    node.noteReturn()
    noteProgress()
    var next = ContinuousClock.now + HitsListener.period
    while !isOver {
      try receive(stream, until: min(next, end))
      guard ContinuousClock.now >= next, next < end else { continue }
      asked = .now
      try read(stream, wakesOnStop: true)
      if wantsPrimary, node.facts.role == "replica" || hasMoved(from: stream) {
        throw ClientError(.closed, "\(stream.endpoint.description) is no longer a primary")
      }
      completeUntil = asked
      next = .now + HitsListener.period
    }
    endsWithNextReading = true
    try read(stream, wakesOnStop: false)
  }

  /// True where sentinels have made another server the primary: the one before it hears of that up to ten seconds later.
  private func hasMoved(from stream: PushStream) -> Bool {
    guard asksSentinels, let connection = try? node.access.open(true) else { return false }
    return connection.endpoint.address != stream.endpoint.address
  }

  // MARK: - Readings

  /// Takes a reading of the counters; what comes before it is counted before it.
  private func read(_ stream: PushStream, wakesOnStop: Bool) throws(ClientError) {
    var commands = CommandBuffer()
    commands.append("INFO", "commandstats")
    commands.append("INFO")
    try stream.send(commands)
    let deadline = ContinuousClock.now + HitsListener.patience
    let before = readings
    while readings == before {
      // Once a stop is asked for, its descriptor would end each wait at once.
      try wait(for: stream, until: deadline, wakesOnStop: wakesOnStop && !context.shouldStop())
      try take(from: stream)
    }
  }

  private func receive(_ stream: PushStream, until moment: ContinuousClock.Instant) throws(ClientError) {
    batch.removeAll()
    try stream.receive(until: Deadline(after: ContinuousClock.now.duration(to: moment)), into: &batch)
    try take(from: stream)
  }

  private func wait(
    for stream: PushStream, until deadline: ContinuousClock.Instant, wakesOnStop: Bool
  ) throws(ClientError) {
    batch.removeAll()
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else {
      throw ClientError(.timeout, "no complete reply from \(stream.endpoint.description) within the timeout")
    }
    try stream.receive(until: Deadline(after: left), wakesOnStop: wakesOnStop, into: &batch)
  }

  /// Takes what has come: messages to the ledger, replies to a reading.
  private func take(from stream: PushStream) throws(ClientError) {
    var start = 0
    for (index, item) in batch.items.enumerated() {
      switch item.kind {
      case .message, .key: continue
      case .refusal:
        let error = error(item, at: stream.endpoint)
        // Where INFO is refused as well, there is a second refusal.
        guard isSubscribing, refusal == nil else {
          throw ClientError(error, to: "INFO", at: stream.endpoint)
        }
        refusal = error
      case .reply:
        pass(start..<index)
        start = index + 1
        replies.append(batch.text(of: item))
        if replies.count == 2 { finishReading(at: stream.endpoint) }
      }
    }
    pass(start..<batch.items.count)
  }

  private func error(_ item: PushBatch.Item, at endpoint: Endpoint) -> ServerError {
    ServerError(line: batch.text(of: item), hiding: endpoint.credentials?.password ?? [])
  }

  private func pass(_ items: Range<Int>) {
    if isCounting, !items.isEmpty { ledger.take(batch, items, channels.meanings, of: node.index) }
  }

  private func finishReading(at endpoint: Endpoint) {
    var reading = StatsReading(
      address: endpoint.place, info: replies[1], commandStats: ServerInfo(text: replies[0]),
      latencyStats: ServerInfo(), histogram: nil, localSeconds: wallClock + context.elapsedSeconds)
    replies = []
    if let refusal { node.silence = refusal.reason("SUBSCRIBE", at: endpoint) }
    (isSubscribing, refusal) = (false, nil)
    readings += 1
    reading.ownCommands = 2 * readings
    node.note(reading)
    isCounting = !endsWithNextReading
  }
}

/// The ledger that the listeners of all nodes share.
final class HitsSink: Sendable {
  private let ledger: Mutex<HitsLedger>

  init(_ ledger: consuming sending HitsLedger) { self.ledger = Mutex(ledger) }

  func beginWindow(following delay: Duration) { ledger.withLock { $0.beginWindow(following: delay) } }

  func take(
    window: Int, _ batch: PushBatch, _ items: Range<Int>, _ meanings: [HitsChannels.Meaning], of node: Int,
    follows: Bool
  ) {
    ledger.withLock { $0.take(window: window, batch, items, meanings, of: node, follows: follows) }
  }

  func take(_ batch: PushBatch, _ items: Range<Int>, _ meanings: [HitsChannels.Meaning], of node: Int) {
    ledger.withLock { $0.take(batch, items, meanings, of: node) }
  }

  /// The ledger as it is now.
  func withLedger<Value: Sendable>(_ body: (inout HitsLedger) -> Value) -> Value {
    ledger.withLock { body(&$0) }
  }
}
