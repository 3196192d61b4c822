import Quantities
import Reporting

/// A replica without its primary, or one that copies everything anew.
struct ReplicaLinkRule: NodeRule {
  let id = "replica-link"
  let subject = "master_link_status of a replica, and replicas of a primary that are not online"
  let source = "Netdata"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    if node.role == "replica" {
      guard try node.word("master_link_status") == "down" else { return [] }
      let seconds = try? node.amount("master_link_down_since_seconds")
      let since = seconds.map { " for \(NumberText.duration(Double($0)))" } ?? ""
      return [
        finding(
          .critical, "this replica has no link to its primary\(since)",
          why: "what is read here grows stale, and a failover to it loses writes",
          [("master_link_down_seconds", .optional(seconds))], examination.server(node, "INFO", "replication"))
      ]
    }
    let waiting = node.replicasNotOnline
    guard !waiting.isEmpty else { return [] }
    return [
      finding(
        .warning,
        "\(NumberText.count(waiting.count)) replica\(waiting.count == 1 ? "" : "s") not online: "
          + waiting.joined(separator: ", "),
        why: "a replica that copies everything costs a fork and the network, and cannot take over yet",
        [("replicas_not_online", .int(waiting.count))], examination.server(node, "INFO", "replication"))
    ]
  }
}
