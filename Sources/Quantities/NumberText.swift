/// Numbers as people read them; machines get integers, seconds and bytes instead.
///
/// Rounding never claims more than is true: a little is not shown as none, nor nearly all as all.
package enum NumberText {
  /// What stands where there is no figure.
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
  /// Only 0 shows as `0.0%`, smaller shares than the decimal can tell as `<0.1%`; only 1 and what rounds to
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
