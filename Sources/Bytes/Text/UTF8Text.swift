/// Checks whether bytes are UTF-8 (RFC 3629).
package enum UTF8Text {
  /// Whether the bytes are valid UTF-8 (RFC 3629).
  package static func isValid(_ bytes: [UInt8]) -> Bool {
    // Every byte is looked at without leaving the loop early, so that the compiler can take many at a time.
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    return all < 0x80 || firstInvalid(bytes.span) == nil
  }

  /// The index of the first byte that belongs to no valid UTF-8 sequence: overlong forms, surrogates and code points
  /// above U+10FFFF are invalid (RFC 3629, section 4).
  package static func firstInvalid(_ bytes: Span<UInt8>) -> Int? {
    var position = 0
    while position < bytes.count {
      guard bytes[position] >= 0x80 else {
        position += 1
        continue
      }
      let length = sequenceLength(bytes, at: position)
      guard length > 0 else { return position }
      position += length
    }
    return nil
  }

  /// The length of the valid sequence of several bytes that starts at an index, or 0.
  private static func sequenceLength(_ bytes: Span<UInt8>, at start: Int) -> Int {
    let length: Int
    // The second byte shows overlong forms, surrogates and too large code points.
    let second: ClosedRange<UInt8>
    switch bytes[start] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard start + length <= bytes.count, second.contains(bytes[start + 1]) else { return 0 }
    for index in start + 2..<start + length where bytes[index] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
