import RedisClient
import Reporting
import Testing

@testable import Operations

/// The verdict on a cache, with its figures and the command to run next.
@Suite struct StatsVerdictTests {
  private static func findings(
    hits: Int, misses: Int, evicted: Int = 0, expired: Int = 0, used: Int = 50, limit: Int = 100,
    policy: String = "allkeys-lru", interval: Bool = true, usualExpired: Int = 600
  ) -> [ReportFinding] {
    var (window, lifetime, gauges) = (StatsWindow(), StatsWindow(), StatsGauges())
    (window.serverHits, window.serverMisses, window.evictedKeys, window.expiredKeys) = (
      hits, misses, evicted, expired
    )
    window.seconds = 60
    (lifetime.serverHits, lifetime.serverMisses, lifetime.evictedKeys, lifetime.expiredKeys) = (
      9_000, 100, 0, usualExpired
    )
    lifetime.seconds = 3_600
    (gauges.usedMemory, gauges.maxmemory, gauges.maxmemoryPolicy) = (used << 20, limit << 20, policy)
    let figures = StatsReport.Figures(
      lifetime: interval ? lifetime : window, interval: interval ? window : nil, gauges: gauges)
    return StatsVerdict(figures: figures, commandContext: [.given(["--port", "7000"])]).findings
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let findings: [ReportFinding]
    let id: String
    let severity: Severity
    let words: [String]
    let command: String

    init(
      _ findings: [ReportFinding], _ id: String, _ severity: Severity, _ words: [String], _ command: String
    ) {
      testDescription = "\(id): \(words.joined(separator: ", "))"
      self.findings = findings
      self.id = id
      self.severity = severity
      self.words = words
      self.command = command
    }
  }

  static let rows = [
    Row(findings(hits: 900, misses: 100), "healthy", .info, ["90.0 %", "healthy", "60 s"], "ttl"),
    Row(findings(hits: 899, misses: 101), "fair-hit-ratio", .info, ["fair"], "scan"),
    Row(findings(hits: 800, misses: 200), "fair-hit-ratio", .info, ["80.0 %"], "scan"),
    Row(
      findings(hits: 799, misses: 201), "low-hit-ratio", .warning, ["investigate", "do not explain it"],
      "scan"),
    Row(findings(hits: 500, misses: 500), "low-hit-ratio", .warning, ["50.0 %"], "scan"),
    Row(
      findings(hits: 499, misses: 501), "costly-hit-ratio", .critical, ["costs more than it saves"], "scan"),
    Row(
      findings(hits: 600, misses: 400, evicted: 30, used: 99), "low-hit-ratio", .warning,
      ["30 keys were evicted", "capacity"], "scan"),
    Row(
      findings(hits: 600, misses: 400, expired: 600), "low-hit-ratio", .warning,
      ["600 keys expired", "10/s against 0.2/s", "wave"], "ttl"),
    Row(
      findings(hits: 600, misses: 400, expired: 15), "low-hit-ratio", .warning,
      ["evictions, expirations and flushes do not explain it"], "scan"),
    Row(
      findings(hits: 600, misses: 400, interval: false), "low-hit-ratio", .warning,
      ["since start", "interval"],
      "stats"),
    Row(
      findings(hits: 9, misses: 1, interval: false), "few-lookups", .info, ["10 lookups", "too few"], "stats"),
    Row(findings(hits: 0, misses: 0, interval: false), "no-lookups", .info, ["no lookups"], "stats"),
    // A quiet second says less than the time since the start.
    Row(findings(hits: 9, misses: 1), "healthy", .info, ["98.9 % since start"], "ttl"),
    Row(
      findings(hits: 950, misses: 50, evicted: 30, used: 99), "evicting-at-limit", .warning,
      ["30 keys", "99.00 of 100.00 MiB", "99.0 %"], "scan"),
    Row(findings(hits: 950, misses: 50, evicted: 30), "evicting", .info, ["below its limit"], "scan"),
    Row(
      findings(hits: 950, misses: 50, policy: "noeviction"), "noeviction", .warning, ["noeviction"], "scan"),
    Row(
      findings(hits: 950, misses: 50, limit: 0), "no-maxmemory", .warning, ["no maxmemory", "50 MiB"], "scan"),
  ]

  @Test("each verdict names its figures and a next command", arguments: rows) func verdict(_ row: Row) throws
  {
    let finding = try #require(row.findings.first { $0.id == row.id }, "\(row.findings.map(\.id))")
    #expect(finding.severity == row.severity)
    for word in row.words { #expect(finding.message.contains(word), "\(finding.message)") }
    #expect(!finding.figures.isEmpty)
    #expect(
      finding.command?.line.hasPrefix("rediscache \(row.command) --port 7000") == true,
      "\(finding.command?.line ?? "")")
  }

  @Test("a range of ratios is judged where all of it has one level, and lists both ends where it has not")
  func range() throws {
    func finding(_ hits: Int, _ misses: Int, _ lookups: InspectingLookups) throws -> ReportFinding {
      var window = StatsWindow()
      (window.serverHits, window.serverMisses, window.subtracted) = (hits, misses, lookups)
      let figures = StatsReport.Figures(lifetime: window, interval: nil, gauges: StatsGauges())
      return try #require(
        StatsVerdict(figures: figures, commandContext: []).findings.first {
          $0.id.hasSuffix("ratio") || $0.id == "healthy"
        })
    }
    let low = try finding(1_000, 900, InspectingLookups(count: 400, misses: 0...100))
    #expect(low.id == "costly-hit-ratio" && low.message.contains("40.0 to 46.7 %"), "\(low.message)")
    let open = try finding(1_000, 5_100, InspectingLookups(count: 5_000, misses: 4_000...5_000))
    #expect(open.id == "unsettled-hit-ratio" && open.message.contains("0.0 to 90.9 %"), "\(open.message)")
    #expect(open.severity == .info && open.message.contains("5,000 lookups"))
    let healthy = try finding(10_000, 50, InspectingLookups(count: 1_000, misses: 0...50))
    #expect(healthy.id == "healthy" && healthy.message.contains("99.4 to 100.0 %"), "\(healthy.message)")
  }

  @Test("the worst comes first") func order() {
    let all = Self.findings(hits: 10, misses: 990, evicted: 5, used: 100)
    #expect(all.map(\.id) == ["costly-hit-ratio", "evicting-at-limit"])
  }

  @Test("the fields of conditions are the members of the totals in JSON") func fields() throws {
    let figures = StatsReport.Figures(lifetime: StatsWindow(), interval: StatsWindow(), gauges: StatsGauges())
    let header = ReportHeader(
      schema: "rediscache.stats/1", toolVersion: "0", uri: "redis://h", kind: "standalone", server: nil,
      serverVersion: nil, nodes: [], startedAt: "")
    let report = StatsReport(
      header: header, nodes: [], totals: figures, wasReset: false, findings: [])
    func names(_ json: JSON?) -> Set<String> {
      guard case .object(let members) = json else { return [] }
      return Set(members.map(\.0))
    }
    let totals = try #require(report.json(wording: .test)["totals"])
    #expect(names(totals["interval"]) == Set(StatsUnit.windowFields.keys))
    #expect(names(totals["lifetime"]) == Set(StatsUnit.windowFields.keys))
    #expect(names(totals).subtracting(["lifetime", "interval"]) == Set(StatsUnit.gaugeFields.keys))
  }

  @Test("totals come from summed counters, and a limit that one server lacks is no limit") func totals() {
    func reading(_ hits: Int, _ misses: Int, _ used: Int, _ limit: Int, _ policy: String) -> StatsReading {
      let info =
        "# Stats\r\nkeyspace_hits:\(hits)\r\nkeyspace_misses:\(misses)\r\nused_memory:\(used)\r\nmaxmemory:\(limit)\r\n"
        + "maxmemory_policy:\(policy)\r\nused_memory_rss:\(used * 2)\r\nrole:master\r\n# Keyspace\r\ndb0:keys=3,expires=1\r\n"
      return StatsReading(
        address: "h:1", info: info, commandStats: ServerInfo(), latencyStats: ServerInfo(),
        histogram: nil, localSeconds: 0)
    }
    func totals(_ readings: [StatsReading]) -> StatsReport.Figures {
      let header = ReportHeader(
        schema: "", toolVersion: "", uri: "", kind: "", server: nil, serverVersion: nil, nodes: [],
        startedAt: "")
      return StatsReporter(round: StatsRound(readings: readings), intervals: nil, commandContext: [])
        .report(header).totals
    }
    let both = totals([reading(90, 10, 50, 100, "allkeys-lru"), reading(0, 900, 100, 100, "noeviction")])
    // The mean of the ratios would be 0.45.
    #expect(both.lifetime.hitRatio == 0.09)
    #expect(both.gauges.memoryRatio == 0.75 && both.gauges.fragmentation == 2)
    #expect(both.gauges.maxmemoryPolicy == "mixed" && both.gauges.keys == 6 && both.gauges.keysWithTTL == 2)
    #expect(both.lifetime.evictedKeys == nil && both.gauges.connectedClients == nil)
    let unlimited = totals([reading(1, 1, 50, 100, "a"), reading(1, 1, 50, 0, "a")])
    #expect(unlimited.gauges.maxmemory == 0 && unlimited.gauges.memoryRatio == nil)
  }

  @Test("a node that evicts at its limit is named where all together are below theirs") func fullestNode()
    throws
  {
    func figures(_ used: Int, evicted: Int) -> StatsReport.Figures {
      var (window, gauges) = (StatsWindow(), StatsGauges())
      (window.serverHits, window.serverMisses, window.evictedKeys, window.seconds) = (950, 50, evicted, 60)
      (gauges.usedMemory, gauges.maxmemory, gauges.maxmemoryPolicy) = (used << 20, 100 << 20, "allkeys-lru")
      return StatsReport.Figures(lifetime: window, interval: nil, gauges: gauges)
    }
    var total = figures(0, evicted: 40)
    (total.gauges.usedMemory, total.gauges.maxmemory) = (150 << 20, 300 << 20)
    let nodes = [("a:1", 30, 0), ("b:1", 99, 40), ("c:1", 21, 0)].map { address, used, evicted in
      StatsReport.Node(address: address, role: "primary", figures: figures(used, evicted: evicted))
    }
    let findings = StatsVerdict(figures: total, nodes: nodes, commandContext: []).findings
    let finding = try #require(findings.first { $0.id == "evicting-at-limit" })
    #expect(
      finding.message.hasPrefix(
        "b:1 evicted 40 keys since start at its memory limit (99.00 of 100.00 MiB, 99.0 %)"),
      "\(finding.message)")
    // The figures beside it are the node's.
    #expect(finding.figures.first { $0.0 == "node" }?.1 == .string("b:1"))
    #expect(finding.figures.first { $0.0 == "memory_ratio" }?.1 == .double(0.99))
    #expect(finding.command?.line == "rediscache scan --by node")
    let calm = StatsVerdict(figures: total, nodes: [nodes[0], nodes[2]], commandContext: []).findings
    #expect(!calm.contains { $0.id == "evicting-at-limit" })
  }
}
