import Bytes
import Keyspace
import Quantities
import Reporting

/// Cached values that never expire, over all groups.
struct NoTTLRule: FindingRule {
  let id = "no-ttl"

  /// More templates than this make no command that anybody reads.
  private static let mostNamed = ScanEvidence.mostTemplates

  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    let groups =
      scan.templates.isEmpty ? scan.summaries.groups.filter { !$0.label.isOverflow } : scan.templates
    let endless = groups.filter { $0.estimate.withoutTTL > 0 }
    // Queues, tags and the like are meant to last, and locks, counters and sessions have findings of their own.
    let cached = endless.filter { $0.roles.allSatisfy(\.isReplaceable) }
    guard cached.count < endless.count else { return finding(on: endless, isAll: true, in: scan) }
    return cached.isEmpty ? [] : finding(on: cached, isAll: false, in: scan)
  }

  private func finding(
    on groups: [ScanSummaries.Summary], isAll: Bool, in scan: ScanEvidence
  ) -> [WeighedFinding] {
    let known = isAll ? scan.knownWithoutTTL : nil
    let sum = groups.reduce(0) { $0 + $1.estimate.withoutTTL }
    guard
      let counted = isAll ? scan.totals.withoutTTL : scan.totals.withoutTTL.map({ _ in Int(sum.rounded()) }),
      case let count = known ?? counted, count > 0
    else { return [] }
    // Of keys that were not measured nothing is known.
    let all = known == nil ? scan.totals.known : scan.totals.keys
    let worst = groups.max { $0.estimate.withoutTTL < $1.estimate.withoutTTL }
    let share = NumberText.share(count, of: all, spaced: true)
    let most = worst.map { ", most in \($0.title)" } ?? ""
    let verb = count == 1 ? "never expires" : "never expire"
    let noun =
      isAll ? NumberText.keys(count) : "\(NumberText.count(count)) cache \(count == 1 ? "entry" : "entries")"
    let bytes = groups.reduce(0.0) { $0 + $1.endlessBytes }
    let finding = finding(
      scan.severity(ofKeys: count, bytes: Int(exactly: bytes.rounded())), on: worst?.label,
      "\(noun) \(verb) (\(share))\(most)",
      figures: [
        ("keys", .int(count)), ("share", .double(Double(count) / Double(max(1, all)))),
        ("keys_error", .optional(known == nil ? scan.totals.withoutTTLError : 0)),
      ], command: command(for: groups, isAll: isAll, in: scan))
    return [WeighedFinding(finding: finding, weight: count)]
  }

  private func command(
    for groups: [ScanSummaries.Summary], isAll: Bool, in scan: ScanEvidence
  ) -> SuggestedCommand? {
    let names = groups.compactMap(\.template)
    guard !isAll, names.count == groups.count, names.count <= NoTTLRule.mostNamed else {
      return scan.look([.noTTL, .grouping(.template)])
    }
    return scan.look(names.map { .template(KeyText.quoted($0)) } + [.noTTL, .grouping(.template)])
  }
}
