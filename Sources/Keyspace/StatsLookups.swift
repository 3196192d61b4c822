/// Lookups that an inspecting command made itself and that the server counted among its hits and misses.
///
/// Seen on Redis 7.0: PTTL, TYPE and OBJECT count, MEMORY USAGE does not, and SCAN with TYPE counts every key
/// that it draws, returned or not.
public struct StatsLookups: Sendable, Equatable, Codable {
  /// Lookups that found their key.
  public var hits: Int
  /// Lookups of keys that had gone.
  public var misses: Int
  /// Runs whose lookups are known in part only: they used SCAN with TYPE, or ended on an error.
  public var uncountedRuns: Int

  private enum CodingKeys: String, CodingKey {
    case hits
    case misses
    case uncountedRuns = "uncounted_runs"
  }

  /// Lookups by their numbers.
  public init(hits: Int = 0, misses: Int = 0, uncountedRuns: Int = 0) {
    self.hits = hits
    self.misses = misses
    self.uncountedRuns = uncountedRuns
  }

  /// True where there is nothing to tell.
  public var isEmpty: Bool { self == StatsLookups() }

  /// The sum of both.
  public static func + (left: StatsLookups, right: StatsLookups) -> StatsLookups {
    StatsLookups(
      hits: left.hits + right.hits, misses: left.misses + right.misses,
      uncountedRuns: left.uncountedRuns + right.uncountedRuns)
  }

  /// What was added since an earlier account.
  public static func - (left: StatsLookups, right: StatsLookups) -> StatsLookups {
    StatsLookups(
      hits: left.hits - right.hits, misses: left.misses - right.misses,
      uncountedRuns: left.uncountedRuns - right.uncountedRuns)
  }
}
