import Bytes
import Quantities
package import Reporting

/// Conditions tried on a report of `hits`: on the totals, or on one group.
package struct HitsCheck: Sendable {
  /// A condition as the user wrote it: `hit_ratio < 80%`, or `product:v7: hit_ratio < 90%`.
  package struct Condition: Sendable {
    /// The fields that a condition may name.
    package static let fields = ["hit_ratio", "hits", "misses"]

    /// The user's words.
    package let text: String
    /// The name of the group, its parts joined by `:`; nil for the totals.
    let group: String?
    let condition: StatsCondition

    /// Reads a condition; what stands before the last colon with a space behind it is the group.
    package init(_ text: String) throws(StatsConditionError) {
      self.text = text
      let end = text.ranges(of: ": ").last
      group = end.map { String(text[..<$0.lowerBound]) }
      condition = try StatsCondition(end.map { String(text[$0.upperBound...]) } ?? text)
      if let other = condition.fields.first(where: { !Condition.fields.contains($0.name) }) {
        throw .unknownField(other.name)
      }
    }
  }

  /// The conditions that hold, each with what it is about.
  package private(set) var holding: [String] = []
  /// The conditions that cannot be decided, with the reason.
  package private(set) var undecided: [String] = []

  /// Tries conditions on a report.
  package init(_ conditions: [Condition], on report: HitsReport) {
    for condition in conditions { check(condition, report) }
  }

  private mutating func check(_ condition: Condition, _ report: HitsReport) {
    guard let name = condition.group else {
      let totals = report.totals
      return decide(
        condition, hits: totals.hits, misses: totals.misses, ratio: totals.hitRatio, error: 0, totals.seconds)
    }
    guard let group = report.groups.first(where: { HitsCheck.name(of: $0, report.grouping) == name }) else {
      undecided.append("\(condition.text): no group of that name was seen")
      return
    }
    decide(
      condition, hits: group.hits, misses: group.misses, ratio: group.hitRatio,
      error: group.hitRatioError ?? 0,
      report.totals.seconds)
  }

  /// The name by which a condition knows a group: namespace and version, or the entity or template.
  private static func name(of group: HitsGroup, _ grouping: ScanGrouping) -> String {
    let parts: [[UInt8]?] =
      switch grouping {
      case .entity: [group.names.entity]
      case .template: [group.names.template]
      default: [group.names.namespace, group.names.version]
      }
    return parts.compactMap(\.self).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ":")
  }

  private mutating func decide(
    _ condition: Condition, hits: Int?, misses: Int?, ratio: Double?, error: Double, _ seconds: Double?
  ) {
    func figure(_ field: StatsPredicate.Field) -> StatsFigure {
      let factor = field.isRate ? seconds.map { 1 / max($0, 1e-9) } : 1
      func count(_ value: Int?) -> StatsFigure {
        guard let value, let factor else { return .unknown }
        return .number(Double(value) * factor...Double(value) * factor)
      }
      switch field.name {
      case "hits": return count(hits)
      case "misses": return count(misses)
      default: return ratio.map { .number(max(0, $0 - error)...min(1, $0 + error)) } ?? .unknown
      }
    }
    let shown =
      ratio.map { "hit_ratio is \(NumberText.share($0, spaced: true))" }
      ?? "hit_ratio is not known"
    let margin = error > 0 ? " ± \(NumberText.share(error, spaced: true))" : ""
    switch condition.condition.holds(figure) {
    case true?: holding.append("\(condition.text): \(shown)\(margin)")
    case false?: break
    case nil: undecided.append("\(condition.text): \(shown)\(margin)")
    }
  }
}
