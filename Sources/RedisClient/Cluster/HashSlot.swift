/// One of the 16,384 parts that a cluster deals keys into; each part belongs to one primary.
///
/// By the cluster specification: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
package struct HashSlot: Sendable, Hashable, Comparable, RawRepresentable {
  /// How many slots there are.
  package static let count = 16_384
  /// Slot 0.
  package static let first = HashSlot(unchecked: 0)
  /// Slot 16383.
  package static let last = HashSlot(unchecked: UInt16(count - 1))

  /// The number of the slot, 0 to 16383.
  package let rawValue: UInt16

  /// The slot of a number, or nil where there is none of that number.
  package init?(rawValue: UInt16) {
    guard rawValue < HashSlot.count else { return nil }
    self.rawValue = rawValue
  }

  /// The slot of a number of any type, or nil where there is none of that number.
  package init?(exactly number: some BinaryInteger) {
    guard let rawValue = UInt16(exactly: number) else { return nil }
    self.init(rawValue: rawValue)
  }

  /// The slot of a key: CRC16 of its hash tag, or of the whole key where it has none, modulo 16,384.
  ///
  /// Complexity: O(length of the key), without allocating.
  package init(key: Span<UInt8>) {
    let table = HashSlot.table
    var remainder: UInt16 = 0
    for position in HashSlot.hashedPart(of: key) {
      let entry = UInt8(truncatingIfNeeded: remainder >> 8) ^ key[position]
      remainder = remainder << 8 ^ table[Int(entry)]
    }
    // 16,384 is a power of two.
    rawValue = remainder & UInt16(HashSlot.count - 1)
  }

  init(unchecked rawValue: UInt16) { self.rawValue = rawValue }

  /// Whether one slot comes before another by number.
  package static func < (one: HashSlot, other: HashSlot) -> Bool { one.rawValue < other.rawValue }

  /// What lies between the first `{` and the first `}` after it, or the whole key where that is nothing.
  private static func hashedPart(of key: Span<UInt8>) -> Range<Int> {
    let all = 0..<key.count
    guard let open = position(of: UInt8(ascii: "{"), in: key, from: 0),
      let close = position(of: UInt8(ascii: "}"), in: key, from: open + 1), close > open + 1
    else { return all }
    return open + 1..<close
  }

  private static func position(of byte: UInt8, in key: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position < key.count {
      if key[position] == byte { return position }
      position += 1
    }
    return nil
  }

  /// The remainder of each byte for the polynomial x¹⁶ + x¹² + x⁵ + 1 (CRC-16/XMODEM: initial value 0, not reflected).
  private static let table: [UInt16] = (0..<256).map { byte in
    var remainder = UInt16(byte) << 8
    for _ in 0..<8 { remainder = remainder << 1 ^ (remainder & 0x8000 == 0 ? 0 : 0x1021) }
    return remainder
  }
}

extension HashSlot: CustomStringConvertible {
  /// The number of the slot.
  package var description: String { String(rawValue) }
}
