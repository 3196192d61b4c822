import Bytes
import RedisClient
import Reporting

/// Sends one batch at a time to be removed, and reads what the replies say.
struct BatchRemover {
  /// What the replies to a batch say.
  struct Outcome {
    /// What became of the keys of each group.
    var counts: [(group: Int, counts: RemovalCounts)] = []
    /// Keys that were certainly not removed, and may be with another command or in smaller batches.
    var retries: [RemovalBatch] = []
    /// Set where the server refuses every key.
    var refusal: ClientError?
    /// Set where the server does nothing now, and it, or another, will soon.
    var obstacle: ClientError?
    /// How many keys were refused one by one.
    var failures = 0
    /// The first of them, with the reasons.
    var named: [RefusedKey] = []
    /// Keys that are settled: removed or gone, or nothing that was said shows what became of them.
    var settled: [[UInt8]] = []
    /// Keys that were refused for good and live on.
    var refused: [[UInt8]] = []
    /// Keys that another node has; they were not removed.
    var moved: [[UInt8]] = []
    /// Keys whose replies make no sense: what became of them must be looked at.
    var unread: [[UInt8]] = []
    /// What INFO says, where it was asked for.
    var facts: ServerInfo?
    /// False where no keys were sent.
    var isBatch = false

    var total: RemovalCounts { counts.reduce(into: RemovalCounts()) { $0.add($1.counts) } }

    fileprivate mutating func noteFailures(_ keys: [[UInt8]], _ reason: @autoclosure () -> String) {
      failures += keys.count
      guard named.count < RefusedKey.named else { return }
      let reason = reason()
      named.name(keys.lazy.map { RefusedKey(key: $0, reason: reason) })
    }
  }

  /// A batch that was sent and not answered yet.
  private struct Sent {
    var batch = RemovalBatch()
    /// The keys of each command, by their places in the batch.
    var stretches: [Range<Int>] = []
    var asksInfo = false
    var source = KeySource.database
    /// What the commands relied on: a server that lacks it has carried out none of them.
    var usesUnlink = false
    var usesLT = false
  }

  private let action: RemovalAction
  private let policy: WriteRetryPolicy
  /// The bound on the keys of one command.
  private let keysPerCommand: Int
  /// Commands that the server has turned out not to have.
  private var lacksUnlink = false
  private var lacksLT = false
  private var sent: Sent?
  private let replies = ReplyBuffer()

  init(_ action: RemovalAction, keysPerCommand: Int, policy: WriteRetryPolicy) {
    self.action = action
    self.keysPerCommand = keysPerCommand
    self.policy = policy
  }

  // MARK: - Sending

  /// What the server was told to do last: it may not have the command that was asked for.
  var actionName: String { action == .unlink && lacksUnlink ? RemovalAction.delete.name : action.name }

  /// Sends a batch; the batch before must have been answered.
  mutating func send(
    _ batch: RemovalBatch, asksInfo: Bool, from source: KeySource, on channel: some CommandChannel
  ) throws(ClientError) {
    var next = Sent(batch: batch, asksInfo: asksInfo, source: source)
    var commands = CommandBuffer()
    if asksInfo { commands.append("INFO") }
    let bytes = batch.bytes
    if case .expire(let window) = action {
      next.usesLT = !lacksLT
      next.stretches = (0..<batch.count).map { $0..<($0 + 1) }
      for range in batch.ranges {
        appendExpiry(of: bytes.span.extracting(range), within: window, to: &commands)
      }
    } else {
      next.stretches = batch.stretches(of: keysPerCommand)
      next.usesUnlink = action == .unlink && !lacksUnlink
      let name: StaticString = next.usesUnlink ? "UNLINK" : "DEL"
      for stretch in next.stretches { commands.append(name, keys: bytes.span, at: batch.ranges[stretch]) }
    }
    // Noted before it is sent: a batch that fails half-way may have been carried out.
    sent = next
    try channel.send(commands)
  }

  private func appendExpiry(of key: Span<UInt8>, within window: Int64, to commands: inout CommandBuffer) {
    let time = Array(String(RemovalAction.softTTL(of: key, within: window)).utf8)
    commands.append([Array("PEXPIRE".utf8), Array(copying: key), time] + (lacksLT ? [] : [Array("LT".utf8)]))
  }

  /// Drops the batch that is under way, and returns it; nil where none is.
  mutating func abandon() -> RemovalBatch? {
    defer { sent = nil }
    return sent?.batch
  }

  // MARK: - Receiving

  /// Waits for the replies to the batch that is under way; nil where none is.
  mutating func receive(on channel: some CommandChannel) throws(ClientError) -> Outcome? {
    guard let sent else { return nil }
    replies.removeAll()
    let expected = (sent.asksInfo ? 1 : 0) + sent.stretches.count
    try channel.receive(expected, into: replies)
    self.sent = nil
    var outcome = Outcome()
    outcome.isBatch = !sent.batch.isEmpty
    var position = 0
    if sent.asksInfo {
      outcome.facts = (try? replies[position].decode(String.self)).map { ServerInfo(text: $0) }
      position += 1
    }
    for stretch in sent.stretches {
      let counts = read(replies[position], of: stretch, sent, &outcome, at: channel.endpoint)
      if counts.failed > 0 {
        outcome.refused += stretch.map { sent.batch.key($0) }
      } else if counts.unknown > 0 {
        outcome.unread += stretch.map { sent.batch.key($0) }
      } else if replies[position].error == nil {
        outcome.settled += stretch.map { sent.batch.key($0) }
      }
      if let first = stretch.first { outcome.counts.append((sent.batch.groups[first], counts)) }
      position += 1
    }
    return outcome
  }

  private mutating func read(
    _ reply: Reply, of stretch: Range<Int>, _ sent: Sent, _ outcome: inout Outcome, at endpoint: Endpoint
  ) -> RemovalCounts {
    var counts = RemovalCounts()
    if let number = reply.integer, (0...Int64(stretch.count)).contains(number) {
      counts.removed = Int(number)
      // A key that an earlier run has removed is expected to be gone.
      let isAccounted = stretch.first.map { sent.batch.accounted[$0] } ?? false
      counts.absent = isAccounted ? 0 : stretch.count - counts.removed
    } else if let error = reply.error {
      counts = judge(error, stretch, sent, &outcome, at: endpoint)
    } else {
      // Not a reply to the command: what was done is unknown.
      counts.unknown = stretch.count
      outcome.refusal =
        outcome.refusal
        ?? ClientError(
          DecodeError(expected: "a number of keys", found: reply.summary), to: action.name, at: endpoint)
    }
    return counts
  }

  /// Decides what a refusal means: for the keys of its command, and for all that are to come.
  private mutating func judge(
    _ error: ServerError, _ stretch: Range<Int>, _ sent: Sent, _ outcome: inout Outcome,
    at endpoint: Endpoint
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
      // One forbidden key makes its whole command fail: the halves find it.
      let middle = stretch.lowerBound + stretch.count / 2
      outcome.retries.append(batch.retry(stretch.lowerBound..<middle))
      outcome.retries.append(batch.retry(middle..<stretch.upperBound))
      return counts
    }
    // A walk of the database meets the key where it is now; a key of a list or a tag counts as failed.
    if error.isRedirection, policy.meetsMoved, sent.source.namesLiveKeys {
      outcome.moved += stretch.map { batch.key($0) }
      return counts
    }
    if policy.retries(after: error) {
      outcome.retries.append(batch.retry(stretch))
      outcome.obstacle = outcome.obstacle ?? ClientError(refusing: error, action.name, endpoint)
      return counts
    }
    counts.failed = stretch.count
    if error.stopsWriting {
      outcome.refusal = outcome.refusal ?? ClientError(refusing: error, action.name, endpoint)
    } else {
      outcome.noteFailures(stretch.map { batch.key($0) }, error.advised(for: endpoint))
    }
    return counts
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
