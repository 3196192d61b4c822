/// The checksum of dumps: CRC-64 with Jones' polynomial 0xad93d23594c935a9, reflected, which begins at 0.
///
/// Eight bytes at a time ("slicing by 8", M. E. Kounavis and F. L. Berry, 2005). Its check value, that of the text
/// `123456789`, is 0xe9c6d914c4b8d9ca.
package struct CRC64: Sendable, Equatable {
  /// The polynomial with its bits in reverse order.
  private static let polynomial: UInt64 = 0x95ac_9329_ac4b_c9b5
  /// For each of eight places the sums of the 256 bytes there.
  private static let table = makeTable()

  /// The sum of the bytes so far.
  package private(set) var value: UInt64 = 0

  /// The sum of no bytes.
  package init() {}

  /// Adds bytes.
  package mutating func add(_ bytes: Span<UInt8>) {
    let raw = bytes.bytes
    value = CRC64.table.withUnsafeBufferPointer { table in
      var sum = value
      var position = 0
      // Invariant: the places of the table are 2,048, and an index is eight bits and the number of a place.
      while position &+ 8 <= raw.byteCount {
        sum ^= UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
        let low =
          table[1792 | Int(truncatingIfNeeded: sum & 0xff)]
          ^ table[1536 | Int(truncatingIfNeeded: sum >> 8 & 0xff)]
          ^ table[1280 | Int(truncatingIfNeeded: sum >> 16 & 0xff)]
          ^ table[1024 | Int(truncatingIfNeeded: sum >> 24 & 0xff)]
        let high =
          table[768 | Int(truncatingIfNeeded: sum >> 32 & 0xff)]
          ^ table[512 | Int(truncatingIfNeeded: sum >> 40 & 0xff)]
          ^ table[256 | Int(truncatingIfNeeded: sum >> 48 & 0xff)]
          ^ table[Int(truncatingIfNeeded: sum >> 56)]
        sum = low ^ high
        position &+= 8
      }
      while position < raw.byteCount {
        let byte = raw.unsafeLoad(fromByteOffset: position, as: UInt8.self)
        sum = table[Int(truncatingIfNeeded: (sum ^ UInt64(byte)) & 0xff)] ^ sum >> 8
        position &+= 1
      }
      return sum
    }
  }

  private static func makeTable() -> [UInt64] {
    var table = [UInt64](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      table[byte] = (0..<8).reduce(UInt64(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? polynomial : 0) }
    }
    for index in 256..<table.count {
      let before = table[index - 256]
      table[index] = table[Int(before & 0xff)] ^ before >> 8
    }
    return table
  }
}
