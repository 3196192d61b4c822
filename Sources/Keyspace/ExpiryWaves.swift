/// A short time in which far more keys expire than an even spread would give.
public struct ExpiryWave: Sendable, Equatable {
  /// When it begins, in seconds since 1970.
  public let at: Int
  /// The length of the window that was looked at, in seconds.
  public let windowSeconds: Int
  /// The keys counted in it.
  public let keys: Int
  /// The keys that an even spread would put there.
  public let expected: Double
}

/// Finds expiry waves.
///
/// Under an even spread over the group's own range of expiries the keys of a window are Poisson with mean λ =
/// n·w/range. A window is a wave where all of this holds:
///
/// - Chance would give as many keys in fewer than one keyspace in a thousand: by Chernoff's bound P(X ≥ k) ≤
///   exp(−λ)·(eλ/k)^k, times the number of windows looked at (Bonferroni).
/// - It holds at least 1.5 times λ and 0.5 % of the keys: less is no load to speak of.
/// - It stands out from what lies around it, so that a smooth distribution with a thick end is no alarm.
public enum ExpiryWaveDetector {
  /// At most this many waves of a group are told.
  private static let most = 5
  /// Fewer keys than these say nothing.
  private static let fewestKeys = 100
  private static let chance = 0.001

  /// The waves in a timeline, largest first.
  ///
  /// Complexity: O(number of windows).
  public static func waves(in timeline: ExpiryTimeline, window: Int = 60) -> [ExpiryWave] {
    let counts = timeline.counts.map { Int($0) }
    let total = counts.reduce(0, +)
    guard total >= fewestKeys, let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return [] }
    let width = max(1, window / timeline.resolution)
    let windows = max(1, Double(last - first + 1) / Double(width))
    let expected = Double(total) / windows
    var sums = slidingSums(counts, width)
    var waves: [ExpiryWave] = []
    while waves.count < most, let peak = sums.indices.max(by: { sums[$0] < sums[$1] }) {
      guard isWave(sums[peak], expected: expected, total: total, windows: last - first + 1) else { break }
      if standsOut(counts, peak, width) {
        let start = trimmedStart(counts, peak, width, expected: expected / Double(width))
        let keys = counts[start..<min(counts.count, start + width)].reduce(0, +)
        waves.append(
          ExpiryWave(
            at: timeline.start + start * timeline.resolution, windowSeconds: width * timeline.resolution,
            keys: keys, expected: expected))
      }
      for index in max(0, peak - width + 1)..<min(sums.count, peak + width) { sums[index] = 0 }
    }
    return waves
  }

  private static func isWave(_ keys: Int, expected: Double, total: Int, windows: Int) -> Bool {
    let count = Double(keys)
    guard keys > 0, count >= 1.5 * expected, keys * 200 >= total else { return false }
    // The logarithm of Chernoff's bound times Bonferroni's factor.
    let logBound = -expected + count * (1 + (expected / count).logarithm) + Double(windows).logarithm
    return logBound < chance.logarithm
  }

  /// True where the window holds clearly more than the windows around it, of which the nearest two on each side are
  /// left out: a wave may be longer than the window.
  ///
  /// A slope has higher neighbours on one side and is none. At either end of the data, where one side is missing, a
  /// slope cannot be told from a wave so easily, and three times as much is asked for.
  private static func standsOut(_ counts: [Int], _ peak: Int, _ width: Int) -> Bool {
    let keys = Double(counts[peak..<min(counts.count, peak + width)].reduce(0, +))
    let left = max(0, peak - 7 * width)..<max(0, peak - 2 * width)
    let right = min(counts.count, peak + 3 * width)..<min(counts.count, peak + 8 * width)
    func perWindow(_ range: Range<Int>) -> Double? {
      range.count < width ? nil : Double(counts[range].reduce(0, +)) * Double(width) / Double(range.count)
    }
    switch (perWindow(left), perWindow(right)) {
    case (let before?, let after?): return keys >= 1.5 * max(before, after)
    case (let side?, nil), (nil, let side?): return keys >= 3 * side
    case (nil, nil): return true
    }
  }

  /// The first step of the window that belongs to the wave and not to the spread around it.
  ///
  /// Every window that covers a short wave holds it whole, so the fullest may begin well before it.
  private static func trimmedStart(_ counts: [Int], _ peak: Int, _ width: Int, expected: Double) -> Int {
    // Above what chance puts into one step of an even spread, three standard deviations and one key.
    let threshold = expected + 3 * expected.squareRoot() + 1
    let window = peak..<min(counts.count, peak + width)
    return window.first { Double(counts[$0]) > threshold } ?? peak
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
