import Keyspace
import Quantities
import Reporting

/// Locks, counters or sessions, by their names, that never expire.
struct EndlessKindRule: GroupRule {
  private let kind: NameTraits.Kind

  init(_ kind: NameTraits.Kind) { self.kind = kind }

  var id: String { "\(kind.rawValue)-without-ttl" }

  /// A single forgotten lock matters.
  func fewestKeys(of all: Int) -> Int { 1 }

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    guard group.roles.contains(where: { $0.rawValue == kind.rawValue }),
      let weight = group.estimate.neglected.entries.first(where: { $0.name == kind.rawValue })?.weight,
      weight > 0
    else { return nil }
    let count = Int(weight.rounded(.up))
    let noun = kind.rawValue + (count == 1 ? "" : "s")
    return finding(
      .warning, on: group.label,
      "\(NumberText.count(count)) \(noun) in \(group.title) \(consequence(isOne: count == 1))",
      figures: [("keys", .int(count))], command: scan.look(at: group, [.noTTL, .list]))
  }

  private func consequence(isOne: Bool) -> String {
    switch kind {
    case .lock: "never \(isOne ? "expires" : "expire"): one left behind blocks for ever"
    case .counter: "never \(isOne ? "expires" : "expire"): a limit that never resets"
    case .session: "never \(isOne ? "ends" : "end"): they pile up"
    }
  }
}
