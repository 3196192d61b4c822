import Foundation
import TestHarness
import TestSupport
import Testing

/// What one server's `export` writes, another's `warm` loads: equal by the servers' own digests, or named.
///
/// `REDISCACHE_PAIR_SERVERS` has the paths of server programs, with colons between them: every one is paired with every
/// one. Without it the usual server is paired with itself.
@Suite(.overlapping) struct ServerPairTests {
  private static let servers =
    ProcessInfo.processInfo.environment["REDISCACHE_PAIR_SERVERS"]?.split(separator: ":").map(String.init)
    ?? [RedisServer.defaultExecutable]

  /// What no digest covers: TTLs of fields, and groups and deleted ids of streams.
  private struct Details: Equatable {
    var fieldTimes: [Int]
    var stream: String
  }

  private static func details(_ server: RedisServer) throws -> Details {
    let connection = try server.connection()
    let times = try connection.command("HPTTL", "special:hash", "FIELDS", "2", "a", "b").elements ?? []
    let stream = try connection.command("XINFO", "STREAM", "special:stream", "FULL")
    // Radix trees and listpacks are the server's own affair, and idle times go on.
    let shown = "\(stream)".replacing(/[0-9]{13}/, with: "time")
    return Details(fieldTimes: times.compactMap { $0.integer.map { $0 < 0 ? $0 : 1 } }, stream: shown)
  }

  /// The members of a sorted set with their scores. Servers since 7.2 write scores in another way when they digest them.
  private static func scores(_ server: RedisServer, _ key: [UInt8]) throws -> [[UInt8]: Double] {
    let words = [Array("ZRANGE".utf8), key] + ["0", "-1", "WITHSCORES"].map { Array($0.utf8) }
    let values = try server.connection().command(words).elements ?? []
    var scores: [[UInt8]: Double] = [:]
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      let member = try #require(values[index].bytes)
      let score = values[index + 1].text.flatMap { Double($0) }
      let number: Double = try #require(score)
      scores[member] = number
    }
    return scores
  }

  private static func load(_ server: RedisServer) throws -> Int {
    var random = SeededGenerator(seed: 7)
    let keyspace = RoundTripKeyspace(
      &random, small: 120, large: Array(RoundTripKeyspace.types.dropFirst()))
    try server.load(keyspace.commands)
    let connection = try server.connection()
    for command in [
      ["HSET", "special:hash", "a", "1", "b", "2"],
      ["HPEXPIRE", "special:hash", "9000000", "FIELDS", "1", "a"],
      ["XADD", "special:stream", "1-1", "f", "v"], ["XADD", "special:stream", "2-1", "f", "w"],
      ["XADD", "special:stream", "3-1", "f", "x"], ["XGROUP", "CREATE", "special:stream", "g", "0"],
      ["XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", "special:stream", ">"],
      ["XDEL", "special:stream", "2-1"],
    ] {
      // Not every server has fields that expire.
      _ = try connection.command(command.map { Array($0.utf8) })
    }
    return keyspace.count + 2
  }

  @Test("a keyspace moves from each server to each", arguments: servers, servers) func pair(
    from: String, to: String
  ) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("seed.jsonl.gz")
    func with(_ program: String, _ body: (RedisServer) throws -> Void) throws {
      try RedisServer.with(
        .init(executable: program, configuration: [RedisServer.debugging]), body)
    }
    try with(from) { source in
      try with(to) { target in
        let count = try Self.load(source)
        let before = try source.digests()
        try #require(before.count == count)
        try Rediscache.export(source, to: file)
        let result = try Rediscache.run(
          ["warm", file, "-s", target.socketPath, "--yes", "--json", "--verify"])
        let report = try LoadReport(result.stdout)
        let refused = Set(report.refused.map(\.key))
        // Only what needs DUMP can be refused, and only by an older server, or one of the other kind.
        #expect(refused.isSubset(of: ["special:hash", "special:stream"]), "\(result)")
        #expect(
          report.refused.allSatisfy { $0.reason.contains("is newer") || $0.reason.contains("Bad data") })
        #expect(refused.isEmpty || from != to, "\(result)")
        #expect(result.status == (refused.isEmpty ? 0 : 1) && report.counts.written == count - refused.count)
        let after = try target.digests()
        for (key, old) in before where !refused.contains(String(decoding: key, as: UTF8.self)) {
          let new = try #require(after[key], "\(from) to \(to): \(old) is missing")
          let isSame =
            if old.type == "zset", from != to {
              try Self.scores(source, key) == Self.scores(target, key)
            } else {
              new.digest == old.digest
            }
          #expect(new.type == old.type && isSame, "\(from) to \(to): \(old), \(new)")
          #expect(
            (old.ttl < 0) == (new.ttl < 0) && abs(new.expiresAt - old.expiresAt) < 30_000, "\(old), \(new)")
        }
        #expect(after.count == count - refused.count)
        let (old, new) = (try Self.details(source), try Self.details(target))
        if !refused.contains("special:hash") {
          #expect(new.fieldTimes == old.fieldTimes || old.fieldTimes.isEmpty || new.fieldTimes.isEmpty)
        }
        if from == to { #expect(new.stream == old.stream) }
      }
    }
  }
}
