/// What holds at the moment of a reading; nil where the server does not tell.
package struct StatsGauges: Sendable, Equatable {
  /// Where latencies come from.
  package enum LatencySource: String, Sendable {
    /// LATENCY HISTOGRAM, the calls of the interval.
    case intervalHistogram = "interval_histogram"
    /// LATENCY HISTOGRAM, all calls that it holds.
    case histogram
    /// `INFO latencystats`, an approximation.
    case percentiles = "latencystats"
  }

  /// Bytes in use.
  package var usedMemory: Int?
  /// Those of them that do not count against the limit, such as buffers of replicas.
  package var uncountedMemory: Int?
  /// The limit on them, 0 for none.
  package var maxmemory: Int?
  /// True where the limits of several servers differ, so that their sum says little of any one.
  package var limitsDiffer = false
  /// What gives way at the limit; `mixed` where servers differ.
  package var maxmemoryPolicy: String?
  /// Resident bytes relative to those in use.
  package var fragmentation: Double?
  /// Clients connected.
  package var connectedClients: Int?
  /// The limit on them.
  package var maxclients: Int?
  /// Connections turned away since the counters began.
  package var rejectedConnections: Int?
  /// Clients that wait in a blocking command.
  package var blockedClients: Int?
  /// The server's own figure of its last seconds.
  package var operationsPerSecond: Int?
  /// Keys in all databases.
  package var keys: Int?
  /// Keys with a time to live.
  package var keysWithTTL: Int?
  /// The time in seconds within which half of the commands ended.
  package var latencyP50: Double?
  /// The same for 95 %.
  package var latencyP95: Double?
  /// The same for 99 %.
  package var latencyP99: Double?
  /// Where the latencies come from.
  package var latencySource: LatencySource?
  /// Seconds that the furthest replica is behind, or that this one is.
  package var replicationLag: Int?
  /// True where there is no replication, and so no lag.
  package var isUnreplicated = false
  /// Seconds since the server started; of several the youngest.
  package var uptime: Int?
  /// Objects that wait to be freed in the background.
  package var lazyfreePending: Int?

  /// Gauges that tell nothing.
  package init() {}

  /// Bytes in use relative to their limit; nil without a limit.
  package var memoryRatio: Double? {
    guard let usedMemory, let maxmemory, maxmemory > 0 else { return nil }
    return Double(usedMemory) / Double(maxmemory)
  }

  /// The members in the contract's order.
  var members: [(String, JSON)] {
    func seconds(_ value: Double?) -> JSON { .optional(value.map { rounded($0, to: 9) }) }
    return [
      ("used_memory_bytes", .optional(usedMemory)), ("maxmemory_bytes", .optional(maxmemory)),
      ("maxmemory_policy", .optional(maxmemoryPolicy)),
      ("memory_ratio", .optional(memoryRatio.map { rounded($0, to: 6) })),
      ("fragmentation_ratio", .optional(fragmentation.map { rounded($0, to: 3) })),
      ("connected_clients", .optional(connectedClients)), ("maxclients", .optional(maxclients)),
      ("rejected_connections", .optional(rejectedConnections)),
      ("blocked_clients", .optional(blockedClients)),
      ("ops_per_second", .optional(operationsPerSecond)), ("keys", .optional(keys)),
      ("keys_with_ttl", .optional(keysWithTTL)), ("latency_p50_seconds", seconds(latencyP50)),
      ("latency_p95_seconds", seconds(latencyP95)), ("latency_p99_seconds", seconds(latencyP99)),
      ("latency_source", .optional(latencySource?.rawValue)),
      ("replication_lag_seconds", .optional(replicationLag)), ("uptime_seconds", .optional(uptime)),
      ("lazyfree_pending_objects", .optional(lazyfreePending)),
    ]
  }
}
