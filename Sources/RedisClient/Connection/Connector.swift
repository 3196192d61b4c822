import CHiredis
import Platform

/// Opens the plain connection of one redisContext, within a deadline.
///
/// Of several addresses of a host the first is used, IPv4 before IPv6.
struct Connector {
  let endpoint: Endpoint
  let deadline: Deadline
  /// The moment at which the whole run ends.
  let runDeadline: Deadline
  let interruption: Interruption

  /// A connected context, owned by the caller.
  func connect() throws(ClientError) -> UnsafeMutablePointer<redisContext> {
    let host = try lookUp()
    while true {
      try checkTime()
      if let context = try open(host) {
        do {
          if try isConnected(context) {
            prepare(context)
            return context
          }
        } catch {
          redisFree(context)
          throw error
        }
        redisFree(context)
      }
      // The queue of a Unix socket is full, which nothing but another attempt tells about.
      Polling.sleep(.milliseconds(10), interruption)
    }
  }

  /// Throws where connecting must end; `late` is the error once the connect timeout has passed.
  private func checkTime(late: ClientError? = nil) throws(ClientError) {
    if interruption.isRequested() {
      throw ClientError(.interrupted, "stopped while connecting to \(endpoint.description)")
    }
    if runDeadline.hasPassed { throw .runOver(" while connecting to \(endpoint.description)") }
    guard !deadline.hasPassed else { throw late ?? lateFault }
  }

  /// The address of the host; the host itself where it is one, and for a Unix socket nothing.
  private func lookUp() throws(ClientError) -> String {
    guard case .tcp(let host, _) = endpoint.address else { return "" }
    let answer: Result<String, NameLookup.Fault>
    do {
      answer = try NameLookup.address(of: host, within: WaitLimit(deadline, interruption))
    } catch {
      try checkTime(
        late: ClientError(
          .unreachable,
          "cannot reach \(endpoint.description): its name was not looked up within the connect timeout",
          hints: ["no name server may answer: check the DNS", .waitLonger(.connect)]))
      throw lateFault
    }
    switch answer {
    case .success(let address): return address
    case .failure(let unknown): throw fault(unknown.reason)
    }
  }

  /// A context that has begun to connect; nil where the queue of a Unix socket is full.
  private func open(_ host: String) throws(ClientError) -> UnsafeMutablePointer<redisContext>? {
    let opened =
      switch endpoint.address {
      case .unix(let path): redisConnectUnixNonBlock(path)
      case .tcp(_, let port): redisConnectNonBlock(host, Int32(port))
      }
    guard let context = opened else {
      throw ClientError(.unreachable, "out of memory while connecting to \(endpoint.description)")
    }
    guard context.pointee.err != 0 else { return context }
    defer { redisFree(context) }
    let reason = Socket.text(of: context)
    // hiredis passes the system's words on, not its number.
    if !isTCP, reason == String(cString: strerror(EAGAIN)) { return nil }
    throw fault(reason)
  }

  /// Waits for the connection; false where it was not even begun: some releases of hiredis take a full queue for
  /// a connection under way.
  private func isConnected(_ context: UnsafeMutablePointer<redisContext>) throws(ClientError) -> Bool {
    let descriptor = context.pointee.fd
    while true {
      try checkTime()
      let readiness = Polling.wait(
        for: descriptor, output: true, until: deadline, wakeUp: interruption.descriptor)
      guard readiness.canWrite else { continue }
      var status: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &size)
      guard status == 0 else { throw fault(String(cString: strerror(status))) }
      return isTCP || hasPeer(descriptor)
    }
  }

  private func hasPeer(_ descriptor: Int32) -> Bool {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    // Invariant: the system writes at most `length` bytes into the storage, which is made to hold any address.
    let status = withUnsafeMutablePointer(to: &address) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
    }
    return status == 0 || errno != ENOTCONN
  }

  private var isTCP: Bool { if case .tcp = endpoint.address { true } else { false } }

  private func prepare(_ context: UnsafeMutablePointer<redisContext>) {
    let descriptor = context.pointee.fd
    // A program that is started to ask for a password must not inherit the connection.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    guard isTCP else { return }
    redisEnableKeepAlive(context)
    // hiredis leaves it to the caller where it does not block. Without it the last piece of each batch waits until
    // the server has acknowledged the one before.
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    #if canImport(Darwin)
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  private var lateFault: ClientError {
    ClientError(
      .unreachable, "no answer from \(endpoint.description) within the connect timeout",
      hints: ["the host may be down or a firewall may drop the packets", .waitLonger(.connect)])
  }

  private func fault(_ reason: String) -> ClientError {
    let lower = reason.lowercased()
    var hints: [Remedy] = []
    if lower.contains("refused") {
      hints.append("nothing listens there, or a firewall answers for it")
    } else if lower.contains("no such file") {
      hints.append(
        "no server has made that socket: check the path, and \"unixsocket\" in the server's configuration")
    } else if lower.contains("permission denied") {
      hints.append("this user may not use the socket: check \"unixsocketperm\" and the groups")
    } else if lower.contains("name or service") || lower.contains("name resolution")
      || lower.contains("nodename")
    {
      // The words of glibc, of glibc without a reachable DNS, and of macOS.
      hints.append("the name does not resolve: check the spelling and the DNS")
    }
    return ClientError(.unreachable, "cannot reach \(endpoint.description): \(reason)", hints: hints)
  }
}
