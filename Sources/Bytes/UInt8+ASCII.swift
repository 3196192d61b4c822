/// What an ASCII byte is, without a table and without a locale.
extension UInt8 {
  /// True for `0` to `9`.
  @inlinable package var isDigit: Bool { self &- 0x30 < 10 }
  /// True for `A` to `Z`.
  @inlinable package var isUppercase: Bool { self &- 0x41 < 26 }
  /// True for the letters of either case.
  @inlinable package var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
  /// True for letters and digits.
  @inlinable package var isAlphanumeric: Bool { isDigit || isLetter }
  /// True for hexadecimal digits of either case.
  @inlinable package var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  /// The value of a hexadecimal digit of either case; nil for other bytes.
  @inlinable package var hexValue: UInt8? {
    if isDigit { return self - 0x30 }
    return isHexDigit ? (self | 0x20) - 0x61 + 10 : nil
  }
}

/// Punctuation that several readers look for.
extension UInt8 {
  /// `"`
  @inlinable package static var quote: UInt8 { UInt8(ascii: "\"") }
  /// `*`
  @inlinable package static var star: UInt8 { UInt8(ascii: "*") }
  /// `?`
  @inlinable package static var questionMark: UInt8 { UInt8(ascii: "?") }
  /// `[`
  @inlinable package static var openBracket: UInt8 { UInt8(ascii: "[") }
  /// `]`
  @inlinable package static var closeBracket: UInt8 { UInt8(ascii: "]") }
  /// `\`
  @inlinable package static var backslash: UInt8 { UInt8(ascii: "\\") }
  /// `^`
  @inlinable package static var caret: UInt8 { UInt8(ascii: "^") }
  /// `-`
  @inlinable package static var dash: UInt8 { UInt8(ascii: "-") }
}
