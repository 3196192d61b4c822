import Keyspace
import Quantities
import Reporting

/// A group of which some keys expire and others never do.
struct MixedTTLPolicyRule: GroupRule {
  let id = "mixed-ttl-policy"

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    let row = scan.row(of: group)
    guard group.roles.allSatisfy(\.isReplaceable), let without = row.withoutTTL, let expiring = row.expiring,
      expiring > 0,
      isPolicy(without, of: row.known), isPolicy(expiring, of: row.known)
    else { return nil }
    return finding(
      scan.severity(ofKeys: row.keys, bytes: row.memoryBytes), on: group.label,
      "\(group.title) mixes policies: \(NumberText.keys(expiring)) with a TTL, "
        + "\(NumberText.count(without)) without",
      figures: row.keyFigures, command: scan.look(at: group, [.noTTL, .list]))
  }

  /// A few old keys are no policy, and fewer than one in 200 are within what a sample can say.
  private func isPolicy(_ keys: Int, of all: Int) -> Bool { keys >= 10 && keys * 200 >= all }
}
