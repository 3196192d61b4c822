import Bytes

/// Reads the amounts a user types: durations, sizes, counts and percentages.
///
/// Each reader takes the whole text or throws; none trims, guesses or rounds up.
package enum Units {}

/// An amount that cannot be read.
package struct UnitError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, why, and what to write instead, in one sentence.
  ///
  /// Quotes at most 40 characters of what was typed, with control and invisible characters escaped.
  package let message: String

  /// The message.
  package var description: String { message }

  init(_ text: String, _ problem: String) {
    message = "'\(KeyText.excerpt(text, atMost: 40))' \(problem)"
  }
}

extension Units {
  /// Reads a duration such as `90s`, `15m`, `6h`, `7d`, `2w`, `250ms` or `1h30m`.
  ///
  /// Units are `w`, `d` (24 hours), `h`, `m`, `s` and `ms`, from large to small, each at most once. Zero is a
  /// duration.
  ///
  /// - Throws: `UnitError` for anything else, and for more than `Int64.max` milliseconds.
  package static func duration(_ text: String) throws(UnitError) -> Duration {
    guard !text.isEmpty else {
      throw UnitError(text, "is not a duration; \(durationHint)")
    }
    var scanner = UnitScanner(text)
    var total: Int64 = 0
    var previous = Int64.max
    while !scanner.isAtEnd {
      let digits = scanner.digits()
      let word = scanner.word()
      guard !digits.isEmpty else { throw notStarting(text, word: word) }
      guard let unit = milliseconds[word] else { throw unknownUnit(text, digits: digits, word: word) }
      guard unit < previous else {
        throw UnitError(text, "must name its units from large to small and each once, such as 1h30m")
      }
      previous = unit
      guard let amount = UnitScanner.value(of: digits) else { throw tooLong(text) }
      let (part, overflowed) = amount.multipliedReportingOverflow(by: unit)
      let (sum, carried) = total.addingReportingOverflow(part)
      if overflowed || carried { throw tooLong(text) }
      total = sum
    }
    return .milliseconds(total)
  }

  /// A duration in the notation that `duration` reads, such as `1h30m`; `0s` for none.
  package static func text(milliseconds: Int64) -> String {
    var rest = max(0, milliseconds)
    var text = ""
    for (name, unit) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
      as [(String, Int64)]
    where rest >= unit {
      text += "\(rest / unit)\(name)"
      rest %= unit
    }
    return text.isEmpty ? "0s" : text
  }

  private static let durationHint = "write a number and a unit (ms, s, m, h, d, w), such as 90s, 15m or 1h30m"

  private static let milliseconds: [String: Int64] = [
    "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
  ]

  private static let longNames: [String: String] = [
    "msec": "ms", "milli": "ms", "millisecond": "ms", "sec": "s", "second": "s", "min": "m", "minute": "m",
    "hr": "h", "hour": "h", "day": "d", "week": "w",
  ]

  private static func tooLong(_ text: String) -> UnitError {
    UnitError(text, "is longer than a server can count in milliseconds; write a shorter duration")
  }

  private static func notStarting(_ text: String, word: String) -> UnitError {
    if word.hasPrefix("-") {
      return UnitError(text, "is negative and a duration cannot be; write it without '-'")
    }
    return UnitError(text, "is not a duration; \(durationHint)")
  }

  /// Says what is wrong with what follows a number.
  private static func unknownUnit(_ text: String, digits: [UInt8], word: String) -> UnitError {
    let number = String(decoding: digits.prefix(20), as: UTF8.self)
    let name = String(word.filter { $0 != " " })
    let lowered = name.lowercased()
    if name.isEmpty {
      return UnitError(
        text, "needs a unit: \(number)s for seconds, \(number)m for minutes (also ms, h, d, w)")
    }
    if name == "M" || lowered.hasPrefix("mo") || lowered.hasPrefix("y") {
      return UnitError(
        text, "has no fixed length, as months and years differ; write days or weeks: 30d, 4w or 365d")
    }
    if name.hasPrefix(".") || name.hasPrefix(",") {
      return UnitError(
        text, "has a fraction, which is not read; write the smaller unit too, such as 1h30m for 1.5h")
    }
    if lowered == "us" || lowered == "ns" || lowered == "µs" {
      return UnitError(text, "is finer than a server counts; the smallest unit is ms")
    }
    if milliseconds[name] != nil {
      return UnitError(text, "has a space in it; write it without, such as 90s or 1h30m")
    }
    let singular = lowered.hasSuffix("s") ? String(lowered.dropLast()) : lowered
    if let short = longNames[singular] ?? (milliseconds[lowered] != nil ? lowered : nil) {
      return UnitError(text, "is not written as a duration is here; write \(number)\(short)")
    }
    return UnitError(text, "has no unit that is known here; \(durationHint)")
  }
}

extension Units {
  /// Reads a size in bytes such as `4096`, `1_000_000`, `512KiB`, `1.5MiB` or `1MB`.
  ///
  /// `KB MB GB TB` are powers of 1000 and `KiB MiB GiB TiB` powers of 1024; a plain number or `B` is bytes. A
  /// fraction has at most six digits and is cut to whole bytes. `k`, `m` and `mb` are refused, because Redis
  /// itself reads `1k` as 1000 and `1kb` as 1024.
  ///
  /// - Throws: `UnitError` for anything else, and for more than `Int64.max` bytes.
  package static func bytes(_ text: String) throws(UnitError) -> Int {
    var scanner = UnitScanner(text)
    guard let digits = scanner.groupedDigits() else {
      if text.hasPrefix("-") {
        throw UnitError(text, "is negative and a size cannot be; write it without '-'")
      }
      throw UnitError(text, "is not a size; \(sizeHint)")
    }
    var fraction: [UInt8] = []
    if scanner.skip(UInt8(ascii: ".")) {
      fraction = scanner.digits()
      guard (1...6).contains(fraction.count) else {
        throw UnitError(text, "must have one to six digits after the point, such as 1.5MiB")
      }
    }
    let name = scanner.rest()
    guard let unit = byteUnits[name] else { throw unknownSize(text, name: name) }
    guard fraction.isEmpty || unit > 1 else {
      throw UnitError(
        text, "is not a whole number of bytes; leave the fraction out or add a unit, such as 1.5MiB")
    }
    guard let whole = UnitScanner.value(of: digits), let part = partOf(unit, fraction) else {
      throw tooLarge(text)
    }
    let (bytes, overflowed) = whole.multipliedReportingOverflow(by: unit)
    let (sum, carried) = bytes.addingReportingOverflow(part)
    guard !overflowed, !carried, let size = Int(exactly: sum) else { throw tooLarge(text) }
    return size
  }

  private static let sizeHint =
    "write bytes or a number and a unit (KB, MB, GB, TB, KiB, MiB, GiB, TiB), such as 512KiB"

  private static let byteUnits: [String: Int64] = [
    "": 1, "B": 1,
    "KB": 1_000, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
  ]

  /// The whole bytes in a decimal fraction of a unit.
  ///
  /// Six digits of the largest unit, 2^40, stay under 2^60.
  private static func partOf(_ unit: Int64, _ fraction: [UInt8]) -> Int64? {
    guard let numerator = UnitScanner.value(of: fraction) else { return nil }
    var denominator: Int64 = 1
    for _ in fraction { denominator *= 10 }
    return unit * numerator / denominator
  }

  private static func tooLarge(_ text: String) -> UnitError {
    UnitError(text, "is larger than \(Int.max) bytes; write a smaller size")
  }

  private static func unknownSize(_ text: String, name: String) -> UnitError {
    let letters = name.lowercased().filter { $0 != " " && $0 != "b" && $0 != "i" }
    guard ["k", "m", "g", "t"].contains(letters) else {
      return UnitError(text, "is not a size; \(sizeHint)")
    }
    let upper = letters.uppercased()
    let power = ["K": "", "M": "²", "G": "³", "T": "⁴"][upper] ?? ""
    return UnitError(
      text,
      "leaves open which size is meant; write \(upper)B for 1000\(power) bytes or \(upper)iB for 1024\(power)"
    )
  }
}

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
