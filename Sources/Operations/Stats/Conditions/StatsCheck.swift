import Bytes
import Keyspace
package import Reporting

/// Conditions tried on a report.
package struct StatsCheck: Sendable {
  /// A condition as the user wrote it.
  package struct Condition: Sendable {
    /// The user's words.
    package let text: String
    /// Their meaning.
    package let condition: StatsCondition

    /// Reads a condition.
    package init(_ text: String) throws(StatsConditionError) {
      self.text = text
      condition = try StatsCondition(text)
    }
  }

  /// The conditions that hold, each with the values of its fields.
  package private(set) var holding: [String] = []
  /// The conditions that cannot be decided because the server lacks a field, with the field.
  package private(set) var undecided: [String] = []
  /// The conditions that do not hold because a field has no value, as a ratio of nothing has none, with the
  /// reason.
  package private(set) var withoutValue: [String] = []

  /// Tries conditions on the totals of a report: on the interval where there is one, else on the lifetime.
  package init(_ conditions: [Condition], on report: StatsReport) {
    for condition in conditions { check(condition, report) }
  }

  private mutating func check(_ condition: Condition, _ report: StatsReport) {
    switch condition.condition.holds({ StatsCheck.value(of: $0, report) }) {
    case true?:
      let figures = condition.condition.fields.map { "\($0) is \(StatsCheck.shown($0, report))" }
      holding.append("\(condition.text): \(figures.joined(separator: ", "))")
    case false?: break
    case nil:
      let missing = condition.condition.fields.filter { report.value(of: $0) == nil }
      if let field = missing.first(where: { report.reasonForNoValue(of: $0) == nil }) {
        undecided.append("\(condition.text): \(field) is not known here")
      } else if let field = missing.first, let reason = report.reasonForNoValue(of: field) {
        withoutValue.append("\(condition.text): \(field) has no value, because \(reason)")
      }
    }
  }

  private static func value(of field: String, _ report: StatsReport) -> StatsValue? {
    switch report.value(of: field) {
    case .int(let number): .number(Double(number))
    case .double(let number): .number(number)
    case .string(let text): .text(text)
    default: nil
    }
  }

  private static func shown(_ field: String, _ report: StatsReport) -> String {
    switch report.value(of: field) {
    case .int(let number): String(number)
    case .double(let number): number.description
    case .string(let text): text
    default: "unknown"
    }
  }
}
