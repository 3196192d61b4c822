import Bytes

/// How long commands took: the bins of LATENCY HISTOGRAM, merged over commands, each call weighing the same.
///
/// The server's bins end at 1,024 ns times a power of two (latencyHistogramCommand in its latency.c, after
/// HdrHistogram's logarithmic iterator).
package struct StatsHistogram: Sendable, Equatable, Codable {
  /// The calls of each bin; bin `k` ends at 1.024 · 2^k µs.
  package private(set) var counts: [Int]

  private static let firstBound = 1.024
  /// The most calls that are believed; sums of them stay far below what overflows.
  static let mostCalls = 1 << 53

  /// A histogram without calls.
  package init() { counts = [] }

  /// The calls in all bins.
  package var total: Double { counts.reduce(0) { $0 + Double($1) } }

  /// False for a histogram, from a file, that no server can have counted.
  var isPlausible: Bool {
    counts.count <= 64 && counts.allSatisfy { (0...StatsHistogram.mostCalls).contains($0) }
  }

  /// Counts calls in the bin that ends at a bound in microseconds, which the server rounds.
  package mutating func add(_ calls: Int, upTo microseconds: Double) {
    var (bin, bound) = (0, StatsHistogram.firstBound)
    // Bounds are a factor of two apart: whatever is within the square root of it is meant.
    while bin < 63, bound * 1.4 < microseconds {
      bin += 1
      bound *= 2
    }
    while counts.count <= bin { counts.append(0) }
    counts[bin] = StatsHistogram.sum(counts[bin], calls)
  }

  private static func sum(_ left: Int, _ right: Int) -> Int { Int?.some(left).plus(right) ?? .max }

  /// Adds the calls of another histogram.
  package mutating func merge(_ other: StatsHistogram) {
    for (bin, calls) in other.counts.enumerated() {
      if bin == counts.count { counts.append(0) }
      counts[bin] = StatsHistogram.sum(counts[bin], calls)
    }
  }

  /// The calls since an earlier reading; nil where a bin has fewer than it had, after a reset.
  package func since(_ earlier: StatsHistogram) -> StatsHistogram? {
    guard earlier.counts.count <= counts.count else { return nil }
    var result = self
    for (bin, calls) in earlier.counts.enumerated() {
      guard result.counts[bin] >= calls else { return nil }
      result.counts[bin] -= calls
    }
    return result
  }

  /// The time in seconds within which a share of the calls ended, interpolated in its bin; nil without calls.
  ///
  /// The bins are a factor of two apart, so the figure is good to about that.
  package func quantile(_ share: Double) -> Double? {
    let total = total
    guard total > 0 else { return nil }
    let wanted = share * total
    var (below, bound) = (0.0, StatsHistogram.firstBound)
    for (bin, calls) in counts.enumerated() {
      let calls = Double(calls)
      if calls > 0, below + calls >= wanted {
        let lower = bin == 0 ? 0 : bound / 2
        return (lower + (bound - lower) * max(0, wanted - below) / calls) / 1e6
      }
      below += calls
      bound *= 2
    }
    return nil
  }
}
