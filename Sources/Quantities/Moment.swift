import Bytes

/// A moment as options name it: RFC 3339 (`2026-01-31T05:32:00Z`, `+01:00` in place of `Z`), or a time of day in UTC
/// (`05:32Z`, `05:32:10Z`), which means its next time.
package struct Moment: Sendable, Equatable {
  /// Milliseconds since 1970.
  package let milliseconds: Int64

  /// Reads a moment; nil where the text names none. `now`, in milliseconds since 1970, is what a time of day follows.
  package init?(_ text: String, now: Int64) {
    var fields = Fields(text)
    if let (day, offset) = fields.dayAndZone() {
      milliseconds = day - offset
    } else {
      fields = Fields(text)
      guard let time = fields.time(), fields.take("Z"), fields.isAtEnd else { return nil }
      let midnight = now - Moment.remainder(now, Moment.day)
      milliseconds = midnight + time < now ? midnight + time + Moment.day : midnight + time
    }
  }

  /// RFC 3339 in UTC, with milliseconds where there are some.
  package static func text(_ milliseconds: Int64) -> String {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let whole = Timestamp(secondsSince1970: Int(seconds)).text
    guard rest > 0 else { return whole }
    let digits = String(rest)
    return "\(whole.dropLast()).\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
  }

  private static let day: Int64 = 86_400_000

  private static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }

  /// Reads a text field by field.
  private struct Fields {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ mark: Character) -> Bool {
      guard let byte = mark.asciiValue, let first = rest.first,
        first == byte || first.isLetter && first | 0x20 == byte | 0x20
      else { return false }
      rest.removeFirst()
      return true
    }

    /// A number of exactly so many digits within a range.
    mutating func number(_ digits: Int, _ range: ClosedRange<Int64>) -> Int64? {
      let field = rest.prefix(digits)
      guard field.count == digits, field.allSatisfy(\.isDigit) else { return nil }
      rest.removeFirst(digits)
      let value = field.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
      return range.contains(value) ? value : nil
    }

    /// The milliseconds since 1970 of a date and a time, and those by which its zone is ahead of UTC.
    mutating func dayAndZone() -> (Int64, Int64)? {
      guard let year = number(4, 1970...9999), take("-"), let month = number(2, 1...12), take("-"),
        let day = number(2, 1...31), day <= Fields.days(in: month, of: year), take("T") || take(" "),
        let time = time(), let offset = zone(), isAtEnd
      else { return nil }
      return (Fields.days(before: year, month, day) * Moment.day + time, offset)
    }

    /// The milliseconds of a time of day.
    mutating func time() -> Int64? {
      guard let hour = number(2, 0...23), take(":"), let minute = number(2, 0...59) else { return nil }
      var sum = (hour * 60 + minute) * 60_000
      guard take(":") else { return sum }
      guard let second = number(2, 0...59) else { return nil }
      sum += second * 1000
      guard take(".") else { return sum }
      let digits = rest.prefix(while: \.isDigit)
      guard !digits.isEmpty else { return nil }
      rest.removeFirst(digits.count)
      // What is less than a millisecond no server knows.
      let padded = (Array(digits) + [48, 48, 48]).prefix(3)
      return sum + padded.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    private mutating func zone() -> Int64? {
      if take("Z") { return 0 }
      let isAhead = take("+")
      guard isAhead || take("-"), let hours = number(2, 0...23), take(":"), let minutes = number(2, 0...59)
      else { return nil }
      return (isAhead ? 1 : -1) * (hours * 60 + minutes) * 60_000
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
      switch month {
      case 4, 6, 9, 11: 30
      case 2: isLeap(year) ? 29 : 28
      default: 31
      }
    }

    private static func isLeap(_ year: Int64) -> Bool {
      year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The days from the beginning of 1970 to a day.
    private static func days(before year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
      let last = year - 1
      let leaps = last / 4 - last / 100 + last / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400)
      let months = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
      return (year - 1970) * 365 + leaps + months + day - 1
    }
  }
}
