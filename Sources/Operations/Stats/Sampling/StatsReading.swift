import Bytes
import RedisClient

/// What one server said in one reading.
struct StatsReading: Sendable {
  let address: String
  let facts: ServerInfo
  /// INFO commandstats.
  let commandStats: ServerInfo
  let sample: StatsSample
  let amounts: StatsAmounts
  let percentiles: StatsPercentiles
  /// What the server does not tell, in words for people.
  let missing: [String]
  /// What it tells and cannot be, with its text; it counts as unknown.
  let impossible: [String]
  /// False where the server does not count its commands, so that nothing tells lookups of inspecting commands apart.
  let tellsInspections: Bool
  /// Why there is no LATENCY HISTOGRAM; nil where there is one.
  var histogramFault: String?
  /// Commands of the tool's own that the server has counted so far.
  var ownCommands = 0

  /// Which server.
  var server: StatsServer { StatsServer(address: address, runID: sample.runID) }

  /// Reads the texts that a server answered; `histogram` is nil where LATENCY HISTOGRAM is not available.
  init(
    address: String, info: String, commandStats: ServerInfo, latencyStats: ServerInfo,
    histogram: StatsHistogram?, localSeconds: Double
  ) {
    self.address = address
    let facts = ServerInfo(text: info)
    self.facts = facts
    self.commandStats = commandStats
    amounts = StatsAmounts(facts)
    sample = StatsReading.sample(
      facts, commandStats: commandStats, histogram: histogram, localSeconds: localSeconds)
    percentiles = StatsReading.percentiles(latencyStats, commandStats)
    tellsInspections = sample.counters.inspections != nil
    missing =
      StatsReading.wanted.filter { facts.fields[$0] == nil }
      + (facts.describesKeyspace ? [] : ["keyspace"])
    impossible = StatsReading.impossible(facts)
  }

  /// Fields whose values cannot be: negative amounts, words for numbers.
  private static func impossible(_ facts: ServerInfo) -> [String] {
    let amounts = Set(wanted).subtracting(words + ["mem_fragmentation_ratio"])
      .union(["maxclients", "lazyfree_pending_objects"])
    let fields =
      amounts.filter { facts.fields[$0] != nil && facts.amount($0) == nil }
      + ["mem_fragmentation_ratio"].filter { facts.fields[$0] != nil && facts.decimal($0) == nil }
      + facts.databases.filter { $0.value.keys == nil || $0.value.expires == nil }.map { "db\($0.key)" }
    return fields.sorted().map { name in
      "\(name) (\(KeyText.excerpt(facts.fields[name] ?? "", atMost: 40)))"
    }
  }

  private static let words = ["maxmemory_policy", "run_id"]

  /// The fields whose absence is reported. Those that came with Redis 7 are not: their absence says nothing of a server.
  private static let wanted = [
    "keyspace_hits", "keyspace_misses", "evicted_keys", "expired_keys", "total_commands_processed",
    "used_memory", "maxmemory", "maxmemory_policy", "connected_clients", "blocked_clients",
    "rejected_connections", "instantaneous_ops_per_sec", "uptime_in_seconds", "run_id",
    "mem_fragmentation_ratio",
  ]

  private static func sample(
    _ facts: ServerInfo, commandStats: ServerInfo, histogram: StatsHistogram?, localSeconds: Double
  ) -> StatsSample {
    var sample = StatsSample(localSeconds: localSeconds)
    sample.runID = facts.runID
    sample.processID = facts.amount("process_id")
    sample.port = facts.amount("tcp_port")
    sample.replicationID = facts.fields["master_replid"]
    sample.role = facts.role
    sample.uptimeSeconds = facts.amount("uptime_in_seconds")
    sample.serverMicroseconds = facts.amount("server_time_usec")
    sample.keys = facts.describesKeyspace ? ServerInfo.Database(sum: facts.databases.values).keys : nil
    if commandStats.countsCommands {
      // A server that counts commands and not this one has not been asked for it.
      sample.resets = commandStats.calls(of: "config|resetstat") ?? 0
    }
    sample.counters = counters(facts, commandStats)
    sample.histogram = histogram
    return sample
  }

  private static func counters(_ facts: ServerInfo, _ commandStats: ServerInfo) -> StatsCounters {
    var counters = StatsCounters()
    counters.hits = facts.amount("keyspace_hits")
    counters.misses = facts.amount("keyspace_misses")
    counters.evictedKeys = facts.amount("evicted_keys")
    counters.expiredKeys = facts.amount("expired_keys")
    counters.commands = facts.amount("total_commands_processed")
    counters.connections = facts.amount("total_connections_received")
    counters.inputBytes = facts.amount("total_net_input_bytes")
    counters.rejectedConnections = facts.amount("rejected_connections")
    counters.memoryRefusals = facts.errors("OOM")
    counters.diskRefusals = facts.errors("MISCONF")
    counters.replicaRefusals = facts.errors("NOREPLICAS")
    guard let lookups = StatsCommandLookups(commandStats) else { return counters }
    counters.inspections = lookups.inspections
    counters.reads = lookups.reads
    counters.scans = lookups.scans
    counters.scanMicroseconds = lookups.scanMicroseconds
    counters.flushes = ["flushall", "flushdb"].map { commandStats.calls(of: $0) ?? 0 }.known
    return counters
  }

  private static func percentiles(_ latencyStats: ServerInfo, _ commandStats: ServerInfo)
    -> StatsPercentiles
  {
    var percentiles = StatsPercentiles()
    let prefix = "latency_percentiles_usec_"
    for (field, text) in latencyStats.fields where field.hasPrefix(prefix) {
      let command = String(field.dropFirst(prefix.count))
      guard !isMonitoring(command), let calls = commandStats.calls(of: command) else {
        continue
      }
      percentiles.add(calls: calls, text: text)
    }
    return percentiles
  }

  /// True for what monitoring itself sends, this tool included: slow, frequent, and no request of a user.
  static func isMonitoring(_ command: String) -> Bool {
    command == "info" || command == "latency" || command.hasPrefix("latency|")
  }
}
