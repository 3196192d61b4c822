/// Hexadecimal digits in ASCII.
package enum Hex {
  /// The lower-case digit of the low four bits.
  package static func digit(_ nibble: UInt8) -> UInt8 {
    let value = nibble & 0xF
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// Appends the two lower-case digits of a byte.
  package static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(digit(byte >> 4))
    bytes.append(digit(byte))
  }

  /// The byte that two digits of either case spell; nil where one is no digit.
  package static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
    guard let high = high.hexValue, let low = low.hexValue else { return nil }
    return high << 4 | low
  }
}
