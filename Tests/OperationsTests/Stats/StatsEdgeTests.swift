import RedisClient
import Reporting
import TestSupport
import Testing

@testable import Operations

/// Figures at the edges of what integers hold, in every field and from several servers at once.
@Suite struct StatsEdgeTests {
  private static let values = [
    "0", "1", "7", "1000", "9007199254740992", "9007199254740993", "9223372036854775807", "-1",
    "-9223372036854775808", "9223372036854775808", "1e300", "-nan", "inf", "", "x", " 5", "+5", "0x10",
  ]
  private static let fields = [
    "keyspace_hits", "keyspace_misses", "evicted_keys", "expired_keys", "total_commands_processed",
    "total_connections_received", "total_net_input_bytes", "used_memory", "used_memory_rss", "maxmemory",
    "connected_clients", "maxclients", "blocked_clients", "rejected_connections",
    "instantaneous_ops_per_sec", "uptime_in_seconds", "lazyfree_pending_objects",
    "mem_fragmentation_ratio", "mem_not_counted_for_evict", "server_time_usec", "process_id", "tcp_port",
    "connected_slaves", "master_repl_offset", "master_link_down_since_seconds",
    "master_last_io_seconds_ago",
  ]

  private var random: SeededGenerator

  init() { random = SeededGenerator(seed: 11) }

  private mutating func value() -> String { Self.values.randomElement(using: &random) ?? "" }

  private mutating func reading(_ address: String, at seconds: Double) -> StatsReading {
    var lines = ["# Server", "role:\(random.chance(0.5) ? "master" : "slave")", "# Errorstats", "# Keyspace"]
    for field in Self.fields where random.chance(0.8) { lines.append("\(field):\(value())") }
    for database in 0..<3 where random.chance(0.7) {
      lines.append("db\(database):keys=\(value()),expires=\(value()),avg_ttl=\(value())")
    }
    lines.append("slave0:ip=h,port=1,state=online,offset=\(value()),lag=\(value())")
    for code in ["OOM", "MISCONF"] where random.chance(0.5) {
      lines.append("errorstat_\(code):count=\(value())")
    }
    var commands = ["# Commandstats"]
    for name in ["get", "pttl", "type", "object|idletime", "scan", "flushall", "config|resetstat", "mget"] {
      commands.append("cmdstat_\(name):calls=\(value()),usec=\(value()),failed_calls=\(value())")
    }
    let latencies = "latency_percentiles_usec_get:p50=\(value()),p99=\(value()),p\(value())=5"
    var histogram = StatsHistogram()
    for bound in [1.024, 2.048, 1e18] {
      histogram.add(random.chance(0.5) ? StatsHistogram.mostCalls : 3, upTo: bound)
    }
    return StatsReading(
      address: address, info: lines.joined(separator: "\r\n"),
      commandStats: ServerInfo(text: commands.joined(separator: "\r\n")),
      latencyStats: ServerInfo(text: latencies), histogram: random.chance(0.5) ? histogram : nil,
      localSeconds: seconds)
  }

  @Test("500 situations with values at the edges: nothing stops the process, and nothing impossible is shown")
  mutating func edges() throws {
    let conditions = try [
      "keys > 5 or worst.memory_ratio > 90%", "worst.evicted_keys > 5/s and hit_ratio < 80%",
      "used_memory_bytes >= maxmemory_bytes", "lifetime.hits > 100/h or refused_writes > 0",
    ].map { try StatsCheck.Condition($0) }
    for round in 0..<500 {
      let places = (0...round % 3).map { "h:\($0)" }
      let before = places.map { reading($0, at: 100) }
      let after = StatsRound(readings: places.map { reading($0, at: 160) }, isWholeCluster: places.count > 1)
      let intervals = StatsIntervals(after, since: before.map { StatsEarlier($0) })
      let header = ReportHeader(
        schema: "rediscache.stats/1", toolVersion: "", uri: "redis://h:0", kind: "", server: nil,
        serverVersion: nil, nodes: [], startedAt: "")
      let report = StatsReporter(round: after, intervals: intervals, commandContext: []).report(header)
      _ = StatsCheck(conditions, on: report)
      var state = StatsState(target: "redis://h:0")
      state.advance(to: after, of: "redis://h:0")
      #expect(try StatsState.decode(state.encoded) == state)
      for figures in [report.totals] + report.nodes.map(\.figures) { expectPossible(figures) }
      expectSums(report)
      let wording = ReportWording(everyKey: "", everyRemark: "") { _ in "" }
      let forms = [
        String(decoding: report.json(wording: wording).serialized(), as: UTF8.self),
        report.table(width: 80, style: .plain, wording: wording),
        String(decoding: report.csvRows(CSV()), as: UTF8.self),
        String(decoding: report.prometheus, as: UTF8.self),
        String(decoding: report.nagios(.ok, reasons: []), as: UTF8.self),
      ]
      for form in forms.dropFirst() { #expect(!form.lowercased().contains("nan"), "\(form)") }
    }
  }

  /// The totals are the sums of the nodes, and are unknown where a node's part is.
  private func expectSums(_ report: StatsReport) {
    let windows = report.nodes.map(\.figures.lifetime)
    let paths: [KeyPath<StatsWindow, Int?>] = [
      \.serverHits, \.serverMisses, \.lookups, \.evictedKeys, \.inspectionLookups,
    ]
    for path in paths {
      let parts = windows.map { $0[keyPath: path] }
      let sum = parts.contains(nil) ? nil : parts.compactMap(\.self).reduce(0.0) { $0 + Double($1) }
      if let total = report.totals.lifetime[keyPath: path] {
        #expect(sum.map { abs($0 - Double(total)) <= 1e-9 * max(1, $0) } == true)
      }
    }
    let ranges = windows.compactMap(\.hitsRange)
    if let total = report.totals.lifetime.hitsRange {
      #expect(ranges.count == windows.count)
      let (least, most) = (ranges.map { Double($0.lowerBound) }, ranges.map { Double($0.upperBound) })
      #expect(Double(total.lowerBound) >= least.reduce(0, +) * (1 - 1e-9))
      #expect(Double(total.upperBound) <= most.reduce(0, +) * (1 + 1e-9))
    }
    for window in [report.totals.lifetime, report.totals.interval].compactMap(\.self) + windows {
      guard let lookups = window.lookups, let range = window.hitsRange else { continue }
      #expect(range.lowerBound >= 0 && range.upperBound <= lookups)
      if let hits = window.hits, let misses = window.misses {
        #expect(range.contains(hits) && hits.addingReportingOverflow(misses).partialValue == lookups)
      }
      if let ratio = window.hitRatio { #expect(window.hitRatioRange?.contains(ratio) == true) }
    }
  }

  private func expectPossible(_ figures: StatsReport.Figures) {
    let gauges = figures.gauges
    let amounts = [
      gauges.usedMemory, gauges.maxmemory, gauges.keys, gauges.keysWithTTL, gauges.connectedClients,
      gauges.uptime, gauges.replicationLag, figures.lifetime.hits, figures.lifetime.misses,
      figures.lifetime.inspectionLookups, figures.interval?.hits, figures.interval?.misses,
      figures.interval?.evictedKeys,
    ]
    for amount in amounts { #expect(amount.map { $0 >= 0 } ?? true) }
    if let keys = gauges.keys, let expiring = gauges.keysWithTTL { #expect(expiring <= keys) }
    for ratio in [figures.lifetime.hitRatio, figures.interval?.hitRatio] {
      #expect(ratio.map { (0...1).contains($0) } ?? true)
    }
  }

  @Test("a state file with figures that no server has is no state", arguments: values.dropFirst(5))
  func state(_ value: String) {
    for sample in [
      "\"local_time_seconds\":1,\"counters\":{},\"uptime_seconds\":\(value)",
      "\"local_time_seconds\":1,\"counters\":{\"hits\":\(value)}",
      "\"local_time_seconds\":1,\"counters\":{},\"histogram\":{\"counts\":[\(value)]}",
    ] {
      let text =
        "{\"schema\":\"rediscache.state/2\",\"target\":\"t\",\"nodes\":[{\"address\":\"h:1\",\"sample\":{\(sample)},"
        + "\"lookups\":{\"hits\":0,\"misses\":0,\"uncounted_runs\":0},"
        + "\"lookups_at_sample\":{\"hits\":0,\"misses\":0,\"uncounted_runs\":0}}]}"
      guard value.first.map({ $0 == "-" || $0.isNumber }) ?? false else { continue }
      #expect(throws: StatsState.Refusal.unreadable, "\(sample)") { try StatsState.decode(Array(text.utf8)) }
    }
  }
}
