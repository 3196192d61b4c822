import Bytes
import Keyspace
import Quantities
import Reporting

/// Namespaces of cached values that carry no version, although their shape may change: one line for all of them.
struct UnversionedRule: FindingRule {
  let id = "unversioned"

  /// More names than this make no line.
  private static let mostNamed = 3

  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    let least = max(10, scan.totals.keys / 100)
    let groups = scan.groups.filter { group in
      // Sessions, locks and counters have no shape that could change.
      group.estimate.keys >= least && group.label.namespace != nil && group.label.version == nil
        && group.roles.contains(where: \.isReplaceable)
    }
    guard let first = groups.first else { return [] }
    let keys = groups.reduce(0) { $0 + $1.estimate.keys }
    var names = groups.prefix(UnversionedRule.mostNamed).map(\.title).joined(separator: ", ")
    if groups.count > UnversionedRule.mostNamed {
      names += " and \(NumberText.count(groups.count - UnversionedRule.mostNamed)) more"
    }
    let figures: [(String, JSON)] = [
      ("namespaces", .int(groups.count)), ("keys", .int(keys)),
      ("memory_bytes", .optional(scan.totals.memoryBytes == nil ? nil : bytes(of: groups))),
    ]
    let finding = finding(
      .info, on: groups.count == 1 ? first.label : nil,
      "\(names) \(groups.count == 1 ? "has" : "have") no version: when the format of the values changes, "
        + "\(NumberText.keys(keys)) must be flushed",
      figures: figures, command: command(for: groups, in: scan))
    return [WeighedFinding(finding: finding, weight: keys)]
  }

  private func bytes(of groups: [ScanSummaries.Summary]) -> Int? {
    Int(exactly: groups.reduce(0) { $0 + $1.estimate.memory }.rounded())
  }

  private func command(for groups: [ScanSummaries.Summary], in scan: ScanEvidence) -> SuggestedCommand? {
    guard groups.count == 1, let group = groups.first else {
      return scan.look([.keyVersion("none"), .grouping(.namespace)])
    }
    return scan.look(at: group, [.grouping(.template)])
  }
}
