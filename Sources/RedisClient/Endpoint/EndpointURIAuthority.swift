import Bytes

/// The part of a URI between `//` and the path: who and where.
extension EndpointURI {
  /// Reads what stands before the `@`.
  static func credentials(_ userInfo: ArraySlice<UInt8>) throws(EndpointError) -> Credentials {
    guard let colon = userInfo.firstIndex(of: UInt8(ascii: ":")) else {
      throw failure(
        "the URI has a user but no password",
        hint: "write redis://user:password@host, or redis://:password@host for the default user")
    }
    guard let user = PercentCoding.decode(userInfo[..<colon]) else { throw badEscape("user") }
    guard let password = PercentCoding.decode(userInfo[(colon + 1)...]) else { throw badEscape("password") }
    guard !password.isEmpty else {
      throw failure(
        "the password in the URI is empty",
        hint: "leave out everything up to the @ if none is needed; a nopass user takes any password")
    }
    // ACL SETUSER refuses spaces and NUL in names; control characters can only be a mistake.
    guard let name = String(validating: user, as: UTF8.self),
      !user.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else {
      throw failure(
        "the user in the URI is not a valid name",
        hint: "names are UTF-8 without spaces or control characters")
    }
    return Credentials(user: name, password: password)
  }

  /// Reads one place, or several with commas in between; each that names no port gets the default one.
  static func addresses(
    _ places: ArraySlice<UInt8>, defaultPort: UInt16
  ) throws(EndpointError) -> [Endpoint.Address] {
    let list = places.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    // Where several stand, one without a host is more likely a piece of a password than a port of this machine.
    if list.count > 1, list.contains(where: { $0.isEmpty || $0.first == UInt8(ascii: ":") }) {
      throw failure("a host in the list of the URI is empty", hint: "write redis://a:7000,b:7000")
    }
    var addresses: [Endpoint.Address] = []
    for place in list { addresses.append(try address(place, defaultPort: defaultPort)) }
    return addresses
  }

  /// Reads `host`, `host:port`, `:port` or `[IPv6]:port`; what is missing gets its default.
  private static func address(
    _ place: ArraySlice<UInt8>, defaultPort: UInt16
  ) throws(EndpointError) -> Endpoint.Address {
    if place.first == UInt8(ascii: "[") { return try bracketed(place, defaultPort: defaultPort) }
    guard place.count(where: { $0 == UInt8(ascii: ":") }) <= 1 else { throw unbracketed(place) }
    let host = place.prefix { $0 != UInt8(ascii: ":") }
    let port = try port(after: place[host.endIndex...], default: defaultPort)
    let name = String(decoding: host, as: UTF8.self)
    guard host.isEmpty || EndpointHost.isName(name) else {
      throw failure(
        "the host in the URI holds characters that host names do not have",
        hint: "a host is a name such as cache-1 or an address; names outside ASCII need their punycode form")
    }
    return .tcp(host: host.isEmpty ? Endpoint.defaultHost : name, port: port)
  }

  /// An escape sequence that is none.
  static func badEscape(_ part: String) -> EndpointError {
    failure("the \(part) in the URI has a % without two hexadecimal digits", hint: "write a % itself as %25")
  }

  private static func bracketed(
    _ place: ArraySlice<UInt8>, defaultPort: UInt16
  ) throws(EndpointError) -> Endpoint.Address {
    let inside = place.dropFirst().prefix { $0 != UInt8(ascii: "]") }
    guard inside.endIndex < place.endIndex, let decoded = PercentCoding.decode(inside),
      let host = String(validating: decoded, as: UTF8.self), EndpointHost.isIPv6(host)
    else {
      throw failure("the brackets in the URI hold no IPv6 address", hint: "write it as redis://[::1]:6379/0")
    }
    return .tcp(host: host, port: try port(after: place[(inside.endIndex + 1)...], default: defaultPort))
  }

  /// More than one colon without brackets: an IPv6 address, or something that is not shown.
  private static func unbracketed(_ place: ArraySlice<UInt8>) -> EndpointError {
    let text = String(decoding: place, as: UTF8.self)
    guard EndpointHost.isIPv6(text) else {
      return failure(
        "the host in the URI has more than one colon",
        hint:
          "an IPv6 address stands in brackets, redis://[::1]; a password needs a host, redis://:password@h")
    }
    return failure(
      "put an IPv6 address in brackets: [\(text)]",
      hint: "the port comes after the brackets: redis://[::1]:6379/0")
  }

  /// Reads a port that is led by its colon, or takes the default where nothing is left.
  private static func port(
    after rest: ArraySlice<UInt8>, default standard: UInt16
  ) throws(EndpointError) -> UInt16 {
    guard !rest.isEmpty else { return standard }
    let digits = rest.dropFirst()
    if rest.first == UInt8(ascii: ":"), let port = EndpointHost.port(digits) { return port }
    // "redis://user:secret", its host forgotten, ends up here: nothing but a few digits may be shown.
    let isNumber = !digits.isEmpty && digits.count <= 5 && digits.allSatisfy(\.isDigit)
    let shown = isNumber ? " " + String(decoding: digits, as: UTF8.self) : ""
    throw failure("the port\(shown) in the URI is not valid", hint: EndpointHost.portRange)
  }
}
