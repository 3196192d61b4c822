import Bytes
import RedisClient
import Reporting

/// Sends one batch at a time to be removed, and says what became of it.
struct BatchWriter {
  /// What the replies to a flight say.
  struct Outcome {
    /// What became of the keys of each group.
    var counts: [(group: Int, counts: RemovalCounts)] = []
    /// Keys that were certainly not removed and may be with another command, or in smaller company.
    var retries: [RemovalBatch] = []
    /// Set where the server refuses whatever comes.
    var refusal: ClientError?
    /// Set where the server does nothing now, and it, or another, will soon.
    var obstacle: ClientError?
    /// Keys that another node has; they were not removed.
    var moved: [[UInt8]] = []
    /// What the server said of itself, where it was asked.
    var facts: ServerInfo?
    /// False where no keys were sent.
    var isBatch = false

    var total: RemovalCounts { counts.reduce(into: RemovalCounts()) { $0.add($1.counts) } }
  }

  private struct Flight {
    var batch = RemovalBatch()
    /// The keys of each command, by their places in the batch.
    var stretches: [Range<Int>] = []
    /// Replies that come before those of the batch.
    var untagging = 0
    var asksBurden = false
    var source = KeySource.database
    /// What the commands relied on: a server that lacks it has carried out none of them.
    var usesUnlink = false
    var usesLT = false
  }

  private let action: RemovalAction
  private let patience: WriteRetryPolicy
  /// Commands that the server has turned out not to have.
  private var lacksUnlink = false
  private var lacksLT = false
  private var flight: Flight?
  private var buffer = CommandBuffer()
  private let replies = ReplyBuffer()
  /// Commands that take removed keys out of their tags.
  private var untagging = CommandBuffer()
  /// Members of tags that are known to be no more: where several tags name a key, each must lose it.
  private var gone = SeenKeys()
  /// The first reason for which keys were refused one by one, and how many were.
  private(set) var failures: (count: Int, reason: String)?
  /// The reason for which removed keys could not be taken out of their tags.
  private(set) var untaggingFailure: String?

  init(_ action: RemovalAction, patience: WriteRetryPolicy) {
    self.action = action
    self.patience = patience
  }

  /// Adds what another worker's commands have met with.
  mutating func merge(_ other: BatchWriter) {
    if let theirs = other.failures { noteFailures(theirs.count, theirs.reason) }
    untaggingFailure = untaggingFailure ?? other.untaggingFailure
  }

  /// Commands that are still to be sent, so that keys which are no more are members of no tag.
  var untaggedCommands: Int { untagging.count }

  // MARK: - Sending

  /// Sends a batch; the answer to the one before must have been received.
  mutating func send(
    _ batch: RemovalBatch, keysPerCommand: Int, asksBurden: Bool, untagging source: KeySource,
    on channel: some CommandChannel
  ) throws(ClientError) {
    var next = Flight(batch: batch, asksBurden: asksBurden, source: source)
    next.untagging = untagging.count
    buffer = untagging
    untagging.removeAll()
    if asksBurden { buffer.append("INFO") }
    let bytes = batch.bytes
    if case .expire(let window) = action {
      next.usesLT = !lacksLT
      next.stretches = (0..<batch.count).map { $0..<($0 + 1) }
      for range in batch.ranges { appendExpiry(bytes.span.extracting(range), window) }
    } else {
      next.stretches = batch.stretches(of: keysPerCommand)
      next.usesUnlink = action == .unlink && !lacksUnlink
      let name: StaticString = next.usesUnlink ? "UNLINK" : "DEL"
      for stretch in next.stretches { buffer.append(name, keys: bytes.span, at: batch.ranges[stretch]) }
    }
    // Noted before it is sent: of a flight that fails half-way nobody knows what was carried out.
    flight = next
    try channel.send(buffer)
  }

  private mutating func appendExpiry(_ key: Span<UInt8>, _ window: Int64) {
    let time = Array(String(SoftExpiry.milliseconds(for: key, within: window)).utf8)
    buffer.append([Array("PEXPIRE".utf8), Array(copying: key), time] + (lacksLT ? [] : [Array("LT".utf8)]))
  }

  /// Sends what is left to be taken out of tags.
  mutating func sendUntagging(on channel: some CommandChannel) throws(ClientError) {
    flight = Flight(untagging: untagging.count)
    buffer = untagging
    untagging.removeAll()
    try channel.send(buffer)
  }

  /// Gives up the batch that is under way; nil where none is.
  mutating func abandon() -> RemovalBatch? {
    defer { flight = nil }
    if flight?.untagging ?? 0 > 0 {
      untaggingFailure = untaggingFailure ?? "the connection was lost, and nobody knows which were"
    }
    return flight?.batch
  }

  /// Counts keys that were refused before they were sent.
  mutating func noteFailures(_ count: Int, _ reason: String?) {
    guard count > 0, let reason else { return }
    failures = (count: (failures?.count ?? 0) + count, reason: failures?.reason ?? reason)
  }

  // MARK: - Receiving

  /// Waits for the answer to the batch under way; nil where none is.
  mutating func receive(on channel: some CommandChannel) throws(ClientError) -> Outcome? {
    guard let sent = flight else { return nil }
    replies.removeAll()
    let expected = sent.untagging + (sent.asksBurden ? 1 : 0) + sent.stretches.count
    try channel.receive(expected, into: replies)
    flight = nil
    var outcome = Outcome()
    outcome.isBatch = !sent.batch.isEmpty
    var position = 0
    for _ in 0..<sent.untagging {
      if let error = replies[position].error, untaggingFailure == nil {
        untaggingFailure = error.shownMessage
      }
      position += 1
    }
    if sent.asksBurden {
      outcome.facts = (try? replies[position].decode(String.self)).map { ServerInfo(text: $0) }
      position += 1
    }
    for stretch in sent.stretches {
      read(replies[position], stretch, sent, &outcome, channel.endpoint)
      position += 1
    }
    return outcome
  }

  private mutating func read(
    _ reply: Reply, _ stretch: Range<Int>, _ sent: Flight, _ outcome: inout Outcome, _ endpoint: Endpoint
  ) {
    var counts = RemovalCounts()
    if let number = reply.integer, (0...Int64(stretch.count)).contains(number) {
      counts.removed = Int(number)
      // That a key is gone which an earlier run has removed is no news.
      let isAccounted = stretch.first.map { sent.batch.accounted[$0] } ?? false
      counts.absent = isAccounted ? 0 : stretch.count - counts.removed
      untag(stretch, sent)
    } else if let error = reply.error {
      counts = judge(error, stretch, sent, &outcome, endpoint)
    } else {
      // Nothing that the command could have answered: nobody knows what was done.
      counts.unknown = stretch.count
      outcome.refusal =
        outcome.refusal
        ?? ClientError(
          DecodeError(expected: "a number of keys", found: reply.summary), to: action.name, at: endpoint)
    }
    if let first = stretch.first { outcome.counts.append((sent.batch.groups[first], counts)) }
  }

  /// Decides what a refusal means: for the keys of its command, and for all that are to come.
  private mutating func judge(
    _ error: ServerError, _ stretch: Range<Int>, _ sent: Flight, _ outcome: inout Outcome,
    _ endpoint: Endpoint
  ) -> RemovalCounts {
    var counts = RemovalCounts()
    let batch = sent.batch
    if sent.usesUnlink, error.isUnknownCommand {
      lacksUnlink = true
      outcome.retries.append(batch.retry(stretch))
      return counts
    }
    if sent.usesLT, error.isAboutArguments {
      // The TTL was compared before the key was chosen, which is all that LT does, but for the last moment.
      lacksLT = true
      outcome.retries.append(batch.retry(stretch))
      return counts
    }
    if error.isKeyForbidden, stretch.count > 1 {
      // One forbidden key spoils its whole command: the halves find it.
      let middle = stretch.lowerBound + stretch.count / 2
      outcome.retries.append(batch.retry(stretch.lowerBound..<middle))
      outcome.retries.append(batch.retry(middle..<stretch.upperBound))
      return counts
    }
    // A walk of the database will meet it where it is now; of what was named otherwise it is told.
    if error.isRedirection, patience.meetsMoved, sent.source.namesLiveKeys {
      outcome.moved += stretch.map { batch.key($0) }
      return counts
    }
    if patience.retries(after: error) {
      outcome.retries.append(batch.retry(stretch))
      outcome.obstacle = outcome.obstacle ?? ClientError(refusing: error, action.name, endpoint)
      return counts
    }
    counts.failed = stretch.count
    if error.stopsWriting {
      outcome.refusal = outcome.refusal ?? ClientError(refusing: error, action.name, endpoint)
    } else {
      failures = (
        count: (failures?.count ?? 0) + stretch.count,
        reason: failures?.reason ?? error.advised(for: endpoint)
      )
    }
    return counts
  }

  /// A key that is no more must not stay a member of the tag that led to it.
  private mutating func untag(_ stretch: Range<Int>, _ sent: Flight) {
    if case .expire = action { return }
    guard sent.source.isTag else { return }
    let keys = stretch.map { sent.batch.key($0) }
    for key in keys { _ = gone.insert(key.span) }
    append(keys, from: sent.source)
  }

  private mutating func append(_ keys: [[UInt8]], from source: KeySource) {
    switch source {
    case .database, .list: return
    case .set(let tag): untagging.append([Array("SREM".utf8), tag] + keys)
    case .sortedSet(let tag, let prefix):
      untagging.append([Array("ZREM".utf8), tag] + keys.map { Array($0.dropFirst(prefix.count)) })
    }
  }

  /// Notes that a key which a tag has named does not live.
  mutating func noteGone(_ key: Span<UInt8>, from source: KeySource) {
    if case .expire = action { return }
    guard source.isTag else { return }
    _ = gone.insert(key)
    append([Array(copying: key)], from: source)
  }

  /// Takes a key out of one more tag that has named it, if it is known to be no more.
  mutating func untagAgain(_ key: Span<UInt8>, from source: KeySource) {
    guard source.isTag, gone.contains(key) else { return }
    append([Array(copying: key)], from: source)
  }
}

extension ServerError {
  /// True where an option of the command is not known here: servers before 7.0 count the arguments of PEXPIRE.
  fileprivate var isAboutArguments: Bool {
    let text = message.lowercased()
    return code == "ERR"
      && (text.contains("wrong number of arguments") || text.contains("unsupported option")
        || text.contains("syntax error"))
  }
}
