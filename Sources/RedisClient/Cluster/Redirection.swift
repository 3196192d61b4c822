/// A server's answer that another one has the key: `MOVED 3999 10.0.0.2:6379` or `ASK 3999 10.0.0.2:6379`.
package struct Redirection: Sendable, Equatable {
  /// For how long the redirection holds.
  package enum Kind: Sendable, Equatable {
    /// From now on the slot belongs to the other server: the topology has changed.
    case moved
    /// This once: the slot is on its way to the other server, which wants an `ASKING` before the command.
    case ask
  }

  /// For how long it holds.
  package let kind: Kind
  /// The slot of the key.
  package let slot: HashSlot
  /// Where to go, with the asker's own host put in where the server left it out, as in `MOVED 3999 :6381`.
  package let address: Endpoint.Address

  /// Reads an error reply; nil where it is no redirection, or one that leads nowhere.
  ///
  /// An empty host stands for the one that was asked, as does `?`, which a server writes for a node without a name.
  package init?(_ error: ServerError, askedAt asked: Endpoint) {
    switch error.code {
    case "MOVED": kind = .moved
    case "ASK": kind = .ask
    default: return nil
    }
    let words = error.message.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, let number = EndpointHost.number(words[1]),
      let slot = HashSlot(exactly: number), let address = Redirection.address(words[2], asked)
    else { return nil }
    self.slot = slot
    self.address = address
  }

  /// Reads `host:port`; an IPv6 address comes bare, as in `::1:6379`, or in brackets.
  private static func address(_ text: Substring.UTF8View, _ asked: Endpoint) -> Endpoint.Address? {
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")),
      let port = EndpointHost.port(text[text.index(after: colon)...])
    else { return nil }
    let host = Substring(text[..<colon])
    if host.isEmpty || host == "?" { return .tcp(host: asked.host, port: port) }
    if host.hasPrefix("["), host.hasSuffix("]") {
      let inside = String(host.dropFirst().dropLast())
      return EndpointHost.isIPv6(inside) ? .tcp(host: inside, port: port) : nil
    }
    return EndpointHost.isUsable(String(host)) ? .tcp(host: String(host), port: port) : nil
  }
}
