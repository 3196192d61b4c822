import TestHarness
import Testing

/// Walks over a long way: the way takes time, and the server does not.
@Suite(.overlappingApart) struct FarServerTests {
  /// Twice the time of full is the aim. A page has to come back before the next can be asked for, so pages that hold the
  /// server for 0.3 ms took 3.6 to 4.7 times as long.
  @Test("at 50 ms of round trip auto takes no more than eight times the time of full") func far() throws {
    try RedisServer.with { server in
      try server.populate(40_000, prefix: "app:v1:", ttl: 5_000)
      let proxy = try DelayProxy(
        to: .unix(server.socketPath), oneWay: .milliseconds(24), jitter: .milliseconds(2))
      func seconds(_ pace: String) throws -> Double {
        let result = try Rediscache.run(["scan", "-u", proxy.uri, "--pace", pace, "--json"])
        #expect(result.status == 0, "\(result)")
        let json = try result.json()
        #expect((json["totals"] as? [String: Any])?["keys"] as? Int == 40_000)
        return try #require(json["duration_seconds"] as? Double)
      }
      let (auto, full) = (try seconds("auto"), try seconds("full"))
      // 40 pages of a thousand keys, one a round trip.
      #expect(full >= 40 * 0.048 && auto <= 8 * full, "\(auto) s against \(full) s")
    }
  }

  @Test("a user who may not ask for the time walks a far server all the same") func withoutTime() throws {
    let user = "user audit on >\(Rediscache.secret) ~* +@all -time"
    try RedisServer.with(.init(configuration: [user])) { server in
      try server.populate(3_000, prefix: "app:v1:", ttl: 5_000)
      let proxy = try DelayProxy(to: .unix(server.socketPath), oneWay: .milliseconds(2))
      let result = try Rediscache.run(
        ["scan", "-u", proxy.uri, "--user", "audit", "--json"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 0, "\(result)")
      #expect((try result.json()["totals"] as? [String: Any])?["keys"] as? Int == 3_000)
    }
  }
}
