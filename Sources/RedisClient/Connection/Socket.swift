import CHiredis

/// The non-blocking socket under one redisContext, encrypted or not: bytes out, bytes in, every wait bounded.
///
/// Invariants, on which the unsafe pointers rest:
/// - This object alone owns `context` and frees it once, in `deinit`.
/// - The context reads into `reader`'s redisReader, which `reader` owns: it is taken out before the context is freed.
/// - `session`, where there is one, belongs to the context and is used only while the context lives.
///
/// hiredis writes without MSG_NOSIGNAL: the process must ignore SIGPIPE, or a server that leaves ends it.
final class Socket {
  /// What is handed to hiredis at once: it moves the unsent rest to the front of its buffer after each partial write.
  private static let pieceSize = 128 << 10

  let endpoint: Endpoint
  let interruption: Interruption
  let reader: ReplyReader
  let context: UnsafeMutablePointer<redisContext>
  var session: OpaquePointer?

  /// The bytes that have been read, and those that have been written but for the last piece.
  private(set) var movedBytes = 0

  /// What has not been handed to hiredis yet begins at `handedOver`.
  private var output: [UInt8] = []
  private var handedOver = 0
  /// True while hiredis holds a piece that the system has not taken.
  private var hasPiece = false
  private var pieceBytes = 0
  /// True once writing failed: what the peer said before it left is still read.
  private var isWriteBroken = false

  /// Connects, and speaks TLS first where the endpoint asks for it.
  init(
    to endpoint: Endpoint, deadline: Deadline, runDeadline: Deadline, maximumReplyBytes: Int,
    interruption: Interruption
  ) throws(ClientError) {
    guard let reader = ReplyReader(maximumReplyBytes: maximumReplyBytes) else {
      throw ClientError(.unreachable, "out of memory while connecting to \(endpoint.description)")
    }
    self.endpoint = endpoint
    self.interruption = interruption
    self.reader = reader
    context = try Connector(
      endpoint: endpoint, deadline: deadline, runDeadline: runDeadline, interruption: interruption
    ).connect()
    redisReaderFree(context.pointee.reader)
    context.pointee.reader = reader.reader
    if let tls = endpoint.tls { try startTLS(tls, deadline, runDeadline) }
  }

  deinit {
    context.pointee.reader = nil
    redisFree(context)
  }

  /// True while bytes wait to be sent.
  var hasOutput: Bool { !isWriteBroken && (hasPiece || handedOver < output.count) }

  /// Queues bytes and sends what the system takes at once.
  func write(_ bytes: [UInt8]) throws(ClientError) {
    // A sender that is always ahead of the server would never see the queue empty: what has gone is let go here.
    if handedOver > 1 << 20 {
      output.removeSubrange(..<handedOver)
      handedOver = 0
    }
    output.append(contentsOf: bytes)
    try flush()
  }

  /// Waits until bytes can be read or written, moves them, and returns; moves nothing when the deadline comes first.
  ///
  /// `wakesOnStop` ends the wait as soon as the user asks to stop.
  func pump(until deadline: Deadline, wakesOnStop: Bool) throws(ClientError) {
    var readiness = Polling.Readiness(canRead: true, canWrite: hasOutput)
    if !hasPendingPlaintext {
      let wakeUp = wakesOnStop ? interruption.descriptor : -1
      let descriptor = context.pointee.fd
      readiness = Polling.wait(for: descriptor, output: hasOutput, until: deadline, wakeUp: wakeUp)
    }
    if readiness.canRead { try readAvailable() }
    if readiness.canWrite { try flush() }
  }

  /// Reads what has come, at most 16 KiB, without waiting.
  func readAvailable() throws(ClientError) {
    let before = reader.heldBytes
    guard redisBufferRead(context) == REDIS_OK else { throw readFault() }
    movedBytes += max(0, reader.heldBytes - before)
  }

  /// TLS may hold decrypted bytes of which the descriptor knows nothing.
  private var hasPendingPlaintext: Bool { session.map { SSL_pending($0) > 0 } ?? false }

  private func flush() throws(ClientError) {
    while hasOutput {
      if !hasPiece { try handOverPiece() }
      var done: Int32 = 0
      guard redisBufferWrite(context, &done) == REDIS_OK else { return breakOffWriting() }
      if done == 0 { return }
      hasPiece = false
      movedBytes += pieceBytes
    }
  }

  private func handOverPiece() throws(ClientError) {
    let end = min(output.count, handedOver + Self.pieceSize)
    let status = output[handedOver..<end].withUnsafeBytes { raw in
      // Invariant: hiredis copies the bytes before it returns.
      redisAppendFormattedCommand(context, raw.bindMemory(to: CChar.self).baseAddress, raw.count)
    }
    guard status == REDIS_OK else { throw closedFault("out of memory while sending") }
    hasPiece = true
    pieceBytes = end - handedOver
    handedOver = end
    guard end == output.count else { return }
    handedOver = 0
    output.removeAll(keepingCapacity: output.capacity < 1 << 20)
  }

  /// A server that turns a client away writes why and leaves, perhaps before it has read anything: what it said is
  /// read first, and then comes the end of the stream.
  private func breakOffWriting() {
    isWriteBroken = true
    output = []
    handedOver = 0
    context.pointee.err = 0
    // OpenSSL would take what writing left in its queue for a fault of the next read.
    ERR_clear_error()
  }
}

// MARK: - Faults

extension Socket {
  /// What the context noted as its last fault.
  static func text(of context: UnsafeMutablePointer<redisContext>) -> String {
    // Invariant: hiredis ends the text with NUL inside the array.
    withUnsafeBytes(of: &context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private func closedFault(_ reason: String) -> ClientError {
    ClientError(
      .closed, "\(endpoint.description) closed the connection" + (reason.isEmpty ? "" : ": \(reason)"))
  }

  /// Why reading failed. A client certificate that the server rejects after the handshake (TLS 1.3) shows here too.
  private func readFault() -> ClientError {
    let reason = session == nil ? "" : TLSContext.lastReason()
    if reason.contains("alert") { return alertFault(reason) }
    // "unexpected eof" is OpenSSL's word for a peer that leaves without taking leave.
    let isEnd = context.pointee.err == REDIS_ERR_EOF || reason.contains("unexpected eof")
    if isEnd { return closedFault("") }
    return closedFault(reason.isEmpty ? Socket.text(of: context) : reason)
  }
}

/// Bytes that pass hiredis's reader by: a stream of MONITOR is not to be held in its buffer.
extension Socket {
  /// Waits until bytes can be read or a moment passes; sends meanwhile what is left to send.
  ///
  /// `wakesOnStop` ends the wait as soon as the user asks to stop.
  func waitForInput(until deadline: Deadline, wakesOnStop: Bool) throws(ClientError) {
    if let session, SSL_pending(session) > 0 { return }
    let readiness = Polling.wait(
      for: context.pointee.fd, output: hasOutput, until: deadline,
      wakeUp: wakesOnStop ? interruption.descriptor : -1)
    if readiness.canWrite { try write([]) }
  }

  /// Reads what has come, without waiting, and gives the number of bytes.
  ///
  /// Nothing may lie in the reader's buffer.
  func read(into buffer: inout [UInt8]) throws(ClientError) -> Int {
    // Invariant: the table of functions lives as long as the context, and the call writes within the buffer only.
    guard let read = context.pointee.funcs?.pointee.read else { return 0 }
    let count = buffer.withUnsafeMutableBytes { raw in
      read(context, raw.bindMemory(to: CChar.self).baseAddress, raw.count)
    }
    guard count >= 0 else {
      throw ClientError(.closed, "\(endpoint.description) closed the connection")
    }
    return Int(count)
  }
}
