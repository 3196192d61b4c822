import Testing

@testable import Reporting

/// The forms of a stats report.
@Suite struct StatsReportTests {
  static func report(interval hasInterval: Bool = true, address: String = "cache-1:6379") -> StatsReport {
    var (interval, lifetime, gauges) = (StatsWindow(), StatsWindow(), StatsGauges())
    (interval.serverHits, interval.serverMisses, interval.evictedKeys, interval.expiredKeys) = (
      710_520, 63_480, 12_840, 5_760
    )
    (interval.commands, interval.seconds) = (900_000, 60)
    (lifetime.serverHits, lifetime.serverMisses, lifetime.evictedKeys, lifetime.expiredKeys) = (
      36_000, 1_000, 120, 540
    )
    (lifetime.commands, lifetime.seconds) = (50_000, 4)
    (gauges.usedMemory, gauges.maxmemory) = (4_273_492_459, 4_294_967_296)
    (gauges.maxmemoryPolicy, gauges.fragmentation) = ("allkeys-lru", 1.08)
    (gauges.connectedClients, gauges.maxclients, gauges.blockedClients) = (412, 10_000, 0)
    (gauges.rejectedConnections, gauges.keys, gauges.keysWithTTL, gauges.uptime) = (
      0, 1_200, 1_000, 3_542_400
    )
    (gauges.latencyP50, gauges.latencyP95, gauges.latencyP99) = (20e-6, 90e-6, 410e-6)
    gauges.latencySource = .intervalHistogram
    let figures = StatsReport.Figures(
      lifetime: lifetime, interval: hasInterval ? interval : nil, gauges: gauges)
    let header = ReportHeader(
      schema: "rediscache.stats/1", toolVersion: "0.1.0", targetName: "prod", uri: "redis://cache-1:6379/0",
      kind: "standalone", server: "redis", serverVersion: "7.0.15",
      nodes: [.init(address: address, role: "primary")], startedAt: "2026-01-31T12:00:00Z")
    let finding = ReportFinding(
      id: "evicting-at-limit", severity: .warning, message: "evicting at the memory limit", figures: [],
      command: SuggestedCommand(.scan, [.mostMemoryFirst, .top(10)]))
    return StatsReport(
      header: header, nodes: [.init(address: address, role: "primary", figures: figures)], totals: figures,
      wasReset: false, findings: [finding])
  }

  @Test("the table is a screenful with both windows") func table() {
    #expect(
      Self.report().table(width: 100, style: .plain, wording: .test) == """
        prod  redis://cache-1:6379/0  Redis 7.0.15 primary

                          last 60 s        since start (41d)
        hit ratio         91.8 %           97.3 %
        hits              11,842/s         9,000/s
        misses            1,058/s          250/s
        evicted           214/s            30/s
        expired           96/s             135/s
        commands          15,000/s         12,500/s
        memory            3.98 of 4.00 GiB (99.5 %), allkeys-lru, fragmentation 1.08
        keys              1,200, 200 never expire
        clients           412 of 10,000, 0 blocked, 0 rejected
        latency           p50 0.02 ms   p95 0.09 ms   p99 0.41 ms

        ! evicting at the memory limit
            rediscache scan --sort memory --top 10

        """)
  }

  @Test("what is absent is a dash or no line, never 0") func absent() {
    var report = Self.report()
    let empty = StatsReport.Figures(lifetime: StatsWindow(), interval: nil, gauges: StatsGauges())
    report.totals = empty
    report.findings = []
    let lines = report.table(width: 80, style: .plain, wording: .test).split(separator: "\n")
    #expect(lines.contains("hits              -") && lines.contains("hit ratio         -"))
    #expect(!lines.contains { $0.hasPrefix("memory") || $0.hasPrefix("clients") || $0.hasPrefix("latency") })
  }

  @Test("no line is wider than the terminal, commands excepted", arguments: [40, 60, 80]) func width(
    _ width: Int
  ) {
    let lines = Self.report().table(width: width, style: .plain, wording: .test).split(separator: "\n")
    #expect(lines.filter { $0.count > max(width, 54) && !$0.contains("rediscache") }.isEmpty)
  }

  @Test("JSON begins as every report, and has lifetime, interval and gauges") func json() throws {
    let json = Self.report().json(wording: .test)
    guard case .object(let members) = json else { return }
    #expect(
      members.map(\.0) == [
        "schema", "tool_version", "target", "started_at", "duration_seconds", "complete", "warnings", "nodes",
        "totals", "counters_reset", "subtracted_lookups", "findings",
      ])
    let totals = try #require(json["totals"])
    #expect(totals["interval"]?["hit_ratio"] == .double(0.917984))
    #expect(totals["lifetime"]?["hits"] == .int(36_000))
    #expect(totals["memory_ratio"] == .double(0.995))
    #expect(totals["replication_lag_seconds"] == .null)
    #expect(Self.report(interval: false).json(wording: .test)["totals"]?["interval"] == nil)
  }

  @Test("CSV has a row for each server and window") func csv() {
    let writer = CSV()
    let heading = String(decoding: StatsReport.csvHeading(writer), as: UTF8.self).split(separator: ",")
    let rows = String(decoding: Self.report().csvRows(writer), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 4)
    for row in rows {
      #expect(row.split(separator: ",", omittingEmptySubsequences: false).count == heading.count)
    }
    #expect(rows[3].hasPrefix("2026-01-31T12:00:00Z,total,interval,710520,63480,0.917984,"))
  }

  @Test("Prometheus escapes labels, keeps counters raw and leaves out what is absent") func prometheus() {
    let text = String(decoding: Self.report(address: "a\"b\\c\nd").prometheus, as: UTF8.self)
    #expect(
      text.contains(
        "rediscache_keyspace_hits_total{target=\"prod\",db=\"0\",node=\"a\\\"b\\\\c\\nd\"} 36000\n"))
    #expect(text.contains("window=\"interval\"} 0.917984\n"))
    #expect(!text.contains("replication_lag"))
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(line.hasPrefix("rediscache_") && line.split(separator: " ").count == 2, "\(line)")
    }
  }

  @Test("Nagios gets one line with performance data") func nagios() {
    let line = String(decoding: Self.report().nagios(.warning, reasons: ["a | b\nc"]), as: UTF8.self)
    #expect(line.hasPrefix("REDISCACHE WARNING - a / b"))
    #expect(line.split(separator: "\n").count == 1 && line.filter { $0 == "|" }.count == 1)
    #expect(line.contains("| hit_ratio=91.798%;;;0;100 hits=36000c"))
    #expect(line.contains("used_memory=4273492459B;;;0;4294967296") && line.contains("latency_p99=0.00041s"))
  }

  @Test("a null field says whether it has no value or is not known") func reasons() {
    var report = Self.report()
    report.totals.interval?.serverHits = 0
    report.totals.interval?.serverMisses = 0
    #expect(report.figure(of: "hit_ratio") == .none("there were no lookups"))
    #expect(report.figure(of: "lifetime.hit_ratio") == .number(0.972973...0.972973))
    #expect(report.figure(of: "evicted_keys", perSecond: true) == .number(214...214))
    #expect(report.figure(of: "maxmemory_policy") == .text("allkeys-lru"))
    #expect(
      report.figure(of: "replication_lag_seconds") == .unknown && report.figure(of: "nosuch") == .unknown)
    report.totals.gauges.isUnreplicated = true
    #expect(report.figure(of: "replication_lag_seconds") == .none("there is no replication"))
    report.totals.interval?.serverHits = 98
    report.totals.interval?.serverMisses = 1
    #expect(report.figure(of: "hit_ratio") == .none("99 lookups are too few to judge"))
    report.totals.interval?.serverMisses = 2
    #expect(report.figure(of: "hit_ratio") == .number(0.98...0.98))
  }

  @Test(
    "the worst node is that with the lowest ratio or the fullest memory, and those that are missing leave a bound"
  )
  func worst() throws {
    var report = Self.cluster()
    report.nodes[1].figures.interval?.serverHits = 100_000
    report.nodes[1].figures.interval?.serverMisses = 100_000
    (report.nodes[2].figures.gauges.usedMemory, report.nodes[2].figures.gauges.maxmemory) = (992, 1_000)
    report.nodes[0].figures.gauges.maxmemory = 0
    #expect(report.figure(of: "worst.hit_ratio") == .number(0.5...0.5))
    #expect(report.figure(of: "worst.memory_ratio") == .number(0.995...0.995))
    (report.nodes[1].figures.gauges.usedMemory, report.nodes[1].figures.gauges.maxmemory) = (50, 100)
    #expect(report.figure(of: "worst.memory_ratio") == .number(0.992...0.992))
    #expect(report.figure(of: "worst.evicted_keys", perSecond: true) == .number(214...214))
    let worst = try #require(report.json(wording: .test)["worst"])
    #expect(worst["memory_ratio"] == ["value": .double(0.992), "node": "10.0.0.2:7000"])
    #expect(worst["hit_ratio"]?["node"] == "10.0.0.1:7000")
    report.unread = Self.unread
    #expect(report.figure(of: "worst.memory_ratio") == .number(0.992...Double.infinity))
    #expect(report.figure(of: "worst.hit_ratio") == .number(-Double.infinity...0.5))
  }

  @Test("rates and counts are not mixed in the column of a cluster's table") func mixedLengths() {
    var report = Self.cluster(interval: false)
    report.nodes[1].figures.lifetime.seconds = nil
    let table = report.table(width: 120, style: .plain, wording: .test)
    #expect(!table.contains("/s"), "\(table)")
    #expect(table.contains("36,000"))
    report.totals.gauges.limitsDiffer = true
    let mixed = report.table(width: 120, style: .plain, wording: .test)
    #expect(mixed.contains("limits differ, the fullest is 10.0.0.0:7000 at 99.5 %"), "\(mixed)")
  }

  @Test("sparklines run from the lowest to the highest, in ASCII too") func sparkline() {
    let values: [Double?] = [0, 0.5, 1, nil, 2, .nan]
    #expect(Sparkline.text(values, from: 0, to: 1, style: .plain) == "▁▅█ █ ")
    #expect(
      Sparkline.text(values, from: 0, to: 1, style: Style(color: false, unicode: false)) == "_=# # ")
    #expect(Sparkline.text([3, 3], from: 3, to: 3, style: .plain) == "▁▁")
  }

  @Test("watch rows align under their heading and fit", arguments: [nil, 60, 80, 120] as [Int?])
  func watchRows(_ width: Int?) {
    var rows = StatsWatchRows(width: width, hasSparklines: true, style: .plain)
    let heading = rows.heading
    var last = ""
    for _ in 0..<20 { last = rows.row(Self.report().totals, at: "12:00:00") }
    #expect(heading.hasPrefix("TIME      HIT RATIO") && last.hasPrefix("12:00:00      91.8%"))
    if let width { #expect(heading.count <= width + 1 && last.count <= width + 1) }
    #expect(rows.row(nil, at: "12:00:02").contains("12:00:02          -"))
  }

  // MARK: - Clusters

  private static func cluster(unread: [StatsReport.Unread] = [], interval: Bool = true) -> StatsReport {
    var report = report(interval: interval)
    report.nodes = (0..<3).map { number in
      var figures = report.totals
      figures.gauges.keys = 400 * number
      return .init(address: "10.0.0.\(number):7000", role: "primary", figures: figures)
    }
    report.unread = unread
    report.header.kind = "cluster"
    report.header.isComplete = unread.isEmpty
    return report
  }

  private static let unread = [
    StatsReport.Unread(address: "10.0.0.9:7000", slots: "0-99", reason: "away"),
    StatsReport.Unread(address: nil, slots: "100-199", reason: "nobody"),
  ]

  @Test("a cluster's table has a row for each node under the totals") func clusterTable() {
    let lines = Self.cluster().table(width: 120, style: .plain, wording: .test).split(separator: "\n").map {
      String($0)
    }
    #expect(lines[0] == "prod  redis://cache-1:6379/0  Redis 7.0.15 cluster of 3 shards")
    let heading = lines.firstIndex { $0.hasPrefix("NODE") } ?? 0
    func words(_ row: Int) -> [String] { lines[heading + row].split(separator: " ").map { String($0) } }
    #expect(
      words(0).joined(separator: " ").hasPrefix("NODE ROLE HIT RATIO HITS MISSES EVICTED EXPIRED MEMORY MEM%")
    )
    #expect(
      words(3).prefix(7) == ["10.0.0.2:7000", "primary", "91.8%", "11,842/s", "1,058/s", "214/s", "96/s"])
    #expect(words(2).contains("400") && words(3).contains("800") && words(3).contains("99.5%"))
    #expect(lines.firstIndex { $0.hasPrefix("! evicting") } == heading + 4)
  }

  @Test("no node's row is wider than the terminal", arguments: [40, 60, 80, 100]) func clusterWidth(
    _ width: Int
  ) {
    let lines = Self.cluster(unread: Self.unread).table(width: width, style: .plain, wording: .test).split(
      separator: "\n")
    let rows = lines.drop { !$0.hasPrefix("NODE") }.prefix(6)
    #expect(rows.count == 6 && rows.allSatisfy { $0.count <= width }, "\(rows)")
    #expect(rows.allSatisfy { $0.contains("91.8%") || !$0.hasPrefix("10.0.0.0") })
  }

  @Test("totals that lack a node say so wherever they stand") func partialTotals() throws {
    let report = Self.cluster(unread: Self.unread)
    let table = report.table(width: 100, style: .plain, wording: .test)
    #expect(table.contains("\n3 of 5 nodes      last 60 s"))
    #expect(table.contains("cluster of 5 shards"))
    let missing = table.split(separator: "\n").filter { $0.hasSuffix("not read") }.map { $0.prefix(13) }
    #expect(missing == ["10.0.0.9:7000", "slots 100-199"])
    let json = report.json(wording: .test)
    #expect(json["complete"] == .bool(false))
    #expect(
      json["unread"]
        == [
          ["address": "10.0.0.9:7000", "slots": "0-99", "reason": "away"],
          ["address": .null, "slots": "100-199", "reason": "nobody"],
        ])
    #expect(Self.cluster().json(wording: .test)["unread"] == nil)
    let nagios = String(decoding: report.nagios(.unknown, reasons: []), as: UTF8.self)
    #expect(nagios.contains("- 3 of 5 nodes: hit ratio") && !nagios.contains("|"))
    let metrics = String(decoding: report.prometheus, as: UTF8.self)
    #expect(metrics.contains("rediscache_stats_complete{target=\"prod\",db=\"0\"} 0\n"))
    #expect(
      metrics.matches(of: /rediscache_keys\{target="prod",db="0",node="10\.0\.0\.\d:7000"\}/).count == 3)
    let rows = String(decoding: report.csvRows(CSV()), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 8 && rows.allSatisfy { $0.hasSuffix(",false") })
  }

  @Test("a null length of windows of different nodes is no lack of the servers'") func nodesLengths() {
    var report = Self.cluster(interval: false)
    report.totals.lifetime.seconds = nil
    #expect(report.figure(of: "seconds") == .none("the nodes have counted for different times"))
    #expect(report.figure(of: "hits", perSecond: true) == .none("the nodes have counted for different times"))
    #expect(report.table(width: 100, style: .plain, wording: .test).contains("since their starts"))
  }

  @Test("watch rows of a cluster say of how many nodes they are", arguments: [nil, 60, 80] as [Int?])
  func clusterRows(_ width: Int?) {
    var rows = StatsWatchRows(width: width, hasSparklines: false, isCluster: true, style: .plain)
    let (some, none) = (
      rows.row(Self.cluster().totals, of: "2/3", at: "12:00:00"), rows.row(nil, at: "12:00:02")
    )
    #expect(rows.heading.hasPrefix("TIME        NODES  HIT RATIO"))
    #expect(some.hasPrefix("12:00:00      2/3      91.8%") && none.hasPrefix("12:00:02        -          -"))
  }
}

extension ReportWording {
  /// Spells the one command of these reports.
  fileprivate static let test = ReportWording(everyKey: "", everyRemark: "") { command in
    #expect(command == SuggestedCommand(.scan, [.mostMemoryFirst, .top(10)]))
    return "rediscache scan --sort memory --top 10"
  }
}
