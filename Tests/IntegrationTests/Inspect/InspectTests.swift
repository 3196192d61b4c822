import Foundation
import TestHarness
import TestSupport
import Testing

/// Everything about single keys.
@Suite(.overlapping) struct InspectTests {
  private static func keys(_ place: [String], _ arguments: [String]) throws -> [[String: Any]] {
    let result = try Rediscache.run(["inspect", "--json"] + place + arguments)
    #expect(result.status == 0, "\(arguments): \(result)")
    let json = try result.json()
    #expect(json["schema"] as? String == "rediscache.inspect/1" && json["complete"] as? Bool == true)
    return try #require(json["keys"] as? [[String: Any]])
  }

  private static func load(_ server: RedisServer) throws {
    try server.load(text: [
      ["SET", "app:v2:user:1:profile", String(repeating: "x", count: 600), "EX", "5000"],
      ["HSET", "cart:7", "sku", "2", "size", "L"], ["RPUSH", "queue:1", "a", "b", "c"],
      ["SADD", "tag:u:1", "cart:7"],
      ["ZADD", "board", "1.5", "ann", "2", "bob"], ["XADD", "events", "5-1", "kind", "x"],
      ["SET", "lock:cart:7", "1"], ["SET", "\u{1b}[31m\n", "\u{1b}[0m"], ["SADD", "tag:other", "queue:1"],
      ["ZADD", "tag:z:entries", "1", "cart:7"],
    ])
  }

  @Test("type, encoding, length, bytes, TTL, use, slot and name of each kind of key") func facts() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let names = ["app:v2:user:1:profile", "cart:7", "queue:1", "tag:u:1", "board", "events", "absent:1"]
      let keys = try Self.keys(["-s", server.socketPath], names)
      #expect(keys.map { $0["key"] as? String } == names)
      #expect(keys.map { $0["type"] as? String } == ["string", "hash", "list", "set", "zset", "stream", nil])
      #expect(keys.map { $0["length"] as? Int } == [600, 2, 3, 1, 2, 1, nil])
      #expect(keys.map { $0["state"] as? String } == Array(repeating: "present", count: 6) + ["absent"])
      #expect(keys[0]["encoding"] as? String == "raw" && keys[1]["encoding"] as? String == "listpack")
      #expect((keys[0]["memory_bytes"] as? Int ?? 0) > 600)
      let ttl = try #require(keys[0]["ttl_seconds"] as? Double)
      #expect((4900...5000).contains(ttl) && keys[1]["ttl_seconds"] as? Int == -1)
      let moment = try #require(keys[0]["expires_at"] as? String)
      let date = try #require(ISO8601DateFormatter().date(from: moment))
      #expect(abs(date.timeIntervalSinceNow - ttl) < 60)
      #expect(
        keys[1]["expires_at"] is NSNull && keys[0]["idle_seconds"] is Int && keys[0]["frequency"] is NSNull)
      #expect(keys.allSatisfy { $0["value"] is NSNull && $0["tags"] is NSNull })
      // The example of the cluster specification.
      #expect(try Self.keys(["-s", server.socketPath], ["foo"])[0]["slot"] as? Int == 12_182)
      let name = try #require(keys[0]["name"] as? [String: Any])
      #expect(name["namespace"] as? String == "app" && name["version"] as? String == "v2")
      #expect(name["template"] as? String == "app:v2:user:*:profile")
    }
  }

  @Test("a lock that never expires is a finding, and so is a big key") func findings() throws {
    try RedisServer.with { server in
      try Self.load(server)
      try server.load(text: [["SET", "big:1", String(repeating: "x", count: 2 << 20), "EX", "100"]])
      let keys = try Self.keys(
        ["-s", server.socketPath], ["lock:cart:7", "big:1", "cart:7", "app:v2:user:1:profile"])
      let ids = keys.map { ($0["findings"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? [] }
      #expect(ids == [["lock-without-ttl"], ["big-key"], ["no-ttl"], []], "\(ids)")
    }
  }

  @Test("values are shown where asked for, cut, and harmless") func values() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let place = ["-s", server.socketPath, "--value"]
      let keys = try Self.keys(
        place, ["app:v2:user:1:profile", "cart:7", "board", "events", "queue:1", "tag:u:1"])
      #expect((keys[0]["value"] as? String)?.count == 512)
      #expect(Set(keys[1]["value"] as? [[String]] ?? []) == [["sku", "2"], ["size", "L"]])
      #expect((keys[2]["value"] as? [[String]])?.map(\.first) == ["ann", "bob"])
      #expect(keys[3]["value"] as? [[String]] == [["5-1", "kind", "x"]])
      #expect(
        keys[4]["value"] as? [String] == ["a", "b", "c"] && keys[5]["value"] as? [String] == ["cart:7"])
      let text = try Rediscache.run(["inspect", #"\x1b[31m\x0a"#] + place)
      #expect(text.status == 0 && !text.stdout.contains(0x1b), "\(text)")
      #expect(text.text.contains(#""\x1b[31m\n""#) && text.text.contains(#""\x1b[0m""#), "\(text)")
    }
  }

  @Test("the tags that name a key are found") func tags() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let keys = try Self.keys(
        ["-s", server.socketPath, "--tag-key", "tag:{tag}"], ["cart:7", "queue:1", "board"])
      let tags = keys.map { Set($0["tags"] as? [String] ?? ["none looked for"]) }
      #expect(tags == [["tag:u:1", "tag:z:entries"], ["tag:other"], []], "\(tags)")
    }
  }

  @Test("a table for people, as wide as the terminal", arguments: [60, 80, 120])
  func table(_ columns: Int) throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.run(
        ["inspect", "cart:7", "absent:*", "app:v2:user:1:profile", "--value", "-s", server.socketPath],
        environment: ["COLUMNS": String(columns)])
      #expect(result.status == 0, "\(result)")
      #expect(result.text.contains("type      hash (listpack), 2 fields"), "\(result)")
      #expect(
        result.text.contains("ttl       never expires")
          && result.text.contains("absent: there is no such key"))
      #expect(result.text.contains("the first 512 of 600 bytes"), "\(result)")
      #expect(result.errorText.contains("scan --list takes patterns"), "\(result)")
      let lines = result.text.split(separator: "\n").dropFirst()
      #expect(lines.allSatisfy { $0.count <= columns }, "\(result)")
    }
  }

  @Test("under an LFU policy the counter stands in place of the idle time") func frequency() throws {
    try RedisServer.with(RedisServer.Options(configuration: ["maxmemory-policy allkeys-lfu"])) { server in
      try server.cli("SET", "a:1", "x")
      let keys = try Self.keys(["-s", server.socketPath], ["a:1"])
      #expect(keys[0]["frequency"] is Int && keys[0]["idle_seconds"] is NSNull)
    }
  }

  @Test("in a cluster each key is asked for at its node, and the tags of all nodes are found") func cluster()
    throws
  {
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      let names = (0..<12).map { "app:v1:user:\($0)" }
      _ = try cluster.load(
        names.map { ["SET", $0, "x"].map { Array($0.utf8) } }
          + names.map { ["SADD", "tag:\($0)", $0].map { Array($0.utf8) } })
      let keys = try Self.keys(
        ["-p", String(cluster.nodes[1].port), "--tag-key", "tag:{tag}"], names)
      #expect(keys.allSatisfy { $0["state"] as? String == "present" })
      #expect(Set(keys.compactMap { $0["node"] as? String }).count == 3)
      for (key, name) in zip(keys, names) {
        #expect(key["tags"] as? [String] == ["tag:\(name)"])
        #expect(try cluster.command(0, "CLUSTER", "KEYSLOT", name).integer == key["slot"] as? Int)
      }
    }
  }
}
