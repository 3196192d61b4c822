import Platform

/// The lookup of a host's name, which getaddrinfo(3) makes without a bound: the resolver's own timeouts add up to 20 s
/// and more where no name server answers.
struct NameLookup {
  /// Why there is no address, in the system's words.
  struct Fault: Error, Equatable {
    let reason: String
  }

  /// The first address of a host, IPv4 before IPv6, as text; what is an address already is returned as it is.
  static func address(
    of host: String, within limit: WaitLimit
  ) throws(WaitLimit.End) -> Result<String, Fault> {
    if EndpointHost.isAddress(host) { return .success(host) }
    return try limit.leaving { lookUp(host) }
  }

  private static func lookUp(_ host: String) -> Result<String, Fault> {
    switch lookUp(host, AF_INET) {
    case .success(let address): .success(address)
    case .failure(let fault): lookUp(host, AF_INET6).flatMapError { _ in .failure(fault) }
    }
  }

  private static func lookUp(_ host: String, _ family: Int32) -> Result<String, Fault> {
    var hints = addrinfo()
    hints.ai_family = family
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &found)
    // Invariant: the list is freed once, after its first entry has been read.
    defer { if let found { freeaddrinfo(found) } }
    guard status == 0, let first = found?.pointee else { return .failure(Fault(reason: words(status))) }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let named = getnameinfo(
      first.ai_addr, first.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard named == 0 else { return .failure(Fault(reason: words(named))) }
    return .success(text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })
  }

  private static func words(_ status: Int32) -> String { String(cString: gai_strerror(status)) }
}
