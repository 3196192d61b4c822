import Keyspace
import Quantities
import Reporting

/// A group of which some keys expire and others never do.
struct MixedTTLPolicyRule: GroupRule {
  let id = "mixed-ttl-policy"

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    let row = scan.row(of: group)
    guard let without = row.withoutTTL, let expiring = row.expiring, expiring > 0,
      isPolicy(without, of: row.known), isPolicy(expiring, of: row.known)
    else { return nil }
    return finding(
      .warning, on: group.label,
      "\(group.title) mixes policies: \(NumberText.keys(expiring)) with a TTL, "
        + "\(NumberText.count(without)) without",
      figures: row.keyFigures, command: scan.look(at: group, [.noTTL, .list]))
  }

  /// Fewer keys than one in 200 are within what a sample, or one old key, can say.
  private func isPolicy(_ keys: Int, of all: Int) -> Bool { keys * 200 >= all }
}
