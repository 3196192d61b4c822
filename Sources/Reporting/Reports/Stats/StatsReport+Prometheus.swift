/// The form of a stats report that Prometheus reads.
extension StatsReport {
  /// The report as metrics, a sample a server; what a server does not tell is absent.
  ///
  /// Counters are the server's own, nothing subtracted, so that they never go back.
  package var prometheus: [UInt8] {
    var text = PrometheusText(labels: header.labels)
    for (name, help, path) in StatsReport.counters {
      add(name, help, type: "counter", to: &text) { $0.lifetime[keyPath: path].map(Double.init) }
    }
    add("rediscache_rejected_connections_total", "Connections turned away.", type: "counter", to: &text) {
      $0.gauges.rejectedConnections.map(Double.init)
    }
    addRatios(to: &text)
    add("rediscache_interval_seconds", "Length of the window named interval.", type: "gauge", to: &text) {
      $0.interval?.seconds
    }
    for (name, help, value) in StatsReport.gauges {
      add(name, help, type: "gauge", to: &text) { value($0.gauges) }
    }
    text.declare("rediscache_server_info", "What the server is; always 1.", type: "gauge")
    for node in nodes {
      let labels = [
        ("node", node.address), ("server", header.server ?? ""), ("version", header.serverVersion ?? ""),
        ("role", node.role ?? ""), ("maxmemory_policy", node.figures.gauges.maxmemoryPolicy ?? ""),
      ]
      text.sample("rediscache_server_info", labels, 1)
    }
    text.declare("rediscache_stats_complete", "1 where nothing that was asked for is missing.", type: "gauge")
    text.sample("rediscache_stats_complete", [], header.isComplete ? 1 : 0)
    addRefusals(to: &text)
    text.addUp(true, command: "stats")
    return text.bytes
  }

  private func addRefusals(to text: inout PrometheusText) {
    let refusals: [(String, any KeyPath<StatsWindow, Int?> & Sendable)] = [
      ("OOM", \.memoryRefusals), ("MISCONF", \.diskRefusals), ("NOREPLICAS", \.replicaRefusals),
    ]
    let samples = nodes.flatMap { node in
      refusals.compactMap { code, path in
        node.figures.lifetime[keyPath: path].map { ([("node", node.address), ("code", code)], Double($0)) }
      }
    }
    guard !samples.isEmpty else { return }
    let name = "rediscache_refused_writes_total"
    text.declare(name, "Writes refused, by the code of the error.", type: "counter")
    for (labels, value) in samples { text.sample(name, labels, value) }
  }

  private func add(
    _ name: String, _ help: String, type: String, to text: inout PrometheusText, _ value: (Figures) -> Double?
  ) {
    let samples = nodes.compactMap { node in value(node.figures).map { (node.address, $0) } }
    guard !samples.isEmpty else { return }
    text.declare(name, help, type: type)
    for (address, value) in samples { text.sample(name, [("node", address)], value) }
  }

  private func addRatios(to text: inout PrometheusText) {
    let name = "rediscache_hit_ratio"
    addRatio(
      name, "Share of lookups that found their key, without those that only inspect it.", to: &text,
      \.hitRatio)
    addRatio("\(name)_min", "The least that the share can be.", to: &text, \.hitRatioRange?.lowerBound)
    addRatio("\(name)_max", "The most that the share can be.", to: &text, \.hitRatioRange?.upperBound)
  }

  private func addRatio(
    _ name: String, _ help: String, to text: inout PrometheusText, _ value: (StatsWindow) -> Double?
  ) {
    let ratios = nodes.flatMap { node in
      [("lifetime", value(node.figures.lifetime)), ("interval", node.figures.interval.flatMap(value))]
        .compactMap { window, ratio in ratio.map { ([("node", node.address), ("window", window)], $0) } }
    }
    guard !ratios.isEmpty else { return }
    text.declare(name, help, type: "gauge")
    for (labels, ratio) in ratios { text.sample(name, labels, rounded(ratio, to: 6)) }
  }

  private static let counters: [(String, String, any KeyPath<StatsWindow, Int?> & Sendable)] = [
    ("rediscache_keyspace_hits_total", "Lookups that found their key.", \.serverHits),
    ("rediscache_keyspace_misses_total", "Lookups that did not find their key.", \.serverMisses),
    ("rediscache_evicted_keys_total", "Keys removed to make room.", \.evictedKeys),
    ("rediscache_expired_keys_total", "Keys whose time had come.", \.expiredKeys),
    ("rediscache_commands_total", "Commands run.", \.commands),
    (
      "rediscache_inspection_lookups_total",
      "Lookups of PTTL, TYPE, OBJECT and the like among hits and misses.",
      \.inspectionLookups
    ),
    ("rediscache_flushes_total", "Calls of FLUSHALL and FLUSHDB.", \.flushes),
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
