import Bytes

/// One byte of a typed pattern, and whether it was spelled `\xHH`.
struct PatternUnit: Sendable, Hashable {
  var byte: UInt8
  /// True for a byte spelled `\xHH`, which never means anything but itself.
  var isSpelled: Bool
  /// Where it was typed, in Unicode scalars, from 1.
  var column: Int

  /// Whether this is the given byte, typed as such.
  func isTyped(_ expected: UInt8) -> Bool {
    !isSpelled && byte == expected
  }

  /// Splits text into its bytes, reading `\xHH` as one.
  ///
  /// Escapes are paired from the left, so that `\\x41` is an escaped backslash and three more bytes.
  static func units(of text: String) -> [PatternUnit] {
    let typed = typedUnits(of: text)
    var units: [PatternUnit] = []
    units.reserveCapacity(typed.count)
    var index = 0
    while index < typed.count {
      let unit = typed[index]
      guard unit.byte == .backslash, index + 1 < typed.count else {
        units.append(unit)
        index += 1
        continue
      }
      if let byte = spelledByte(typed[index...].prefix(4)) {
        units.append(PatternUnit(byte: byte, isSpelled: true, column: unit.column))
        index += 4
      } else {
        units.append(contentsOf: typed[index...index + 1])
        index += 2
      }
    }
    return units
  }

  private static func typedUnits(of text: String) -> [PatternUnit] {
    var column = 0
    return text.utf8.map { byte in
      // A byte 10xxxxxx continues the scalar before it.
      if byte & 0b1100_0000 != 0b1000_0000 { column += 1 }
      return PatternUnit(byte: byte, isSpelled: false, column: column)
    }
  }

  private static func spelledByte(_ units: ArraySlice<PatternUnit>) -> UInt8? {
    guard units.count == 4, units[units.startIndex + 1].byte == UInt8(ascii: "x") else { return nil }
    let digits = units.suffix(2).map(\.byte)
    guard let high = digits[0].hexValue, let low = digits[1].hexValue else { return nil }
    return high << 4 | low
  }
}
