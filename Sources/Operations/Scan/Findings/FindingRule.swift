import Keyspace
import Reporting

/// One kind of finding: when it applies, how bad it is, the figures behind it and what to run next.
///
/// A rule lives in a file of its own, and `ScanFindings.rules` names it.
protocol FindingRule: Sendable {
  /// The kind, as reports name it.
  var id: String { get }

  /// What the rule finds.
  func findings(in scan: ScanEvidence) -> [WeighedFinding]
}

/// A finding, and what it weighs against others of its severity: keys, or bytes.
struct WeighedFinding {
  let finding: ReportFinding
  let weight: Int
}

/// A rule that judges groups one by one.
protocol GroupRule: FindingRule {
  /// The groups that are judged, those with most keys first: by template, where a rule says nothing else.
  func groups(in scan: ScanEvidence) -> [ScanSummaries.Summary]

  /// Groups with fewer keys are left out; `all` is the number of keys that were counted.
  func fewestKeys(of all: Int) -> Int

  /// What the rule finds about a group; nil for nothing.
  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding?
}

extension GroupRule {
  /// Smaller groups are noise to most readers.
  func fewestKeys(of all: Int) -> Int { 10 }

  /// A template has one policy; what is coarser may hold several.
  func groups(in scan: ScanEvidence) -> [ScanSummaries.Summary] { scan.templates }

  /// What the rule finds, about the groups with most keys first.
  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    let minimum = fewestKeys(of: scan.totals.keys)
    return groups(in: scan).filter { $0.estimate.keys >= minimum }.compactMap { group in
      finding(on: group, in: scan).map { WeighedFinding(finding: $0, weight: group.estimate.keys) }
    }
  }
}

extension FindingRule {
  /// A finding of this kind, about a group or about the whole.
  func finding(
    _ severity: Severity, on group: GroupLabel? = nil, _ message: String, figures: [(String, JSON)],
    command: SuggestedCommand?
  ) -> ReportFinding {
    ReportFinding(
      id: id, severity: severity, namespace: group?.namespace, version: group?.version,
      template: group?.template,
      message: message, figures: figures, command: command)
  }
}
