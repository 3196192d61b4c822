/// One connection to one server, owned by one thread.
///
/// After any thrown error the stream's position is unknown and the connection answers nothing more. The process must
/// ignore SIGPIPE: hiredis and OpenSSL write without asking for an error instead of the signal.
package final class Connection: CommandChannel {
  /// Where the connection leads.
  package let endpoint: Endpoint
  /// What the server said of itself when the connection was made.
  package internal(set) var greeting = Greeting()

  let socket: Socket
  private let options: ConnectionLimits
  private var outstanding = 0
  private var hasAnswered = false
  private var isGreeted = false
  private var failure: ClientError?

  /// Connects, authenticates, names the connection and selects the database.
  ///
  /// Throws `unreachable`, `timeout`, `protocolViolation`, `permission`, `transient`, `interrupted` or `usage` (no such
  /// database, an unusable certificate file); no credential is sent before TLS has verified the server. All of it
  /// keeps the connect timeout.
  package init(
    to endpoint: Endpoint, options: ConnectionLimits = .init(), interruption: Interruption = .none
  ) throws(ClientError) {
    self.endpoint = endpoint
    self.options = options
    let deadline = Deadline(after: options.connectTimeout).earlier(of: options.runDeadline)
    socket = try Socket(
      to: endpoint, deadline: deadline, runDeadline: options.runDeadline,
      maximumReplyBytes: options.maximumReplyBytes, interruption: interruption)
    try greet(deadline)
    isGreeted = true
  }

  /// Queues a batch of commands and sends what the socket takes at once; never waits.
  ///
  /// Throws when the server has left, or has said something that answers no command, before the batch is sent.
  package func send(_ commands: CommandBuffer) throws(ClientError) {
    try guarded { () throws(ClientError) in
      // Whatever lies here before the question would be taken for its answer. A greeting is sent unseen, because a
      // server that turns clients away says so at once, and `greet` wants to read it.
      if outstanding == 0, isGreeted {
        try socket.readAvailable()
        try expectNoReply()
      }
      try socket.write(commands.bytes)
    }
    outstanding += commands.count
  }

  /// Waits for the next `count` replies and appends them to a buffer.
  ///
  /// Writing goes on while waiting, so a batch larger than both socket buffers cannot deadlock. The wait is bounded by the
  /// request timeout, which begins anew with each ``progress`` that bytes make: large values over a slow link take their
  /// time, and bytes that drip in do not outlast it. `count` is at most the number of commands that were sent and not
  /// answered yet.
  package func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    try receive(count, into: replies, by: requestDeadline, isRenewed: true)
  }

  /// The bytes, to the server or from it, that show a wait to be worth while.
  static let progress = 64 << 10

  private var requestDeadline: Deadline {
    Deadline(after: options.requestTimeout).earlier(of: options.runDeadline)
  }

  /// Waits until a deadline; `isRenewed` sets it anew where bytes make progress.
  func receive(
    _ count: Int, into replies: ReplyBuffer, by limit: Deadline, isRenewed: Bool = false
  ) throws(ClientError) {
    replies.secret = endpoint.credentials?.password ?? []
    try guarded { () throws(ClientError) in
      var (deadline, reached) = (limit, socket.movedBytes)
      var stop: Deadline?
      var missing = count
      while true {
        missing -= try parse(upTo: missing, into: replies)
        if missing == 0 { break }
        if stop == nil, socket.interruption.isRequested() {
          stop = Deadline(after: socket.interruption.grace)
        }
        if let stop, stop.hasPassed {
          throw ClientError(.interrupted, "stopped while waiting for \(endpoint.description)")
        }
        if isRenewed, socket.movedBytes - reached >= Connection.progress {
          (deadline, reached) = (requestDeadline, socket.movedBytes)
        }
        guard !deadline.hasPassed else { throw lateFault }
        try socket.pump(until: deadline.earlier(of: stop ?? .never), wakesOnStop: stop == nil)
      }
      outstanding -= count
      if outstanding == 0, socket.reader.pendingBytes > 0 { try expectNoReply() }
    }
  }

  /// Sends one command and waits for its reply until a deadline; otherwise as `call(_:)`.
  func call(_ words: [String], by deadline: Deadline) throws(ClientError) -> Reply {
    var command = CommandBuffer()
    command.append(words.map { Array($0.utf8) })
    let replies = ReplyBuffer()
    try send(command)
    try receive(1, into: replies, by: deadline)
    return replies[0]
  }

  /// Waits without using the server, and returns early when the user asks to stop.
  ///
  /// Where the interruption has no descriptor, a stop is noticed only at the end.
  package func pause(_ duration: Duration) {
    Polling.sleep(duration, socket.interruption)
  }

  // MARK: - Faults

  /// Runs a step, and remembers its failure so that a broken stream is never read again.
  private func guarded(_ step: () throws(ClientError) -> Void) throws(ClientError) {
    if let failure { throw failure }
    do {
      try step()
    } catch {
      failure = error
      throw error
    }
  }

  private func parse(upTo count: Int, into replies: ReplyBuffer) throws(ClientError) -> Int {
    do {
      let complete = try socket.reader.parse(upTo: count, into: replies)
      if complete > 0 { hasAnswered = true }
      return complete
    } catch {
      throw fault(error)
    }
  }

  private func expectNoReply() throws(ClientError) {
    do {
      try socket.reader.expectNoReply()
    } catch {
      throw fault(error)
    }
  }

  private func fault(_ fault: ProtocolFault) -> ClientError {
    // hiredis quotes the byte that is none of its types: "H" begins "HTTP/1.1", "\x15" a TLS alert.
    if !hasAnswered, fault.text.contains("got \"H\"") {
      return ClientError(
        .unreachable, "\(endpoint.description) is not Redis: it speaks HTTP",
        hints: ["check the host and the port"])
    }
    if !hasAnswered, fault.text.contains("got \"\\x15\"") {
      return ClientError(
        .unreachable, "\(endpoint.description) answers with TLS",
        hints: [.tryTLS])
    }
    return ClientError(
      .protocolViolation, "\(endpoint.description) broke the protocol: \(fault.text)",
      hints: ["is a proxy in between, or is this not a Redis or Valkey server?"])
  }

  private var lateFault: ClientError {
    if options.runDeadline.hasPassed {
      return .runOver(" while waiting for \(endpoint.description)")
    }
    let bound = isGreeted ? "timeout" : "connect timeout"
    return ClientError(
      .timeout, "no complete reply from \(endpoint.description) within the \(bound)",
      hints: [
        "the server may be stopped, blocked by a slow command, or unreachable",
        .waitLonger(isGreeted ? .request : .connect),
      ])
  }
}
