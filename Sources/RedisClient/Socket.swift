internal import CHiredis

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The non-blocking socket under one redisContext, encrypted or not: bytes out, bytes in, every wait bounded.
///
/// Invariants: this object is the only owner of the context and frees it once; `session`, where there is one, belongs to
/// hiredis after the hand-over and is used only while the context lives.
final class Socket {
  let context: UnsafeMutablePointer<redisContext>
  let endpoint: Endpoint
  let interruption: Interruption
  private var session: OpaquePointer?
  /// True while bytes wait to be sent.
  private(set) var hasOutput = false

  /// Connects, and speaks TLS first where the endpoint asks for it.
  init(
    to endpoint: Endpoint, deadline: Deadline, interruption: Interruption
  ) throws(ClientError) {
    self.endpoint = endpoint
    self.interruption = interruption
    guard let context = Socket.open(endpoint.address) else {
      throw ClientError(.unreachable, "out of memory while connecting to \(endpoint.description)")
    }
    self.context = context
    guard context.pointee.err == 0 else { throw connectFault(Socket.text(of: context)) }
    try awaitConnection(deadline)
    if let tls = endpoint.tls { try startTLS(tls, deadline) }
  }

  deinit { redisFree(context) }

  /// Puts bytes into the output buffer and sends what the socket takes at once.
  func write(_ bytes: [UInt8]) throws(ClientError) {
    let appended = bytes.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { redisAppendFormattedCommand(context, $0.baseAddress, $0.count) }
    }
    guard appended == REDIS_OK else { throw ioFault() }
    hasOutput = true
    try flush()
  }

  /// Waits until bytes can be read or written, moves them, and returns.
  ///
  /// Throws `timeout` at the deadline. A stop that the user asks for shortens the wait to the interruption's grace.
  func pump(_ deadline: Deadline) throws(ClientError) {
    var isReadable = hasPendingPlaintext
    if !isReadable { isReadable = try wait(forOutput: hasOutput, deadline) }
    if isReadable {
      guard redisBufferRead(context) == REDIS_OK else { throw ioFault() }
    }
    if hasOutput { try flush() }
  }

  /// Waits for readiness; true when there is something to read.
  private func wait(forOutput: Bool, _ deadline: Deadline) throws(ClientError) -> Bool {
    var deadline = deadline
    var watched = [pollfd(fd: context.pointee.fd, events: Int16(forOutput ? POLLIN | POLLOUT : POLLIN), revents: 0)]
    if interruption.isRequested() {
      deadline = deadline.earlier(of: Deadline(after: interruption.grace))
    } else if interruption.descriptor >= 0 {
      watched.append(pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0))
    }
    let ready = poll(&watched, nfds_t(watched.count), deadline.pollTimeout)
    if ready < 0, errno != EINTR { throw closedFault(String(cString: strerror(errno))) }
    if ready == 0, deadline.hasPassed {
      throw interruption.isRequested()
        ? ClientError(.interrupted, "stopped while waiting for \(endpoint.description)") : timeoutFault()
    }
    return watched[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0
  }

  /// Waits, unless the user asks to stop.
  func sleep(_ duration: Duration) {
    guard !interruption.isRequested() else { return }
    let deadline = Deadline(after: duration)
    guard interruption.descriptor >= 0, duration >= .milliseconds(1) else {
      usleep(UInt32(duration / .microseconds(1)))
      return
    }
    var watched = pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0)
    while !deadline.hasPassed, poll(&watched, 1, deadline.pollTimeout) == 0 {}
  }

  /// TLS may hold decrypted bytes of which the descriptor knows nothing.
  private var hasPendingPlaintext: Bool { session.map { SSL_pending($0) > 0 } ?? false }

  private func flush() throws(ClientError) {
    var done: Int32 = 0
    guard redisBufferWrite(context, &done) == REDIS_OK else { throw ioFault() }
    hasOutput = done == 0
  }
}

// MARK: - Connecting

extension Socket {
  private static func open(_ address: Endpoint.Address) -> UnsafeMutablePointer<redisContext>? {
    switch address {
    case .unix(let path): redisConnectUnixNonBlock(path)
    case .tcp(let host, let port): redisConnectNonBlock(host, Int32(port))
    }
  }

  private func awaitConnection(_ deadline: Deadline) throws(ClientError) {
    // hiredis frees RESP3 pushes as objects of its own kind; ours are none.
    redisSetPushCallback(context, nil)
    var watched = pollfd(fd: context.pointee.fd, events: Int16(POLLOUT), revents: 0)
    while true {
      // Short waits, because a stop that the user asks for has no descriptor of its own here.
      let slice = deadline.pollTimeout < 0 ? 100 : min(100, deadline.pollTimeout)
      let ready = poll(&watched, 1, slice)
      if ready > 0 { break }
      if interruption.isRequested() {
        throw ClientError(.interrupted, "stopped while connecting to \(endpoint.description)")
      }
      guard !deadline.hasPassed else {
        throw ClientError(
          .unreachable, "no answer from \(endpoint.description) within the connect timeout",
          hints: ["the host may be down or a firewall may drop the packets", "--connect-timeout waits longer"])
      }
    }
    var status: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(context.pointee.fd, SOL_SOCKET, SO_ERROR, &status, &size)
    guard status == 0 else { throw connectFault(String(cString: strerror(status))) }
    if case .tcp = endpoint.address { redisEnableKeepAlive(context) }
  }

  private func connectFault(_ reason: String) -> ClientError {
    let lower = reason.lowercased()
    var hints: [String] = []
    if lower.contains("refused") {
      hints.append("nothing listens there, or a firewall answers for it")
    } else if lower.contains("no such file") {
      hints.append("no server has made that socket: check the path, and \"unixsocket\" in the server's configuration")
    } else if lower.contains("permission") {
      hints.append("this user may not use the socket: check \"unixsocketperm\" and the groups")
    } else if lower.contains("resolve") || lower.contains("name or service") || lower.contains("known") {
      hints.append("the name does not resolve: check the spelling and the DNS")
    }
    return ClientError(.unreachable, "cannot reach \(endpoint.description): \(reason)", hints: hints)
  }
}

// MARK: - TLS

extension Socket {
  private func startTLS(_ options: TLSOptions, _ deadline: Deadline) throws(ClientError) {
    let made = try TLSContext(options: options, host: endpoint.hostToVerify).makeSession()
    guard redisInitiateSSL(context, made) == REDIS_OK else {
      let reason = handshakeReason(made)
      SSL_free(made)
      throw reason
    }
    session = made
    while true {
      let result = SSL_do_handshake(made)
      if result == 1 { return }
      let wanted = SSL_get_error(made, result)
      guard wanted == SSL_ERROR_WANT_READ || wanted == SSL_ERROR_WANT_WRITE else { throw handshakeReason(made) }
      do {
        _ = try wait(forOutput: wanted == SSL_ERROR_WANT_WRITE, deadline)
      } catch where error.kind == .timeout {
        throw ClientError(
          .unreachable, "no TLS answer from \(endpoint.description)",
          hints: ["the server may not speak TLS on this port: try without --tls, or redis:// for rediss://"])
      }
    }
  }

  /// Why the handshake failed: the certificate's fault where there is one, else OpenSSL's or the system's words.
  private func handshakeReason(_ session: OpaquePointer) -> ClientError {
    let verdict = SSL_get_verify_result(session)
    if verdict != Int(X509_V_OK) {
      let text = String(cString: X509_verify_cert_error_string(verdict))
      return ClientError(
        .unreachable, "TLS: the certificate of \(endpoint.description) is not trusted: \(text)",
        hints: [Socket.hint(forVerdict: verdict), "no credential has been sent"])
    }
    let reason = TLSContext.lastReason()
    if reason.contains("alert") {
      return ClientError(
        .unreachable, "TLS: \(endpoint.description) refused the connection: \(reason)",
        hints: ["it may want a client certificate: --cert and --key"])
    }
    return ClientError(
      .unreachable, "TLS: no handshake with \(endpoint.description)" + (reason.isEmpty ? "" : ": \(reason)"),
      hints: ["the server may not speak TLS on this port: try without --tls, or redis:// for rediss://"])
  }

  private static func hint(forVerdict verdict: Int) -> String {
    switch Int32(truncatingIfNeeded: verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED: "renew the server's certificate"
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      "connect by a name that the certificate carries, or name it with --sni"
    default: "name the authority that signed it with --cacert"
    }
  }
}

// MARK: - Faults

extension Socket {
  private static func text(of context: UnsafeMutablePointer<redisContext>) -> String {
    withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: 128) { String(cString: $0) }
    }
  }

  private func timeoutFault() -> ClientError {
    ClientError(
      .timeout, "no complete reply from \(endpoint.description) within the timeout",
      hints: ["the server may be stopped, blocked by a slow command, or unreachable", "--timeout waits longer"])
  }

  private func closedFault(_ reason: String) -> ClientError {
    ClientError(.closed, "\(endpoint.description) closed the connection: \(reason)")
  }

  /// The fault that the context noted. A certificate that the peer rejects after the handshake (TLS 1.3) shows here.
  private func ioFault() -> ClientError {
    let text = Socket.text(of: context)
    guard session != nil else { return closedFault(text.isEmpty ? "end of stream" : text) }
    let reason = TLSContext.lastReason()
    let full = reason.isEmpty ? text : reason
    guard full.contains("alert") || full.contains("certificate") else { return closedFault(full) }
    return ClientError(
      .unreachable, "TLS: \(endpoint.description) refused the connection: \(full)",
      hints: ["it may want a client certificate: --cert and --key"])
  }
}

extension Endpoint {
  /// What the certificate is verified against when no other name is given.
  var hostToVerify: String {
    switch address {
    case .tcp(let host, _): host
    case .unix: "localhost"
    }
  }
}
