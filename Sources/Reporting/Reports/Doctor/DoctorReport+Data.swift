import Bytes
import Quantities

/// The forms of a doctor's report that programs read.
extension DoctorReport {
  /// The report as one JSON object.
  package func json(wording: ReportWording) -> JSON {
    let seconds = stats.totals.interval?.seconds.map { rounded($0, to: 3) }
    return .object(
      header.members + [
        ("seconds", .optional(seconds)), ("keys_seen", .optional(keysSeen)),
        ("findings", .array(findings.map { json(of: $0, wording) })), ("checked", .int(checked.count)),
        ("rules", .strings(checked)), ("not_checked", .array(notChecked.map(\.json))),
      ])
  }

  private func json(of finding: ReportFinding, _ wording: ReportWording) -> JSON {
    .object([
      ("rule", .string(finding.id)), ("severity", .string(finding.severity.rawValue)),
      ("node", .optional(finding.node)), ("group", finding.group), ("message", .string(finding.message)),
      ("why", .optional(finding.why)), ("evidence", .object(finding.figures)),
      ("command", .optional(finding.command.map(wording.spell))),
    ])
  }

  // MARK: - Prometheus

  /// The report as metrics: for each rule the worst severity of what it found, and whether it was checked.
  package var prometheus: [UInt8] {
    var text = PrometheusText(labels: header.labels)
    text.declare(
      "rediscache_doctor_severity", "Worst finding of the rule: 0 none, 1 info, 2 warning, 3 critical.",
      type: "gauge")
    for rule in checked {
      let worst = findings.filter { $0.id == rule }.map { DoctorReport.rank($0.severity) }.max() ?? 0
      text.sample("rediscache_doctor_severity", [("rule", rule)], Double(worst))
    }
    text.declare(
      "rediscache_doctor_rule_unchecked", "1 where the rule could not be checked on every server.",
      type: "gauge")
    for rule in Set(checked + notChecked.map(\.rule)).sorted() {
      let isMissing = notChecked.contains { $0.rule == rule }
      text.sample("rediscache_doctor_rule_unchecked", [("rule", rule)], isMissing ? 1 : 0)
    }
    text.declare("rediscache_doctor_findings", "Findings by severity.", type: "gauge")
    for severity in Severity.allCases {
      text.sample("rediscache_doctor_findings", [("severity", severity.rawValue)], Double(count(severity)))
    }
    text.declare("rediscache_doctor_duration_seconds", "How long the run took.", type: "gauge")
    text.sample("rediscache_doctor_duration_seconds", [], rounded(header.durationSeconds, to: 3))
    text.declare("rediscache_doctor_complete", "1 where all that was asked for was looked at.", type: "gauge")
    text.sample("rediscache_doctor_complete", [], header.isComplete ? 1 : 0)
    text.addUp(true, command: "doctor")
    return text.bytes
  }

  private static func rank(_ severity: Severity) -> Int {
    (Severity.allCases.firstIndex(of: severity) ?? 0) + 1
  }

  // MARK: - Nagios

  /// The state that the findings call for: only those of at least a `least` severity count.
  package func nagiosState(from least: Severity) -> NagiosState {
    switch findings.map(\.severity).filter({ $0 >= least }).max() {
    case .critical: .critical
    case .warning: .warning
    case .info, nil: header.isComplete ? .ok : .unknown
    }
  }

  /// One line: the state, the worst finding and the number of the others, and performance data.
  package func nagios(from least: Severity) -> [UInt8] {
    let counting = findings.filter { $0.severity >= least && $0.severity > .info }
    var parts: [String] = []
    if let worst = counting.first {
      let others = counting.count - 1
      parts.append(worst.message + (others == 0 ? "" : " (and \(NumberText.count(others)) more)"))
    }
    parts.append("\(checked.count) rules checked")
    let missing = Set(notChecked.map(\.rule)).count
    if missing > 0 { parts.append("\(missing) not or not everywhere") }
    var line = nagiosState(from: least).line(parts.joined(separator: "; "))
    line.removeLast()
    let data = NagiosState.performanceData([
      ("critical", .int(count(.critical)), ";;;0"), ("warnings", .int(count(.warning)), ";;;0"),
      ("notes", .int(count(.info)), ";;;0"), ("unchecked", .int(missing), ";;;0"),
    ])
    return line + Array(" | \(data.joined(separator: " "))\n".utf8)
  }
}

extension DoctorReport.Unchecked {
  var json: JSON {
    .object([
      ("rule", .string(rule)), ("node", .optional(node)), ("reason", .string(reason)),
      ("right", .optional(right)),
    ])
  }
}
