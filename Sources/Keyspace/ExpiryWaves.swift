/// A short time in which far more keys expire than an even spread would give.
public struct ExpiryWave: Sendable, Equatable {
  /// When it begins, in seconds since 1970.
  public let at: Int
  /// How long it lasts, in seconds.
  public let windowSeconds: Int
  /// The keys counted in it.
  public let keys: Int
  /// The keys that an even spread would put there.
  public let expected: Double
}

/// Finds expiry waves.
///
/// Under an even spread over the group's own range of expiries the keys of a window are Poisson with mean λ = n·w/range.
/// A window counts as a wave where it holds at least three times λ, at least 0.5 % of the keys, and so many
/// that chance would give as many in fewer than one keyspace in a thousand: by Chernoff's bound
/// P(X ≥ k) ≤ exp(−λ)·(eλ/k)^k, times the number of windows looked at. It must also stand out against
/// its surroundings, so that a smooth distribution with a thick end is not an alarm.
public enum ExpiryWaveDetector {
  /// At most this many waves of a group are told.
  static let most = 5

  /// The waves in a timeline, largest first.
  ///
  /// Complexity: O(number of windows).
  public static func waves(in timeline: ExpiryTimeline, window: Int = 60) -> [ExpiryWave] {
    let counts = timeline.counts.map(Int.init)
    let total = counts.reduce(0, +)
    guard total >= 100, let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return [] }
    let width = max(1, window / timeline.resolution)
    let spread = max(1, (last - first + 1 + width - 1) / width)
    let expected = Double(total) / Double(spread)
    var waves: [ExpiryWave] = []
    var sums = slidingSums(counts, width)
    while waves.count < most, let peak = sums.indices.max(by: { sums[$0] < sums[$1] }), sums[peak] > 0 {
      let keys = sums[peak]
      guard isWave(keys, expected: expected, total: total, windows: spread * width) else { break }
      if standsOut(counts, peak, width, keys) {
        waves.append(
          ExpiryWave(
            at: timeline.start + peak * timeline.resolution, windowSeconds: width * timeline.resolution,
            keys: keys, expected: expected))
      }
      for index in max(0, peak - width + 1)..<min(sums.count, peak + width) { sums[index] = 0 }
    }
    return waves
  }

  private static func isWave(_ keys: Int, expected: Double, total: Int, windows: Int) -> Bool {
    guard windows > 1, Double(keys) >= 3 * expected, keys * 200 >= total else { return false }
    let count = Double(keys)
    // The logarithm of Chernoff's bound, with Bonferroni's factor for the windows that were looked at.
    let logBound = -expected + count * (1 + (expected / count).logarithm) + Double(windows).logarithm
    return logBound < (0.001).logarithm
  }

  /// At least three times what the ten windows on either side hold on average.
  private static func standsOut(_ counts: [Int], _ peak: Int, _ width: Int, _ keys: Int) -> Bool {
    let left = max(0, peak - 10 * width)..<peak
    let right = min(counts.count, peak + width)..<min(counts.count, peak + 11 * width)
    let around = counts[left].reduce(0, +) + counts[right].reduce(0, +)
    let windows = Double(left.count + right.count) / Double(width)
    return windows < 1 || Double(keys) >= 3 * Double(around) / windows
  }

  private static func slidingSums(_ counts: [Int], _ width: Int) -> [Int] {
    guard counts.count > width else { return [counts.reduce(0, +)] }
    var sums: [Int] = []
    sums.reserveCapacity(counts.count - width + 1)
    var sum = counts[..<width].reduce(0, +)
    sums.append(sum)
    for index in width..<counts.count {
      sum += counts[index] - counts[index - width]
      sums.append(sum)
    }
    return sums
  }
}
