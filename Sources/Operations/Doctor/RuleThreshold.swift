import Quantities
import Reporting

/// A bound from which on a rule speaks, or of what it needs to be able to judge.
package struct RuleThreshold: Sendable {
  /// What a threshold counts, which says how it is written.
  package enum Unit: Sendable {
    /// `80%`, a number from 0 on.
    case share
    /// `100MB`.
    case bytes
    /// `10ms`, in seconds.
    case duration
    /// A plain number.
    case number
  }

  /// The name, often that of the severity.
  package let name: String
  /// The value where nothing else is said.
  package let value: Double
  /// What it counts.
  package let unit: Unit

  /// Makes a threshold.
  init(_ name: String, _ value: Double, _ unit: Unit) {
    (self.name, self.value, self.unit) = (name, value, unit)
  }

  /// A value of the threshold's unit; nil where a text is none.
  package func read(_ text: String) -> Double? {
    switch unit {
    case .share: try? Units.percentage(text)
    case .bytes: (try? Units.bytes(text)).map(Double.init)
    case .duration: (try? Units.duration(text)).map { $0 / .seconds(1) }
    case .number: Double(text).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
  }

  /// The value as it is typed.
  package var text: String {
    switch unit {
    case .share: "\(RuleThreshold.plain(value * 100))%"
    case .bytes: RuleThreshold.bytes(value)
    case .duration: Units.text(milliseconds: Int64((value * 1000).rounded()))
    case .number: RuleThreshold.plain(value)
    }
  }

  /// A size in the largest unit that needs no fraction.
  private static func bytes(_ value: Double) -> String {
    for (name, unit) in [("GB", 1e9), ("MB", 1e6), ("KB", 1e3)] where value >= unit {
      if (value / unit).rounded() * unit == value { return "\(Int(value / unit))\(name)" }
    }
    return plain(value)
  }

  /// A number without the digits of binary rounding.
  private static func plain(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
  }
}

/// The thresholds of one rule in force.
struct RuleLimits: Sendable {
  private let values: [String: Double]

  /// The defaults of a rule, with what was set otherwise: values by `rule.name`.
  init(_ rule: any DoctorRule, setting changes: [String: Double] = [:]) {
    values = Dictionary(
      uniqueKeysWithValues: rule.thresholds.map { ($0.name, changes["\(rule.id).\($0.name)"] ?? $0.value) })
  }

  /// The threshold of a name, which the rule must have declared.
  subscript(_ name: String) -> Double { values[name] ?? .infinity }

  /// The worst severity whose threshold, of its name, is reached; nil where none is.
  func severity(atLeast value: Double) -> Severity? {
    Severity.allCases.last { severity in values[severity.rawValue].map { value >= $0 } ?? false }
  }

  /// The worst severity below whose threshold, of its name, a value is; nil where none is.
  func severity(below value: Double) -> Severity? {
    Severity.allCases.last { severity in values[severity.rawValue].map { value < $0 } ?? false }
  }
}
