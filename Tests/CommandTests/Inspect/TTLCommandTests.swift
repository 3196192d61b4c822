import Foundation
import TestHarness
import Testing

struct TTLCommandTests {
  /// 600 keys with a TTL of an hour or two, 50 without one.
  private func withCache(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try server.populate(600, prefix: "session:", ttl: 3600)
      try server.populate(50, prefix: "app:v1:user:")
      try body(server)
    }
  }

  @Test func theHistogramAddsUpInEveryFormat() throws {
    try withCache { server in
      let json = try Rediscache.run(["ttl", "-s", server.socketPath, "--json"])
      #expect(json.status == 0)
      let report = try #require(try JSONSerialization.jsonObject(with: Data(json.stdout)) as? [String: Any])
      #expect(report["schema"] as? String == "rediscache.ttl/1")
      let totals = try #require(report["totals"] as? [String: Any])
      let buckets = try #require(totals["buckets"] as? [[String: Any]])
      #expect(buckets.compactMap { $0["keys"] as? Int }.reduce(0, +) == 600)
      #expect(totals["without_ttl"] as? Int == 50)

      let csv = try Rediscache.run(["ttl", "-s", server.socketPath, "--format", "csv"])
      #expect(csv.text.contains("session,,,,,,false,never,,0,true"))
      #expect(csv.text.contains("app,v1,,,,,false,never,,50,true"))

      let prometheus = try Rediscache.run(["ttl", "-s", server.socketPath, "--format", "prometheus"])
      #expect(
        prometheus.text.contains(",db=\"0\",namespace=\"session\",le=\"+Inf\"} 600"))
      #expect(prometheus.text.contains("rediscache_ttl_keys_without_ttl{target=\"\(server.socketPath)\""))
      #expect(prometheus.text.contains(",namespace=\"app\",version=\"v1\"} 50"))
    }
  }

  @Test func theTableHasBarsAndALineForKeysThatNeverExpire() throws {
    try withCache { server in
      let result = try Rediscache.run(["ttl", "-s", server.socketPath])
      #expect(result.status == 0)
      #expect(result.text.contains("650 keys"))
      #expect(result.text.split(separator: "\n").contains { $0.hasPrefix("never") && $0.contains("50") })
      #expect(result.text.contains("all 600 keys of session have about "))
      #expect(result.errorText.contains("650 keys in"))
    }
  }

  @Test(arguments: [
    ("1h,10m", "--buckets must ascend"), ("", "--buckets"), ("1h,soon", "--buckets"),
    ("0s,1h", "--buckets must ascend"),
  ])
  func bucketsThatMakeNoSenseAreRefused(_ row: (list: String, says: String)) throws {
    let result = try Rediscache.run(["ttl", "--buckets", row.list])
    #expect(result.status == 64)
    #expect(result.errorText.contains(row.says))
  }

  @Test func aWindowLongerThanTheHorizonIsRefused() throws {
    let result = try Rediscache.run(["ttl", "--wave-window", "2h", "--horizon", "1h"])
    #expect(result.status == 64)
    #expect(result.errorText.contains("--wave-window must not be longer than --horizon"))
  }

  @Test func nothingIsWritten() throws {
    try withCache { server in
      _ = try server.cli("CONFIG", "RESETSTAT")
      _ = try Rediscache.run(["ttl", "-s", server.socketPath, "--exact"])
      let sent = Set(try server.commandStats().keys)
      let allowed: Set<String> = [
        "scan", "pttl", "info", "time", "hello", "client|setname", "client|no-touch", "config|resetstat",
      ]
      #expect(sent.subtracting(allowed).isEmpty, "\(sent)")
    }
  }
}
