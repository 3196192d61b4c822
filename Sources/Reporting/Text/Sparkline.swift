/// A row of small bars: the recent course of a figure.
package enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let ascii: [Character] = ["_", ".", ":", "-", "=", "+", "*", "#"]

  /// One character a value, from the lower bound (the lowest) to the upper (the highest).
  ///
  /// Values beyond a bound are drawn at it; a value that is missing is a blank. Without a span between the bounds
  /// all are drawn lowest.
  package static func text(_ values: [Double?], from lower: Double, to upper: Double, style: Style) -> String
  {
    let levels = style.unicode ? blocks : ascii
    return String(
      values.map { value in
        guard let value, value.isFinite else { return " " }
        let share = upper > lower ? (value - lower) / (upper - lower) : 0
        return levels[min(levels.count - 1, Int(max(0, min(1, share)) * Double(levels.count)))]
      })
  }
}
