import RedisClient

/// What one server said in one reading.
struct StatsReading: Sendable {
  let address: String
  let facts: ServerInfo
  let sample: StatsSample
  let amounts: StatsAmounts
  let percentiles: StatsPercentiles
  /// What the server does not tell, in words for people.
  let missing: [String]
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
    amounts = StatsAmounts(facts)
    sample = StatsReading.sample(
      facts, commandStats: commandStats, histogram: histogram, localSeconds: localSeconds)
    percentiles = StatsReading.percentiles(latencyStats, commandStats)
    missing =
      StatsReading.wanted.filter { facts.fields[$0] == nil }
      + (facts.describesKeyspace ? [] : ["keyspace"])
  }

  /// The fields whose absence is told.
  private static let wanted = [
    "keyspace_hits", "keyspace_misses", "evicted_keys", "expired_keys", "total_commands_processed",
    "used_memory", "maxmemory", "maxmemory_policy", "connected_clients", "maxclients", "blocked_clients",
    "rejected_connections", "instantaneous_ops_per_sec", "uptime_in_seconds", "run_id",
    "lazyfree_pending_objects", "mem_fragmentation_ratio",
  ]

  private static func sample(
    _ facts: ServerInfo, commandStats: ServerInfo, histogram: StatsHistogram?, localSeconds: Double
  ) -> StatsSample {
    var sample = StatsSample(localSeconds: localSeconds)
    sample.runID = facts.fields["run_id"]
    sample.replicationID = facts.fields["master_replid"]
    sample.role = facts.role
    sample.uptimeSeconds = facts.integer("uptime_in_seconds")
    sample.serverMicroseconds = facts.integer("server_time_usec")
    if !commandStats.fields.isEmpty {
      // A server that counts commands and not this one has not been asked for it.
      sample.resets = commandStats.calls(of: "config|resetstat") ?? 0
    }
    sample.counters.hits = facts.integer("keyspace_hits")
    sample.counters.misses = facts.integer("keyspace_misses")
    sample.counters.evictedKeys = facts.integer("evicted_keys")
    sample.counters.expiredKeys = facts.integer("expired_keys")
    sample.counters.commands = facts.integer("total_commands_processed")
    sample.counters.connections = facts.integer("total_connections_received")
    sample.counters.inputBytes = facts.integer("total_net_input_bytes")
    sample.histogram = histogram
    return sample
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
