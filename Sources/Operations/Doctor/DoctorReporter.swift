import Bytes
import Reporting

/// Applies the rules to what is known, and puts what they find into a report.
struct DoctorReporter {
  let rules: DoctorRequest.Rules
  let examination: Examination
  let stats: StatsReport

  /// The report of a run that took so long.
  func report(seconds: Double) -> DoctorReport {
    var report = DoctorReport(
      header: stats.header, stats: stats, keysSeen: (try? examination.scan.get())?.coverage.keysSeen,
      findings: [], checked: [], notChecked: [])
    for rule in DoctorRules.all where rules.admits(rule.id) {
      let verdict = rule.verdict(on: examination, RuleLimits(rule, setting: rules.thresholds))
      report.findings += verdict.findings
      if verdict.isChecked { report.checked.append(rule.id) }
      report.notChecked += verdict.gaps.map { $0.gap.entry(rule.id, $0.node) }
      if verdict.gaps.contains(where: \.gap.isLack) { report.header.isComplete = false }
    }
    addScan(to: &report)
    report.header.warnings += DoctorReporter.warnings(of: report.notChecked)
    report.findings = DoctorReporter.sorted(report.findings)
    report.header.durationSeconds = seconds
    return report
  }

  /// Adds what the rules of a scan found: they are rules like the others.
  private func addScan(to report: inout DoctorReport) {
    let ids = DoctorRules.keyIDs.filter(rules.admits)
    switch examination.scan {
    case .success(let scan):
      report.findings += scan.findings
      report.checked += ids
      if !scan.header.isComplete { report.header.isComplete = false }
      report.header.warnings += scan.header.warnings.filter { !report.header.warnings.contains($0) }
    case .failure(let gap):
      report.notChecked += ids.map { gap.entry($0, nil) }
      if gap.isLack { report.header.isComplete = false }
    }
  }

  /// For each right that is missing what was not checked for it.
  private static func warnings(of gaps: [DoctorReport.Unchecked]) -> [String] {
    var reasons: [String] = []
    for gap in gaps where gap.right != nil && !reasons.contains(gap.sentence) { reasons.append(gap.sentence) }
    return reasons.map { reason in
      let rules = gaps.filter { $0.sentence == reason }.map(\.rule)
      return "\(reason): \(rules.count) rule\(rules.count == 1 ? " was" : "s were") not checked"
    }
  }

  /// The worst first; of those that are as bad, in the order of the rules.
  private static func sorted(_ findings: [ReportFinding]) -> [ReportFinding] {
    findings.enumerated()
      .sorted { left, right in
        let (mine, theirs) = (left.element.severity, right.element.severity)
        return mine != theirs ? mine > theirs : left.offset < right.offset
      }
      .map(\.element)
  }
}
