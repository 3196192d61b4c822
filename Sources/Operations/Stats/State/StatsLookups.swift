/// Lookups that an inspecting command made itself and that the server counted among its hits and misses.
///
/// Seen on Redis 7.0: PTTL, TYPE and OBJECT count, MEMORY USAGE does not, and SCAN with TYPE counts every key
/// that it draws, returned or not.
package struct StatsLookups: Sendable, Equatable, Codable {
  /// Lookups that found their key.
  package var hits: Int
  /// Lookups of keys that had gone.
  package var misses: Int
  /// Runs whose lookups are known in part only: they used SCAN with TYPE, or ended on an error.
  package var uncountedRuns: Int

  private enum CodingKeys: String, CodingKey {
    case hits
    case misses
    case uncountedRuns = "uncounted_runs"
  }

  /// Lookups by their numbers.
  package init(hits: Int = 0, misses: Int = 0, uncountedRuns: Int = 0) {
    self.hits = hits
    self.misses = misses
    self.uncountedRuns = uncountedRuns
  }

  /// False for lookups, from a file, that no run can have made.
  var isPlausible: Bool {
    [hits, misses, uncountedRuns].allSatisfy { (0...1 << 53).contains($0) }
  }

  /// True where there is nothing to tell.
  package var isEmpty: Bool { self == StatsLookups() }

  /// The sum of both.
  package static func + (left: StatsLookups, right: StatsLookups) -> StatsLookups {
    StatsLookups(
      hits: left.hits + right.hits, misses: left.misses + right.misses,
      uncountedRuns: left.uncountedRuns + right.uncountedRuns)
  }

  /// What was added since an earlier account.
  package static func - (left: StatsLookups, right: StatsLookups) -> StatsLookups {
    StatsLookups(
      hits: left.hits - right.hits, misses: left.misses - right.misses,
      uncountedRuns: left.uncountedRuns - right.uncountedRuns)
  }
}
