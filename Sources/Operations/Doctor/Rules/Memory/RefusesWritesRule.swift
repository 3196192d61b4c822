import Reporting

/// A server that refuses writes, or the next one: memory is full, or it cannot save.
struct RefusesWritesRule: NodeRule {
  let id = "refuses-writes"
  let subject = "writes answered with OOM, MISCONF or NOREPLICAS, and memory so full that the next one is"
  let source = "Redis documentation"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    // The words and their evidence are those of stats.
    examination.judge(node).refusals.filter { $0.severity > .info }.map { found in
      finding(
        found.severity, found.message, why: "what the application writes is lost until this ends",
        found.figures, found.command)
    }
  }
}
