/// Numbers as people read them; machines get integers, seconds and bytes instead.
///
/// Rounding never claims more than is true: a little is not shown as none, nor nearly all as all.
package enum NumberText {
  /// The text for a missing figure.
  package static let absent = "-"

  /// A whole number with commas: `1,234`.
  package static func count(_ value: Int) -> String {
    (value < 0 ? "-" : "") + grouped(String(value.magnitude))
  }

  /// A number of keys: `1 key`, `1,234 keys`.
  package static func keys(_ value: Int) -> String { count(value) + (value == 1 ? " key" : " keys") }

  /// An amount of memory from bytes, in powers of 1,024 with two or three figures: `311 B`, `3.8 KiB`, `152
  /// MiB`.
  package static func bytes(_ value: Int) -> String {
    let unit = byteUnit(of: value)
    guard unit > 0 else { return "\(count(value)) B" }
    let amount = Double(value) / byteFactors[unit]
    let decimals = rounds(amount.magnitude, decimals: 1, to: 10) ? 0 : 1
    return "\(fixed(amount, decimals: decimals)) \(byteNames[unit])"
  }

  /// An amount of memory against its limit: `3.98 of 4.00 GiB`.
  ///
  /// Where the units differ each keeps its own: `152 MiB of 4.0 GiB`. Only a full memory shows both alike.
  package static func bytes(_ value: Int, of limit: Int) -> String {
    let unit = byteUnit(of: limit)
    guard unit > 0, unit == byteUnit(of: value) else { return "\(bytes(value)) of \(bytes(limit))" }
    let whole = Double(limit) / byteFactors[unit]
    var part = Double(value) / byteFactors[unit]
    if value < limit { part = min(part, whole - 0.01) }
    return "\(fixed(part, decimals: 2)) of \(fixed(whole, decimals: 2)) \(byteNames[unit])"
  }

  /// A ratio as a percentage with one decimal: `69.6%`.
  ///
  /// Only 0 shows as `0.0%`, smaller shares than the decimal can show as `<0.1%`; only 1 and what rounds to
  /// it from above show as `100.0%`, a little less as `>99.9%`.
  ///
  /// - Parameter spaced: Whether to set a space before the sign, as in running text: `3.5 %`.
  package static func share(_ ratio: Double, spaced: Bool = false) -> String {
    guard ratio.isFinite else { return absent }
    let sign = spaced ? " %" : "%"
    if ratio > 0, ratio < 0.0005 { return "<0.1\(sign)" }
    if ratio < 1, rounds(ratio * 100, decimals: 1, to: 100) { return ">99.9\(sign)" }
    return fixed(ratio * 100, decimals: 1) + sign
  }

  /// A part of a whole as a percentage, absent where the whole is 0.
  package static func share(_ part: Int, of whole: Int, spaced: Bool = false) -> String {
    guard whole != 0 else { return absent }
    // A quotient of large integers can round to 1 in Double where the part is not quite the whole.
    let ratio = Double(part) / Double(whole)
    return share(part < whole && ratio >= 1 ? 1.0.nextDown : ratio, spaced: spaced)
  }

  /// A range of ratios from 0 to 1 as percentages with one decimal: `0.0 to 90.9 %`.
  package static func shares(_ range: ClosedRange<Double>) -> String {
    "\(fixed(range.lowerBound * 100, decimals: 1)) to \(fixed(range.upperBound * 100, decimals: 1)) %"
  }

  /// A range of ratios from 0 to 1 as whole percentages, rounded outwards: `0-91%`.
  package static func wholeShares(_ range: ClosedRange<Double>) -> String {
    let (low, high) = ((range.lowerBound * 100).rounded(.down), (range.upperBound * 100).rounded(.up))
    return "\(fixed(low, decimals: 0))-\(fixed(high, decimals: 0))%"
  }

  /// Events a second: `11,842/s`, `2.4/s`; above none `<0.1/s` at least.
  package static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite else { return absent }
    if perSecond == 0 { return "0/s" }
    if perSecond > 0, perSecond < 0.05 { return "<0.1/s" }
    return fixed(perSecond, decimals: rounds(perSecond.magnitude, decimals: 1, to: 10) ? 0 : 1) + "/s"
  }

  private static let byteNames = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  private static let byteFactors: [Double] = [1, 0x1p10, 0x1p20, 0x1p30, 0x1p40, 0x1p50, 0x1p60]

  /// The largest unit in which the amount, rounded as it will be shown, is at least 1.
  private static func byteUnit(of value: Int) -> Int {
    let size = Double(value.magnitude)
    guard value.magnitude >= 1024 else { return 0 }
    return byteFactors.lastIndex { size / $0 >= 1 || rounds(size / $0 * 1024, decimals: 0, to: 1024) } ?? 0
  }
}

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

/// Decimal notation without Foundation, whose start-up would slow every run.
extension NumberText {
  /// The value rounded half away from zero to a fixed number of decimals, with commas.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = powerOfTen(decimals)
    let scaled = (value.magnitude * scale).rounded()
    // Beyond 2^53 a Double has no decimals left to round.
    guard scaled < 0x1p53 else { return value.description }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    let integer = grouped(String(whole / Int(scale)))
    guard decimals > 0 else { return sign + integer }
    let fraction = String(whole % Int(scale))
    return sign + integer + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// Whether the value, rounded to that many decimals, reaches the limit.
  private static func rounds(_ value: Double, decimals: Int, to limit: Double) -> Bool {
    let scale = powerOfTen(decimals)
    return (value * scale).rounded() >= limit * scale
  }

  /// Sets a comma before every third digit from the right.
  private static func grouped(_ digits: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return result
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
