import CHiredis

/// Makes the OpenSSL object of one connection, set up so that the chain and the host's name are verified.
///
/// hiredis up to 1.4.1 checks no name by itself (its `server_name` is sent as SNI only), so the name to verify is set here
/// before the object is handed over.
struct TLSContext {
  let options: TLSOptions
  let host: String

  /// A fresh SSL object, owned by the caller. Throws the reason where a certificate or key cannot be used.
  func makeSession() throws(ClientError) -> OpaquePointer {
    // What an earlier connection of this thread left behind would be taken for this one's fault.
    ERR_clear_error()
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw fault("cannot set up TLS") }
    // The session keeps its own reference.
    defer { SSL_CTX_free(context) }
    _ = rediscache_require_tls12(context)
    rediscache_forbid_renegotiation(context)
    try loadAuthorities(into: context)
    try loadClientCertificate(into: context)
    SSL_CTX_set_verify(context, options.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
    guard let session = SSL_new(context) else { throw fault("cannot set up TLS") }
    guard setName(of: session) else {
      SSL_free(session)
      throw fault("cannot use \"\(verifiedName)\" as the server's name")
    }
    return session
  }

  /// The name, or address, that the server's certificate must carry.
  ///
  /// Certificates know neither the zone of an IPv6 address (`fe80::1%eth0`), which has a meaning on this machine only,
  /// nor the dot that ends an absolute name.
  var verifiedName: String {
    let name = options.serverName ?? host
    if name.utf8.contains(UInt8(ascii: ":")) { return String(name.prefix { $0 != "%" }) }
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }

  private func loadAuthorities(into context: OpaquePointer) throws(ClientError) {
    if options.caFile == nil, options.caDirectory == nil {
      SSL_CTX_set_default_verify_paths(context)
      return
    }
    guard SSL_CTX_load_verify_locations(context, options.caFile, options.caDirectory) == 1 else {
      throw fault("cannot read the authorities in \(options.caFile ?? options.caDirectory ?? "")")
    }
  }

  private func loadClientCertificate(into context: OpaquePointer) throws(ClientError) {
    guard let certificate = options.certificate, let key = options.key else { return }
    guard SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
      throw fault("cannot read the client certificate \(certificate)")
    }
    // OpenSSL would ask the terminal for the passphrase of an encrypted key, and wait without end.
    SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in 0 }
    guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1,
      SSL_CTX_check_private_key(context) == 1
    else {
      throw fault(
        "cannot use the key \(key)",
        hints: ["it must be the key of \(certificate), in PEM, and without a passphrase"])
    }
  }

  private func setName(of session: OpaquePointer) -> Bool {
    let parameters = SSL_get0_param(session)
    // An address is no name: it is verified as an address and never sent as SNI (RFC 6066, section 3).
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, verifiedName) == 1 { return true }
    ERR_clear_error()
    // A wildcard stands for a whole label only (RFC 6125, section 6.4.3).
    X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    return X509_VERIFY_PARAM_set1_host(parameters, verifiedName, 0) == 1
      && rediscache_set_sni(session, verifiedName) == 1
  }

  private func fault(_ text: String, hints: [Remedy] = []) -> ClientError {
    let reason = TLSContext.lastReason()
    return ClientError(.usage, "TLS: \(text)" + (reason.isEmpty ? "" : ": \(reason)"), hints: hints)
  }

  /// OpenSSL's words for the oldest error in this thread's queue, which is emptied; "" where there is none.
  static func lastReason() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0, let reason = ERR_reason_error_string(code) else { return "" }
    return String(cString: reason)
  }
}
