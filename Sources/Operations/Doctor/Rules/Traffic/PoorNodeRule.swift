import Quantities
import Reporting

/// A shard whose lookups mostly miss while those of all together do not.
struct PoorNodeRule: TargetRule {
  let id = "poor-node"
  let subject = "the hit ratio of a shard below 80 %, and 20 points below that of all"
  let source = "the verdict of stats"

  func findings(in examination: Examination, _ limits: RuleLimits) throws(FactGap) -> [ReportFinding] {
    // The words and their evidence are those of stats.
    let nodes = examination.nodes.map {
      StatsReport.Node(address: $0.address, role: $0.role, figures: $0.figures)
    }
    let judge = StatsVerdict(
      figures: examination.totals, nodes: nodes, commandContext: examination.commandContext)
    guard let found = judge.poorNode else { return [] }
    return [
      finding(
        found.severity, found.message, why: "its keys may be another kind, or it has just lost them",
        found.figures, found.command)
    ]
  }
}
