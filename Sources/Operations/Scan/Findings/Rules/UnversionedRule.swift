import Keyspace
import Quantities
import Reporting

/// A namespace whose keys carry no version, although their shape may change.
struct UnversionedRule: GroupRule {
  let id = "unversioned"

  func fewestKeys(of all: Int) -> Int { max(10, all / 100) }

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    // Sessions, locks and counters have no shape that could change.
    guard let namespace = group.label.namespace, group.label.version == nil,
      NameTraits.kind(of: namespace.span) == nil
    else { return nil }
    return finding(
      .info, on: group.label,
      "\(group.title) has no version: a change of shape needs a flush of \(NumberText.keys(group.estimate.keys))",
      figures: scan.row(of: group).keyFigures, command: scan.look(at: group, [.grouping(.template)]))
  }
}
