import Bytes
import Reporting

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
  /// Lookups by commands that inspect keys, mostly counted among `hits` and `misses`.
  package var inspections: Int?
  /// Lookups by commands that read values, at least.
  package var reads: Int?
  /// Calls of SCAN, and their time in microseconds.
  package var scans: Int?
  /// The time of the calls of SCAN in microseconds.
  package var scanMicroseconds: Int?
  /// Calls of FLUSHALL and FLUSHDB.
  package var flushes: Int?
  /// Commands refused because memory was full, `errorstat_OOM`.
  package var memoryRefusals: Int?
  /// Writes refused because the server could not save to disk, `errorstat_MISCONF`.
  package var diskRefusals: Int?
  /// Writes refused because too few replicas followed, `errorstat_NOREPLICAS`.
  package var replicaRefusals: Int?
  /// Connections turned away, `rejected_connections`.
  package var rejectedConnections: Int?

  private enum CodingKeys: String, CodingKey {
    case hits
    case misses
    case evictedKeys = "evicted_keys"
    case expiredKeys = "expired_keys"
    case commands
    case connections
    case inputBytes = "input_bytes"
    case inspections
    case reads
    case scans
    case scanMicroseconds = "scan_usec"
    case flushes
    case memoryRefusals = "errors_oom"
    case diskRefusals = "errors_misconf"
    case replicaRefusals = "errors_noreplicas"
    case rejectedConnections = "rejected_connections"
  }

  /// Counters that tell nothing.
  package init() {}

  private static let all: [any WritableKeyPath<StatsCounters, Int?> & Sendable] = [
    \.hits, \.misses, \.evictedKeys, \.expiredKeys, \.commands, \.connections, \.inputBytes, \.inspections,
    \.reads, \.scans, \.scanMicroseconds, \.flushes, \.memoryRefusals, \.diskRefusals, \.replicaRefusals,
    \.rejectedConnections,
  ]

  /// What was counted since an earlier reading; nil for what either reading lacks.
  package func since(_ earlier: StatsCounters) -> StatsCounters {
    combined(with: earlier) { $0.minus($1) }
  }

  /// The sum; nil for what either side lacks, because a sum without a part would mislead.
  package func adding(_ other: StatsCounters) -> StatsCounters {
    combined(with: other) { $0.plus($1) }
  }

  /// True where a counter is lower than it was, which none becomes by itself.
  package func isBelow(_ earlier: StatsCounters) -> Bool {
    StatsCounters.all.contains { path in
      guard let now = self[keyPath: path], let then = earlier[keyPath: path] else { return false }
      return now < then
    }
  }

  /// False for counters, from a file, that no server can have counted.
  var isPlausible: Bool {
    StatsCounters.all.allSatisfy { self[keyPath: $0].map { (0...1 << 53).contains($0) } ?? true }
  }

  private func combined(with other: StatsCounters, _ operation: (Int?, Int?) -> Int?) -> StatsCounters {
    var result = StatsCounters()
    for path in StatsCounters.all {
      result[keyPath: path] = operation(self[keyPath: path], other[keyPath: path])
    }
    return result
  }
}

extension StatsCounters {
  /// Whether the server counts lookups of inspecting commands among its hits and misses; nil where that is unknown.
  ///
  /// To be asked of counters since the start. One that does not count them has fewer lookups than commands that look up.
  var countsInspections: Bool? {
    guard let explained = reads.plus(inspections), let lookups = hits.plus(misses) else { return nil }
    return explained <= lookups
  }

  /// The lookups among hits and misses that were no use of the cache.
  ///
  /// Where the server counts its commands their number is known, whoever sent them. How many of them found their key is known
  /// of those that inspecting runs have `noted`; each of the others was a hit or a miss, as far as there were any.
  func inspectingLookups(noted: StatsLookups = StatsLookups()) -> InspectingLookups {
    guard let hits, let misses, hits >= 0, misses >= 0 else { return InspectingLookups() }
    let (notedHits, notedMisses) = (min(max(0, noted.hits), hits), min(max(0, noted.misses), misses))
    guard let inspections, inspections >= 0 else {
      return InspectingLookups(count: notedHits + notedMisses, misses: notedMisses...notedMisses)
    }
    // More than hits and misses together there cannot be.
    let count = min(inspections, hits.saturated(misses))
    let knownMisses = min(notedMisses, count)
    let knownHits = min(notedHits, count - knownMisses)
    let open = count - knownHits - knownMisses
    let fewest = max(0, open - (hits - knownHits))
    let most = max(fewest, min(open, misses - knownMisses))
    return InspectingLookups(count: count, misses: (knownMisses + fewest)...(knownMisses + most))
  }

  /// How many lookups of SCAN with TYPE may be among hits and misses, which nothing tells apart; 0 where there are none to
  /// speak of.
  ///
  /// SCAN cannot look up more keys than it has time for, nor more than there are lookups that no other command explains.
  var possibleScanLookups: Int {
    guard let hits, let misses, let scans, scans > 0 else { return 0 }
    let unexplained =
      hits.saturated(misses) - min(hits.saturated(misses), (reads ?? 0).saturated(inspections ?? 0))
    let most = scanMicroseconds?.saturatedTimes(10) ?? .max
    let possible = min(unexplained, most)
    return possible > hits.saturated(misses) / 100 ? possible : 0
  }
}

extension Int {
  fileprivate func saturated(_ other: Int) -> Int { Int?.some(self).plus(other) ?? .max }

  fileprivate func saturatedTimes(_ factor: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    return overflows ? .max : product
  }
}
