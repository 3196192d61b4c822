import TestHarness
import Testing

/// Walks over a long way: the way takes time, and the server does not.
@Suite(.overlappingApart) struct FarServerTests {
  /// What a scan took, and what it cost the server.
  private struct Walk {
    let seconds: Double
    /// How long SCAN held the server on average, in microseconds.
    let hold: Double
    /// For how long all its commands held the server, in seconds.
    let busy: Double
  }

  private func walk(_ server: RedisServer, by uri: String, pace: String) throws -> Walk {
    _ = try server.cli("CONFIG", "RESETSTAT")
    let result = try Rediscache.run(["scan", "-u", uri, "--pace", pace, "--json"])
    #expect(result.status == 0, "\(result)")
    let json = try result.json()
    #expect((json["totals"] as? [String: Any])?["keys"] as? Int == 40_000)
    let times = try server.commandTimes()
    let scan = try #require(times["scan"])
    return Walk(
      seconds: try #require(json["duration_seconds"] as? Double),
      hold: Double(scan.microseconds) / Double(max(1, scan.calls)),
      busy: times.values.reduce(0) { $0 + Double($1.microseconds) } / 1e6)
  }

  /// A page has to come back before the next can be asked for: pages that held the server for 0.3 ms took 3.6 to 4.7
  /// times as long as those of a thousand keys, and at the gentle pace, which waited for the answers too, 20 times.
  @Test("at 50 ms of round trip auto takes twice the time of full at most, gentle four times")
  func far() throws {
    try RedisServer.with { server in
      try server.populate(40_000, prefix: "app:v1:", ttl: 5_000)
      let proxy = try DelayProxy(
        to: .unix(server.socketPath), oneWay: .milliseconds(24), jitter: .milliseconds(2))
      let full = try walk(server, by: proxy.uri, pace: "full")
      let auto = try walk(server, by: proxy.uri, pace: "auto")
      let gentle = try walk(server, by: proxy.uri, pace: "gentle")
      // 40 pages of a thousand keys, one a round trip.
      #expect(full.seconds >= 40 * 0.048)
      // A machine that is too busy to draw a thousand keys in a millisecond cannot keep the time and the hold.
      let slowness = max(1, full.hold / 1_200)
      #expect(auto.seconds <= 2 * slowness * full.seconds, "\(auto) against \(full)")
      #expect(gentle.seconds <= 4 * slowness * full.seconds, "\(gentle) against \(full)")
      #expect(auto.hold <= 1_000 * slowness && gentle.hold <= 500 * slowness, "\(auto), \(gentle)")
      #expect(gentle.busy <= 0.25 * gentle.seconds, "\(gentle)")
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
