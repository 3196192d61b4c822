import Bytes
import Keyspace
import Quantities
import Reporting

/// Keys that fit none of the schemas by which names are read.
struct SchemaMismatchRule: FindingRule {
  let id = "schema-mismatch"

  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    let tally = scan.tally
    guard tally.mismatches > 0 else { return [] }
    let shown = tally.mismatchExamples.map { KeyText.display($0, maxWidth: 60) }.joined(separator: "  ")
    let fit = tally.mismatches == 1 ? "fits" : "fit"
    let finding = finding(
      .warning, "\(NumberText.keys(tally.mismatches)) \(fit) no schema, such as \(shown)",
      figures: [
        ("keys", .int(tally.mismatches)),
        ("share", .double(Double(tally.mismatches) / Double(max(1, tally.seen)))),
        ("examples", .array(tally.mismatchExamples.map(JSON.key))),
      ],
      command: scan.look([.grouping(.template)]) { option in
        if case .schema = option { true } else { false }
      })
    return [WeighedFinding(finding: finding, weight: tally.mismatches)]
  }
}
