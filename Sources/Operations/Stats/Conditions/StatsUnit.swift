/// What a field of `stats` is measured in; a literal with a unit must be of the same kind.
package enum StatsUnit: String, Sendable {
  /// A number of things.
  case count
  /// A part of a whole, 0 to 1.
  case ratio
  /// How many times as much, without a bound.
  case factor
  /// Things a second.
  case rate
  /// Bytes.
  case bytes
  /// Seconds.
  case seconds
  /// A word, which can only be equal or not.
  case text

  /// The fields of the totals, by their names in JSON.
  package static let fields: [String: StatsUnit] = windowFields.merging(gaugeFields) { first, _ in first }

  /// The fields that a span of time has: the interval where there is one, else the lifetime.
  package static let windowFields: [String: StatsUnit] = [
    "hits": .count, "misses": .count, "hit_ratio": .ratio, "hit_ratio_min": .ratio, "hit_ratio_max": .ratio,
    "evicted_keys": .count, "expired_keys": .count,
    "commands": .count, "inspection_lookups": .count, "refused_writes": .count, "flushes": .count,
    "seconds": .seconds,
  ]

  /// The fields that hold at a moment.
  package static let gaugeFields: [String: StatsUnit] = [
    "used_memory_bytes": .bytes, "maxmemory_bytes": .bytes, "maxmemory_policy": .text, "memory_ratio": .ratio,
    "fragmentation_ratio": .factor, "connected_clients": .count, "maxclients": .count,
    "rejected_connections": .count, "blocked_clients": .count, "ops_per_second": .rate, "keys": .count,
    "keys_with_ttl": .count, "latency_p50_seconds": .seconds, "latency_p95_seconds": .seconds,
    "latency_p99_seconds": .seconds, "latency_source": .text, "replication_lag_seconds": .seconds,
    "uptime_seconds": .seconds, "lazyfree_pending_objects": .count,
  ]

  /// The unit of a field, `interval.` or `lifetime.` before it where it belongs to a span, or `worst.` for that of the node
  /// where it is worst; nil for no field.
  package static func unit(of name: String) -> StatsUnit? {
    for prefix in ["interval.", "lifetime."] where name.hasPrefix(prefix) {
      return windowFields[String(name.dropFirst(prefix.count))]
    }
    guard name.hasPrefix("worst.") else { return fields[name] }
    return fields[String(name.dropFirst("worst.".count))].flatMap { $0 == .text ? nil : $0 }
  }

  /// True for a field that counts what happens, so that it has a rate.
  static func isCounted(_ name: String) -> Bool {
    let field = String(name.split(separator: ".").last ?? "")
    return windowFields[field] == .count
  }

  /// True for a field that belongs to the interval where there is one.
  static func isCountedOverTime(_ name: String) -> Bool {
    !name.hasPrefix("lifetime.")
      && windowFields[String(name.split(separator: ".").last ?? "")] != nil
  }
}
