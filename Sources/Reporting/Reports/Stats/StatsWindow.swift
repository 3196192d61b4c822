import Quantities

/// What happened in a span of time, summed over the servers that a figure is of.
package struct StatsWindow: Sendable, Equatable {
  /// Lookups that found their key.
  package var hits: Int?
  /// Lookups that did not.
  package var misses: Int?
  /// Keys removed to make room.
  package var evictedKeys: Int?
  /// Keys whose time had come.
  package var expiredKeys: Int?
  /// Commands run.
  package var commands: Int?
  /// The length of the span; nil where it is not known, as after CONFIG RESETSTAT.
  package var seconds: Double?

  /// A span of which nothing is known.
  package init() {}

  /// All lookups.
  package var lookups: Int? { hits.flatMap { hits in misses.map { hits + $0 } } }

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
      ("seconds", .optional(seconds.map { rounded($0, to: 3) })),
    ]
  }
}
