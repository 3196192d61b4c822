import TestSupport

@testable import RedisClient

/// URIs as users write them: what is read prints as a URI that leads to the same place, and no text holds a password.
enum URICheck {
  /// Stands for the password in inputs and is put in its place, so that it can be looked for.
  private static let mark = UInt8(ascii: "^")
  private static let secret = "cAnArY9z"

  /// Checks an input; good where it is a URI of a server.
  static func check(_ input: [UInt8]) throws(Broken) -> Verdict {
    var bytes: [UInt8] = []
    for byte in input {
      if byte == mark { bytes += secret.utf8 } else { bytes.append(byte) }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let isSecret = holdsSecret(input)
    let locator: Locator
    do throws(EndpointError) {
      locator = try EndpointURI.parse(text)
    } catch {
      try Broken.unless(!error.message.description.isEmpty && error.hint != "", "an error says what is wrong")
      try expectHarmless(error.description, isSecret: isSecret)
      return .bad
    }
    try check(locator, isSecret: isSecret)
    return .good
  }

  /// Whether the mark stands where a password does, however wrongly the URI is written: after the scheme, before an @.
  private static func holdsSecret(_ input: [UInt8]) -> Bool {
    guard let first = input.firstIndex(of: mark), let last = input.lastIndex(of: mark) else { return false }
    let scheme = input[..<first]
    guard let colon = scheme.firstIndex(of: UInt8(ascii: ":")), scheme[colon...].starts(with: "://".utf8)
    else { return false }
    return input[last...].contains(UInt8(ascii: "@"))
  }

  private static func check(_ locator: Locator, isSecret: Bool) throws(Broken) {
    try Broken.unless(!locator.addresses.isEmpty, "a URI names a place")
    try Broken.unless(locator.database >= 0, "databases are numbered from 0")
    try Broken.unless(locator.credentials?.password.isEmpty != true, "a password is not empty")
    let shown = locator.description
    guard let again = try? EndpointURI.parse(shown) else { throw Broken(promise: "\(shown) can be read") }
    let isSame =
      again.addresses == locator.addresses && again.sentinelName == locator.sentinelName
      && again.database == locator.database && (again.tls == nil) == (locator.tls == nil)
    try Broken.unless(isSame && again.description == shown, "\(shown) leads to the same place")
    try Broken.unless(again.credentials == nil, "\(shown) names nobody")
    try checkRedaction(locator)
    for text in [shown, locator.debugDescription, "\(locator.first)"] {
      try expectHarmless(text, isSecret: isSecret)
    }
  }

  /// Whatever is printed is the same for any password.
  private static func checkRedaction(_ locator: Locator) throws(Broken) {
    guard let credentials = locator.credentials else { return }
    let other = Locator(
      locator.addresses, sentinelName: locator.sentinelName, database: locator.database,
      credentials: Credentials(user: credentials.user, password: "x"), tls: locator.tls)
    for (one, two) in zip(texts(locator), texts(other)) {
      try Broken.unless(one == two, "\(one) does not depend on the password")
    }
  }

  private static func texts(_ locator: Locator) -> [String] {
    var dumped = ""
    dump(locator, to: &dumped)
    return ["\(locator)", String(reflecting: locator), dumped, String(reflecting: locator.first)]
  }

  private static func expectHarmless(_ text: String, isSecret: Bool) throws(Broken) {
    if isSecret { try Broken.unless(!text.contains(secret), "the password does not show") }
    let isPlain = text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
    try Broken.unless(isPlain, "no control character is shown")
  }
}
