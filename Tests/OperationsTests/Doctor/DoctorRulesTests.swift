import RedisClient
import Reporting
import Testing

@testable import Operations

/// Each rule speaks from its threshold on, and just below it is quiet.
@Suite struct DoctorRulesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let severity: Severity
    let fires: [String: String]
    let quiet: [String: String]
    let earlier: [String: String]

    /// Fields are written `name=value name=value`.
    init(_ id: String, _ severity: Severity, fires: String, quiet: String, earlier: String = "") {
      self.id = id
      self.severity = severity
      self.fires = Patient.fields(fires)
      self.quiet = Patient.fields(quiet)
      self.earlier = Patient.fields(earlier)
    }

    var testDescription: String { "\(id) \(severity.rawValue)" }
  }

  static let cases: [Case] = [
    Case(
      "memory-high", .warning, fires: "maxmemory_policy=noeviction used_memory=801000000",
      quiet: "maxmemory_policy=noeviction used_memory=799000000"),
    Case(
      "memory-high", .critical, fires: "maxmemory_policy=noeviction used_memory=901000000",
      quiet: "used_memory=899000000"),
    Case(
      "memory-high", .info, fires: "used_memory=950000000", quiet: "used_memory=890000000"),
    Case(
      "volatile-policy-without-ttl", .warning,
      fires: "maxmemory_policy=volatile-lru db0=keys=1000,expires=99,avg_ttl=0",
      quiet: "maxmemory_policy=volatile-lru db0=keys=1000,expires=101,avg_ttl=0"),
    Case(
      "volatile-policy-without-ttl", .critical,
      fires: "maxmemory_policy=volatile-ttl db0=keys=1000,expires=0,avg_ttl=0 used_memory=910000000",
      quiet: "maxmemory_policy=volatile-ttl db0=keys=99,expires=0,avg_ttl=0"),
    Case(
      "evicting", .warning, fires: "used_memory=999000000 evicted_keys=1200",
      quiet: "used_memory=900000000 evicted_keys=1200"),
    Case(
      "evicting", .info, fires: "used_memory=999000000 evicted_keys=1050",
      quiet: "used_memory=999000000 evicted_keys=1000"),
    Case(
      "thrashing", .critical,
      fires: "used_memory=999000000 evicted_keys=5000 keyspace_misses=505000",
      quiet: "used_memory=999000000 evicted_keys=1900 keyspace_misses=505000"),
    Case(
      "hit-ratio", .info, fires: "keyspace_misses=501100", quiet: "keyspace_misses=501000"),
    Case("hit-ratio", .warning, fires: "keyspace_misses=503000", quiet: "keyspace_misses=500900"),
    Case("hit-ratio", .critical, fires: "keyspace_misses=510000", quiet: "keyspace_misses=500000"),
    Case(
      "connections", .warning, fires: "connected_clients=8000", quiet: "connected_clients=7999"),
    Case("connections", .critical, fires: "rejected_connections=1", quiet: "connected_clients=1"),
    Case(
      "connection-churn", .warning,
      fires: "total_connections_received=2000 total_commands_processed=10005000",
      quiet: "total_connections_received=1490 total_commands_processed=10005000"),
    Case(
      "errors", .warning, fires: "total_error_replies=200 errorstat_WRONGTYPE=count=100",
      quiet: "total_error_replies=190"),
    Case(
      "no-maxmemory", .warning, fires: "maxmemory=0 used_memory=1100000000",
      quiet: "maxmemory=1"),
    Case(
      "no-maxmemory", .critical, fires: "maxmemory=0 used_memory=6500000000",
      quiet: "maxmemory=7000000000"),
    Case(
      "no-maxmemory", .info, fires: "maxmemory=0 used_memory=2000000", quiet: "maxmemory=9"),
    Case(
      "noeviction", .warning, fires: "maxmemory_policy=noeviction used_memory=510000000",
      quiet: "maxmemory_policy=noeviction db0=keys=1000,expires=400,avg_ttl=0"),
    Case(
      "noeviction", .info, fires: "maxmemory_policy=noeviction used_memory=400000000",
      quiet: "maxmemory=0 maxmemory_policy=noeviction"),
    Case(
      "fragmentation", .warning, fires: "used_memory_rss=1130000000",
      quiet: "used_memory_rss=1110000000"),
    Case(
      "fragmentation", .critical, fires: "used_memory_rss=1900000000",
      quiet: "used_memory=100000000 used_memory_rss=199000000"),
    Case(
      "peak", .info, fires: "used_memory_peak=1300000000", quiet: "used_memory_peak=1100000000"),
    Case(
      "cached-scripts", .warning, fires: "number_of_cached_scripts=1000",
      quiet: "number_of_cached_scripts=499"),
    Case(
      "big-instance", .info, fires: "used_memory=26000000000",
      quiet: "used_memory=24000000000 instantaneous_ops_per_sec=25000"),
    Case(
      "expiry-lag", .warning, fires: "expired_stale_perc=25.1", quiet: "expired_stale_perc=14.9"),
    Case(
      "last-save-failed", .critical, fires: "rdb_last_bgsave_status=err",
      quiet: "rdb_last_bgsave_status=ok"),
    Case(
      "last-save-failed", .warning, fires: "aof_last_bgrewrite_status=err",
      quiet: "rdb_changes_since_last_save=9999999"),
    Case(
      "replication-lag", .critical,
      fires: "connected_slaves=1 slave0=ip=10.0.0.9,port=6379,state=online,offset=400,lag=20",
      quiet: "connected_slaves=1 slave0=ip=10.0.0.9,port=6379,state=online,offset=900,lag=2"),
    Case(
      "replication-lag", .warning,
      fires: "connected_slaves=1 slave0=ip=10.0.0.9,port=6379,state=online,offset=400,lag=3",
      quiet: "connected_slaves=1 slave0=ip=10.0.0.9,port=6379,state=online,offset=1000,lag=60"),
    Case(
      "replica-link", .critical,
      fires:
        "role=slave master_link_status=down master_link_down_since_seconds=40 master_host=10.0.0.1 master_port=6379",
      quiet: "role=slave master_link_status=up"),
    Case(
      "replica-link", .warning,
      fires: "connected_slaves=1 slave0=ip=10.0.0.9,port=6379,state=send_bulk,offset=0,lag=0",
      quiet: "connected_slaves=1 slave0=ip=10.0.0.9,port=6379,state=online,offset=0,lag=0"),
    Case(
      "replica-buffers", .warning, fires: "connected_slaves=1 mem_clients_slaves=11000000",
      quiet: "connected_slaves=1 mem_clients_slaves=11000000 mem_replication_backlog=2000000"),
    Case(
      "databases", .info, fires: "db3=keys=1,expires=0,avg_ttl=0",
      quiet: "db3=keys=0,expires=0,avg_ttl=0"),
    Case("old-version", .info, fires: "redis_version=6.0.16", quiet: "redis_version=6.2.0"),
    Case(
      "refuses-writes", .critical, fires: "errorstat_MISCONF=count=5",
      quiet: "errorstat_ERR=count=5", earlier: "errorstat_MISCONF=count=0"),
  ]

  @Test("a rule speaks from its threshold on, and not below it", arguments: cases) func bounds(_ row: Case) {
    let loud = Patient(changes: row.fires, earlier: row.earlier).verdict(row.id)
    #expect(loud.findings.first?.severity == row.severity, "\(loud)")
    #expect(loud.findings.allSatisfy { $0.id == row.id && $0.node == "cache-1:6379" || $0.id == "hit-ratio" })
    let mild = Patient(changes: row.quiet, earlier: row.earlier).verdict(row.id)
    let worst = mild.findings.map(\.severity).max()
    #expect(mild.isChecked && (worst.map { $0 < row.severity } ?? true), "\(mild)")
  }

  @Test("a healthy cache under load has nothing above a note") func health() {
    let examination = Patient().examination()
    for rule in DoctorRules.all where rule.id != "persistence-off" {
      let verdict = rule.verdict(on: examination, RuleLimits(rule))
      #expect(verdict.isChecked && verdict.gaps.isEmpty, "\(rule.id): \(verdict.gaps)")
      #expect(verdict.findings.allSatisfy { $0.severity == .info }, "\(verdict.findings)")
    }
  }

  @Test("a full cache that evicts a little is healthy, too") func fullCache() {
    var patient = Patient()
    patient.changes = ["used_memory": "999000000", "evicted_keys": "1050"]
    let examination = patient.examination()
    let found = DoctorRules.all.flatMap { $0.verdict(on: examination, RuleLimits($0)).findings }
    #expect(found.allSatisfy { $0.severity == .info }, "\(found)")
    #expect(found.contains { $0.id == "evicting" })
  }

  @Test("what commands did between the readings") func commands() {
    var patient = Patient()
    patient.commands = ("cmdstat_keys:calls=7,usec=900", "cmdstat_keys:calls=7,usec=900")
    #expect(patient.verdict("keys-command").findings.isEmpty)
    patient.commands.now = "cmdstat_keys:calls=8,usec=30900"
    #expect(patient.verdict("keys-command").findings.first?.severity == .warning)
    patient.commands.now = "cmdstat_keys:calls=20,usec=90900"
    #expect(patient.verdict("keys-command").findings.first?.severity == .critical)
    patient.commands.now = "cmdstat_keys:calls=7,usec=900\ncmdstat_hgetall:calls=20,usec=60000"
    let heavy = patient.verdict("heavy-commands").findings
    #expect(heavy.first?.message.hasPrefix("HGETALL takes 3") == true, "\(heavy)")
    patient.commands.now = "cmdstat_keys:calls=7,usec=900\ncmdstat_hgetall:calls=4,usec=60000"
    #expect(patient.verdict("heavy-commands").findings.isEmpty)
    patient.commands = ("", "")
    #expect(!patient.verdict("keys-command").isChecked)
  }

  @Test("slow commands, events and latencies") func times() {
    var patient = Patient()
    patient.slow = [
      SlowFacts.Group(
        command: "HGETALL", template: Array("cart:*".utf8), calls: 2, microseconds: 30_000, longest: 20_000)
    ]
    let info = patient.verdict("slow-commands").findings
    #expect(
      info.first?.severity == .info && info.first?.message.contains("HGETALL on cart:*") == true, "\(info)")
    patient.slow[0].microseconds = 1_000_000
    #expect(patient.verdict("slow-commands").findings.first?.severity == .warning)
    patient.slow[0].microseconds = 60_000_000
    #expect(patient.verdict("slow-commands").findings.first?.severity == .critical)
    patient.slow[0].longest = 9_000
    #expect(patient.verdict("slow-commands").findings.isEmpty)
    patient.events = [LatencyEvent(name: "fork", at: 1_000_000_000 - 60, latest: 300, longest: 400)]
    #expect(patient.verdict("latency-events").findings.first?.severity == .warning)
    patient.events = [LatencyEvent(name: "fork", at: 1_000_000_000 - 3601, latest: 300, longest: 400)]
    #expect(patient.verdict("latency-events").findings.isEmpty)
    #expect(patient.verdict("latency", latency: 4_000).findings.first?.severity == .warning)
    #expect(patient.verdict("latency", latency: 60_000).findings.first?.severity == .critical)
    #expect(patient.verdict("latency", latency: 500).findings.isEmpty)
  }

  @Test("what clients do") func clients() {
    var patient = Patient()
    patient.clients = "id=1 addr=10.0.0.1:4000 name= flags=O idle=0 omem=0 user=ops"
    #expect(patient.verdict("monitor").findings.first?.severity == .warning)
    patient.clients = "id=1 addr=10.0.0.1:4000 name=slow flags=N idle=0 omem=11000000 user=ops"
    let buffers = patient.verdict("client-buffers").findings
    #expect(buffers.first?.severity == .warning, "\(buffers)")
    #expect(buffers.first?.message.contains("slow as ops from 10.0.0.1") == true, "\(buffers)")
    patient.clients = "id=1 addr=10.0.0.1:4000 name=slow flags=N idle=0 omem=9000000 user=ops"
    #expect(patient.verdict("client-buffers").findings.isEmpty)
    func idle(_ seconds: Int) -> String {
      (1...100).map { "id=\($0) addr=10.0.0.1:\($0) name=app flags=N idle=\(seconds) omem=0 sub=0 psub=0" }
        .joined(separator: "\n")
    }
    patient.clients = idle(3600)
    #expect(patient.verdict("idle-clients").findings.first?.severity == .info)
    patient.clients = idle(3599)
    #expect(patient.verdict("idle-clients").findings.isEmpty)
    // The tool's own connections do not count.
    patient.clients = "id=1 addr=10.0.0.1:4000 name=rediscache flags=O idle=0 omem=99000000 user=ops"
    #expect(patient.verdict("monitor").findings.isEmpty && patient.verdict("client-buffers").findings.isEmpty)
  }

  @Test("settings, and how the target was reached") func settings() {
    var patient = Patient()
    patient.settings["bind"] = "* -::*"
    #expect(patient.verdict("no-password").findings.isEmpty)
    patient.settings["protected-mode"] = "no"
    #expect(patient.verdict("no-password").findings.first?.severity == .critical)
    patient.settings["bind"] = "127.0.0.1"
    #expect(patient.verdict("no-password").findings.isEmpty)
    patient.access.isRemote = true
    #expect(patient.verdict("no-password").findings.first?.severity == .critical)
    #expect(patient.verdict("no-tls").findings.first?.severity == .info)
    patient.access.opensWithoutPassword = nil
    #expect(!patient.verdict("no-password").isChecked)
    patient.access.opensWithoutPassword = false
    patient.access.usesTLS = true
    #expect(patient.verdict("no-password").findings.isEmpty && patient.verdict("no-tls").findings.isEmpty)
    patient.settings["notify-keyspace-events"] = "Em"
    #expect(patient.verdict("notifications").findings.first?.severity == .info)
    #expect(patient.verdict("persistence-on-cache").findings.isEmpty)
    patient.settings["save"] = "3600 1"
    #expect(patient.verdict("persistence-on-cache").findings.first?.severity == .info)
  }

  @Test("what is missing is said, with the right where one would do") func gaps() {
    var patient = Patient()
    patient.changes = ["uptime_in_seconds": "1000"]
    patient.earlier = ["uptime_in_seconds": "999"]
    let young = patient.verdict("hit-ratio")
    #expect(!young.isChecked && young.gaps.count == 1, "\(young)")
    #expect(patient.verdict("hit-ratio", setting: ["hit-ratio.uptime": 0]).isChecked)
    var examination = Patient().examination()
    var node = examination.nodes[0]
    node.answers.settings = .failure(.refused(reason: "CONFIG GET is not permitted", right: "+config|get"))
    examination = Examination(nodes: [node], totals: node.figures)
    examination.access = patient.access
    let reporter = DoctorReporter(
      rules: DoctorRequest.Rules(), examination: examination,
      stats: StatsReport(
        header: ReportHeader(
          schema: "", toolVersion: "", uri: "", kind: "", server: nil, serverVersion: nil, nodes: [],
          startedAt: ""), nodes: [], totals: node.figures, wasReset: false,
        findings: []))
    let report = reporter.report(seconds: 1)
    #expect(!report.header.isComplete)
    let refused = report.notChecked.filter { $0.right == "+config|get" }.map(\.rule)
    #expect(Set(refused) == ["notifications", "persistence-on-cache", "no-password"], "\(refused)")
    #expect(report.header.warnings.contains { $0.contains("+config|get") }, "\(report.header.warnings)")
  }

  @Test("every rule has a name of its own, a subject and a source; every threshold can be written")
  func table() {
    let ids = DoctorRules.ids
    #expect(Set(ids).count == ids.count)
    for rule in DoctorRules.all {
      #expect(!rule.subject.isEmpty && !rule.source.isEmpty)
      for threshold in rule.thresholds {
        let written = threshold.read(threshold.text.replacing(",", with: "").replacing(" ", with: ""))
        let isClose = written.map { abs($0 - threshold.value) <= threshold.value * 0.05 } ?? false
        #expect(isClose, "\(rule.id).\(threshold.name): \(threshold.text)")
        #expect(DoctorRules.threshold("\(rule.id).\(threshold.name)") != nil)
      }
    }
  }
}
