import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` on real servers with known traffic.
@Suite(.overlapping) struct HitsTests {
  static let events = RedisServer.Options(configuration: ["notify-keyspace-events Emxeg"])

  @Test("misses are exact to the unit, by group, and the totals are INFO's") func misses() throws {
    try RedisServer.with(Self.events) { server in
      try server.populate(50, prefix: "product:v7:")
      try server.populate(10, prefix: "search:")
      let run = try HitsFixture(
        server, ["--json", "--no-monitor", "--no-memory", "--top-keys", "2"])
      try HitsFixture.get(server, (0..<90).map { "product:v7:\($0)" })
      try HitsFixture.get(server, (0..<30).map { "product:v6:\($0)" } + (0..<10).map { "search:\($0)" })
      try HitsFixture.get(server, (0..<25).map { _ in "search:hot" })
      try server.load(text: [["SELECT", "3"], ["GET", "a"], ["GET", "b"]])
      let report = try run.stop()
      #expect(report.schema == "rediscache.hits/1" && report.warnings.isEmpty)
      #expect(report.group("product", "v7")?.misses == 40)
      #expect(report.group("product", "v6")?.misses == 30)
      #expect(report.group("search")?.misses == 25)
      #expect(report.others["elsewhere"]?.misses == 2)
      #expect(report.totals.hits == 60 && report.totals.misses == 97 && report.totals.reads == 157)
      #expect(report.coverage.misses == 1 && report.coverage.missesSeen == 97)
      #expect(report.coverage.method == "events")
      #expect(
        report.topKeys?.first.map { [$0.key, "\($0.misses)", "\($0.error)"] } == ["search:hot", "25", "0"])
    }
  }

  @Test("what inspects is no read, and the server does not say whether it found its key") func inspections()
    throws
  {
    try RedisServer.with(Self.events) { server in
      try server.populate(50, prefix: "app:")
      let run = try HitsFixture(server, ["--json", "--no-monitor", "--no-memory"])
      try HitsFixture.get(server, (0..<80).map { "app:\($0)" })
      try server.load(text: [["PTTL", "app:1"], ["TYPE", "app:2"]])
      let report = try run.stop()
      #expect(report.totals.reads == 80 && report.totals.hits == nil)
      let (least, most) = (report.totals.hitRatioMin ?? 1, report.totals.hitRatioMax ?? 0)
      #expect(least <= 50.0 / 80 && 50.0 / 80 <= most && most - least < 0.03, "\(least) to \(most)")
      #expect(report.warnings.contains { $0.contains("TTL, TYPE, OBJECT") }, "\(report.warnings)")
    }
  }

  @Test("causes: expired before and at the read, evicted, deleted, never seen") func causes() throws {
    try RedisServer.with(Self.events) { server in
      try server.load(text: (0..<20).map { ["SET", "gone:\($0)", "v"] })
      let run = try HitsFixture(server, ["--json", "--no-monitor", "--no-memory"])
      try server.load(
        text: (0..<10).map { ["DEL", "gone:\($0)"] } + (10..<20).map { ["UNLINK", "gone:\($0)"] })
      try HitsFixture.get(server, (0..<30).map { "gone:\($0)" })
      try server.load(text: (0..<40).map { ["SET", "brief:\($0)", "v", "PX", "50"] })
      // Some expire by themselves, the others when they are read.
      usleep(60_000)
      try HitsFixture.get(server, (0..<40).map { "brief:\($0)" })
      let evicted = try Self.evict(server)
      try HitsFixture.get(server, evicted)
      let report = try run.stop()
      #expect(
        report.group("brief")?.missesByCause == .init(expired: 40, evicted: 0, deleted: 0, unseen: 0))
      #expect(report.group("gone")?.missesByCause == .init(expired: 0, evicted: 0, deleted: 20, unseen: 10))
      #expect(!evicted.isEmpty)
      #expect(
        report.group("filler")?.missesByCause
          == .init(expired: 0, evicted: evicted.count, deleted: 0, unseen: 0))
    }
  }

  /// Fills the server beyond a limit; gives the names of the keys that had to go.
  private static func evict(_ server: RedisServer) throws -> [String] {
    try server.load(text: (0..<200).map { ["SET", "filler:\($0)", String(repeating: "x", count: 10_000)] })
    let used = try #require(try server.info("memory")["used_memory"].flatMap { Int($0) })
    try server.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
    try server.cli("CONFIG", "SET", "maxmemory", String(used - 500_000))
    // A write makes the server look for room.
    try Wait.for("keys to be evicted") {
      try server.load(text: [["SET", "brief:0", "v", "PX", "1"]])
      return try server.info("stats")["evicted_keys"].flatMap { Int($0) } ?? 0 > 20
    }
    try server.cli("CONFIG", "SET", "maxmemory", "0")
    let connection = try server.connection()
    return try (0..<200).map { "filler:\($0)" }.filter { name in
      // OBJECT notifies of no miss.
      try connection.command("OBJECT", "ENCODING", name).text == nil
    }
  }

  @Test("without events the totals stand, and what to set is said") func silent() throws {
    try RedisServer.with { server in
      let run = try HitsFixture(server, ["--for", "1s", "--json", "--no-monitor", "--no-memory"])
      _ = run
      let result = run.running.wait()
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 1 && !report.complete && report.groups.isEmpty)
      #expect(report.coverage.misses == nil && report.coverage.method == nil)
      #expect(report.warnings.contains { $0.contains("CONFIG SET notify-keyspace-events Emxeg") })
      #expect(result.errorText.contains("--enable-notifications"))
    }
  }

  @Test("chosen keys make the groups, the others one figure") func choice() throws {
    try RedisServer.with(Self.events) { server in
      let run = try HitsFixture(
        server,
        [
          "app:*", "--key-version", "v2", "--exclude", "*:0", "--by", "template", "--json",
          "--no-monitor", "--no-memory",
        ])
      try HitsFixture.get(server, (0..<10).flatMap { ["app:v1:user:\($0)", "app:v2:user:\($0)", "x:\($0)"] })
      let report = try run.stop()
      #expect(report.groups.map(\.template) == ["app:v2:user:*"])
      #expect(report.groups.map(\.misses) == [9])
      #expect(report.others["unchosen"]?.misses == 21)
      #expect(report.coverage.misses == 1)
    }
  }

  @Test("bytes of each group come from a scan, and --fail-if decides by group") func earnings() throws {
    try RedisServer.with(Self.events) { server in
      try server.populate(2000, prefix: "product:v7:", value: String(repeating: "x", count: 1000))
      try server.populate(2000, prefix: "idle:", value: String(repeating: "x", count: 1000))
      let run = try HitsFixture(
        server,
        [
          "--for", "2s", "--json", "--duty", "50%", "--fail-if", "product:v7: hit_ratio > 50%", "--fail-if",
          "hit_ratio < 1%",
        ])
      for _ in 0..<30 {
        try HitsFixture.get(server, (0..<100).map { "product:v7:\($0)" })
        usleep(50_000)
      }
      let result = run.running.wait()
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 2, "\(result)")
      #expect(result.errorText.contains("holds: product:v7: hit_ratio > 50%"))
      #expect(!result.errorText.contains("holds: hit_ratio"))
      for name in ["product", "idle"] {
        let bytes = try #require(report.groups.first { $0.namespace == name }?.memoryBytes)
        #expect((2_000_000...4_000_000).contains(bytes), "\(name): \(bytes)")
      }
      #expect(report.group("product", "v7")?.hitsPerSecondPerMib ?? 0 > 10)
      #expect(report.group("idle")?.reads == 0)
      #expect(report.findings.map(\.id) == ["not-read"])
    }
  }

  @Test("CSV and Prometheus hold the same groups") func formats() throws {
    try RedisServer.with(Self.events) { server in
      let options = [
        "hits", "-s", server.socketPath, "--no-monitor", "--no-memory", "--format",
      ]
      let csv = try Rediscache.command(options + ["csv"]).start()
      let metrics = try Rediscache.command(options + ["prometheus"]).start()
      try Wait.for("both to listen") {
        try server.connection().command("PUBSUB", "NUMSUB", "__keyevent@0__:keymiss").elements?.last?.integer
          == 2
      }
      usleep(100_000)
      try HitsFixture.get(server, (0..<20).map { "app:v1:\($0)" })
      for run in [csv, metrics] { run.signal(SIGINT) }
      let rows = csv.wait().csv()
      #expect(rows.count == 2 && rows[0].count == rows[1].count)
      #expect(rows[1][1] == Array("app".utf8) && rows[1][8] == Array("20".utf8))
      let text = metrics.wait().text
      #expect(text.contains("rediscache_group_misses_per_second{"))
      #expect(text.contains("namespace=\"app\",version=\"v1\"") && text.contains("rediscache_up{"))
    }
  }

  @Test("a run that ends by itself is complete, and as long as asked for") func whole() throws {
    try RedisServer.with(Self.events) { server in
      let result = try Rediscache.run(
        ["hits", "-s", server.socketPath, "--for", "400ms", "--no-monitor", "--no-memory", "--json"])
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 0 && report.complete && report.warnings.isEmpty, "\(result)")
      #expect((0.39...5).contains(report.seconds ?? 0))
    }
  }

  @Test("it sends no command that writes, and none that looks keys up") func harmless() throws {
    try RedisServer.with(Self.events) { server in
      try server.populate(100, prefix: "app:")
      let before = try Set(server.commandStats().keys)
      _ = try Rediscache.run([
        "hits", "-s", server.socketPath, "--for", "300ms", "--no-monitor", "--no-memory",
      ])
      let sent = try Set(server.commandStats().keys).subtracting(before)
      #expect(
        sent.subtracting(["info", "hello", "client|setname", "client|no-touch", "config|get"]) == [
          "subscribe"
        ])
      let stats = try server.info("stats")
      #expect(stats["keyspace_hits"] == "0" && stats["keyspace_misses"] == "0")
    }
  }

  @Test("a user without the right to subscribe is told so") func forbidden() throws {
    try RedisServer.with(Self.events) { server in
      try server.cli("ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+info", "+subscribe")
      let run = try Rediscache.run(
        [
          "hits", "-s", server.socketPath, "--user", "limited", "--for", "300ms", "--json", "--no-monitor",
          "--no-memory",
        ],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      let report = try HitsJSON(run.stdout)
      #expect(run.status == 1 && report.totals.reads == 0)
      #expect(report.warnings.contains { $0.contains("sends no events") && $0.contains("&<pattern>") })
    }
  }
}
