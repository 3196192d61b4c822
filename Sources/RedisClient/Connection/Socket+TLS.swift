import CHiredis

extension Socket {
  /// Shakes hands; afterwards the context reads and writes through TLS. Nothing but the handshake has been sent.
  func startTLS(
    _ options: TLSOptions, _ deadline: Deadline, _ runDeadline: Deadline
  ) throws(ClientError) {
    let made = try makeSession(options, deadline, runDeadline)
    guard redisInitiateSSL(context, made) == REDIS_OK else {
      let reason = handshakeFault(made, options)
      // hiredis takes the session only when it succeeds.
      SSL_free(made)
      throw reason
    }
    session = made
    while true {
      ERR_clear_error()
      let result = SSL_do_handshake(made)
      if result == 1 { return }
      let wanted = SSL_get_error(made, result)
      guard wanted == SSL_ERROR_WANT_READ || wanted == SSL_ERROR_WANT_WRITE else {
        throw handshakeFault(made, options)
      }
      try awaitHandshake(output: wanted == SSL_ERROR_WANT_WRITE, deadline, runDeadline)
    }
  }

  /// The TLS object of the connection. Certificates that come out of a pipe are waited for on another thread.
  private func makeSession(
    _ options: TLSOptions, _ deadline: Deadline, _ runDeadline: Deadline
  ) throws(ClientError) -> OpaquePointer {
    let context = TLSContext(options: options, host: endpoint.hostToVerify)
    guard options.readsPipe else { return try context.makeSession() }
    let made: Result<Made, ClientError>
    do {
      made = try WaitLimit(deadline, interruption).leaving {
        Result { () throws(ClientError) in Made(session: try context.makeSession()) }
      }
    } catch {
      if error == .late, runDeadline.hasPassed { throw .runOver(" while reading certificates") }
      throw error == .stopped
        ? ClientError(.interrupted, "stopped while reading certificates")
        : ClientError(
          .unreachable, "TLS: the pipe of a certificate or key brought no end within the connect timeout",
          hints: [.waitLonger(.connect)])
    }
    return try made.get().session
  }

  /// A TLS object that one thread makes and another takes.
  ///
  /// Invariant behind `@unchecked`: the thread that made it is done with it.
  private struct Made: @unchecked Sendable {
    let session: OpaquePointer
  }

  private func awaitHandshake(
    output: Bool, _ deadline: Deadline, _ runDeadline: Deadline
  ) throws(ClientError) {
    if interruption.isRequested() {
      throw ClientError(.interrupted, "stopped while connecting to \(endpoint.description)")
    }
    if runDeadline.hasPassed { throw .runOver(" while connecting to \(endpoint.description)") }
    guard !deadline.hasPassed else {
      throw ClientError(
        .unreachable, "no TLS answer from \(endpoint.description) within the connect timeout",
        hints: [.tryPlain, .waitLonger(.connect)])
    }
    let descriptor = context.pointee.fd
    _ = Polling.wait(for: descriptor, output: output, until: deadline, wakeUp: interruption.descriptor)
  }

  /// Why the handshake failed: the certificate's fault where there is one, else OpenSSL's or the system's words.
  private func handshakeFault(_ session: OpaquePointer, _ options: TLSOptions) -> ClientError {
    let reason = TLSContext.lastReason()
    let verdict = SSL_get_verify_result(session)
    if !options.insecure, verdict != Int(X509_V_OK) {
      let text = String(cString: X509_verify_cert_error_string(verdict))
      return ClientError(
        .unreachable, "TLS: the certificate of \(endpoint.description) is not trusted: \(text)",
        hints: [Socket.hint(forVerdict: verdict), "no password has been sent"])
    }
    if reason.contains("alert") { return alertFault(reason) }
    // What a plain server answers to a greeting in TLS is no TLS record.
    if reason.contains("wrong version number") || reason.contains("packet length too long") {
      return ClientError(
        .unreachable, "TLS: \(endpoint.description) does not speak TLS", hints: [.tryPlain])
    }
    return ClientError(
      .unreachable, "TLS: no handshake with \(endpoint.description)" + (reason.isEmpty ? "" : ": \(reason)"),
      hints: [.tryPlain])
  }

  private static func hint(forVerdict verdict: Int) -> Remedy {
    switch Int32(truncatingIfNeeded: verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED: "renew the server's certificate"
    case X509_V_ERR_CERT_NOT_YET_VALID: "check the clock of this machine"
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .useCertificateName
    default: .nameAuthority
    }
  }

  /// The server ended TLS and said why, most often because it wants a client certificate.
  func alertFault(_ reason: String) -> ClientError {
    ClientError(
      .unreachable, "TLS: \(endpoint.description) refused the connection: \(reason)",
      hints: [.giveClientCertificate(orAnother: true)])
  }
}
