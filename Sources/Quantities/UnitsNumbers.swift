extension Units {
  /// Reads a count such as `1000000` or `1_000_000`.
  ///
  /// - Throws: `UnitError` for anything but digits with single underscores between them, and for more than
  /// `Int.max`.
  package static func count(_ text: String) throws(UnitError) -> Int {
    var scanner = UnitScanner(text)
    guard let digits = scanner.groupedDigits(), scanner.isAtEnd else {
      throw notACount(text)
    }
    guard let value = UnitScanner.value(of: digits), let count = Int(exactly: value) else {
      throw UnitError(text, "is larger than \(Int.max); write a smaller number")
    }
    return count
  }

  /// Reads a percentage such as `10%` or `0.5%` as a ratio: 0.10 or 0.005.
  ///
  /// The result is between 0 and 1.
  ///
  /// - Throws: `UnitError` without the `%` sign, below 0 % or above 100 %.
  package static func percentage(_ text: String) throws(UnitError) -> Double {
    guard text.hasSuffix("%") else {
      throw UnitError(text, missingSign(text))
    }
    if text.hasPrefix("-") {
      throw UnitError(text, "is negative; write a percentage from 0% to 100%")
    }
    guard let percent = plainDecimal(String(text.dropLast())) else {
      throw UnitError(text, "is not a percentage; write a number and '%', such as 10% or 0.5%")
    }
    guard percent <= 100 else {
      throw UnitError(text, "is more than everything; write a percentage from 0% to 100%")
    }
    return percent / 100
  }

  private static func notACount(_ text: String) -> UnitError {
    if text.hasPrefix("-") {
      return UnitError(text, "is negative and a count cannot be; write it without '-'")
    }
    if text.utf8.contains(UInt8(ascii: ",")) || text.utf8.contains(UInt8(ascii: " ")) {
      return UnitError(text, "is not a count; separate thousands with '_' or nothing, such as 1_000_000")
    }
    return UnitError(text, "is not a count; write every digit, such as 10_000 or 1_000_000")
  }

  private static func missingSign(_ text: String) -> String {
    guard let number = plainDecimal(text) else {
      return "is not a percentage; write a number and '%', such as 10%"
    }
    if number > 0, number < 1 {
      return "has no '%' sign, and a ratio is not read; write 10% for a tenth"
    }
    return "has no '%' sign; add it, such as 10%"
  }

  /// Reads digits with an optional fraction, and nothing `Double` reads besides: no sign, exponent or name.
  private static func plainDecimal(_ text: String) -> Double? {
    var scanner = UnitScanner(text)
    guard !scanner.digits().isEmpty else { return nil }
    if scanner.skip(UInt8(ascii: ".")), scanner.digits().isEmpty { return nil }
    return scanner.isAtEnd ? Double(text) : nil
  }
}
