import Quantities
import Reporting

/// Replicas that are behind.
struct ReplicationLagRule: NodeRule {
  let id = "replication-lag"
  let subject =
    "seconds since the furthest replica reported all that was sent, or the replica heard of its primary"
  let thresholds = [RuleThreshold("warning", 3, .duration), RuleThreshold("critical", 10, .duration)]
  let source = "collections of alerts (10 s); replicas report once a second, so a second or two are nothing"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    guard let lag = node.figures.gauges.replicationLag else { return [] }
    guard let severity = limits.severity(atLeast: Double(lag)) else { return [] }
    let isReplica = node.role == "replica"
    let behind = node.furthestReplica
    let distance = behind.map { ", and \(NumberText.bytes($0.bytes)) behind" } ?? ""
    return [
      finding(
        severity,
        isReplica
          ? "this replica has not heard of its primary for \(NumberText.duration(Double(lag)))"
          : "the replica \(behind?.address ?? "furthest behind") was last heard of "
            + "\(NumberText.duration(Double(lag))) ago\(distance)",
        why: "what is read there is stale, and a failover to it loses what was written since",
        [("replication_lag_seconds", .int(lag)), ("offset_distance_bytes", .optional(behind?.bytes))],
        examination.server(node, "INFO", "replication"))
    ]
  }
}
