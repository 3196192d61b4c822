/// A set of byte values, held in 32 bytes without a heap allocation.
///
/// Every operation takes constant time.
package struct ByteSet: Sendable, Hashable {
  private var words = SIMD4<UInt64>(repeating: 0)

  /// The empty set.
  package init() {}

  /// Whether the set holds `byte`.
  package func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] & Self.bit(byte) != 0
  }

  /// Adds one byte value.
  package mutating func insert(_ byte: UInt8) {
    words[Int(byte >> 6)] |= Self.bit(byte)
  }

  /// Adds every byte value of a range.
  package mutating func insert(_ range: ClosedRange<UInt8>) {
    for byte in range { insert(byte) }
  }

  /// Makes the set hold exactly the byte values it did not hold.
  package mutating func invert() {
    words = ~words
  }

  /// How many members are smaller than `byte`: the place of `byte` in a sorted list of the members.
  package func rank(of byte: UInt8) -> Int {
    let word = Int(byte >> 6)
    var smaller = (words[word] & (Self.bit(byte) &- 1)).nonzeroBitCount
    for earlier in 0..<word { smaller += words[earlier].nonzeroBitCount }
    return smaller
  }

  /// The smallest member that is not below `byte`.
  package func next(from byte: UInt8) -> UInt8? {
    var word = Int(byte >> 6)
    var bits = words[word] & ~(Self.bit(byte) &- 1)
    while bits == 0 {
      word += 1
      guard word < 4 else { return nil }
      bits = words[word]
    }
    return UInt8(word * 64 + bits.trailingZeroBitCount)
  }

  private static func bit(_ byte: UInt8) -> UInt64 {
    1 &<< UInt64(byte & 63)
  }
}
