import Bytes
import Quantities

/// What happened in a span of time, summed over the servers that a figure is of.
package struct StatsWindow: Sendable, Equatable {
  /// Lookups that found their key, as the server counts them.
  package var serverHits: Int?
  /// Lookups that did not find their key, as the server counts them.
  package var serverMisses: Int?
  /// The lookups among `serverHits` and `serverMisses` that only inspected a key; nil where they cannot be summed.
  package var subtracted: InspectingLookups? = InspectingLookups()
  /// Lookups of PTTL, TYPE, OBJECT and the like, which are in no other figure; nil where the server does not count its
  /// commands.
  package var inspectionLookups: Int?
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

  /// Writes that the server has refused, whatever for.
  package var refusedWrites: Int? { memoryRefusals.plus(diskRefusals).plus(replicaRefusals) }

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
      ("hit_ratio", .optional(hitRatio.map { rounded($0, to: 6) })),
      ("hit_ratio_min", .optional(hitRatioRange.map { rounded($0.lowerBound, to: 6) })),
      ("hit_ratio_max", .optional(hitRatioRange.map { rounded($0.upperBound, to: 6) })),
      ("evicted_keys", .optional(evictedKeys)),
      ("expired_keys", .optional(expiredKeys)), ("commands", .optional(commands)),
      ("inspection_lookups", .optional(inspectionLookups)), ("refused_writes", .optional(refusedWrites)),
      ("flushes", .optional(flushes)), ("seconds", .optional(seconds.map { rounded($0, to: 3) })),
    ]
  }
}
