import Foundation
import TestHarness
import TestSupport
import Testing

/// What `export` and `invalidate --backup` write, `warm` brings back.
///
/// `REDISCACHE_ROUND_TRIP_SEED` has a failure again.
@Suite(.overlapping) struct RoundTripTests {
  private static let seed =
    ProcessInfo.processInfo.environment["REDISCACHE_ROUND_TRIP_SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 1...1_000_000_000)

  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with(.init(configuration: [RedisServer.debugging]), body)
  }

  /// Checks that all keys are as they were: content exactly, TTLs within a second for the time that has passed.
  private static func expectEqual(
    _ after: [[UInt8]: KeyDigest], _ before: [[UInt8]: KeyDigest], elapsed: Duration, _ comment: Comment
  ) {
    #expect(after.count == before.count, comment)
    let passed = Int(elapsed / .milliseconds(1))
    for (key, old) in before {
      let name = String(decoding: key, as: UTF8.self).debugDescription
      guard let new = after[key] else {
        Issue.record("\(comment): \(name), a \(old.type), is missing")
        continue
      }
      #expect(new.type == old.type && new.digest == old.digest, "\(comment): \(name), a \(old.type)")
      guard old.ttl >= 0 else {
        #expect(new.ttl == -1, "\(comment): \(name) expires")
        continue
      }
      // A record says how many seconds were left, rounded up, and is loaded a little later.
      #expect(
        (old.ttl - passed - 1_000...old.ttl + 1_000).contains(new.ttl), "\(comment): \(name), \(old), \(new)")
    }
  }

  @Test(
    "export, flush and warm give an equal keyspace",
    arguments: ["seed.jsonl", "seed.jsonl.gz"], [false, true])
  func roundTrip(file: String, dumps: Bool) throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      for round in 0..<2 {
        let seed = Self.seed &+ UInt64(round)
        var random = SeededGenerator(seed: seed)
        let keyspace = RoundTripKeyspace(
          &random, small: 120, large: round == 0 ? Array(RoundTripKeyspace.types.dropFirst()) : [])
        try server.load([[Array("FLUSHALL".utf8)]] + keyspace.commands)
        let comment: Comment = "REDISCACHE_ROUND_TRIP_SEED=\(seed), \(file), dumps: \(dumps)"
        let path = folder.file("\(round)-\(file)")
        let start = ContinuousClock.now
        let before = try server.digests()
        #expect(before.count == keyspace.count, comment)

        let result = try Rediscache.export(server, to: path, dumps ? ["--dump"] : [])
        #expect(result.errorText.contains("\(keyspace.count) keys in"), "\(comment): \(result)")
        try server.cli("FLUSHALL")
        let report = try Rediscache.warm(["-s", server.socketPath], file: path, ["--verify"])
        #expect(report.counts == .init(written: keyspace.count), "\(comment): \(report)")
        #expect(report.verification?.compared == 100 && report.verification?.different == 0, comment)
        Self.expectEqual(
          try server.digests(), before, elapsed: ContinuousClock.now - start, comment)
        // Over what is there now, the same again: every type replaces itself.
        let again = try Rediscache.warm(["-s", server.socketPath], file: path, ["--pace", "full"])
        #expect(again.counts == report.counts, comment)
        Self.expectEqual(
          try server.digests(), before, elapsed: ContinuousClock.now - start, comment)
      }
      #expect(
        try server.keys("*:rediscache:*").isEmpty, "temporary keys are left")
    }
  }

  @Test("a packed seed is smaller and the same") func packed() throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      try server.populate(3_000, prefix: "app:v1:", value: String(repeating: "value ", count: 20))
      let (plain, packed) = (folder.file("a.jsonl"), folder.file("a.jsonl.gz"))
      try Rediscache.export(server, to: plain)
      try Rediscache.export(server, to: packed)
      let bytes = try #require(folder.read("a.jsonl.gz"))
      #expect(bytes.starts(with: [0x1F, 0x8B]))
      let unpacked = try Command("gzip", ["-dc", packed]).run()
      let lines = { (bytes: [UInt8]) in Set(bytes.split(separator: UInt8(ascii: "\n"))) }
      #expect(lines(unpacked.stdout) == lines(folder.read("a.jsonl") ?? []))
      #expect(bytes.count < unpacked.stdout.count / 4)
      // What else packs it, in pieces behind each other, does as well; the name tells nothing.
      let half = unpacked.stdout.count / 2
      var pieces: [UInt8] = []
      for part in [unpacked.stdout[..<half], unpacked.stdout[half...]] {
        pieces += try Command("gzip", ["-c9"], input: .bytes(Array(part))).run().stdout
      }
      try server.cli("FLUSHALL")
      let report = try Rediscache.warm(
        ["-s", server.socketPath], file: try folder.write("pieces.csv", pieces))
      #expect(report.counts == .init(written: 3_000))
    }
  }

  @Test("a backup of invalidate comes back byte for byte, and keys expire when they would have") func backup()
    throws
  {
    let folder = try TemporaryFolder()
    try Self.with { server in
      var random = SeededGenerator(seed: Self.seed)
      let keyspace = RoundTripKeyspace(&random, small: 180, large: ["hash", "stream", "set"])
      try server.load(keyspace.commands)
      let before = try server.digests()
      let dumps = try server.dumps()
      // Gone by the time at which the backup is loaded.
      try server.load(text: [["SET", "brief", "value", "PX", "8000"]])
      let result = try Rediscache.run([
        "invalidate", "-s", server.socketPath, "*", "--all", "--yes", "--backup", folder.file("backup"),
      ])
      #expect(try result.status == 0 && server.size() == 0, "\(result)")
      usleep(8_200_000)
      let report = try Rediscache.warm(
        ["-s", server.socketPath], file: folder.file("backup"), ["--verify"])
      #expect(report.counts == .init(written: keyspace.count, skipped: 1), "\(report)")
      #expect(report.warns("had expired already and were skipped: 1"), "\(report)")
      let after = try server.digests()
      #expect(Set(after.keys) == Set(before.keys))
      for (key, old) in before {
        let new = try #require(after[key])
        #expect(new.digest == old.digest, "REDISCACHE_ROUND_TRIP_SEED=\(Self.seed): \(old)")
        #expect(abs(new.expiresAt - old.expiresAt) <= 1_000, "\(old), \(new)")
      }
      // Tables are told in the order in which they lie, everything else byte for byte.
      let restored = try server.dumps()
      for (key, dump) in dumps where ![2, 4].contains(dump.first) {
        #expect(restored[key] == dump, "REDISCACHE_ROUND_TRIP_SEED=\(Self.seed)")
      }
    }
  }

  @Test("what redis-cli --pipe reads, warm reads the same") func massInsert() throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      let values = (0..<2_000).map { "value \($0) \r\n\0" }
      let wire = values.enumerated().map { number, value in
        let words = ["SET", "app:\(number)", value, "EX", "\(5_000 + number)"]
        return "*5\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
      }.joined()
      let file = try folder.write("seed.resp", wire.utf8)
      let start = ContinuousClock.now
      let pipe = try Command(
        "redis-cli", ["-s", server.socketPath, "--pipe"], input: .bytes(Array(wire.utf8))
      ).run()
      #expect(pipe.status == 0, "\(pipe)")
      let expected = try server.digests()
      try server.cli("FLUSHALL")
      let report = try Rediscache.warm(["-s", server.socketPath], file: file)
      #expect(report.counts == .init(written: 2_000) && report.ttl?.min == 5_000 && report.ttl?.max == 6_999)
      Self.expectEqual(try server.digests(), expected, elapsed: ContinuousClock.now - start, "RESP")
    }
  }
}

extension RedisServer {
  /// What DUMP says of every key.
  fileprivate func dumps() throws -> [[UInt8]: [UInt8]] {
    let keys = try keys()
    let replies = try pipeline(keys.map { [Array("DUMP".utf8), $0] })
    return Dictionary(zip(keys, replies.map { $0.bytes ?? [] })) { $1 }
  }
}
