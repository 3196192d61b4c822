package import Bytes

/// How far the sizes of collections were off, as a closer look at some of them has shown; mergeable.
package struct SizeLooks: Sendable, Equatable {
  /// Collections that were looked at.
  package private(set) var count = 0
  /// The sum of the differences, relative to the first sizes.
  private var sum = 0.0
  private var squares = 0.0

  /// No looks yet.
  package init() {}

  /// Adds a collection: its size at first, and at the closer look.
  package mutating func add(from first: Int, to second: Int) {
    let difference = Double(second - first) / Double(max(1, first))
    count += 1
    sum += difference
    squares += difference * difference
  }

  /// Adds the looks at other collections.
  package mutating func merge(_ other: SizeLooks) {
    count += other.count
    sum += other.sum
    squares += other.squares
  }

  /// How far the bytes of collections like these are off, relative to them: the mean difference and the half-width of its
  /// 95 % interval. 0 without looks.
  package var relativeError: Double {
    guard count > 0 else { return 0 }
    let (size, mean) = (Double(count), sum / Double(count))
    let variance = count > 1 ? max(0, squares - size * mean * mean) / (size - 1) : mean * mean
    return abs(mean) + SampleShare.halfWidth(ofVariance: variance / size)
  }
}

extension SizeLooks: Checkpointed {
  /// Adds the number of looks and what they have shown.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(count)
    writer.add(sum)
    writer.add(squares)
  }

  /// Reads looks.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    count = try reader.amount()
    sum = try reader.double()
    squares = try reader.double()
  }
}
