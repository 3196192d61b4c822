/// The form of a stats report that Prometheus reads.
extension StatsReport {
  /// The report as metrics, a sample a server. Counters are the server's own, so that they never go back.
  public var prometheus: [UInt8] {
    var text = StatsPrometheusText()
    for (name, help, path) in StatsReport.counters {
      text.add(name, .counter, help: help, samples { $0.lifetime[keyPath: path].map(Double.init) })
    }
    text.add(
      "rediscache_rejected_connections_total", .counter, help: "Connections turned away at the limit.",
      samples { $0.gauges.rejectedConnections.map(Double.init) })
    text.add(
      "rediscache_hit_ratio", .gauge, help: "Share of lookups that found their key, by window.", ratioSamples)
    text.add(
      "rediscache_interval_seconds", .gauge, help: "Length of the window \"interval\".",
      samples { $0.interval?.seconds })
    for (name, help, value) in StatsReport.gauges {
      text.add(name, .gauge, help: help, samples { value($0.gauges) })
    }
    text.add(
      "rediscache_server_info", .gauge, help: "What the server is; always 1.",
      nodes.map { node in
        .init(
          [
            ("node", node.address), ("server", header.server ?? ""), ("version", header.serverVersion ?? ""),
            ("role", node.role ?? ""), ("maxmemory_policy", node.figures.gauges.maxmemoryPolicy ?? ""),
          ], 1)
      })
    text.add(
      "rediscache_complete", .gauge, help: "1 where nothing that was asked for is missing.",
      [.init([], header.isComplete ? 1 : 0)])
    return text.bytes
  }

  private func samples(_ value: (Figures) -> Double?) -> [StatsPrometheusText.Sample] {
    nodes.compactMap { node in value(node.figures).map { .init([("node", node.address)], $0) } }
  }

  private var ratioSamples: [StatsPrometheusText.Sample] {
    nodes.flatMap { node in
      [("lifetime", node.figures.lifetime.hitRatio), ("interval", node.figures.interval?.hitRatio)]
        .compactMap { window, ratio in
          ratio.map { .init([("node", node.address), ("window", window)], rounded($0, to: 6)) }
        }
    }
  }

  private static let counters: [(String, String, KeyPath<StatsWindow, Int?> & Sendable)] = [
    ("rediscache_keyspace_hits_total", "Lookups that found their key.", \.hits),
    ("rediscache_keyspace_misses_total", "Lookups that did not find their key.", \.misses),
    ("rediscache_evicted_keys_total", "Keys removed to make room.", \.evictedKeys),
    ("rediscache_expired_keys_total", "Keys whose time had come.", \.expiredKeys),
    ("rediscache_commands_total", "Commands run.", \.commands),
  ]

  private static let gauges: [(String, String, @Sendable (StatsGauges) -> Double?)] = [
    ("rediscache_used_memory_bytes", "Bytes in use.", { $0.usedMemory.map(Double.init) }),
    ("rediscache_maxmemory_bytes", "The limit on them, 0 for none.", { $0.maxmemory.map(Double.init) }),
    ("rediscache_memory_ratio", "Bytes in use relative to their limit.", { $0.memoryRatio }),
    ("rediscache_fragmentation_ratio", "Resident bytes relative to those in use.", { $0.fragmentation }),
    ("rediscache_connected_clients", "Clients connected.", { $0.connectedClients.map(Double.init) }),
    ("rediscache_max_clients", "The limit on clients.", { $0.maxclients.map(Double.init) }),
    ("rediscache_blocked_clients", "Clients in a blocking command.", { $0.blockedClients.map(Double.init) }),
    (
      "rediscache_operations_per_second", "The server's own figure of its last seconds.",
      { $0.operationsPerSecond.map(Double.init) }
    ),
    ("rediscache_keys", "Keys in all databases.", { $0.keys.map(Double.init) }),
    ("rediscache_keys_with_ttl", "Keys with a time to live.", { $0.keysWithTTL.map(Double.init) }),
    ("rediscache_latency_p50_seconds", "Half of the commands end within this time.", { $0.latencyP50 }),
    ("rediscache_latency_p95_seconds", "95 % of the commands end within this time.", { $0.latencyP95 }),
    ("rediscache_latency_p99_seconds", "99 % of the commands end within this time.", { $0.latencyP99 }),
    (
      "rediscache_replication_lag_seconds", "Seconds behind the primary, of the furthest replica.",
      { $0.replicationLag.map(Double.init) }
    ),
    ("rediscache_uptime_seconds", "Time since the server started.", { $0.uptime.map(Double.init) }),
    (
      "rediscache_lazyfree_pending_objects", "Objects that wait to be freed in the background.",
      { $0.lazyfreePending.map(Double.init) }
    ),
  ]
}
