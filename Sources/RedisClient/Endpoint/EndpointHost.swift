import Bytes
import Platform

/// The checks that hosts, ports, socket paths and databases pass wherever they were written.
package enum EndpointHost {
  /// Whether `text` is made of what host names and IPv4 addresses are made of.
  ///
  /// Names outside ASCII are refused: they need their punycode form anyway and can hide direction marks.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy { $0.isUnreserved && $0 != UInt8(ascii: "~") }
  }

  /// Whether `text` is an IPv6 address without brackets, with or without a `%zone`.
  static func isIPv6(_ text: String) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard let digits = parts.first, !digits.utf8.contains(0) else { return false }
    if parts.count == 2, !isName(String(parts[1])) { return false }
    var address = in6_addr()
    return inet_pton(AF_INET6, String(digits), &address) == 1
  }

  /// Whether a host is an IP address and not a name.
  static func isAddress(_ host: String) -> Bool {
    // No name ends in a label of digits alone (RFC 3696, section 2), so four numbers with dots are IPv4.
    host.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") } || isIPv6(host)
  }

  /// Whether a host is one that can be connected to: a name, an IPv4 address or a bare IPv6 address.
  static func isUsable(_ host: String) -> Bool { isName(host) || isIPv6(host) }

  /// Reads a host that stands alone, where no port can follow.
  static func host(typed text: String) throws(EndpointError) -> String {
    if isUsable(text) { return text }
    if text.hasPrefix("["), text.hasSuffix("]"), isIPv6(String(text.dropFirst().dropLast())) {
      return String(text.dropFirst().dropLast())
    }
    // The text itself is not repeated: it may be a whole URI with a password in it.
    let hint: Remedy =
      if text.contains("://") {
        .giveSeparately(.uri)
      } else if text.hasPrefix("/") {
        .giveSeparately(.socket)
      } else if text.contains(":") {
        .giveSeparately(.port)
      } else {
        "a host is a name such as cache-1 or an address; names outside ASCII need their punycode form"
      }
    throw EndpointError(.usage, text.isEmpty ? "the host is empty" : "the host is not valid", hint: hint)
  }

  /// Reads a port that stands alone; the text is named where it is wrong.
  static func port(typed text: String) throws(EndpointError) -> UInt16 {
    if let port = port(Array(text.utf8)) { return port }
    throw EndpointError(
      .usage, "the port \(KeyText.inQuotes(text, atMost: 80)) is not valid", hint: portRange)
  }

  /// The hint that goes with every port that was refused.
  static let portRange: Remedy = "a port is a number from 1 to 65535; the usual one is 6379"

  /// A port from its decimal digits, or nil where it is not one.
  static func port(_ digits: some Collection<UInt8>) -> UInt16? {
    guard let value = number(digits), value >= 1 else { return nil }
    return UInt16(exactly: value)
  }

  /// A number from decimal digits alone (no sign, no separators), or nil, also on overflow.
  static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Checks the path of a Unix socket against what the system's `sockaddr_un` can hold.
  static func socketPath(_ path: String) throws(EndpointError) -> String {
    let hint: Remedy = "name the server's socket, such as /run/redis/redis.sock"
    guard !path.isEmpty else { throw EndpointError(.usage, "the path of the socket is empty", hint: hint) }
    guard !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw EndpointError(.usage, "the path of the socket holds a control character", hint: hint)
    }
    // One byte is the closing NUL.
    let limit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
    guard path.utf8.count <= limit else {
      throw EndpointError(
        .usage, "the path of the socket is longer than the \(limit) bytes the system allows",
        hint: "change to its folder and give a relative path, or link to it from a shorter one")
    }
    return path
  }

  /// Checks that a database number is not negative.
  package static func checkDatabase(_ database: Int) throws(EndpointError) {
    guard database >= 0 else {
      throw EndpointError(
        .usage, "the database \(database) is not valid", hint: "databases are numbered from 0")
    }
  }
}

extension EndpointError {
  /// Two options that name the address in different ways.
  package static func clash(_ first: ConnectionSetting, _ second: ConnectionSetting) -> EndpointError {
    EndpointError(.usage, "\(first) and \(second) cannot be given together", hint: "leave out one of them")
  }

  /// TLS asked for on a Unix socket.
  package static var tlsOverSocket: EndpointError {
    EndpointError(
      .usage, "TLS and a Unix socket cannot be given together",
      hint: "leave out one: a socket never leaves the machine")
  }
}
