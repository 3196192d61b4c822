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
    let part = HashSlot.hashedPart(of: key)
    rawValue = HashSlot.remainder(of: key.extracting(part)) & HashSlot.mask
  }

  /// True where a part of the key decides on its slot, not the whole.
  package static func isTagged(_ key: Span<UInt8>) -> Bool { hashedPart(of: key) != 0..<key.count }

  /// Four letters and digits that bring a name into the slot once they are put behind it; the name must have no hash tag,
  /// and an empty one (`{}`) is none.
  package func ending(of name: [UInt8]) -> [UInt8] {
    // CRC is linear: what the ending adds does not depend on what it is put behind.
    let zeros: [UInt8] = [0, 0, 0, 0]
    let shifted = HashSlot.remainder(of: zeros.span, after: HashSlot.remainder(of: name.span))
    return HashSlot.endings[Int((rawValue ^ shifted) & HashSlot.mask)]
  }

  /// Four letters and digits for each slot, which are in that slot by themselves.
  private static let endings: [[UInt8]] = {
    let letters = Array("0123456789abcdefghijklmnopqrstuv".utf8)
    var endings = [[UInt8]](repeating: [], count: count)
    var (left, number) = (count, 0)
    while left > 0, number < 1 << 20 {
      let text = [15, 10, 5, 0].map { letters[number >> $0 & 31] }
      let slot = Int(remainder(of: text.span) & mask)
      if endings[slot].isEmpty { (endings[slot], left) = (text, left - 1) }
      number += 1
    }
    return endings
  }()

  // 16,384 is a power of two.
  private static let mask = UInt16(count - 1)

  private static func remainder(of bytes: Span<UInt8>, after start: UInt16 = 0) -> UInt16 {
    let table = HashSlot.table
    var remainder = start
    for position in bytes.indices {
      let entry = UInt8(truncatingIfNeeded: remainder >> 8) ^ bytes[position]
      remainder = remainder << 8 ^ table[Int(entry)]
    }
    return remainder
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
