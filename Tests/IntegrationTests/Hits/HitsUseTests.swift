import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` where nobody is monitored: which keys were used lately, and what makes that untrustworthy.
@Suite(.overlapping) struct HitsUseTests {
  private static let options = ["--for", "200ms", "--json", "--no-monitor"]

  /// Makes 300 keys of which the first ones count as used lately.
  private static func fill(
    _ server: RedisServer, _ prefix: String, used: Int, _ usedAs: [String], _ rest: [String]
  )
    throws
  {
    let script = """
      redis.call('SET', 'seed', 'value')
      local payload = redis.call('DUMP', 'seed')
      redis.call('DEL', 'seed')
      for i = 1, 300 do
        local how = i <= tonumber(ARGV[2]) and 3 or 5
        redis.call('RESTORE', ARGV[1] .. i, 0, payload, ARGV[how], ARGV[how + 1])
      end
      """
    let words = ["EVAL", script, "0", prefix, String(used)] + usedAs + rest
    let reply = try server.connection().command(words.map { Array($0.utf8) })
    #expect(reply.errorText == nil)
  }

  private static func report(_ server: RedisServer, _ more: [String] = []) throws -> HitsJSON {
    let result = try Rediscache.run(["hits", "-s", server.socketPath] + options + more)
    #expect(result.status == 0, "\(result)")
    return try HitsJSON(result.stdout)
  }

  @Test(
    "idle times: exact shares of small groups, none of what was not used, and a server that started just now")
  func idle() throws {
    try RedisServer.with(HitsTests.events) { server in
      let (new, old) = (["IDLETIME", "1"], ["IDLETIME", "3000"])
      try Self.fill(server, "product:v7:", used: 93, new, old)
      try Self.fill(server, "session:", used: 0, new, old)
      let report = try Self.report(server)
      #expect(report.use?.measure == "idle")
      #expect(report.group("product", "v7")?.usedShareAtLeast == 0.31)
      #expect(report.group("session")?.usedShare == 0)
      #expect(report.use?.caveats.contains { $0.contains("started") } == true)
      #expect(report.coverage.method == "events" && report.group("product", "v7")?.reads == nil)
      let table = try Rediscache.run(["hits", "-s", server.socketPath, "--for", "100ms", "--no-monitor"])
      #expect(table.text.contains("≥ 31.0 %") && table.text.contains("Do not trust it"), "\(table)")
    }
  }

  @Test("LFU: counters above that of a new key; those of a policy that was switched lately say nothing")
  func frequency() throws {
    let lfu = HitsTests.events.configuration + ["maxmemory-policy allkeys-lfu"]
    try RedisServer.with(RedisServer.Options(configuration: lfu)) { server in
      try Self.fill(server, "fresh:", used: 0, ["FREQ", "0"], ["FREQ", "0"])
      let fresh = try Self.report(server)
      #expect(fresh.use?.caveats.contains { $0.contains("switched") } == true)
      try Self.fill(server, "product:v7:", used: 60, ["FREQ", "90"], ["FREQ", "5"])
      let report = try Self.report(server)
      #expect(report.use?.measure == "frequency" && report.use?.caveats.isEmpty == true)
      #expect(report.group("product", "v7")?.usedShareAtLeast == 0.2)
    }
  }

  @Test("where MONITOR is not allowed the sample takes its place") func forbidden() throws {
    try RedisServer.with(HitsTests.events) { server in
      try Self.fill(server, "app:", used: 150, ["IDLETIME", "1"], ["IDLETIME", "3000"])
      try server.cli(
        "ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+@all", "-monitor", "allchannels", "~*")
      let result = try Rediscache.run(
        ["hits", "-s", server.socketPath, "--user", "limited", "--for", "300ms", "--json"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 1 && result.errorText.contains("+monitor"), "\(result)")
      #expect(report.group("app")?.usedShareAtLeast == 0.5)
    }
  }
}
