import RedisClient
import Reporting

@testable import Operations

/// What is known of a server for the rules to look at: a healthy cache under load, but for what a test changes.
struct Patient {
  /// Fields of INFO at the second reading that differ from those of the healthy cache.
  var changes: [String: String] = [:]
  /// Fields of INFO at the first reading that differ, a second before.
  var earlier: [String: String] = [:]
  /// INFO commandstats at both readings.
  var commands: (before: String, now: String) = (
    "cmdstat_get:calls=100,usec=200", "cmdstat_get:calls=10100,usec=20200"
  )
  var settings = [
    "save": "", "appendonly": "no", "bind": "127.0.0.1 -::1", "protected-mode": "yes", "port": "6379",
    "tls-port": "0", "notify-keyspace-events": "", "stop-writes-on-bgsave-error": "yes",
  ]
  /// The reply to CLIENT LIST.
  var clients = (1...50).map { "id=\($0) addr=10.0.0.\($0):4000 name=app flags=N idle=1 omem=0 user=default" }
    .joined(separator: "\n")
  var slow: [SlowFacts.Group] = []
  var events: [LatencyEvent] = []
  var access = {
    var access = DoctorRequest.Access()
    access.opensWithoutPassword = true
    return access
  }()

  /// A cache of 100,000 keys at 80 % of its limit, with a hit ratio of 95 %.
  static let healthy: [String: String] = fields(
    """
    redis_version=7.2.4 run_id=a process_id=7 tcp_port=6379 uptime_in_seconds=864000 \
    server_time_usec=1000000000000000 connected_clients=50 maxclients=10000 blocked_clients=0 \
    used_memory=800000000 used_memory_rss=850000000 used_memory_peak=900000000 maxmemory=1000000000 \
    maxmemory_policy=allkeys-lru total_system_memory=8000000000 mem_fragmentation_ratio=1.06 \
    allocator_frag_ratio=1.02 number_of_cached_scripts=3 mem_clients_normal=1000000 \
    mem_clients_slaves=0 mem_replication_backlog=0 rdb_last_bgsave_status=ok aof_enabled=0 \
    aof_last_write_status=ok aof_last_bgrewrite_status=ok rdb_changes_since_last_save=10 \
    total_connections_received=1002 total_commands_processed=10010000 keyspace_hits=9509500 \
    keyspace_misses=500500 evicted_keys=1000 expired_keys=80000 rejected_connections=0 \
    instantaneous_ops_per_sec=10000 expired_stale_perc=3.0 total_error_replies=100 \
    total_net_input_bytes=1000000 role=master connected_slaves=0 master_repl_offset=1000 \
    db0=keys=100000,expires=99000,avg_ttl=0
    """)
  /// What it had counted a second before.
  private static let before: [String: String] = fields(
    """
    server_time_usec=999999999000000 uptime_in_seconds=863999 total_connections_received=1000 \
    total_commands_processed=10000000 keyspace_hits=9500000 keyspace_misses=500000 \
    total_net_input_bytes=900000
    """)

  /// Reads `name=value name=value`.
  static func fields(_ text: String) -> [String: String] {
    let pairs = text.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
  }

  private static func text(_ fields: [String: String]) -> String {
    "# Keyspace\n# Errorstats\n" + fields.sorted { $0.key < $1.key }.map { "\($0):\($1)\n" }.joined()
  }

  private func reading(_ fields: [String: String], _ commands: String, calls: (Int, Double)) -> StatsReading {
    var histogram = StatsHistogram()
    histogram.add(calls.0, upTo: calls.1)
    return StatsReading(
      address: "cache-1:6379", info: Patient.text(fields), commandStats: ServerInfo(text: commands),
      latencyStats: ServerInfo(), histogram: histogram,
      localSeconds: (Double(fields["server_time_usec"] ?? "") ?? 0) / 1e6)
  }

  /// What is known of the server; one call in a hundred takes as long as `latency`, in microseconds.
  func node(latency: Double = 16) -> NodeFacts {
    let now = Patient.healthy.merging(changes) { $1 }
    let fields = Patient.healthy.merging(Patient.before) { $1 }.merging(
      changes.filter { change in
        // What is counted was not counted yet.
        Patient.before[change.key] == nil
          && !["evicted_keys", "rejected_connections", "total_error_replies"].contains(change.key)
      }
    ) { $1 }.merging(earlier) { $1 }
    let first = reading(fields, commands.before, calls: (0, latency))
    let second = reading(now, commands.now, calls: (10_000, latency))
    let round = StatsRound(readings: [second])
    let intervals = StatsIntervals(round, since: [StatsEarlier(first)])
    let header = ReportHeader(
      schema: "rediscache.doctor/1", toolVersion: "0", uri: "redis://cache-1:6379/0", kind: "standalone",
      server: "redis", serverVersion: nil, nodes: [], startedAt: "")
    let report = StatsReporter(round: round, intervals: intervals, commandContext: []).report(header)
    var node = NodeFacts(address: "cache-1:6379", info: second.facts, figures: report.nodes[0].figures)
    node.before = first.facts
    node.commandStats = (first.commandStats, second.commandStats)
    node.answers.settings = .success(settings)
    node.answers.clients = .success(ClientFacts(text: clients))
    node.answers.slow = .success(SlowFacts(groups: slow))
    node.answers.latency = .success(events)
    node.answers.now = 1_000_000_000
    return node
  }

  func examination(latency: Double = 16) -> Examination {
    let node = node(latency: latency)
    var examination = Examination(nodes: [node], totals: node.figures)
    examination.access = access
    return examination
  }

  /// What a rule says, with thresholds as they are or set otherwise.
  func verdict(
    _ id: String, latency: Double = 16, setting changes: [String: Double] = [:]
  ) -> RuleVerdict {
    guard let rule = DoctorRules.all.first(where: { $0.id == id }) else { return RuleVerdict() }
    return rule.verdict(on: examination(latency: latency), RuleLimits(rule, setting: changes))
  }
}
