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
