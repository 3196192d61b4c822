import Keyspace
import Quantities
import Reporting

/// Keys without a namespace.
struct NoNamespaceRule: GroupRule {
  let id = "no-namespace"

  func groups(in scan: ScanEvidence) -> [ScanSummaries.Summary] { scan.groups }

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    guard group.label.namespace == nil else { return nil }
    let keys = group.estimate.keys
    let share = NumberText.share(keys, of: scan.totals.keys, spaced: true)
    return finding(
      .info, on: group.label,
      "\(NumberText.keys(keys)) (\(share)) without a namespace: only their names show whose they are",
      figures: scan.row(of: group).keyFigures, command: scan.look([.namespace("none"), .grouping(.template)]))
  }
}
