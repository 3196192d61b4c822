import Bytes
import RedisClient
import Reporting

/// A server's address that was typed where a pattern, a file or a command belongs: `redis://…`, `localhost:6379`.
enum TypedAddress: Equatable {
  /// A URI; it is never repeated, because it may hold a password.
  case uri
  /// A host and a port.
  case server(host: String, port: String)

  /// Reads a word; nil for what a key, a file or a command may be called.
  init?(_ word: String) {
    if TypedAddress.schemes.contains(where: { word.lowercased().hasPrefix($0 + "://") }) {
      self = .uri
      return
    }
    guard let colon = word.lastIndex(of: ":") else { return nil }
    let (host, port) = (String(word[..<colon]), String(word[word.index(after: colon)...]))
    guard let number = UInt16(port), number > 0, !host.isEmpty,
      TypedAddress.isThisMachine(host) || number == Endpoint.defaultPort && TypedAddress.isHost(host)
    else { return nil }
    self = .server(host: host, port: port)
  }

  /// The options that say the same.
  var options: String {
    switch self {
    case .uri: "\(OptionName.uri.word) URI"
    case .server(let host, let port): "-H \(KeyText.shellQuoted(host)) -p \(port)"
    }
  }

  private static let schemes = [
    "redis", "rediss", "valkey", "valkeys", "unix", "redis-sentinel", "rediss-sentinel", "valkey-sentinel",
    "valkeys-sentinel",
  ]

  private static func isThisMachine(_ host: String) -> Bool {
    host == "localhost" || host == "127.0.0.1" || host == "[::1]"
  }

  /// True for host names and addresses. A plain word with the default port may be a key, such as `user:6379`; those by
  /// which containers call their server are not.
  private static func isHost(_ host: String) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") { return true }
    guard host.utf8.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
    else { return false }
    return ["redis", "valkey"].contains(host) || host.contains(".") || host.contains("-")
  }
}
