import Foundation
import TestHarness
import Testing

/// Removing keys on a real server: the chosen ones go, the others stay as they are.
@Suite(.overlapping) struct InvalidateTests {
  /// A choice, and what it must take from the keyspace that ``load(_:)`` makes.
  struct Choice: Sendable {
    var options: [String]
    var isChosen: @Sendable (String) -> Bool

    init(_ options: String..., isChosen: @escaping @Sendable (String) -> Bool) {
      self.options = options
      self.isChosen = isChosen
    }
  }

  static let choices = [
    Choice("app:*") { $0.hasPrefix("app:") }, Choice("*", "--all") { _ in true },
    Choice("*", "--exclude", "app:*", "--all") { !$0.hasPrefix("app:") },
    Choice("app:*", "--exclude", "app:v2:*", "--exclude", "*:1*") {
      $0.hasPrefix("app:") && !$0.hasPrefix("app:v2:") && !$0.contains(":1")
    },
    Choice("--namespace", "app", "--key-version", "v2") { $0.hasPrefix("app:v2:") },
    Choice("--namespace", "app", "--key-version", "<v10") {
      $0.hasPrefix("app:v1:") || $0.hasPrefix("app:v2:")
    },
    Choice("--key-version", "none") { !$0.contains(":v") },
    Choice("--superseded") { ["app:v1:", "app:v2:", "shop:v6:"].contains(where: $0.hasPrefix) },
    Choice("--superseded", "--namespace", "app", "--no-ttl") { $0.hasPrefix("app:v1:") },
    Choice("--type", "hash") { $0.hasPrefix("session:") },
    Choice("--ttl-below", "1h") { $0.hasPrefix("app:v10:") || $0.hasPrefix("big:") },
    Choice("--larger-than", "20KB") { $0.hasPrefix("big:") },
    Choice("--idle-above", "1h") { _ in false }, Choice("absent:*") { _ in false },
  ]

  static func load(_ server: RedisServer) throws {
    try server.cli("FLUSHALL")
    try server.populate(100, prefix: "app:v1:user:")
    try server.populate(200, prefix: "app:v2:user:", ttl: 7_200)
    try server.populate(300, prefix: "app:v10:user:", ttl: 600)
    try server.populate(20, prefix: "shop:v6:cart:")
    try server.populate(20, prefix: "shop:v7:cart:")
    try server.load(text: (0..<50).map { ["HSET", "session:\($0)", "name", "value"] })
    try server.load(
      text: (0..<3).map { ["SET", "big:\($0)", String(repeating: "x", count: 30_000), "EX", "1800"] })
  }

  @Test("every way to choose removes the chosen keys and nothing else") func choose() throws {
    try RedisServer.with { server in
      for choice in Self.choices {
        try Self.load(server)
        let before = try server.contents()
        let chosen = before.keys.filter { choice.isChosen(String(decoding: $0, as: UTF8.self)) }
        let dry = try Rediscache.removal(server, choice.options + ["--dry-run"])
        #expect(dry.counts.matched == chosen.count && dry.counts.removed == 0, "\(choice.options)")
        #expect(dry.matchedInGroups == chosen.count)
        let report = try Rediscache.removal(server, choice.options)
        #expect(report.complete && report.stopped == nil, "\(choice.options)")
        // Where nothing was chosen, a hint says what is there.
        #expect(report.warnings.isEmpty || chosen.isEmpty, "\(choice.options): \(report.warnings)")
        #expect(report.counts.removed == chosen.count && report.counts.matched == chosen.count)
        #expect(report.matchedInGroups == chosen.count && report.action == "UNLINK")
        #expect(report.samples.count == min(10, chosen.count) && report.samples.allSatisfy(choice.isChosen))
        let rest = before.filter { !choice.isChosen(String(decoding: $0.key, as: UTF8.self)) }
        #expect(try server.contents() == rest, "\(choice.options)")
      }
    }
  }

  @Test("groups tell namespace and version, and the sizes are those of the server") func groups() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let report = try Rediscache.removal(server, ["app:*"])
      let found = report.groups.map { "\($0.namespace ?? "-") \($0.version ?? "-") \($0.counts.removed)" }
      #expect(found == ["app v10 300", "app v2 200", "app v1 100"])
      let bytes = try #require(report.bytesEstimate)
      #expect(report.groups.compactMap(\.bytesEstimate).reduce(0, +) == bytes && bytes > 600 * 30)
    }
  }

  @Test("UNLINK by default, DEL where asked for, and where a server has no UNLINK") func commands() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let unlinks = try server.writes { _ = try Rediscache.removal(server, ["app:v1:*", "--batch", "10"]) }
      #expect(Set(unlinks.keys) == ["unlink"] && unlinks["unlink"] ?? 0 >= 10, "\(unlinks)")
      let deletes = try server.writes {
        let report = try Rediscache.removal(server, ["app:v2:*", "--delete"])
        #expect(report.action == "DEL" && report.counts.removed == 200)
      }
      #expect(Set(deletes.keys) == ["del"], "\(deletes)")
    }
    try RedisServer.with(.init(configuration: ["rename-command UNLINK \"\""])) { server in
      try Self.load(server)
      let deletes = try server.writes {
        let report = try Rediscache.removal(server, ["app:*", "--batch", "64"])
        #expect(report.counts.removed == 600 && report.complete && report.counts.failed == 0)
      }
      #expect(Set(deletes.keys) == ["del"], "\(deletes)")
      #expect(try server.names("app:*").isEmpty)
    }
  }

  @Test("soft expiry spreads the TTLs, lengthens none, and is the same when run again") func softExpiry()
    throws
  {
    try RedisServer.with { server in
      try Self.load(server)
      let size = try server.size()
      let writes = try server.writes {
        let report = try Rediscache.removal(server, ["app:*", "--expire-within", "1h", "--verify"])
        #expect(report.action == "PEXPIRE" && report.complete)
        #expect(report.counts.matched == 600 && report.counts.removed + report.counts.kept == 600)
        // Of 300 keys with 600 s left, five in six are drawn a later moment.
        #expect(report.counts.kept > 150 && report.counts.removed > 300, "\(report.counts)")
        #expect(report.verification?.keys == 0)
      }
      #expect(try Set(writes.keys) == ["pexpire"] && server.size() == size, "\(writes)")
      let keys = try server.keys("app:*")
      let ttls = try server.pipeline(keys.map { [Array("PTTL".utf8), $0] }).compactMap(\.integer)
      #expect(ttls.allSatisfy { $0 > -2 && $0 != -1 && $0 <= 3_600_000 }, "\(ttls)")
      let short = zip(keys, ttls).filter { String(decoding: $0.0, as: UTF8.self).hasPrefix("app:v10:") }
      #expect(short.count == 300 && short.allSatisfy { $0.1 <= 600_000 })
      // Spread over the window: in each quarter of it some.
      for quarter in 0..<4 {
        #expect(ttls.contains { (quarter * 900_000..<(quarter + 1) * 900_000).contains($0) })
      }
      let again = try Rediscache.removal(server, ["app:*", "--expire-within", "1h"])
      #expect(again.counts.removed == 0 && again.counts.kept == again.counts.matched, "\(again.counts)")
      #expect(try server.cli("TTL", "session:1") == "-1")
    }
  }

  @Test("another database is chosen with --db, and no other is touched") func database() throws {
    try RedisServer.with { server in
      try Self.load(server)
      try server.load(text: (0..<70).map { ["SET", "app:v1:\($0)", "value"] }, database: 3)
      let size = try server.size()
      let report = try Rediscache.removal(server, ["app:*", "-n", "3", "--verify"])
      #expect(report.counts.removed == 70 && report.verification?.keys == 0)
      #expect(try server.size() == size && server.size(database: 3) == 0)
    }
  }

  @Test("a bump counts up its key and removes nothing") func bump() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let size = try server.size()
      let place = ["invalidate", "-s", server.socketPath, "--bump", "gen:\\x20it's"]
      let writes = try server.writes {
        let look = try Rediscache.run(place + ["--dry-run"])
        #expect(look.status == 0 && look.text.contains("absent -> 1"), "\(look)")
      }
      #expect(writes.isEmpty)
      for number in 1...3 {
        let result = try Rediscache.run(place + ["--yes", "--json"])
        let report = try #require(
          try JSONSerialization.jsonObject(with: Data(result.stdout)) as? [String: Any], "\(result)")
        let bump = try #require(report["bump"] as? [String: Any])
        #expect(result.status == 0 && report["schema"] as? String == "rediscache.invalidate/1")
        #expect(bump["to"] as? Int == number && bump["from"] as? Int == (number == 1 ? nil : number - 1))
        #expect(report["removed"] as? Int == 0 && report["complete"] as? Bool == true)
      }
      #expect(try server.cli("GET", "gen: it's") == "3" && server.size() == size + 1)
    }
  }

  @Test("a backup brings every value back, byte for byte, with its TTL") func backup() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try Self.load(server)
      try server.load(text: [
        ["ZADD", "app:v1:zset", "1", "a"], ["SADD", "app:v1:set", "1", "2"], ["RPUSH", "app:v1:list", "x"],
        ["XADD", "app:v1:stream", "1-1", "f", "v"],
      ])
      try server.load([[Array("SET".utf8), Array("app:v1:".utf8) + [0xFF, 0, 0x0A], [0, 0xFF]]])
      let before = try server.contents()
      let report = try Rediscache.removal(server, ["app:*", "--backup", folder.file("backup")])
      #expect(report.counts.removed == 605)
      let lines = try Seeds.dumps(folder.read("backup") ?? [])
      #expect(lines.count == 605)
      let now = Int(Date().timeIntervalSince1970 * 1000)
      try server.load(
        lines.map { line in
          let ttl = line.expiresAt.map { max(1, $0 - now) } ?? 0
          return [Array("RESTORE".utf8), line.key, Array(String(ttl).utf8), line.payload]
        })
      #expect(try server.contents() == before)
    }
  }

  @Test("a server without memory left lets keys be removed") func outOfMemory() throws {
    try RedisServer.with { server in
      try Self.load(server)
      try server.cli("CONFIG", "SET", "maxmemory", "1mb")
      #expect(throws: (any Error).self) { try server.cli("SET", "app:new", "value") }
      #expect(try Rediscache.removal(server, ["app:*"]).counts.removed == 600)
    }
  }
}
