/// The number of keys that a user expects a command to choose, with a tolerance: `40902`, `40902±2%`.
package struct ExpectedCount: Sendable, Equatable, CustomStringConvertible {
  /// The number of keys.
  package let count: Int
  /// The tolerance as a ratio, 0 to 1.
  package let tolerance: Double

  /// Reads `N`, `N±P%`, or `N+-P%` where a keyboard has no `±`.
  ///
  /// - Throws: `UnitError` where the count or the percentage is invalid.
  package init(_ text: String) throws(UnitError) {
    for sign in ["±", "+/-", "+-"] {
      guard let (number, percentage) = ExpectedCount.halves(of: text, at: sign) else { continue }
      count = try Units.count(number)
      tolerance = try Units.percentage(percentage)
      return
    }
    count = try Units.count(text)
    tolerance = 0
  }

  /// The counts that are as expected.
  package var range: ClosedRange<Int> {
    let exact = Double(count) * tolerance
    // 29 % of 100 must not come out as a hair below 29.
    let whole = abs(exact - exact.rounded()) < 1e-6 ? exact.rounded() : exact.rounded(.down)
    let slack = whole < Double(count) ? Int(whole) : count
    return (count - slack)...(count &+ slack < count ? .max : count + slack)
  }

  /// The count as it may be typed.
  package var description: String {
    // A ratio in binary is a hair off the percentage that was typed.
    let percent = (tolerance * 1e11).rounded() / 1e9
    let number = percent == percent.rounded() ? String(Int(percent)) : String(percent)
    return tolerance == 0 ? String(count) : "\(count)±\(number)%"
  }

  private static func halves(of text: String, at sign: String) -> (String, String)? {
    let bytes = Array(text.utf8)
    let separator = Array(sign.utf8)
    guard bytes.count > separator.count else { return nil }
    for start in 0...(bytes.count - separator.count)
    where bytes[start..<(start + separator.count)].elementsEqual(separator) {
      return (
        String(decoding: bytes[..<start], as: UTF8.self),
        String(decoding: bytes[(start + separator.count)...], as: UTF8.self)
      )
    }
    return nil
  }
}
