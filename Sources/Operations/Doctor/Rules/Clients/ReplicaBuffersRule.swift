import Quantities
import Reporting

/// Replicas that do not take what their primary sends as fast as it is written.
struct ReplicaBuffersRule: NodeRule {
  let id = "replica-buffers"
  let subject = "bytes that wait for replicas, beyond the backlog that all share"
  let thresholds = [RuleThreshold("warning", 10e6, .bytes), RuleThreshold("critical", 200e6, .bytes)]
  let source = "MEMORY DOCTOR (10 MB); the hard limit is 256 MB by default"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let bytes = try node.amount("mem_clients_slaves")
    let replicas = (try? node.amount("connected_slaves")) ?? 0
    let backlog = (try? node.amount("mem_replication_backlog")) ?? 0
    let waiting = max(0, bytes - backlog)
    guard replicas > 0, let severity = limits.severity(atLeast: Double(waiting)) else { return [] }
    return [
      finding(
        severity, "\(NumberText.bytes(waiting)) wait for \(NumberText.count(replicas)) replicas",
        why: "beyond client-output-buffer-limit the replica is cut off, and copies everything again",
        [("mem_clients_slaves_bytes", .int(bytes)), ("connected_slaves", .int(replicas))],
        examination.server(node, "INFO", "replication"))
    ]
  }
}
