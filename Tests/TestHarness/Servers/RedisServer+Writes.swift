import Foundation
import TestSupport

extension RedisServer {
  /// Commands that read, and those by which clients and this library look after themselves.
  private static let harmless: Set = [
    "scan", "sscan", "zscan", "hscan", "lrange", "zrange", "xrange", "scard", "zcard", "get", "exists",
    "dump", "hlen", "llen", "hgetall", "smembers", "hpttl", "xinfo|stream",
    "pttl", "memory|usage", "type", "object|idletime", "object|freq", "info", "time", "hello", "auth",
    "select", "client|setname", "client|no-touch", "ping",
    "dbsize", "config|get", "command", "readonly",
  ]

  /// How often each command that could have written was run while `body` ran; refused commands do not count.
  package func writes(during body: () throws -> Void) throws -> [String: Int] {
    let before = try commandStats()
    try body()
    return try commandStats()
      .filter { !Self.harmless.contains($0.key) && $0.value > before[$0.key] ?? 0 }
      .reduce(into: [:]) { $0[$1.key] = $1.value - (before[$1.key] ?? 0) }
  }

  /// The number of keys in a database.
  package func size(database: Int = 0) throws -> Int {
    let connection = try connection()
    if database != 0 { try connection.command("SELECT", String(database)) }
    let reply = try connection.command("DBSIZE")
    guard let count = reply.integer else { throw HarnessFailure("DBSIZE: \(reply)") }
    return count
  }

  /// Waits until a server that was started again has loaded its data; throws where it does not in time.
  package func waitUntilLoaded() throws {
    try Wait.for("the server to have loaded") { (try? size()) != nil }
  }

  /// The names of all keys of database 0 that match a pattern, in order.
  package func keys(_ pattern: String = "*") throws -> [[UInt8]] {
    let reply = try connection().command("KEYS", pattern)
    guard let names = reply.elements else { throw HarnessFailure("KEYS: \(reply)") }
    return names.compactMap(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
  }
}
