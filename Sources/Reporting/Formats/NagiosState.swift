import Bytes

/// The state of a Nagios check, which is also its exit code.
package enum NagiosState: Int32, Sendable, Comparable {
  /// No condition holds.
  case ok = 0
  /// A `--warning` condition holds.
  case warning = 1
  /// A `--critical` condition holds.
  case critical = 2
  /// Nothing can be said.
  case unknown = 3

  /// Orders by the code.
  package static func < (left: NagiosState, right: NagiosState) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The word at the beginning of the line.
  package var word: String {
    switch self {
    case .ok: "OK"
    case .warning: "WARNING"
    case .critical: "CRITICAL"
    case .unknown: "UNKNOWN"
    }
  }

  /// The line of a check without figures.
  package func line(_ message: String) -> [UInt8] {
    // A bar would begin the performance data, a line end the long output.
    let safe = KeyText.sanitized(message).map { $0 == "|" ? "/" : $0 }
    return Array("REDISCACHE \(word) - \(String(safe))\n".utf8)
  }

  /// Figures as performance data: name, value, and what follows it; values that are not known are left out.
  static func performanceData(_ data: [(name: String, value: JSON, tail: String)]) -> [String] {
    data.compactMap { name, value, tail in
      switch value {
      case .int(let number): "\(name)=\(number)\(tail)"
      case .double(let number): "\(name)=\(decimal(number))\(tail)"
      default: nil
      }
    }
  }

  /// A number without an exponent, which the guidelines do not know.
  private static func decimal(_ value: Double) -> String {
    let text = value.description
    guard text.contains("e"), abs(value) < 1 else { return text }
    let digits = String(Int((value * 1e9).rounded()))
    guard digits.count <= 9 else { return text }
    return "0." + String(repeating: "0", count: 9 - digits.count) + digits
  }
}
