import Bytes
import Quantities

/// Hits, misses and their ratio, without the lookups that only inspected a key.
///
/// The server counts those among its hits or its misses and does not say which. So the number of lookups is known, and the hits
/// among them lie within a range. Where the range is narrower than a figure with one decimal of a percent can show, its middle
/// is given as the one figure; elsewhere there is none.
extension StatsWindow {
  /// The share of the lookups by which hits may be uncertain and still pass for one figure.
  private static let narrow = 0.001

  /// All lookups for values.
  package var lookups: Int? {
    serverHits.plus(serverMisses).minus(subtracted?.count).flatMap { $0 < 0 ? nil : $0 }
  }

  /// The fewest and the most of the lookups that found their key.
  package var hitsRange: ClosedRange<Int>? {
    guard let lookups, let subtracted, let fewest = serverHits.minus(subtracted.hits.upperBound),
      let most = serverHits.minus(subtracted.hits.lowerBound)
    else { return nil }
    return min(max(0, fewest), lookups)...min(max(0, most), lookups)
  }

  /// The fewest and the most of the lookups that did not find their key.
  package var missesRange: ClosedRange<Int>? {
    guard let lookups, let hitsRange else { return nil }
    return (lookups - hitsRange.upperBound)...(lookups - hitsRange.lowerBound)
  }

  /// The share of lookups that found their key, at least and at most, from the summed counters; nil without lookups.
  package var hitRatioRange: ClosedRange<Double>? {
    guard let lookups, lookups > 0, let hitsRange else { return nil }
    return Double(hitsRange.lowerBound) / Double(lookups)...Double(hitsRange.upperBound) / Double(lookups)
  }

  /// Lookups that found their key; nil where they are not known or lie in a wide range.
  package var hits: Int? {
    guard subtracted?.count != 0 else { return serverHits }
    guard let lookups, let range = hitsRange,
      Double(range.upperBound - range.lowerBound) <= StatsWindow.narrow * Double(lookups)
    else { return nil }
    return range.lowerBound + (range.upperBound - range.lowerBound) / 2
  }

  /// Lookups that did not; nil where they are not known or lie in a wide range.
  package var misses: Int? { subtracted?.count == 0 ? serverMisses : lookups.minus(hits) }

  /// The share of lookups that found their key; nil without lookups, and where it lies in a wide range.
  package var hitRatio: Double? {
    guard let hits, let lookups, lookups > 0 else { return nil }
    return Double(hits) / Double(lookups)
  }

  /// The ratio as people read it, as one figure or a range: `96.0 %`, `0.0 to 90.9 %`; nil where nothing is known.
  package var hitRatioText: String? {
    if let hitRatio { return NumberText.share(hitRatio, spaced: true) }
    return hitRatioRange.map { NumberText.shares($0) }
  }

  /// The ratio for a narrow column: `96.0%`, `0-91%`; nil where nothing is known.
  var shortHitRatio: String? {
    if let hitRatio { return NumberText.share(hitRatio) }
    return hitRatioRange.map { NumberText.wholeShares($0) }
  }

  /// An amount that the window knows at least in part, as conditions see it: hits, misses or the ratio.
  package func range(of field: String) -> ClosedRange<Double>? {
    switch field {
    case "hits": hitsRange.map { Double($0.lowerBound)...Double($0.upperBound) }
    case "misses": missesRange.map { Double($0.lowerBound)...Double($0.upperBound) }
    case "hit_ratio": hitRatioRange
    default: nil
    }
  }
}
