/// Decimal notation without Foundation, whose start-up every cron job would pay for.
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
  package static func rounds(_ value: Double, decimals: Int, to limit: Double) -> Bool {
    let scale = powerOfTen(decimals)
    return (value * scale).rounded() >= limit * scale
  }

  /// Sets a comma before every third digit from the right.
  package static func grouped(_ digits: String) -> String {
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
