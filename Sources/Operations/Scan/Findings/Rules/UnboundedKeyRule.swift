import Keyspace
import Quantities
import Reporting

/// Names that hold what users type, so that nothing bounds their number or their length.
struct UnboundedKeyRule: GroupRule {
  let id = "unbounded-key"

  func fewestKeys(of all: Int) -> Int { 1 }

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    let count = group.unboundedNames
    guard count > 0 else { return nil }
    return finding(
      .warning, on: group.label,
      "\(NumberText.keys(count)) in \(group.title) with free text or more than 200 bytes in the name: "
        + "hash what users type before it becomes a name",
      figures: scan.row(of: group).keyFigures + [("unbounded_keys", .int(count))],
      command: scan.look(at: group, [.grouping(.template)]))
  }
}
