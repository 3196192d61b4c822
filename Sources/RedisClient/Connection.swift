internal import CHiredis

/// Where replies come from: commands in, replies out, in order.
///
/// Operations are generic over it, so that they run against a scripted server in tests.
public protocol CommandChannel: AnyObject {
  /// Where the channel leads, for messages.
  var endpoint: Endpoint { get }
  /// Queues a flight of commands and sends what the socket takes at once; never waits.
  func send(_ commands: CommandBuffer) throws(ClientError)
  /// Waits for the next `count` replies and appends them to a buffer.
  func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError)
  /// Waits without using the server, and returns early when the user asks to stop.
  func pause(_ duration: Duration)
}

/// One connection to one server, owned by one thread.
///
/// After any thrown error the stream's position is unknown and the connection answers nothing more.
public final class Connection: CommandChannel {
  /// Where the connection leads.
  public let endpoint: Endpoint
  /// What the server said of itself when the connection was made.
  public internal(set) var greeting = Greeting()

  private let socket: Socket
  private let reader: ReplyReader
  private let options: ConnectionOptions
  private var outstanding = 0
  private var failure: ClientError?

  /// Connects, authenticates, names the connection and selects the database.
  ///
  /// Throws `unreachable`, `timeout`, `permission` or `usage` (no such database); no credential is sent before TLS
  /// has verified the server.
  public init(
    to endpoint: Endpoint, options: ConnectionOptions = .init(), interruption: Interruption = .none
  ) throws(ClientError) {
    self.endpoint = endpoint
    self.options = options
    let deadline = Deadline(after: options.connectTimeout).earlier(of: options.runDeadline)
    socket = try Socket(to: endpoint, deadline: deadline, interruption: interruption)
    reader = ReplyReader(replacingReaderOf: socket.context)
    try greet()
  }

  deinit { reader.release() }

  /// Queues a flight of commands and sends what the socket takes at once; never waits.
  public func send(_ commands: CommandBuffer) throws(ClientError) {
    try guarded { () throws(ClientError) in
      try socket.write(commands.bytes)
    }
    outstanding += commands.count
  }

  /// Waits for the next `count` replies and appends them to a buffer.
  ///
  /// Writing goes on while waiting, so a flight larger than both socket buffers cannot deadlock. The whole wait is
  /// bounded by the request timeout, however slowly bytes drip in.
  public func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    try guarded { () throws(ClientError) in
      let deadline = Deadline(after: options.requestTimeout).earlier(of: options.runDeadline)
      var missing = count
      while true {
        missing -= try parse(upTo: missing, into: replies)
        if missing == 0 { break }
        guard !deadline.hasPassed else { throw lateFault }
        try socket.pump(deadline)
      }
      outstanding -= count
      guard outstanding > 0 || reader.pendingBytes == 0 else { throw fault("a reply that answers no command") }
    }
  }

  /// Sends one command and waits for its reply, which may be an error reply.
  public func request(_ arguments: String...) throws(ClientError) -> Reply {
    var flight = CommandBuffer()
    flight.append(arguments.map { Array($0.utf8) })
    let replies = ReplyBuffer()
    try send(flight)
    try receive(1, into: replies)
    return replies[0]
  }

  /// Waits without using the server, and returns early when the user asks to stop.
  public func pause(_ duration: Duration) {
    socket.sleep(duration)
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
      let complete = try reader.parse(upTo: count, into: replies)
      guard reader.pendingBytes <= options.maximumReplyBytes else {
        throw fault("a reply of more than \(options.maximumReplyBytes) bytes")
      }
      return complete
    } catch let error as ProtocolFault {
      throw self.fault(ofReader: error)
    } catch {
      throw (error as? ClientError) ?? fault("\(error)")
    }
  }

  private func fault(ofReader fault: ProtocolFault) -> ClientError {
    // hiredis quotes the offending byte: "H" begins "HTTP/1.1", "\x15" a TLS alert.
    if fault.text.contains("\"H\"") {
      return ClientError(
        .unreachable, "\(endpoint.description) is not Redis: it speaks HTTP", hints: ["check the host and the port"])
    }
    if fault.text.contains("\"\\x15\"") {
      return ClientError(
        .unreachable, "\(endpoint.description) answers with TLS", hints: ["try --tls, or rediss:// for redis://"])
    }
    return self.fault(fault.text)
  }

  private func fault(_ text: String) -> ClientError {
    ClientError(
      .protocolViolation, "\(endpoint.description) broke the protocol: \(text)",
      hints: ["is a proxy in between, or is this not a Redis or Valkey server?"])
  }

  private var lateFault: ClientError {
    options.runDeadline.hasPassed
      ? ClientError(.timeout, "the run's time limit passed while waiting for \(endpoint.description)")
      : ClientError(
        .timeout, "no complete reply from \(endpoint.description) within the timeout",
        hints: ["the server may be stopped, blocked by a slow command, or unreachable", "--timeout waits longer"])
  }
}

/// How long a connection waits and how much it takes.
public struct ConnectionOptions: Sendable {
  /// The bound on connecting, TLS and authentication together.
  public var connectTimeout: Duration
  /// The bound on each wait for the replies of a flight.
  public var requestTimeout: Duration
  /// The bound on the whole run.
  public var runDeadline: Deadline
  /// A reply larger than this is refused; the server's own limit for a value is 512 MB.
  public var maximumReplyBytes = 640 << 20

  /// The defaults of every command: 5 s to connect, 10 s a request, no bound on the run.
  public init(
    connectTimeout: Duration = .seconds(5), requestTimeout: Duration = .seconds(10), runDeadline: Deadline = .never
  ) {
    self.connectTimeout = connectTimeout
    self.requestTimeout = requestTimeout
    self.runDeadline = runDeadline
  }
}
