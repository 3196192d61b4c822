import Bytes

/// Lookups that only inspected a key (PTTL, TYPE, OBJECT and the like), and what is known of how a server counted them.
///
/// A server counts each of them as a hit or as a miss and does not say which, so their number is known and their split only
/// within bounds.
package struct InspectingLookups: Sendable, Equatable {
  /// How many there were.
  package var count: Int
  /// The fewest and the most of them that the server can have counted as misses.
  package var misses: ClosedRange<Int>

  /// Lookups of which `misses` did not find their key; none by default.
  ///
  /// - Parameter misses: From 0 to `count`.
  package init(count: Int = 0, misses: ClosedRange<Int> = 0...0) {
    self.count = count
    self.misses = misses
  }

  /// The fewest and the most of them that the server can have counted as hits.
  package var hits: ClosedRange<Int> { (count - misses.upperBound)...(count - misses.lowerBound) }

  /// The lookups of several servers; nil where a sum is no `Int`.
  package init?(sum parts: [InspectingLookups]) {
    let sums = [parts.map(\.count), parts.map(\.misses.lowerBound), parts.map(\.misses.upperBound)].map {
      $0.map(Int?.some).known
    }
    guard let count = sums[0], let fewest = sums[1], let most = sums[2] else { return nil }
    self.init(count: count, misses: fewest...most)
  }

  /// The member of a report; what is not known for sure is null.
  var json: JSON {
    let isKnown = misses.lowerBound == misses.upperBound
    return [
      "lookups": .int(count), "hits": isKnown ? .int(hits.lowerBound) : .null,
      "misses": isKnown ? .int(misses.lowerBound) : .null,
    ]
  }
}
