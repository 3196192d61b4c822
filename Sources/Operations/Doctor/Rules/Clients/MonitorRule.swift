import Quantities
import Reporting

/// Somebody watches every command.
struct MonitorRule: NodeRule {
  let id = "monitor"
  let subject = "connections that run MONITOR"
  let source = "Redis documentation: one takes about half of the throughput"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let count = try node.answers.clients.get().monitors
    guard count > 0 else { return [] }
    return [
      finding(
        .warning,
        count == 1 ? "a client runs MONITOR" : "\(NumberText.count(count)) clients run MONITOR",
        why: "it may take half of the throughput, and sends all keys and values to whoever runs it",
        [("monitors", .int(count))], examination.server(node, "CLIENT", "LIST"))
    ]
  }
}
