/// What a server has counted since it started, or since CONFIG RESETSTAT; nil where it does not tell.
///
/// The names are those of the server's own INFO fields.
package struct StatsCounters: Sendable, Equatable, Codable {
  /// Lookups that found their key, `keyspace_hits`.
  package var hits: Int?
  /// Lookups that did not, `keyspace_misses`.
  package var misses: Int?
  /// Keys removed to make room, `evicted_keys`.
  package var evictedKeys: Int?
  /// Keys whose time had come, `expired_keys`.
  package var expiredKeys: Int?
  /// Commands run, `total_commands_processed`.
  package var commands: Int?
  /// Connections accepted, `total_connections_received`; only tells a reset.
  package var connections: Int?
  /// Bytes received, `total_net_input_bytes`; only tells a reset.
  package var inputBytes: Int?

  private enum CodingKeys: String, CodingKey {
    case hits
    case misses
    case evictedKeys = "evicted_keys"
    case expiredKeys = "expired_keys"
    case commands
    case connections
    case inputBytes = "input_bytes"
  }

  /// Counters that tell nothing.
  package init() {}

  private static let all: [any WritableKeyPath<StatsCounters, Int?> & Sendable] = [
    \.hits, \.misses, \.evictedKeys, \.expiredKeys, \.commands, \.connections, \.inputBytes,
  ]

  /// What was counted since an earlier reading; nil for what either reading lacks.
  package func since(_ earlier: StatsCounters) -> StatsCounters {
    combined(with: earlier) { $0 - $1 }
  }

  /// The sum; nil for what either side lacks, because a sum without a part would mislead.
  package func adding(_ other: StatsCounters) -> StatsCounters {
    combined(with: other) { $0 + $1 }
  }

  /// True where a counter is lower than it was, which none becomes by itself.
  package func isBelow(_ earlier: StatsCounters) -> Bool {
    StatsCounters.all.contains { path in
      guard let now = self[keyPath: path], let then = earlier[keyPath: path] else { return false }
      return now < then
    }
  }

  /// The counters without lookups that were not the cache's users'; never below 0.
  package func subtracting(_ lookups: StatsLookups) -> StatsCounters {
    var result = self
    result.hits = hits.map { max(0, $0 - lookups.hits) }
    result.misses = misses.map { max(0, $0 - lookups.misses) }
    return result
  }

  private func combined(with other: StatsCounters, _ operation: (Int, Int) -> Int) -> StatsCounters {
    var result = StatsCounters()
    for path in StatsCounters.all {
      guard let left = self[keyPath: path], let right = other[keyPath: path] else { continue }
      result[keyPath: path] = operation(left, right)
    }
    return result
  }
}
