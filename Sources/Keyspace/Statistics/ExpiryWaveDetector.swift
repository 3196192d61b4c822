import Platform

/// A short time in which far more keys expire than an even spread would give.
package struct ExpiryWave: Sendable, Equatable {
  /// When it begins, in seconds since 1970.
  package let at: Int
  /// The length of the window that was looked at, in seconds.
  package let windowSeconds: Int
  /// The keys counted in it.
  package let keys: Int
  /// The keys that an even spread would put there.
  package let expected: Double
}

/// Finds expiry waves.
///
/// Under an even spread from now to the group's last expiry the keys of a window are Poisson with mean λ =
/// n·w/range. The windows around one may raise that mean: a smooth slope or a thick end is no wave. A window
/// is one where all of this holds, λ being the larger of the two means:
///
/// - Chance would give as many keys in fewer than one keyspace in a thousand: by Chernoff's bound P(X ≥ k) ≤
///   exp(−λ)·(eλ/k)^k, times the number of windows looked at (Bonferroni).
/// - It holds at least 1.5 times λ and 0.5 % of the keys: less is no load worth a warning.
/// - It is no part of a plateau: keys whose TTLs were given a random part, as is advised against waves.
package enum ExpiryWaveDetector {
  /// The most waves of a group that are reported.
  private static let most = 20
  /// Fewer keys than this show no wave.
  private static let fewestKeys = 100
  private static let chance = 0.001

  /// The waves in a timeline, largest first.
  ///
  /// Complexity: O(number of windows) for each peak that is looked at.
  package static func waves(in timeline: ExpiryTimeline, window: Int = 60) -> [ExpiryWave] {
    let counts = timeline.counts.map { Int($0) }
    let total = counts.reduce(0, +)
    guard total >= fewestKeys, let last = counts.lastIndex(where: { $0 > 0 }) else { return [] }
    // Where all keys expire within a few windows, shorter ones show more.
    let width = max(1, min(window / timeline.resolution, (last + 1) / 10))
    let expected = Double(total) / max(1, Double(last + 1) / Double(width))
    let surroundings = Surroundings(counts: counts, width: width, last: last)
    let allSums = slidingSums(counts, width)
    var sums = allSums
    var waves: [ExpiryWave] = []
    while waves.count < most, let peak = sums.indices.max(by: { sums[$0] < sums[$1] }), sums[peak] > 0 {
      // The fullest window left is not even a wave over an even spread: no other is.
      guard isWave(sums[peak], over: expected, total: total, windows: last + 1) else { break }
      if let plateau = Plateau(around: peak, in: allSums, width: width, even: expected) {
        for index in plateau.places { sums[index] = 0 }
        continue
      }
      var end = peak + width
      let level = surroundings.level(at: peak, even: expected)
      if isWave(sums[peak], over: level, total: total, windows: last + 1) {
        let start = trimmedStart(counts, peak, width, even: expected / Double(width))
        end = start + width
        let keys = counts[start..<min(counts.count, end)].reduce(0, +)
        waves.append(
          ExpiryWave(
            at: timeline.start + start * timeline.resolution, windowSeconds: width * timeline.resolution,
            keys: keys, expected: expected))
      }
      for index in max(0, peak - width + 1)..<min(sums.count, end) { sums[index] = 0 }
    }
    return waves
  }

  private static func isWave(_ keys: Int, over mean: Double, total: Int, windows: Int) -> Bool {
    let count = Double(keys)
    guard keys > 0, count >= 1.5 * mean, keys * 200 >= total else { return false }
    // The logarithm of Chernoff's bound times Bonferroni's factor.
    let logBound = -mean + count * (1 + (mean / count).logarithm) + Double(windows).logarithm
    return logBound < chance.logarithm
  }

  /// The first step of the window that belongs to the wave and not to the spread around it.
  ///
  /// Every window that covers a short wave holds it whole, so the fullest may begin well before it. The wave
  /// is the run of steps that rises furthest above a level between the even spread and the window's own mean
  /// (Kadane).
  private static func trimmedStart(_ counts: [Int], _ peak: Int, _ width: Int, even: Double) -> Int {
    let window = peak..<min(counts.count, peak + width)
    let mean = Double(counts[window].reduce(0, +)) / Double(width)
    let level = (even + mean) / 2
    var (best, bestStart) = (0.0, peak)
    var (sum, start) = (0.0, peak)
    for step in window {
      if sum <= 0 { (sum, start) = (0, step) }
      sum += Double(counts[step]) - level
      if sum > best { (best, bestStart) = (sum, start) }
    }
    // The wave's first moments may fill only a part of a step.
    let chance = even + 3 * even.squareRoot() + 1
    while bestStart > window.lowerBound, Double(counts[bestStart - 1]) > chance { bestStart -= 1 }
    // A thin wave has no clear start; none of its keys may be lost by looking for one.
    let kept = counts[bestStart..<min(counts.count, bestStart + width)].reduce(0, +)
    return kept * 10 >= counts[window].reduce(0, +) * 9 ? bestStart : peak
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

/// A stretch over which keys expire about evenly, wide for its distance: TTLs with a tenth more or less reach over a sixth
/// of the time to the last of them and more, the nearer the wider.
private struct Plateau {
  /// A shorter one is a wave, whatever its distance, in windows.
  private static let fewestWindows = 2.0
  private static let leastShare = 0.125

  /// The windows that lie on it, by their first steps.
  let places: ClosedRange<Int>

  /// The plateau that a window lies on; nil where it is none.
  ///
  /// Windows above a third of the way from the even spread to the peak belong to it: small counts vary that
  /// much.
  init?(around peak: Int, in sums: [Int], width: Int, even: Double) {
    let level = even + (Double(sums[peak]) - even) / 3
    var (first, last) = (peak, peak)
    while first > 0, Double(sums[first - 1]) >= level { first -= 1 }
    while last + 1 < sums.count, Double(sums[last + 1]) >= level { last += 1 }
    // A block is touched by windows that begin up to two thirds of one before it, and end a third before its end.
    let length = Double(last - first) - Double(width) / 3
    let end = Double(last) + Double(width) / 3
    guard length >= Plateau.fewestWindows * Double(width), length >= Plateau.leastShare * end else {
      return nil
    }
    places = first...last
  }
}

/// What the windows around a place hold, to distinguish a slope from a wave.
private struct Surroundings {
  let counts: [Int]
  let width: Int
  /// The last step that has keys; nothing lies beyond it to compare with.
  let last: Int

  /// The keys that a window at a place would hold if it were like its surroundings, at least those of an even
  /// spread.
  ///
  /// The nearest two windows on each side are left out, because a wave may be longer than a window. Where one
  /// side is missing the other is continued: a curve falls by the same factor from window to window.
  func level(at place: Int, even: Double) -> Double {
    let before = side(nearest: place - 2 * width, step: -width)
    let after = side(nearest: place + 3 * width, step: width)
    switch (before, after) {
    case (let before?, let after?): return max(even, before.near, after.near)
    case (let side?, nil), (nil, let side?): return max(even, side.continued)
    // With only a few windows in all, only a high peak is a wave.
    case (nil, nil): return 2 * even
    }
  }

  private struct Side {
    /// The mean of the three windows next to the gap, and of the three behind them.
    let near: Double
    let far: Double

    /// From the middle of the nearer three to the place are four and a half windows, from one middle to the
    /// other three.
    var continued: Double {
      guard near > 0 else { return 0 }
      let factor = far > 0 ? near / far : 3
      return near * max(1, min(20, factor * factor.squareRoot()))
    }
  }

  /// Six windows from an edge away from the place; nil where the data does not reach so far.
  private func side(nearest edge: Int, step: Int) -> Side? {
    let range = step < 0 ? (edge - 6 * width)..<edge : edge..<(edge + 6 * width)
    guard range.lowerBound >= 0, range.upperBound <= last + 1 else { return nil }
    let middle = range.lowerBound + 3 * width
    let lower = Double(counts[range.lowerBound..<middle].reduce(0, +)) / 3
    let upper = Double(counts[middle..<range.upperBound].reduce(0, +)) / 3
    return step < 0 ? Side(near: upper, far: lower) : Side(near: lower, far: upper)
  }
}

extension Double {
  /// The natural logarithm, from the C library of whichever system this is.
  fileprivate var logarithm: Double { log(self) }
}
