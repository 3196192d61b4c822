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
      return decide(condition, report.totals)
    }
    guard let group = report.groups.first(where: { HitsCheck.name(of: $0, report.grouping) == name }) else {
      undecided.append("\(condition.text): no group of that name was seen")
      return
    }
    decide(condition, group, report.totals.seconds, isInferred: report.coverage.method == .inferred)
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

  private mutating func decide(_ condition: Condition, _ totals: StatsWindow) {
    let ranges = ["hits": totals.range(of: "hits"), "misses": totals.range(of: "misses")]
    decide(
      condition, ranges.compactMapValues(\.self), ratio: totals.hitRatioRange, totals.seconds,
      totals.hitRatioText)
  }

  private mutating func decide(
    _ condition: Condition, _ group: HitsGroup, _ seconds: Double?, isInferred: Bool
  ) {
    let error = group.hitRatioError ?? 0
    let ratio = group.hitRatio.map { max(0, $0 - error)...min(1, $0 + error) }
    var counts = ["hits": group.hits, "misses": group.misses].compactMapValues {
      $0.map { Double($0)...Double($0) }
    }
    if isInferred, let ratio, let reads = group.reads.map(Double.init) {
      counts = [
        "hits": reads * ratio.lowerBound...reads * ratio.upperBound,
        "misses": reads * (1 - ratio.upperBound)...reads * (1 - ratio.lowerBound),
      ]
    }
    let margin =
      (error > 0 ? " ± \(NumberText.share(error, spaced: true))" : "") + (isInferred ? " (inferred)" : "")
    decide(
      condition, counts, ratio: ratio, seconds,
      group.hitRatio.map { NumberText.share($0, spaced: true) + margin })
  }

  private mutating func decide(
    _ condition: Condition, _ counts: [String: ClosedRange<Double>], ratio: ClosedRange<Double>?,
    _ seconds: Double?, _ ratioText: String?
  ) {
    func figure(_ field: StatsPredicate.Field) -> StatsFigure {
      guard field.name != "hit_ratio" else { return ratio.map { .number($0) } ?? .unknown }
      guard let count = counts[field.name], let factor = field.isRate ? seconds.map({ 1 / max($0, 1e-9) }) : 1
      else { return .unknown }
      return .number(count.lowerBound * factor...count.upperBound * factor)
    }
    let shown = ratioText.map { "hit_ratio is \($0)" } ?? "hit_ratio is not known"
    switch condition.condition.holds(figure) {
    case true?: holding.append("\(condition.text): \(shown)")
    case false?: break
    case nil: undecided.append("\(condition.text): \(shown)")
    }
  }
}
