/// Strings inside JSON text (RFC 8259, section 7).
package enum JSONText {
  /// Appends a string, which must be UTF-8, without its quotes.
  ///
  /// Escaped are the quote, the backslash, controls, which JSON forbids, and DEL, because it does harm on a
  /// terminal. Linear in the length.
  package static func append(_ string: [UInt8], to bytes: inout [UInt8]) {
    let span = string.span
    var (start, index) = (0, 0)
    while index < span.count {
      // Most strings have nothing to escape: eight bytes are looked at together.
      if index &+ 8 <= span.count, !holdsEscaped(span, index) {
        index &+= 8
        continue
      }
      let end = min(index &+ 8, span.count)
      while index < end {
        if isEscaped(span[index]) {
          bytes.append(contentsOf: string[start..<index])
          appendEscape(span[index], to: &bytes)
          start = index + 1
        }
        index &+= 1
      }
    }
    if start == 0 { bytes.append(contentsOf: string) } else { bytes.append(contentsOf: string[start...]) }
  }

  /// Appends a UTF-16 code unit as `\uXXXX`.
  package static func appendEscape(unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(.backslash)
    bytes.append(UInt8(ascii: "u"))
    Hex.append(UInt8(truncatingIfNeeded: unit >> 8), to: &bytes)
    Hex.append(UInt8(truncatingIfNeeded: unit), to: &bytes)
  }

  private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
    let name: UInt8
    switch byte {
    case 0x0A: name = UInt8(ascii: "n")
    case 0x0D: name = UInt8(ascii: "r")
    case 0x09: name = UInt8(ascii: "t")
    case .quote, .backslash: name = byte
    default: return appendEscape(unit: UInt16(byte), to: &bytes)
    }
    bytes.append(.backslash)
    bytes.append(name)
  }

  @inline(__always)
  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == .quote || byte == .backslash || byte == 0x7F
  }

  /// Whether any of the eight bytes from an index on is escaped.
  ///
  /// The tests for a zero byte and for a byte below a bound work on all eight at once (S. E. Anderson, "Bit
  /// Twiddling Hacks"). They may also report a byte that follows an escaped one, but none in a word without any.
  @inline(__always)
  private static func holdsEscaped(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    // Invariant: the caller has checked that eight bytes lie there; any bits are a number.
    let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    func holds(_ byte: UInt64) -> UInt64 {
      let zeros = word ^ (ones &* byte)
      return (zeros &- ones) & ~zeros & highs
    }
    let controls = (word &- ones &* 0x20) & ~word & highs
    return controls | holds(0x22) | holds(0x5C) | holds(0x7F) != 0
  }
}
