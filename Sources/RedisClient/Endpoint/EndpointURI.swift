import Bytes

/// The reader of the URIs that say where to connect.
///
/// Forms, as in redis-cli and the provisional IANA registration of `redis` and `rediss`:
///
///     redis://[[user]:password@][host][:port][,…][/db][?db=N]       also valkey://
///     rediss://…                                                    also valkeys://, with TLS
///     unix://[[user]:password@]/path[?db=N]                         also redis+unix://, valkey+unix://
///     redis-sentinel://[[user]:password@]host[:port][,…]/NAME[/db]  also valkey-sentinel://
///     rediss-sentinel://…                                           also valkeys-sentinel://, with TLS
///
/// Several hosts are seeds, tried in turn. Those of a Sentinel URI are sentinels, while user and password are the
/// server's.
///
/// User, password and socket path may be percent-encoded; nothing else may. The reader is strict because a
/// lenient one, given a password with an unescaped `@` or `/`, would look up a part of it as a host.
package enum EndpointURI {
  /// Reads where to connect from a URI.
  ///
  /// - Throws: `usage`, with texts that name the part in question and never repeat the URI. Digits where a
  ///   port or a database belongs are repeated, other text there is not: it may be a password that lost its
  ///   host.
  package static func parse(_ text: String) throws(EndpointError) -> Locator {
    let parts = try Parts(text)
    return Locator(
      parts.addresses, sentinelName: parts.sentinelName, database: parts.database ?? 0,
      credentials: parts.credentials, tls: parts.usesTLS ? TLSOptions() : nil)
  }

  /// What a URI says and what it leaves open.
  package struct Parts {
    package var addresses: [Endpoint.Address]
    package var sentinelName: String?
    package var usesTLS: Bool
    package var database: Int?
    package var credentials: Credentials?
  }

  /// What a scheme stands for.
  enum Scheme: Equatable {
    case plain, tls, unix, sentinel, sentinelWithTLS

    init?(_ name: String) {
      switch name.lowercased() {
      case "redis", "valkey": self = .plain
      case "rediss", "valkeys": self = .tls
      case "unix", "redis+unix", "valkey+unix": self = .unix
      case "redis-sentinel", "valkey-sentinel": self = .sentinel
      case "rediss-sentinel", "valkeys-sentinel": self = .sentinelWithTLS
      default: return nil
      }
    }

    var isSentinel: Bool { self == .sentinel || self == .sentinelWithTLS }
  }

  static func failure(_ message: SettingText, hint: Remedy) -> EndpointError {
    EndpointError(.usage, message, hint: hint)
  }
}

extension EndpointURI.Parts {
  package init(_ text: String) throws(EndpointError) {
    let (scheme, rest) = try Self.scheme(of: Array(text.utf8))
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    let authority = rest[..<end]
    let tail = rest[end...]
    try Self.refuseStray(authority: authority, tail: tail)

    let at = authority.firstIndex(of: UInt8(ascii: "@"))
    let place = at.map { authority[($0 + 1)...] } ?? authority
    let mark = tail.firstIndex(of: UInt8(ascii: "?")) ?? tail.endIndex
    let path = tail[..<mark]
    var segments = path
    if scheme == .unix {
      addresses = [try Self.socket(place: place, path: path)]
      segments = []
    } else {
      addresses = try EndpointURI.addresses(
        place, defaultPort: scheme.isSentinel ? Locator.defaultSentinelPort : Endpoint.defaultPort)
    }
    if scheme.isSentinel { (sentinelName, segments) = try Self.primaryName(path) }
    usesTLS = scheme == .tls || scheme == .sentinelWithTLS
    credentials = try at.map { index throws(EndpointError) in try EndpointURI.credentials(authority[..<index])
    }
    let segment = try Self.databaseSegment(segments)
    let parameter = try Self.databaseParameter(tail[mark...].dropFirst())
    if let segment, let parameter, segment != parameter {
      throw EndpointURI.failure(
        "the URI names two databases, \(segment) and \(parameter)",
        hint: "give the database once: /N or ?db=N")
    }
    database = segment ?? parameter
  }

  /// Splits the scheme off and refuses what cannot stand anywhere in a URI.
  private static func scheme(
    of bytes: [UInt8]
  ) throws(EndpointError) -> (EndpointURI.Scheme, ArraySlice<UInt8>) {
    let forms: Remedy =
      "forms: redis://host:6379/0, rediss:// for TLS, unix:///path?db=0, redis-sentinel://host:26379/NAME"
    guard !bytes.isEmpty else { throw EndpointURI.failure("the URI is empty", hint: forms) }
    guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      throw EndpointURI.failure(
        "the URI holds a space or a control character",
        hint: "percent-encode it in a password: a space is %20")
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8)
    else { throw EndpointURI.failure("the URI has no scheme", hint: forms) }
    guard let scheme = EndpointURI.Scheme(String(decoding: bytes[..<colon], as: UTF8.self)) else {
      throw EndpointURI.failure("the scheme of the URI is not known", hint: forms)
    }
    return (scheme, bytes[(colon + 3)...])
  }

  /// Refuses characters whose place says that a password was not percent-encoded.
  ///
  /// That holds for the path of a socket too: after one slash too many, `unix:///:password@/run/x.sock`, the
  /// password would be taken for a part of the path and shown.
  private static func refuseStray(
    authority: ArraySlice<UInt8>, tail: ArraySlice<UInt8>
  ) throws(EndpointError) {
    let at = UInt8(ascii: "@")
    guard authority.count(where: { $0 == at }) <= 1, !tail.contains(at) else {
      throw EndpointURI.failure(
        "the URI has an @ out of place: a user, password or path in it is not percent-encoded",
        hint: "write @ as %40, / as %2F, ? as %3F, # as %23, % as %25")
    }
    guard !authority.contains(UInt8(ascii: "#")), !tail.contains(UInt8(ascii: "#")) else {
      throw EndpointURI.failure("the URI has a #, which has no meaning here", hint: "write # as %23")
    }
  }

  private static func socket(
    place: ArraySlice<UInt8>, path: ArraySlice<UInt8>
  ) throws(EndpointError) -> Endpoint.Address {
    guard place.isEmpty, !path.isEmpty else {
      throw EndpointURI.failure(
        "the URI of a socket needs an absolute path and no host",
        hint: "three slashes: unix:///run/redis.sock?db=0")
    }
    guard let decoded = PercentCoding.decode(path) else { throw EndpointURI.badEscape("path") }
    guard let text = String(validating: decoded, as: UTF8.self) else {
      throw EndpointURI.failure("the path of the socket is not UTF-8", hint: .giveSocketPath)
    }
    return .unix(path: try EndpointHost.socketPath(text))
  }

  /// Splits the name of the primary off the path of a Sentinel URI.
  private static func primaryName(
    _ path: ArraySlice<UInt8>
  ) throws(EndpointError) -> (name: String?, rest: ArraySlice<UInt8>) {
    let form: Remedy = "write redis-sentinel://h1:26379,h2:26379/NAME, with /0 behind it for the database"
    let segment = path.dropFirst().prefix { $0 != UInt8(ascii: "/") }
    guard !segment.isEmpty else {
      throw EndpointURI.failure("the Sentinel URI does not say the name of the primary", hint: form)
    }
    guard let decoded = PercentCoding.decode(segment) else { throw EndpointURI.badEscape("name") }
    guard let name = String(validating: decoded, as: UTF8.self),
      !decoded.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else {
      throw EndpointURI.failure("the name of the primary in the URI is not a valid one", hint: form)
    }
    return (name, path[segment.endIndex...])
  }

  private static func databaseSegment(_ path: ArraySlice<UInt8>) throws(EndpointError) -> Int? {
    let digits = path.dropFirst()
    return digits.isEmpty ? nil : try database(digits)
  }

  private static func databaseParameter(_ query: ArraySlice<UInt8>) throws(EndpointError) -> Int? {
    var found: Int?
    for parameter in query.split(separator: UInt8(ascii: "&")) {
      let name = parameter.prefix { $0 != UInt8(ascii: "=") }
      guard name.elementsEqual("db".utf8) else { throw unknownParameter(name) }
      guard found == nil else {
        throw EndpointURI.failure("the URI gives ?db= twice", hint: "give the database once")
      }
      found = try database(parameter[name.endIndex...].dropFirst())
    }
    return found
  }

  private static func unknownParameter(_ name: ArraySlice<UInt8>) -> EndpointError {
    // Only what looks like a parameter's name is repeated.
    let isPlain = name.count <= 32 && name.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") }
    let shown =
      isPlain && !name.isEmpty
      ? " " + KeyText.inQuotes(String(decoding: name, as: UTF8.self), atMost: 80) : ""
    return EndpointURI.failure(
      "the URI has the unknown parameter\(shown)", hint: "only ?db=N is known; everything else is an option")
  }

  private static func database(_ digits: ArraySlice<UInt8>) throws(EndpointError) -> Int {
    if let number = EndpointHost.number(digits) { return number }
    let isNumber = digits.count <= 20 && digits.drop { $0 == UInt8(ascii: "-") }.allSatisfy(\.isDigit)
    let shown = isNumber && !digits.isEmpty ? " " + String(decoding: digits, as: UTF8.self) : ""
    throw EndpointURI.failure(
      "the database\(shown) in the URI is not a number from 0",
      hint: "the database comes last: redis://host:6379/0")
  }
}

// MARK: - Who and where

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
