import TestSupport

/// What a key holds and when it expires, by the server itself.
package struct KeyDigest: Sendable, Equatable {
  /// Redis' own digest of the value, the same for the same content whatever its encoding.
  package var digest: String
  /// Redis' name of the type.
  package var type: String
  /// Milliseconds left; -1 for a key that never expires.
  package var ttl: Int
  /// When it expires, in milliseconds since 1970; -1 for never.
  package var expiresAt: Int
}

extension RedisServer {
  /// The configuration line that ``digests()`` needs.
  package static let debugging = "enable-debug-command local"

  /// What every key of database 0 holds, by DEBUG DIGEST-VALUE.
  package func digests() throws -> [[UInt8]: KeyDigest] {
    let connection = try connection()
    let keys = try keys()
    let commands = keys.flatMap { key in
      [["DEBUG", "DIGEST-VALUE"], ["TYPE"], ["PTTL"], ["PEXPIRETIME"]].map { words in
        words.map { Array($0.utf8) } + [key]
      }
    }
    try connection.send(commands, timeout: .seconds(30))
    var digests: [[UInt8]: KeyDigest] = [:]
    for key in keys {
      let replies = try (0..<4).map { _ in try connection.receive(timeout: .seconds(30)) }
      guard let digest = replies[0].elements?.first?.text, let type = replies[1].text,
        let ttl = replies[2].integer, let moment = replies[3].integer
      else { throw HarnessFailure("no digest: \(replies)") }
      digests[key] = KeyDigest(digest: digest, type: type, ttl: ttl, expiresAt: moment)
    }
    return digests
  }

  /// What one key holds: its type and its content as text, in the order of the elements where they have none.
  package func content(_ key: String) throws -> String {
    let connection = try connection()
    let type = try connection.command("TYPE", key).text ?? ""
    let command =
      switch type {
      case "string": ["GET", key]
      case "hash": ["HGETALL", key]
      case "list": ["LRANGE", key, "0", "-1"]
      case "set": ["SMEMBERS", key]
      case "zset": ["ZRANGE", key, "0", "-1", "WITHSCORES"]
      case "stream": ["XRANGE", key, "-", "+"]
      default: ["TYPE", key]
      }
    let reply = try connection.command(command.map { Array($0.utf8) })
    let texts = reply.elements.map { $0.map(Self.shown) } ?? [Self.shown(reply)]
    return "\(type) " + (type == "set" ? texts.sorted() : texts).joined(separator: " ")
  }

  private static func shown(_ value: RESPValue) -> String {
    value.elements.map { "[" + $0.map(shown).joined(separator: " ") + "]" } ?? value.text ?? "null"
  }
}
