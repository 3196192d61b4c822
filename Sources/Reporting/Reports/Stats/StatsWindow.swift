import Bytes
import Quantities

/// What happened in a span of time, summed over the servers that a figure is of.
package struct StatsWindow: Sendable, Equatable {
  /// Lookups that found their key, without those that only inspected it.
  package var hits: Int?
  /// Lookups that did not, without those that only inspected.
  package var misses: Int?
  /// Lookups of PTTL, TYPE, OBJECT and the like, which are in no other figure; nil where the server does not count its
  /// commands.
  package var inspectionLookups: Int?
  /// What the server has counted among its hits and is no part of `hits`.
  package var subtractedHits: Int? = 0
  /// What the server has counted among its misses and is no part of `misses`.
  package var subtractedMisses: Int? = 0
  /// Keys removed to make room.
  package var evictedKeys: Int?
  /// Keys whose time had come.
  package var expiredKeys: Int?
  /// Commands run.
  package var commands: Int?
  /// Calls of FLUSHALL and FLUSHDB.
  package var flushes: Int?
  /// Writes refused because memory was full.
  package var memoryRefusals: Int?
  /// Writes refused because the server could not save to disk.
  package var diskRefusals: Int?
  /// Writes refused because too few replicas followed.
  package var replicaRefusals: Int?
  /// Connections turned away.
  package var rejectedConnections: Int?
  /// The keys at the beginning of the span; nil for a span that began with the server.
  package var keysBefore: Int?
  /// The length of the span; nil where it is not known, as after CONFIG RESETSTAT.
  package var seconds: Double?

  /// A span of which nothing is known.
  package init() {}

  /// All lookups for values.
  package var lookups: Int? { hits.plus(misses) }

  /// Writes that the server has refused, whatever for.
  package var refusedWrites: Int? { memoryRefusals.plus(diskRefusals).plus(replicaRefusals) }

  /// The hits as the server counts them.
  var serverHits: Int? { hits.plus(subtractedHits) }

  /// The misses as the server counts them.
  package var serverMisses: Int? { misses.plus(subtractedMisses) }

  /// The share of lookups that found their key, from the summed counters; nil without lookups.
  package var hitRatio: Double? {
    guard let hits, let lookups, lookups > 0 else { return nil }
    return Double(hits) / Double(lookups)
  }

  /// The length as people say it, `60 s` rather than `1m 00s`; nil where it is not known.
  package var lengthText: String? {
    seconds.map {
      (60..<99.5).contains($0) ? "\(NumberText.count(Int($0.rounded()))) s" : NumberText.elapsed($0)
    }
  }

  /// A counter as events a second; nil where the counter or the span is not known.
  package func rate(_ counter: KeyPath<StatsWindow, Int?>) -> Double? {
    guard let count = self[keyPath: counter], let seconds, seconds > 0 else { return nil }
    return Double(count) / seconds
  }

  /// The members in the contract's order.
  var members: [(String, JSON)] {
    [
      ("hits", .optional(hits)), ("misses", .optional(misses)),
      ("hit_ratio", .optional(hitRatio.map { rounded($0, to: 6) })), ("evicted_keys", .optional(evictedKeys)),
      ("expired_keys", .optional(expiredKeys)), ("commands", .optional(commands)),
      ("inspection_lookups", .optional(inspectionLookups)), ("refused_writes", .optional(refusedWrites)),
      ("flushes", .optional(flushes)), ("seconds", .optional(seconds.map { rounded($0, to: 3) })),
    ]
  }
}
