import Foundation
import TestHarness
import TestSupport
import Testing

/// `stats` says what is so: without its own traces, with the worst news, and nothing that is not known.
@Suite(.overlapping) struct StatsTruthTests {
  // MARK: - The tool does not measure itself

  @Test("lookups of inspecting commands are left out without any option, of the lifetime and of an interval")
  func inspections() throws {
    try RedisServer.with { server in
      try server.populate(3_000, prefix: "app:v1:", ttl: 5_000)
      try server.load(text: (0..<200).map { ["GET", "no:\($0)"] })
      #expect(try Rediscache.scan(server, ["--exact", "--idle"]).status == 0)
      // Of its own making the server has some 9,000 hits, and not one that a user asked for.
      #expect(Int(try server.info("stats")["keyspace_hits"] ?? "") ?? 0 >= 9_000)
      let report = try StatsJSON.read(server)
      // The misses may be those of the scan: of 200 lookups nothing is known but their number.
      #expect(report.totals.lifetime.hits == nil && report.totals.lifetime.hitRatio == nil, "\(report)")
      #expect(report.totals.lifetime.hitRatioMin == 0 && report.totals.lifetime.hitRatioMax == 1)
      #expect(report.totals.lifetime.inspectionLookups ?? 0 >= 9_000)
      #expect(report.findings.contains { $0.id == "unsettled-hit-ratio" }, "\(report.findings)")
      let check = try Rediscache.run([
        "stats", "-s", server.socketPath, "--fail-if", "lifetime.hit_ratio < 80%",
      ])
      #expect(check.status == 1 && check.errorText.contains("lies between 0 and 1"), "\(check)")
      // In an interval, too, and whoever sends them.
      let running = try Rediscache.command(["stats", "-s", server.socketPath, "--json", "--interval", "3s"])
        .start()
      try server.waitForCalls(of: "latency|histogram", atLeast: 5)
      usleep(200_000)
      try server.load(
        text: (0..<400).map { ["PTTL", "app:v1:\($0)"] } + Array(repeating: ["GET", "app:v1:1"], count: 90)
          + Array(repeating: ["GET", "none"], count: 10))
      let interval = try #require(try StatsJSON(running.wait().stdout).totals.interval)
      #expect(interval.hitRatioMin == 0.9 && interval.hitRatioMax == 1 && interval.inspectionLookups == 400)
    }
  }

  @Test(
    "lookups that only inspect may have been misses: the ratio is a range, and judged where all of it agrees")
  func unsettled() throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 1_000, misses: 100)
      try server.load(text: (0..<5_000).map { ["TTL", "absent:\($0)"] })
      let report = try StatsJSON.read(server)
      let lifetime = report.totals.lifetime
      #expect(lifetime.hits == nil && lifetime.misses == nil && lifetime.hitRatio == nil, "\(lifetime)")
      #expect(lifetime.hitRatioMin == 0 && lifetime.hitRatioMax == 0.909091, "\(lifetime)")
      #expect(
        report.subtractedLookups?.lookups == 0 && report.nodes.allSatisfy { $0.subtractedLookups != nil })
      let rows: [(String, Int32, String)] = [
        ("lifetime.hit_ratio < 80%", 1, "lies between 0 and 0.909091"),
        ("lifetime.hit_ratio < 95%", 2, "holds"),
        ("lifetime.misses > 50", 2, "100 to 1100"), ("lifetime.hits > 2000", 0, ""),
      ]
      for (condition, status, words) in rows {
        let result = try Rediscache.run(["stats", "-s", server.socketPath, "--fail-if", condition])
        #expect(result.status == status, "\(condition): \(result)")
        #expect(words.isEmpty || result.errorText.contains(words), "\(condition): \(result)")
        #expect(result.text.contains("0.0 to 90.9 %") && result.text.contains("no verdict"), "\(result)")
      }
      let nagios = try Rediscache.run([
        "stats", "-s", server.socketPath, "--format", "nagios", "--critical", "lifetime.hit_ratio < 80%",
      ])
      #expect(nagios.status == 3 && nagios.text.contains("UNKNOWN"), "\(nagios)")
    }
  }

  @Test("where the server does not count its commands, that is said") func mute() throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      let proxy = try EditingProxy(to: server, [.refuse("INFO COMMANDSTATS", with: "ERR no such section")])
      let report = try StatsJSON.read(at: proxy.uri)
      #expect(report.totals.lifetime.hits == 90 && report.totals.lifetime.inspectionLookups == nil)
      #expect(
        report.warnings.contains { $0.contains("does not count its commands") }, "\(report.warnings)")
    }
  }

  @Test("a server that does not count PTTL as a lookup loses none of its hits") func uncounted() throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      try server.load(text: Array(repeating: ["PTTL", "there"], count: 60))
      let proxy = try EditingProxy(to: server, [.info(["keyspace_hits": "90"])])
      let report = try StatsJSON.read(at: proxy.uri)
      #expect(report.totals.lifetime.hits == 90 && report.totals.lifetime.misses == 10)
    }
  }

  // MARK: - The worst news

  @Test("a server that refuses every write is said to, with the reason") func refusesWrites() throws {
    try RedisServer.with(.init(configuration: ["maxmemory-policy volatile-lru"])) { server in
      try server.populate(2_000, prefix: "k:", value: String(repeating: "x", count: 1_000))
      let used = try #require(Int(try server.info("memory")["used_memory"] ?? ""))
      try server.cli("CONFIG", "SET", "maxmemory", String(used - 100_000))
      let connection = try server.connection()
      for number in 0..<25 { #expect(try connection.command("SET", "new:\(number)", "1").errorText != nil) }
      let report = try StatsJSON.read(server)
      #expect(report.totals.lifetime.refusedWrites == 25)
      let finding = try #require(report.findings.first)
      #expect(finding.id == "refuses-writes" && finding.severity == "critical", "\(report.findings)")
      for words in [
        "memory is full", "volatile-lru may evict only keys with a TTL and there are none", "25 errors",
      ] {
        #expect(finding.message.contains(words), "\(finding.message)")
      }
      let check = try Rediscache.run([
        "stats", "-s", server.socketPath, "--format", "nagios", "--critical", "lifetime.refused_writes > 0",
      ])
      #expect(check.status == 2, "\(check)")
    }
  }

  @Test("keys that were flushed in an interval are named as the cause of its misses") func flushed() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try server.populate(5_000, prefix: "k:")
      try StatsTraffic.look(server, hits: 9_000, misses: 100)
      _ = try StatsJSON.read(server, state)
      try server.cli("FLUSHALL")
      try StatsTraffic.look(server, hits: 100, misses: 400)
      let report = try StatsJSON.read(server, state)
      #expect(report.totals.interval?.flushes == 1)
      let finding = try #require(report.findings.first { $0.id == "costly-hit-ratio" })
      #expect(
        finding.message.contains("keys were flushed once (FLUSHALL or FLUSHDB): 5,001 keys became 1"),
        "\(finding.message)")
    }
  }

  // MARK: - What is not known

  /// Values that no counter has, at the edges of what integers hold.
  static let edges = [
    "9223372036854775807", "9223372036854775806", "-9223372036854775808", "9223372036854775808", "-1", "-5",
    "-nan", "nan", "inf", "1e400", "", "abc", "18446744073709551615", "0", "9007199254740993",
  ]

  @Test("no value of INFO stops stats, and what cannot be is null and said", arguments: edges)
  func edge(_ value: String) throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      let fields = [
        "keyspace_hits", "keyspace_misses", "evicted_keys", "expired_keys", "total_commands_processed",
        "used_memory", "used_memory_rss", "maxmemory", "connected_clients", "maxclients", "blocked_clients",
        "rejected_connections", "instantaneous_ops_per_sec", "uptime_in_seconds", "lazyfree_pending_objects",
        "mem_fragmentation_ratio", "total_net_input_bytes", "server_time_usec", "process_id", "tcp_port",
        "mem_not_counted_for_evict", "cmdstat_get", "cmdstat_set", "connected_slaves", "master_repl_offset",
      ]
      var edits: [String: String?] = [:]
      for field in fields {
        edits[field] =
          field.hasPrefix("cmdstat") ? "calls=\(value),usec=\(value),failed_calls=\(value)" : value
      }
      edits["db0"] = "keys=\(value),expires=\(value),avg_ttl=\(value)"
      let proxy = try EditingProxy(to: server, [.info(edits)])
      let folder = try TemporaryFolder()
      for variant in [
        ["--json"], [], ["--format", "csv"], ["--format", "prometheus"], ["--format", "nagios"],
        ["--state", folder.file("state")], ["--state", folder.file("state"), "--json"],
        ["--fail-if", "worst.hits > 5/s or misses > 2"], ["--fail-if", "keys > 5 or hits > 5/s"],
      ] {
        let interval = variant.first == "--state" ? [] : ["--interval", "100ms"]
        let result = try Rediscache.run(["stats", "-u", proxy.uri] + interval + variant)
        #expect([0, 1, 2, 3].contains(result.status), "\(variant): \(result)")
        #expect(!result.text.contains(/-\d+ keys/), "\(result)")
      }
      let report = try StatsJSON.read(at: proxy.uri)
      #expect(
        report.totals.keys.map { $0 >= 0 } ?? true && report.totals.usedMemoryBytes.map { $0 >= 0 } ?? true)
      if Int(value).map({ !(0...1 << 53).contains($0) }) ?? !value.isEmpty {
        #expect(report.totals.keys == nil && report.totals.lifetime.hits == nil)
        #expect(report.warnings.contains { $0.contains("reports impossible figures") }, "\(report.warnings)")
      }
      let scan = try Rediscache.run(["scan", "-u", proxy.uri])
      #expect([0, 1].contains(scan.status) && !scan.text.contains(/-\d+ (keys|without)/), "\(scan)")
    }
  }

  @Test("more keys with a TTL than keys are not believed") func impossibleTTLs() throws {
    try RedisServer.with { server in
      try server.populate(10, prefix: "k:")
      let proxy = try EditingProxy(to: server, [.info(["db0": "keys=10,expires=12"])])
      let report = try StatsJSON.read(at: proxy.uri)
      #expect(report.totals.keys == 10 && report.totals.keysWithTtl == nil)
      #expect(report.warnings.contains { $0.contains("db0") })
      let scan = try Rediscache.run(["scan", "-u", proxy.uri])
      #expect(scan.status == 0 && scan.text.contains("10 keys") && !scan.text.contains("-2"), "\(scan)")
    }
  }

  @Test("a count that SCAN refutes is not used", arguments: ["keys=0,expires=0", "keys=3,expires=0"])
  func refuted(_ line: String) throws {
    try RedisServer.with { server in
      try server.populate(500, prefix: "app:v1:", ttl: 900)
      let proxy = try EditingProxy(to: server, [.info(["db0": line])])
      let result = try Rediscache.run(["scan", "-u", proxy.uri, "--json"])
      #expect(result.status == 0, "\(result)")
      let json = try result.json()
      #expect((json["totals"] as? [String: Any])?["keys"] as? Int == 500)
      #expect((json["coverage"] as? [String: Any])?["keys_expected"] is NSNull, "\(result)")
      #expect(result.errorText.contains("SCAN has named"), "\(result)")
      #expect(try Rediscache.run(["scan", "-u", proxy.uri]).text.contains("500"))
    }
  }

  @Test("without run_id a restart between two runs shows by the uptime, and a quiet time is none")
  func withoutRunID() throws {
    try RedisServer.with { server in
      let proxy = try EditingProxy(
        to: server, [.info(["run_id": nil, "process_id": nil, "master_replid": nil])])
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try StatsTraffic.look(server, hits: 10, misses: 10)
      _ = try StatsJSON.read(at: proxy.uri, state)
      try StatsTraffic.look(server, hits: 7, misses: 3)
      let steady = try StatsJSON.read(at: proxy.uri, state)
      #expect(steady.totals.interval?.hits == 7, "\(steady.warnings)")
      // Long enough that the new process is younger than its predecessor by more than clocks differ.
      usleep(4_000_000)
      try server.restart()
      try StatsTraffic.look(server, hits: 5_000, misses: 500)
      let report = try StatsJSON.read(at: proxy.uri, state)
      #expect(
        report.totals.interval == nil && report.warnings.contains { $0.contains("was restarted") },
        "\(report.warnings)")
    }
  }

  @Test("a connection that is lost again and again without run_id is no other process") func reconnects()
    throws
  {
    try RedisServer.with { server in
      try server.populate(30_000, prefix: "app:v1:", ttl: 900)
      let proxy = try EditingProxy(to: server, [.info(["run_id": nil])])
      let running = try Rediscache.command([
        "scan", "-u", proxy.uri, "--json", "--rate", "20000", "--retry-for", "10s",
      ]).start()
      for _ in 0..<12 {
        usleep(100_000)
        proxy.set([.hangUp("SCAN"), .info(["run_id": nil])])
        usleep(60_000)
        proxy.set([.info(["run_id": nil])])
      }
      let result = running.wait()
      #expect(result.status == 0, "\(result.errorText)")
      #expect((try result.json()["totals"] as? [String: Any])?["keys"] as? Int == 30_000)
      #expect(!result.errorText.contains("another process"), "\(result.errorText)")
    }
  }

  @Test("a refused INFO is told with the rule that would allow it") func refusedInfo() throws {
    let user = "user audit on >\(Rediscache.secret) ~* +@all -info"
    try RedisServer.with(.init(configuration: [user])) { server in
      try server.populate(20, prefix: "app:v1:", ttl: 900)
      let result = try Rediscache.run(
        ["scan", "-s", server.socketPath, "--user", "audit"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 0 && result.errorText.contains("ACL SETUSER audit +info"), "\(result)")
      #expect(!result.errorText.contains("not available"))
    }
  }

  @Test("a server without maxclients in INFO, as Redis 6.0, is not warned about") func olderServer() throws {
    try RedisServer.with { server in
      let proxy = try EditingProxy(to: server, [.info(["maxclients": nil, "lazyfree_pending_objects": nil])])
      #expect(try StatsJSON.read(at: proxy.uri).warnings.isEmpty)
    }
  }

  // MARK: - Alarms

  @Test("a quiet run with conditions says nothing when all is well, and one line when not") func quiet()
    throws
  {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 150, misses: 50)
      func run(_ condition: String) throws -> Command.Result {
        try Rediscache.run(["stats", "-q", "-s", server.socketPath, "--fail-if", condition])
      }
      let well = try run("lifetime.hit_ratio < 50%")
      #expect(well.status == 0 && well.stdout.isEmpty && well.stderr.isEmpty, "\(well)")
      let bad = try run("lifetime.hit_ratio < 80% or keys > 1_000")
      #expect(bad.status == 2 && bad.stdout.isEmpty, "\(bad)")
      #expect(bad.errorText.split(separator: "\n").count == 1)
      #expect(
        bad.errorText.contains("\(server.socketPath)")
          && bad.errorText.contains("lifetime.hit_ratio is 0.75"),
        "\(bad)")
      let open = try run("replication_lag_seconds > 5 or interval.nosuch > 1")
      #expect(open.status == 64)
    }
  }

  @Test("metrics of several targets and commands keep apart, and a target that is away is down")
  func metrics()
    throws
  {
    try RedisServer.with { one in
      try RedisServer.with { other in
        try one.populate(20, prefix: "app:v1:", ttl: 900)
        let folder = try TemporaryFolder()
        func metrics(_ command: String, _ socket: String, status: Int32 = 0) throws -> [String] {
          let file = folder.file("\(command).prom")
          let result = try Rediscache.run([command, "-s", socket, "--format", "prometheus", "-o", file])
          #expect(result.status == status, "\(result)")
          return try #require(folder.read("\(command).prom")).split(separator: UInt8(ascii: "\n")).map {
            String(decoding: $0, as: UTF8.self)
          }
        }
        let all = try [one, other].flatMap { server in
          try ["stats", "ttl"].flatMap { try metrics($0, server.socketPath) }
        }
        let series = all.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != " " } }
        #expect(Set(series).count == series.count)
        #expect(series.allSatisfy { $0.contains("target=\"") && $0.contains("db=\"0\"") }, "\(series)")
        // A family has one help, whoever writes it.
        let helps = Set(all.filter { $0.hasPrefix("# HELP") })
        #expect(Set(helps.map { $0.split(separator: " ")[2] }).count == helps.count)
        for command in ["stats", "ttl"] {
          let gone = try metrics(command, "/nonexistent.sock", status: 69)
          #expect(
            gone.last == "rediscache_up{target=\"/nonexistent.sock\",db=\"0\",command=\"\(command)\"} 0",
            "\(gone)")
        }
      }
    }
  }

  @Test("a watch has a row for each interval, also where nothing could be read", arguments: ["csv", "jsonl"])
  func watchGaps(_ form: String) throws {
    try RedisServer.with { server in
      let proxy = try EditingProxy(to: server, [])
      let running = try Rediscache.command([
        "stats", "-u", proxy.uri, "--watch", "--interval", "200ms", "--format", form, "--retry-for", "0s",
      ]).start()
      #expect(running.waitForLines(3))
      proxy.set([.hangUp("INFO"), .hangUp("HELLO"), .hangUp("LATENCY")])
      usleep(1_500_000)
      proxy.set([])
      usleep(1_000_000)
      running.signal(SIGINT)
      let result = running.wait()
      let lines = result.text.split(separator: "\n").map { String($0) }
      let gaps = lines.filter { form == "csv" ? $0.hasSuffix(",false") : $0.contains("\"complete\":false") }
      #expect(gaps.count >= 3, "\(result)")
      if form == "csv" { #expect(Set(result.csv().map(\.count)).count == 1) }
    }
  }
}
