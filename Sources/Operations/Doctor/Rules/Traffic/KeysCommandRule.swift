import Quantities
import Reporting

/// KEYS on a server that others use.
struct KeysCommandRule: NodeRule {
  let id = "keys-command"
  let subject = "calls of KEYS between the readings, and their time, of all time"
  let thresholds = [RuleThreshold("warning", 1, .number), RuleThreshold("critical", 0.05, .share)]
  let source = "Redis documentation (SCAN in place of KEYS); AWS: best practices"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let keys = try node.commandGrowth("keys")
    guard Double(keys.calls) >= limits["warning"] else { return [] }
    let share = Double(keys.microseconds) / 1e6 / max(0.001, node.seconds)
    let all = try? node.keys().all
    return [
      finding(
        share >= limits["critical"] ? .critical : .warning,
        "KEYS was called \(NumberText.count(keys.calls)) time\(keys.calls == 1 ? "" : "s") in "
          + "\(NumberText.elapsed(node.seconds)) and held the server for "
          + NumberText.latency(Double(keys.microseconds) / 1e6),
        why: "it visits every key"
          + (all.map { " (\(NumberText.count($0)))" } ?? "") + " while all other clients wait: use SCAN",
        [
          ("calls", .int(keys.calls)), ("seconds_held", .double(Double(keys.microseconds) / 1e6)),
          ("share_of_time", .double(share)),
        ], examination.server(node, "CLIENT", "LIST"))
    ]
  }
}
