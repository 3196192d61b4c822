extension NumberText {
  /// A time to live or an age from seconds, in one unit with two figures: `250ms`, `45s`, `28m`, `5.7h`,
  /// `23h`, `41d`.
  ///
  /// Below 10 of a unit one decimal shows, unless the value is whole: `2h` is exactly two hours, `2.0h` is
  /// about two.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return absent }
    let size = seconds.magnitude
    let sign = seconds < 0 ? "-" : ""
    if size == 0 { return "0s" }
    if size < 0.00005 { return "<0.1ms" }
    for unit in durationUnits {
      let amount = size / unit.seconds
      // Rounded as shown, so that 59.7 minutes become 1.0h and not 60m.
      if rounds(amount, decimals: amount < 10 ? 1 : 0, to: unit.limit) { continue }
      return sign + compact(amount) + unit.name
    }
    return sign + compact(size / 86_400) + "d"
  }

  /// How long something took or will take, from seconds: `0.3 s`, `2.9 s`, `47 s`, `3m 20s`, `1h 05m`, `2d
  /// 3h`.
  ///
  /// Below 0.1 s in milliseconds, as ``latency(_:)`` has it.
  package static func elapsed(_ seconds: Double) -> String {
    guard seconds.isFinite else { return absent }
    if seconds <= 0 { return "0 s" }
    if seconds < 0.095 { return latency(seconds) }
    if !rounds(seconds, decimals: 1, to: 10) { return "\(fixed(seconds, decimals: 1)) s" }
    let whole = seconds.rounded()
    guard whole < 0x1p53 else { return "\(seconds.description) s" }
    switch Int(whole) {
    case let total where total < 60: return "\(total) s"
    case let total where total < 3_600: return "\(total / 60)m \(twoDigits(total % 60))s"
    case let total where total < 86_400: return "\(total / 3_600)h \(twoDigits(total % 3_600 / 60))m"
    case let total: return "\(count(total / 86_400))d \(total % 86_400 / 3_600)h"
    }
  }

  /// A latency from seconds: `0.02 ms`, `0.41 ms`, `12 ms`, `1.2 s`.
  package static func latency(_ seconds: Double) -> String {
    guard seconds.isFinite else { return absent }
    let milliseconds = max(0, seconds * 1_000)
    if milliseconds == 0 { return "0 ms" }
    if milliseconds < 0.005 { return "<0.01 ms" }
    if !rounds(milliseconds, decimals: 2, to: 1) { return "\(fixed(milliseconds, decimals: 2)) ms" }
    if !rounds(milliseconds, decimals: 1, to: 10) { return "\(fixed(milliseconds, decimals: 1)) ms" }
    if !rounds(milliseconds, decimals: 0, to: 1_000) { return "\(fixed(milliseconds, decimals: 0)) ms" }
    return "\(fixed(milliseconds / 1_000, decimals: milliseconds < 9_950 ? 1 : 0)) s"
  }

  /// The units below the day, with the amount at which the next one takes over.
  private static let durationUnits: [(name: String, seconds: Double, limit: Double)] = [
    ("ms", 0.001, 1_000), ("s", 1, 60), ("m", 60, 60), ("h", 3_600, 24),
  ]

  private static func compact(_ amount: Double) -> String {
    // Division by a decimal fraction leaves noise in the last digits.
    let isWhole = (amount - amount.rounded()).magnitude < 1e-9 * amount
    return fixed(amount, decimals: isWhole || rounds(amount, decimals: 1, to: 10) ? 0 : 1)
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
