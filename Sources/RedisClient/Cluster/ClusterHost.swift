import Bytes

/// What nodes of a cluster call each other.
enum ClusterHost {
  /// Whether a host is an IP address and not a name.
  static func isAddress(_ host: String) -> Bool {
    // No name ends in a label of digits alone (RFC 3696, section 2), so four numbers with dots are IPv4.
    host.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") } || EndpointHost.isIPv6(host)
  }

  /// Whether a host is one that can be connected to: a name, an IPv4 address or a bare IPv6 address.
  static func isUsable(_ host: String) -> Bool { EndpointHost.isName(host) || EndpointHost.isIPv6(host) }

  /// The host that stands in for one that a server leaves out: the one at which it was asked.
  ///
  /// Who asks over a Unix socket is on the same machine.
  static func host(of asked: Endpoint) -> String {
    switch asked.address {
    case .tcp(let host, _): host
    case .unix: Endpoint.defaultHost
    }
  }
}
