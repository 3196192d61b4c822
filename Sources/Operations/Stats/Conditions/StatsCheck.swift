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
        undecided.append(
          "\(condition.text): \(open.name) \(StatsCheck.uncertainty(figure(open), isRate: open.isRate))")
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
      let bounds = [range.lowerBound, range.upperBound].filter(\.isFinite).map { text($0, isRate: isRate) }
      if isExact(figure) { return bounds[0] }
      if bounds.count == 2 { return bounds.joined(separator: " to ") }
      return (range.lowerBound.isFinite ? "at least " : "at most ") + bounds.joined()
    case .text(let text): return text
    case .none, .unknown: return "unknown"
    }
  }

  /// Why a figure does not decide a condition: "is not known here", "lies between 0.5 and 0.909".
  private static func uncertainty(_ figure: StatsFigure, isRate: Bool) -> String {
    guard case .number(let range) = figure, range.lowerBound.isFinite, range.upperBound.isFinite else {
      return "is not known here"
    }
    let bounds = [range.lowerBound, range.upperBound].map { text($0, isRate: isRate) }
    return
      "lies between \(bounds[0]) and \(bounds[1]): it is not known whether commands that inspect keys found them"
  }

  private static func text(_ value: Double, isRate: Bool) -> String {
    let number = isRate ? round(value) : (value * 1e6).rounded() / 1e6
    return (Int(exactly: number).map { String($0) } ?? number.description) + (isRate ? "/s" : "")
  }

  /// To a tenth.
  private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  /// The time that the values are of, where there is an interval and they are counted: " in the last 60 s".
  private static func span(_ fields: [StatsPredicate.Field], _ report: StatsReport) -> String {
    guard fields.contains(where: { StatsUnit.isCountedOverTime($0.name) }) else { return "" }
    return report.totals.interval?.lengthText.map { " in the last \($0)" } ?? ""
  }
}
