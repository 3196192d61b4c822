import Bytes

/// Checks the texts of numbers in seed files; it converts none, so that nothing is rounded.
enum SeedNumber {
  /// Whether text is a number as JSON writes it (RFC 8259, section 6).
  static func isJSON(_ text: Span<UInt8>) -> Bool {
    var position = 0
    if position < text.count, text[position] == .dash { position += 1 }
    let whole = digits(text, at: &position)
    guard whole > 0, whole == 1 || text[position - whole] != UInt8(ascii: "0") else { return false }
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      guard digits(text, at: &position) > 0 else { return false }
    }
    return skipExponent(text, at: &position) && position == text.count
  }

  /// Whether text is a score as Redis takes it: a decimal number that a double can hold, `inf` or `-inf` (in any case,
  /// also `infinity`).
  ///
  /// Redis reads scores with strtod and refuses what is not a number (getDoubleFromObject in object.c); the
  /// hexadecimal forms of strtod are left out.
  static func isScore(_ text: Span<UInt8>) -> Bool {
    var position = 0
    if position < text.count, text[position] == .dash || text[position] == UInt8(ascii: "+") { position += 1 }
    if isInfinity(text.extracting(position..<text.count)) { return true }
    let start = position
    var count = digits(text, at: &position)
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      count += digits(text, at: &position)
    }
    let mantissa = start..<position
    return count > 0 && skipExponent(text, at: &position) && position == text.count
      && fitsDouble(text, mantissa: mantissa)
  }

  /// Reads a whole number with an optional minus sign, or returns nil for anything else and where it does not fit.
  static func integer(_ text: Span<UInt8>) -> Int64? {
    var position = 0
    let isNegative = text.count > 0 && text[0] == .dash
    if isNegative { position += 1 }
    guard position < text.count else { return nil }
    var value: Int64 = 0
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (shifted, shiftOverflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, sumOverflow) = shifted.subtractingReportingOverflow(Int64(digit))
      guard !shiftOverflow, !sumOverflow else { return nil }
      value = sum
      position += 1
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// Reads the number of a database, or returns nil for anything else. Redis allows as many as an `int` can count.
  static func database(_ text: Span<UInt8>) -> Int? {
    integer(text).flatMap { Int32(exactly: $0) }.flatMap { $0 >= 0 ? Int($0) : nil }
  }

  /// Whether a double can hold a decimal number: Redis refuses one that is too large for it, and one that would become 0
  /// (ERANGE of strtod).
  private static func fitsDouble(_ text: Span<UInt8>, mantissa: Range<Int>) -> Bool {
    // Short numbers without an exponent fit.
    guard text.count > 300 || mantissa.upperBound < text.count else { return true }
    let value = text.withUnsafeBufferPointer { Double(String(decoding: $0, as: UTF8.self)) }
    guard let value, value.isFinite else { return false }
    let isZero = mantissa.allSatisfy { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains(text[$0]) }
    return value != 0 || isZero
  }

  private static func isInfinity(_ text: Span<UInt8>) -> Bool {
    let name = Array("infinity".utf8)
    guard text.count == 3 || text.count == 8 else { return false }
    return text.indices.allSatisfy { text[$0] | 0x20 == name[$0] }
  }

  private static func digits(_ text: Span<UInt8>, at position: inout Int) -> Int {
    let start = position
    while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return position - start
  }

  private static func skipExponent(_ text: Span<UInt8>, at position: inout Int) -> Bool {
    guard position < text.count, text[position] | 0x20 == UInt8(ascii: "e") else { return true }
    position += 1
    if position < text.count, text[position] == .dash || text[position] == UInt8(ascii: "+") { position += 1 }
    return digits(text, at: &position) > 0
  }
}
