package import Bytes

/// How weight is spread over non-negative numbers, such as milliseconds to live, to within one percent of
/// each.
///
/// Values under 128 are kept exactly; larger ones fall into buckets of at most 1/64 of their size, 64 to an
/// octave. Histograms of parts add up to the histogram of the whole. Only buckets in use take memory, in
/// blocks of 16 (128 bytes), and there are at most 3,712 buckets (29 KiB) whatever the values.
package struct LogHistogram: Sendable, Equatable {
  private static let perBlock = 16

  /// How far a quantile may be off, relative to itself: half of a bucket.
  package static let quantileError = 1.0 / 128

  /// The blocks in use.
  private var blocks = ByteSet()
  /// The weights of the blocks in use, one block after the other in ascending order.
  private var weights: [Double] = []

  /// The weight of everything recorded.
  package private(set) var total: Double = 0

  /// The weighted sum of the exact values, not of their buckets.
  package private(set) var sum: Double = 0

  private var smallest = Int64.max
  private var largest: Int64 = 0

  /// Makes an empty histogram, which holds no memory beyond itself.
  package init() {}

  /// The smallest value recorded, exactly.
  package var min: Int64? { isEmpty ? nil : smallest }

  /// The largest value recorded, exactly.
  package var max: Int64? { isEmpty ? nil : largest }

  /// Whether nothing was recorded.
  package var isEmpty: Bool { weights.isEmpty }

  /// Records a value.
  ///
  /// A negative value counts as 0. A weight that is not positive and finite records nothing. Constant time,
  /// except that the first value of a block moves the blocks above it.
  package mutating func add(_ value: Int64, weight: Double = 1) {
    guard weight > 0, weight.isFinite else { return }
    let recorded = Swift.max(value, 0)
    let index = LogBuckets.index(of: recorded)
    let start = openBlock(UInt8(truncatingIfNeeded: index / Self.perBlock))
    weights[start &+ index % Self.perBlock] += weight
    total += weight
    sum += weight * Double(recorded)
    smallest = Swift.min(smallest, recorded)
    largest = Swift.max(largest, recorded)
  }

  /// Adds everything another histogram recorded.
  ///
  /// Linear in the blocks of the other.
  package mutating func merge(_ other: LogHistogram) {
    guard !other.isEmpty else { return }
    var source = 0
    var next = other.blocks.next(from: 0)
    while let block = next {
      let start = openBlock(block)
      for place in 0..<Self.perBlock { weights[start + place] += other.weights[source + place] }
      source += Self.perBlock
      next = block == .max ? nil : other.blocks.next(from: block + 1)
    }
    total += other.total
    sum += other.sum
    smallest = Swift.min(smallest, other.smallest)
    largest = Swift.max(largest, other.largest)
  }

  /// The same values with every weight multiplied, as when a sample represents the whole.
  ///
  /// A factor that is not positive and finite leaves nothing: the result is empty.
  package func scaled(by factor: Double) -> LogHistogram {
    guard factor > 0, factor.isFinite else { return LogHistogram() }
    var result = self
    for index in result.weights.indices { result.weights[index] *= factor }
    result.total *= factor
    result.sum *= factor
    return result
  }

  /// Calls `body` with the values and the weight of each bucket that has any, in ascending order.
  ///
  /// - Throws: what `body` throws.
  func forEachBucket<Failure: Error>(
    _ body: (_ values: ClosedRange<Int64>, _ weight: Double) throws(Failure) -> Void
  ) throws(Failure) {
    var source = 0
    var next = blocks.next(from: 0)
    while let block = next {
      for place in 0..<Self.perBlock where weights[source + place] > 0 {
        try body(LogBuckets.range(of: Int(block) * Self.perBlock + place), weights[source + place])
      }
      source += Self.perBlock
      next = block == .max ? nil : blocks.next(from: block + 1)
    }
  }

  /// Where a block's weights begin, making room for them if it was not in use.
  private mutating func openBlock(_ block: UInt8) -> Int {
    let start = blocks.rank(of: block) &* Self.perBlock
    if !blocks.contains(block) {
      blocks.insert(block)
      weights.insert(contentsOf: repeatElement(0, count: Self.perBlock), at: start)
    }
    return start
  }
}

extension LogHistogram {
  /// The value that a share of the weight does not exceed: `quantile(0.5)` is the median.
  ///
  /// The answer is the midpoint of the bucket, within 1/128 of a value recorded there, and never outside of
  /// `min` and `max`. Nearest rank: the first bucket at which the weight so far reaches `q` times the total.
  /// `q` below 0 is 0 and above 1 is 1. Nil when nothing was recorded or `q` is not a number. Linear in the
  /// blocks in use.
  package func quantile(_ q: Double) -> Int64? {
    guard let min, let max, !q.isNaN else { return nil }
    guard q > 0 else { return min }
    guard q < 1 else { return max }
    // A hair less, so that 0.07 × 100 = 7.000000000000001 does not ask for an eighth.
    let wanted = q * total * (1 - 1e-12)
    var reached = 0.0
    var answer: Int64?
    forEachBucket { values, weight in
      reached += weight
      guard answer == nil, reached >= wanted else { return }
      answer = values.lowerBound + (values.upperBound - values.lowerBound) / 2
    }
    return Swift.min(Swift.max(answer ?? max, min), max)
  }
}

extension LogHistogram: Checkpointed {
  /// Adds the blocks in use, of each the weights that are not 0.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(weights.count / Self.perBlock)
    guard !isEmpty else { return }
    var source = 0
    var next = blocks.next(from: 0)
    while let block = next {
      writer.add(Int(block))
      var used = 0
      for place in 0..<Self.perBlock where weights[source + place] > 0 { used |= 1 << place }
      writer.add(used)
      for place in 0..<Self.perBlock where used >> place & 1 == 1 { writer.add(weights[source + place]) }
      source += Self.perBlock
      next = block == .max ? nil : blocks.next(from: block + 1)
    }
    writer.add(total)
    writer.add(sum)
    writer.add(Int(smallest))
    writer.add(Int(largest))
  }

  /// Reads a histogram.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    let count = try reader.count()
    guard count > 0 else { return }
    let last = LogBuckets.index(of: .max) / Self.perBlock
    for _ in 0..<count {
      let block = UInt8(try reader.number(in: 0...last))
      guard !blocks.contains(block) else { throw CheckpointDamage() }
      let start = openBlock(block)
      let used = try reader.number(in: 1...(1 << Self.perBlock - 1))
      for place in 0..<Self.perBlock where used >> place & 1 == 1 {
        weights[start + place] = try reader.weight()
      }
    }
    total = try reader.weight()
    sum = try reader.weight()
    smallest = Int64(try reader.number(in: 0...Int.max))
    largest = Int64(try reader.number(in: Int(smallest)...Int.max))
  }
}

/// How `LogHistogram` cuts the numbers from 0 to `Int64.max` into 3,712 buckets.
///
/// Each octave from 2^e to 2^(e+1) is cut into 64 equal buckets, so a bucket is at most 1/64 of its values
/// wide and its midpoint within 1/128 of each. Octaves below 2^7 have fewer values than that: every number
/// under 128 is a bucket.
enum LogBuckets {
  /// Buckets in an octave.
  static let perOctave = 64

  private static let octaveShift = 6

  /// The bucket a value belongs to; negative values belong to bucket 0.
  static func index(of value: Int64) -> Int {
    guard value >= Int64(perOctave) else { return Int(max(value, 0)) }
    let shift = Int64.bitWidth - 1 - value.leadingZeroBitCount - octaveShift
    // The top seven bits are 64 to 127: a leading one and the bucket within the octave.
    return shift &* perOctave &+ Int(value &>> Int64(shift))
  }

  /// The values of a bucket.
  static func range(of index: Int) -> ClosedRange<Int64> {
    guard index >= 2 * perOctave else { return Int64(index)...Int64(index) }
    let shift = Int64(index / perOctave - 1)
    let lower = Int64(perOctave + index % perOctave) << shift
    return lower...(lower + ((1 << shift) - 1))
  }
}
