import TestSupport
import Testing

@testable import Keyspace

@Suite struct LogHistogramTests {
  static let edges: [Int64] =
    (0..<63).flatMap { power in [-1, 0, 1].map { (1 << Int64(power)) + $0 } } + [Int64.max - 1, .max]

  @Test func everyValueLiesInItsBucketAndBucketsTouch() {
    for value in Self.edges { #expect(LogBuckets.range(of: LogBuckets.index(of: value)).contains(value)) }
    var expectedLower: Int64 = 0
    for index in 0..<3_712 {
      let range = LogBuckets.range(of: index)
      #expect(range.lowerBound == expectedLower)
      #expect(
        range.upperBound < 128
          ? range.count == 1 : (range.upperBound - range.lowerBound) < range.lowerBound / 64)
      #expect(LogBuckets.index(of: range.lowerBound) == index)
      #expect(LogBuckets.index(of: range.upperBound) == index)
      expectedLower = range.upperBound &+ 1
    }
    #expect(expectedLower == .min, "the last bucket ends at Int64.max")
  }

  @Test func anEmptyHistogramAnswersNothing() {
    let empty = LogHistogram()
    #expect(empty.isEmpty)
    #expect(empty.quantile(0.5) == nil)
    #expect(empty.min == nil)
    #expect(empty.max == nil)
    #expect(empty.count(upTo: .max) == 0)
    #expect(empty.total == 0)
  }

  @Test func ignoresWeightsThatAreNotPositiveAndFinite() {
    var histogram = LogHistogram()
    for weight in [0, -1, .nan, .infinity] { histogram.add(5, weight: weight) }
    #expect(histogram == LogHistogram())
  }

  @Test func countsNegativeValuesAsZero() {
    var histogram = LogHistogram()
    histogram.add(.min)
    #expect(histogram.min == 0)
    #expect(histogram.sum == 0)
    #expect(histogram.count(upTo: 0) == 1)
  }

  @Test func smallValuesAreExact() {
    var histogram = LogHistogram()
    for value in 1...100 { histogram.add(Int64(value)) }
    for percent in 1...100 { #expect(histogram.quantile(Double(percent) / 100) == Int64(percent)) }
    for value in 0...101 { #expect(histogram.count(upTo: Int64(value)) == Double(min(value, 100))) }
    #expect(histogram.sum == 5_050)
  }

  @Test(arguments: [1.0, 3.0, 0.25]) func quantilesAreWithinOnePercent(weight: Double) {
    var random = SeededGenerator(seed: 7)
    var histogram = LogHistogram()
    var values: [Int64] = []
    for _ in 0..<20_000 {
      let octave = Int64.random(in: 0...40, using: &random)
      let value = Int64.random(in: 0...(1 << octave), using: &random)
      values.append(value)
      histogram.add(value, weight: weight)
    }
    values.sort()
    for q in [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1] {
      let rank = max(1, Int((q * 20_000).rounded(.up)))
      let exact = Double(values[rank - 1])
      let answer = Double(histogram.quantile(q) ?? -1)
      #expect(abs(answer - exact) <= exact / 100, "q \(q): \(answer), exactly \(exact)")
    }
    #expect(histogram.quantile(-3) == values.first)
    #expect(histogram.quantile(7) == values.last)
    #expect(histogram.quantile(.nan) == nil)
  }

  @Test func oneValueIsItsOwnQuantileHoweverWideTheBucket() {
    for value in Self.edges where value >= 0 {
      var histogram = LogHistogram()
      histogram.add(value)
      #expect(histogram.quantile(0.5) == value)
      #expect(histogram.count(upTo: value) == 1)
      #expect(value == 0 || histogram.count(upTo: value - 1) == 0)
    }
  }

  @Test func aBucketCountsAsEvenlySpread() {
    var histogram = LogHistogram()
    // 2^13 to 2^13 + 127 is one bucket.
    histogram.add(8_192, weight: 50)
    histogram.add(8_319, weight: 50)
    #expect(histogram.count(upTo: 8_191) == 0)
    #expect(histogram.count(upTo: 8_255) == 50)
    #expect(histogram.count(upTo: 8_319) == 100)
  }

  @Test func countsGrowWithTheValue() {
    var random = SeededGenerator(seed: 11)
    var histogram = LogHistogram()
    for _ in 0..<500 { histogram.add(Int64.random(in: 0...1_000_000, using: &random)) }
    var previous = 0.0
    for value in stride(from: Int64(0), through: 1_000_001, by: 997) {
      let count = histogram.count(upTo: value)
      #expect(count >= previous)
      previous = count
    }
    #expect(histogram.count(upTo: 1_000_000) == 500)
  }

  @Test func partsAddUpToTheWholeInAnyOrder() {
    var random = SeededGenerator(seed: 3)
    var whole = LogHistogram()
    var parts = [LogHistogram](repeating: LogHistogram(), count: 4)
    for index in 0..<4_000 {
      let value = Int64.random(in: 0...(1 << Int64.random(in: 0...30, using: &random)), using: &random)
      whole.add(value)
      // The last part stays empty.
      parts[index % 3].add(value)
    }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
      var merged = LogHistogram()
      for index in order { merged.merge(parts[index]) }
      #expect(merged == whole)
    }
  }

  @Test func mergesTheLastBucketAndWithItself() {
    var histogram = LogHistogram()
    histogram.add(.max)
    histogram.add(0)
    histogram.merge(histogram)
    #expect(histogram.total == 4)
    #expect(histogram.count(upTo: .max / 2) == 2)
  }

  @Test func scalingMultipliesWeightsAndKeepsValues() {
    var histogram = LogHistogram()
    histogram.add(10)
    histogram.add(1_000_000, weight: 3)
    let scaled = histogram.scaled(by: 2.5)
    #expect(scaled.total == 10)
    #expect(scaled.sum == 2.5 * 3_000_010)
    #expect(scaled.min == 10)
    #expect(scaled.max == 1_000_000)
    #expect(scaled.count(upTo: 10) == 2.5)
    for factor in [0, -1, .nan, .infinity] { #expect(histogram.scaled(by: factor) == LogHistogram()) }
  }

  @Test func bucketsComeInOrderAndHoldTheTotal() {
    var histogram = LogHistogram()
    for value in Self.edges.reversed() { histogram.add(value) }
    var lowers: [Int64] = []
    var total = 0.0
    histogram.forEachBucket { values, weight in
      lowers.append(values.lowerBound)
      total += weight
      #expect(weight > 0)
    }
    #expect(lowers == lowers.sorted())
    #expect(Set(lowers).count == lowers.count)
    #expect(total == histogram.total)
  }
}

extension LogHistogram {
  /// The weight of the values up to and including `value`.
  ///
  /// Exact at the edges of buckets and of `min` and `max`; inside of a bucket the weight counts as evenly
  /// spread. Linear in the blocks in use.
  fileprivate func count(upTo value: Int64) -> Double {
    guard let min, let max, value >= min else { return 0 }
    guard value < max else { return total }
    var counted = 0.0
    forEachBucket { values, weight in
      let lower = Swift.max(values.lowerBound, min)
      let upper = Swift.min(values.upperBound, max)
      if value >= upper {
        counted += weight
      } else if value >= lower {
        counted += weight * (Double(value - lower) + 1) / (Double(upper - lower) + 1)
      }
    }
    return counted
  }
}
