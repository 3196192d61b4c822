/// Where a server is and as whom to talk to it.
///
/// Every textual form is redacted: the password does not appear in it, nor does its length.
package struct Endpoint: Sendable, Hashable {
  /// The place a connection is made to.
  package enum Address: Sendable, Hashable {
    /// A host name or an IP address (IPv6 without brackets, perhaps with a `%zone`) and a port, 1 to 65535.
    case tcp(host: String, port: UInt16)
    /// The path of a Unix domain socket.
    case unix(path: String)
  }

  /// The port of a server that was given without one.
  package static let defaultPort: UInt16 = 6379
  /// The host of a server that was given without one.
  package static let defaultHost = "127.0.0.1"

  /// The place to connect to.
  package var address: Address
  /// The logical database, 0 or greater; the server knows its own upper limit.
  package var database: Int
  /// As whom to authenticate, or nil to send no `AUTH`.
  package var credentials: Credentials?
  /// How to speak TLS, or nil for a plain connection; nil where `address` is a Unix socket.
  package var tls: TLSOptions?

  /// Creates an endpoint from parts that are known to be valid; `make` checks what a person typed.
  package init(address: Address, database: Int = 0, credentials: Credentials? = nil, tls: TLSOptions? = nil) {
    self.address = address
    self.database = database
    self.credentials = credentials
    self.tls = tls
  }

  /// Makes an endpoint from separate values as typed.
  ///
  /// A host stands alone here, so an IPv6 address is clear with and without brackets: `::1` and `[::1]` are
  /// the same. Only where a port may follow, in a URI, are brackets asked for. Without host and port the
  /// address is 127.0.0.1:6379.
  ///
  /// - Throws: `usage` for a socket together with a host, a port or TLS, for a host, port, socket path or
  ///   database out of range.
  package static func make(
    host: String? = nil, port: String? = nil, socket: String? = nil, database: Int = 0,
    credentials: Credentials? = nil, tls: TLSOptions? = nil
  ) throws(EndpointError) -> Endpoint {
    let address = try Address(host: host, port: port, socket: socket)
    if case .unix = address, tls != nil { throw .tlsOverSocket }
    try EndpointHost.checkDatabase(database)
    try tls?.checkTogether()
    return Endpoint(address: address, database: database, credentials: credentials, tls: tls)
  }
}

extension Endpoint {
  /// The host, which also replaces one that a server of the cluster leaves out; a Unix socket is on this machine.
  var host: String {
    switch address {
    case .tcp(let host, _): host
    case .unix: Endpoint.defaultHost
    }
  }

  /// The name that the server's certificate is verified against where no other is given.
  var hostToVerify: String {
    switch address {
    case .tcp(let host, _): host
    case .unix: "localhost"
    }
  }

  /// The same credentials and trust at another address.
  func at(_ address: Address) -> Endpoint { Endpoint(address: address, credentials: credentials, tls: tls) }
}

extension Endpoint.Address {
  /// Reads an address from separate values as typed; see `Endpoint.make`.
  package init(host: String?, port: String?, socket: String?) throws(EndpointError) {
    if let socket {
      if host != nil { throw .clash(.socket, .host) }
      if port != nil { throw .clash(.socket, .port) }
      self = .unix(path: try EndpointHost.socketPath(socket))
      return
    }
    self = .tcp(
      host: try host.map(EndpointHost.host(typed:)) ?? Endpoint.defaultHost,
      port: try port.map(EndpointHost.port(typed:)) ?? Endpoint.defaultPort)
  }
}

extension Endpoint.Address {
  /// An address that a server announces of another; nil where it is not one.
  init?(announced host: String, port: String) {
    guard EndpointHost.isUsable(host), let port = EndpointHost.port(port.utf8)
    else { return nil }
    self = .tcp(host: host, port: port)
  }
}

extension Endpoint.Address {
  /// True where a connection does not leave this machine: a socket, or an address of the loopback interface.
  package var isLoopback: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _): ["localhost", "::1"].contains(host.lowercased()) || host.hasPrefix("127.")
    }
  }
}

extension Endpoint.Address: CustomStringConvertible {
  /// `host:port`, `[IPv6]:port` or the socket's path.
  package var description: String {
    switch self {
    case .tcp(let host, let port): (host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host) + ":\(port)"
    case .unix(let path): path
    }
  }

  /// The address as it stands in a URI.
  var literal: String {
    switch self {
    case .tcp(let host, let port):
      // RFC 6874: the percent sign before a zone is itself escaped in a URI.
      (host.utf8.contains(UInt8(ascii: ":")) ? "[\(PercentCoding.escapingZone(host))]" : host) + ":\(port)"
    case .unix(let path): PercentCoding.encode(path: path)
    }
  }
}

extension Endpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The endpoint as a URI without user and password, such as `rediss://cache-1:6379/0`.
  ///
  /// A user name is left out as well: people put passwords where it belongs. The text parses again as the
  /// same place.
  package var description: String {
    switch address {
    case .tcp: "\(tls == nil ? "redis" : "rediss")://\(address.literal)/\(database)"
    case .unix: "unix://\(address.literal)?db=\(database)"
    }
  }

  /// The same as `description`, so that debug output is as safe as any other.
  package var debugDescription: String { "Endpoint(\(description))" }

  /// A mirror that shows the redacted URI and the user.
  package var customMirror: Mirror {
    var children: [(label: String?, value: Any)] = [("uri", description)]
    if let credentials { children.append(("credentials", credentials)) }
    if let tls { children.append(("tls", tls)) }
    return Mirror(self, children: children, displayStyle: .struct)
  }
}
