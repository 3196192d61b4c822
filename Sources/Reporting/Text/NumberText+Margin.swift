import Quantities

extension NumberText {
  /// A relative error as the half-width of its interval: `±1.8 %`, `<±0.1 %` where it is small but not 0.
  package static func margin(_ ratio: Double, style: Style = .plain) -> String {
    guard ratio.isFinite else { return absent }
    let size = (ratio * 100).magnitude
    if size > 0, size < 0.05 { return "<\(style.plusMinus)0.1 %" }
    return "\(style.plusMinus)\(fixed(size, decimals: 1)) %"
  }
}
