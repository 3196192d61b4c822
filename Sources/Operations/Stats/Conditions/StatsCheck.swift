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
  /// The conditions that cannot be decided because a field is not known, with the field.
  package private(set) var undecided: [String] = []
  /// The conditions that do not hold because a field has no value, as a ratio of nothing has none, with the
  /// reason.
  package private(set) var withoutValue: [String] = []

  /// Tries conditions on the totals of a report: on the interval where there is one, else on the lifetime.
  package init(_ conditions: [Condition], on report: StatsReport) {
    for condition in conditions { check(condition, report) }
  }

  private mutating func check(_ condition: Condition, _ report: StatsReport) {
    func figure(_ field: StatsPredicate.Field) -> StatsFigure {
      report.figure(of: field.name, perSecond: field.isRate)
    }
    let fields = condition.condition.fields
    switch condition.condition.holds(figure) {
    case true?:
      let figures = fields.map { "\($0.name) is \(StatsCheck.shown(figure($0), isRate: $0.isRate))" }
      holding.append(
        "\(condition.text): \(figures.joined(separator: ", "))\(StatsCheck.span(fields, report))")
    case false?: break
    case nil:
      let open = fields.first { StatsCheck.reason(figure($0)) == nil && !StatsCheck.isExact(figure($0)) }
      if let open {
        undecided.append("\(condition.text): \(open.name) is not known here")
      } else if let field = fields.first(where: { StatsCheck.reason(figure($0)) != nil }) {
        let reason = StatsCheck.reason(figure(field)) ?? ""
        withoutValue.append("\(condition.text): \(field.name) has no value, because \(reason)")
      }
    }
  }

  private static func reason(_ figure: StatsFigure) -> String? {
    if case .none(let reason) = figure { reason } else { nil }
  }

  private static func isExact(_ figure: StatsFigure) -> Bool {
    switch figure {
    case .number(let range): range.lowerBound == range.upperBound
    case .text: true
    case .none, .unknown: false
    }
  }

  private static func shown(_ figure: StatsFigure, isRate: Bool) -> String {
    switch figure {
    case .number(let range):
      let known = range.lowerBound.isFinite ? range.lowerBound : range.upperBound
      let text = Int(exactly: known).map { String($0) } ?? (isRate ? round(known) : known).description
      return (isExact(figure) ? "" : range.lowerBound.isFinite ? "at least " : "at most ") + text
        + (isRate ? "/s" : "")
    case .text(let text): return text
    case .none, .unknown: return "unknown"
    }
  }

  /// To a tenth.
  private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  /// The time that the values are of, where there is an interval and they are counted: " in the last 60 s".
  private static func span(_ fields: [StatsPredicate.Field], _ report: StatsReport) -> String {
    guard fields.contains(where: { StatsUnit.isCountedOverTime($0.name) }) else { return "" }
    return report.totals.interval?.lengthText.map { " in the last \($0)" } ?? ""
  }
}
