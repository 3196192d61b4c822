import Foundation
import TestHarness
import TestSupport
import Testing

/// Tags: what `warm` writes, `invalidate --tag` finds; and envelopes.
@Suite(.overlapping) struct WarmTagTests {
  private static func members(_ server: RedisServer, _ key: String) throws -> Set<String> {
    let reply = try server.connection().command("SMEMBERS", key)
    return Set((reply.elements ?? []).compactMap(\.text))
  }

  @Test("keys become members of their tags, which live twice as long at least") func tags() throws {
    try RedisServer.with { server in
      let seed = try JSONLines.text([
        ["key": "a", "value": "1", "ttl": 100, "tags": ["user:1", "home"]],
        ["key": "b", "type": "list", "value": ["x"], "ttl": 1_000, "tags": ["user:1"]],
        ["key": "c", "value": "1", "ttl": 50, "tags": ["user:1"]],
        ["key": "d", "type": "set", "value": (0..<1_500).map { "m\($0)" }, "tags": ["never", "home"]],
        ["key": "e", "value": "1", "ttl": 10],
      ])
      let report = try Rediscache.warm(server, seed, ["--tag", "all", "--tag", "all:2"])
      #expect(report.counts == .init(written: 5))
      #expect(try Self.members(server, "tag:user:1") == ["a", "b", "c"])
      #expect(try Self.members(server, "tag:home") == ["a", "d"])
      #expect(try Self.members(server, "tag:all") == ["a", "b", "c", "d", "e"])
      #expect(try Self.members(server, "tag:all:2") == Self.members(server, "tag:all"))
      #expect(try (1_990_000...2_000_000).contains(server.remaining("tag:user:1")))
      // A member that never expires keeps its tags for ever.
      for tag in ["tag:home", "tag:never", "tag:all"] { #expect(try server.remaining(tag) == -1, "\(tag)") }

      let removal = try Rediscache.removal(server, ["--tag", "home"])
      #expect(removal.counts.removed == 2)
      #expect(try server.names("?") == ["b", "c", "e"])
    }
  }

  @Test("a tag's life is never cut, and one that lives for ever goes on so") func neverShortened() throws {
    try RedisServer.with { server in
      try server.load(text: [
        ["SADD", "tag:long", "x"], ["EXPIRE", "tag:long", "90000"], ["SADD", "tag:ever", "x"],
        ["SADD", "tag:short", "x"], ["EXPIRE", "tag:short", "5"],
      ])
      let tags = ["long", "ever", "short", "new"]
      let seed = try JSONLines.text(
        (0..<600).map { ["key": "k\($0)", "value": "v", "ttl": $0 == 300 ? 4_000 : 100, "tags": tags] })
      for pace in ["full", "auto"] {
        let report = try Rediscache.warm(server, seed, ["--pace", pace, "--batch", "50"])
        #expect(report.counts == .init(written: 600))
        let left = try server.remaining(tags.map { "tag:\($0)" })
        #expect((89_900_000...90_000_000).contains(left[0]) && left[1] == -1, "\(left)")
        #expect(left[2...].allSatisfy { (7_900_000...8_000_000).contains($0) }, "\(left)")
        #expect(try Self.members(server, "tag:ever").count == 601)
      }
    }
  }

  @Test("a key that only has a tag's name keeps its life") func strangers() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.load(text: [["SET", "tag:a", "precious", "EX", "5"], ["ZADD", "tag:b", "1", "x"]])
      let seed = try JSONLines.text([["key": "k", "value": "v", "ttl": 3_600, "tags": ["a", "b"]]])
      let path = try folder.write("seed", seed.utf8)
      let result = try Rediscache.run(["warm", "--yes", path, "-s", server.socketPath])
      #expect(result.status == 1 && result.errorText.contains("WRONGTYPE"), "\(result)")
      let left = try server.remaining(["tag:a", "tag:b"])
      #expect((1...5_000).contains(left[0]) && left[1] == -1, "\(left)")
    }
  }

  @Test("--tag-key says where tags are, with jitter and stale time counted in") func tagKey() throws {
    try RedisServer.with { server in
      let seed = JSONLines.strings(200, "k", members: #""tags":["a"]"#)
      let arguments = ["--ttl", "1000s", "--jitter", "20%", "--envelope", "--stale", "500s"]
      _ = try Rediscache.warm(server, seed, arguments + ["--tag-key", "t/{tag}/keys"])
      #expect(try Self.members(server, "t/a/keys").count == 200)
      let longest = try server.remaining((0..<200).map { "k\($0)" }).max() ?? 0
      #expect(longest > 1_600_000)
      #expect(try abs(server.remaining("t/a/keys") - 2 * longest) < 10_000)
      #expect(try server.names("tag:*").isEmpty)
    }
  }

  @Test("a tag that cannot be written is told, and the run is not complete") func unwritable() throws {
    try RedisServer.with { server in
      try server.load(text: [["SET", "tag:text", "x"]])
      let seed = JSONLines.strings(30, "k", members: #""tags":["text","set"],"ttl":50"#)
      let report = try Rediscache.warm(server, seed, status: 1)
      #expect(report.counts == .init(written: 30) && report.warns("WRONGTYPE"), "\(report)")
      #expect(try Self.members(server, "tag:set").count == 30)
      #expect(try server.content("tag:text") == "string x" && server.remaining("tag:text") == -1)
    }
  }

  // MARK: - Envelopes

  private static func envelope(_ server: RedisServer, _ key: String) throws -> [String: Any] {
    let bytes = try #require(try server.connection().command("GET", key).bytes)
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test("--envelope wraps what is fresh and --stale lets it live on") func envelopes() throws {
    try RedisServer.with { server in
      let now = Int(Date().timeIntervalSince1970 * 1000)
      let seed = try JSONLines.text([
        ["key": "text", "value": "say \"hi\"\n\u{2028}"],
        ["key": "json", "json": ["a": [1, 2]], "ttl": 100],
        ["key": "never", "value": "x", "ttl": -1],
        ["key": "moment", "value": "x", "expires_at": now + 300_000],
        ["key": "number", "json": 17],
        ["key": "list", "type": "list", "value": ["a"]],
        ["key": Data("binary".utf8).base64EncodedString(), "value": "/w==", "encoding": "base64"],
      ])
      let report = try Rediscache.warm(
        server, seed, ["--ttl", "1000s", "--envelope", "--stale", "60s", "--verify"], status: 1)
      #expect(report.counts == .init(written: 5, rejected: 2), "\(report)")
      #expect(report.rejections.map(\.line) == [6, 7] && report.verification?.different == 0)
      #expect(report.rejections.allSatisfy { $0.reason.contains("--envelope") })

      for (key, seconds) in [("text", 1_000), ("json", 100), ("number", 1_000), ("moment", 300)] {
        let object = try Self.envelope(server, key)
        let cached = try #require(object["cachedAt"] as? Int)
        let expires = try #require(object["expiresAt"] as? Int)
        #expect(abs(cached - now) < 10_000 && Set(object.keys) == ["value", "cachedAt", "expiresAt"])
        #expect(abs(expires - cached - seconds * 1000) < (key == "moment" ? 10_000 : 2), "\(key): \(object)")
        let moment = try #require(try server.connection().command("PEXPIRETIME", key).integer)
        #expect(abs(moment - expires - 60_000) < 2_000, "\(key) lives on for the stale time")
      }
      #expect(try Self.envelope(server, "text")["value"] as? String == "say \"hi\"\n\u{2028}")
      #expect(try (Self.envelope(server, "json")["value"] as? [String: [Int]]) == ["a": [1, 2]])
      #expect(try Self.envelope(server, "number")["value"] as? Int == 17)
      #expect(try Self.envelope(server, "never")["expiresAt"] is NSNull && server.remaining("never") == -1)
      #expect(try server.names() == ["text", "json", "never", "moment", "number"])
    }
  }

  @Test("tags by Laravel's template are its sorted sets, which invalidate reads") func laravel() throws {
    try RedisServer.with { server in
      let seed =
        #"{"key":"shop_cache:book:1","value":"x","tags":["books"],"ttl":600}"# + "\n"
        + #"{"key":"shop_cache:book:2","value":"y","tags":["books"]}"#
      let template = ["--tag-key", "shop_cache:tag:{tag}:entries"]
      let report = try Rediscache.warm(server, seed, template)
      #expect(report.counts == .init(written: 2), "\(report.warnings)")
      let name = "shop_cache:tag:books:entries"
      #expect(try server.cli("TYPE", name) == "zset" && server.cli("ZSCORE", name, "book:2") == "-1")
      let moment = try #require(Double(try server.cli("ZSCORE", name, "book:1")))
      #expect(abs(moment - Date().timeIntervalSince1970 - 600) < 60)
      // The application adds to it as before.
      #expect(try server.cli("ZADD", name, "-1", "book:3") == "1")
      try server.cli("SET", "shop_cache:book:3", "z")
      let removed = try Rediscache.removal(server, ["--tag", "books"] + template)
      #expect(removed.counts.removed == 3)
      let foreign = try Rediscache.warm(
        server, #"{"key":"other:1","value":"x","tags":["books"]}"#, template, status: 1)
      #expect(foreign.warns("cannot name a key"))
    }
  }
}
