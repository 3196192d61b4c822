import TestHarness
import Testing

/// `scan --hot`: the keys that are used most, and how that is known.
@Suite(.overlapping) struct HotKeysTests {
  private static func load(_ server: RedisServer) throws {
    try server.populate(200, prefix: "app:v1:")
    let reads = [Int](repeating: 0, count: 3000).map { _ in ["GET", "app:v1:7"] }
    try server.load(text: reads)
  }

  @Test("under LFU by how often, with the key that was read") func byFrequency() throws {
    let options = RedisServer.Options(configuration: ["maxmemory-policy allkeys-lfu"])
    try RedisServer.with(options) { server in
      try Self.load(server)
      let result = try Rediscache.scan(server, ["--hot", "3", "--json"])
      #expect(result.status == 0, "\(result)")
      let hot = try #require(try result.json()["hot_keys"] as? [String: Any])
      #expect(hot["by"] as? String == "frequency")
      #expect((hot["doubts"] as? [String])?.isEmpty == true)
      let keys = try #require(hot["keys"] as? [[String: Any]])
      #expect(keys.count == 3 && keys.first?["key"] as? String == "app:v1:7", "\(keys)")
      #expect((keys.first?["frequency"] as? Int ?? 0) > 8, "\(keys)")
      let table = try Rediscache.scan(server, ["--hot", "3"]).text
      #expect(table.contains("HOTTEST KEYS  FREQUENCY\napp:v1:7 "), "\(table)")
    }
  }

  @Test("without LFU by the last use, and a save makes it doubtful") func byLastUse() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let table = try Rediscache.scan(server, ["--hot", "2"]).text
      #expect(table.contains("HOTTEST KEYS  LAST USE") || table.contains("LAST USE"), "\(table)")
      #expect(table.contains("hottest by the last use: the server does not count uses"), "\(table)")
      #expect(!table.contains("not to be believed"))
      let refused = try Rediscache.scan(server, ["--hot", "2", "--sample", "5"])
      #expect(refused.status == 64, "\(refused)")
    }
  }
}
