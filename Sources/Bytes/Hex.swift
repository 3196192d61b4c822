/// Hexadecimal digits in ASCII.
package enum Hex {
  /// The lower-case digit of the low four bits.
  package static func digit(_ nibble: UInt8) -> UInt8 {
    let value = nibble & 0xF
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
