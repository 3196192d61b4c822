/// A horizontal bar.
package enum Bar {
  /// Returns a bar for a fraction of `width` columns, in eighths of a column or, in ASCII, in whole `#`.
  ///
  /// The fraction is clamped to 0 through 1. What is more than nothing shows at least the thinnest bar, and
  /// what is less than everything never fills the last column. Not padded on the right; 0 and NaN give the
  /// empty string.
  package static func text(fraction: Double, width: Int, style: Style = .plain) -> String {
    guard fraction > 0, width > 0 else { return "" }
    let steps = style.unicode ? 8 : 1
    let whole = width * steps
    let rounded = Int((min(fraction, 1) * Double(whole)).rounded())
    let length = fraction >= 1 ? whole : max(1, min(rounded, whole - 1))
    guard style.unicode else { return String(repeating: "#", count: length) }
    return String(repeating: "█", count: length / 8) + eighths[length % 8]
  }

  /// Left blocks of 0 to 7 eighths, U+258F down to U+2589.
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
}
