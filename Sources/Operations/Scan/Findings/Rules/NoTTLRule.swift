import Keyspace
import Quantities
import Reporting

/// Keys that never expire, over all groups.
struct NoTTLRule: FindingRule {
  let id = "no-ttl"

  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    guard let count = scan.knownWithoutTTL ?? scan.totals.withoutTTL, count > 0 else { return [] }
    // Of keys that were not measured nothing is known.
    let all = scan.knownWithoutTTL == nil ? scan.totals.known : scan.totals.keys
    let worst = scan.summaries.groups.filter { !$0.label.isOverflow }
      .max { $0.estimate.withoutTTL < $1.estimate.withoutTTL }
    let share = NumberText.share(count, of: all, spaced: true)
    let most = worst.map { ", most in \($0.title)" } ?? ""
    let verb = count == 1 ? "never expires" : "never expire"
    let finding = finding(
      .warning, on: worst?.label, "\(NumberText.keys(count)) \(verb) (\(share))\(most)",
      figures: [
        ("keys", .int(count)), ("share", .double(Double(count) / Double(max(1, all)))),
        ("keys_error", .optional(scan.knownWithoutTTL == nil ? scan.totals.withoutTTLError : 0)),
      ], command: scan.look([.noTTL, .grouping(.template)]))
    return [WeighedFinding(finding: finding, weight: count)]
  }
}
