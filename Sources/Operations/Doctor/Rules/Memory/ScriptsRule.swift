import Quantities
import Reporting

/// Scripts that pile up because their text differs with each call.
struct ScriptsRule: NodeRule {
  let id = "cached-scripts"
  let subject = "scripts that EVAL has left in memory"
  let thresholds = [RuleThreshold("info", 500, .number), RuleThreshold("warning", 1000, .number)]
  let source = "MEMORY DOCTOR (1,000)"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let count = try node.amount("number_of_cached_scripts")
    guard let severity = limits.severity(atLeast: Double(count)) else { return [] }
    return [
      finding(
        severity, "\(NumberText.count(count)) scripts are cached",
        why:
          "a script whose text holds its arguments is cached anew for each of them: pass arguments by ARGV",
        [("number_of_cached_scripts", .int(count))], examination.server(node, "SCRIPT", "FLUSH", "ASYNC"))
    ]
  }
}
