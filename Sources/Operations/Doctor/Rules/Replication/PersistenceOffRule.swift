import Bytes
import Quantities
import Reporting

/// Queues on a server that saves nothing.
struct PersistenceOffRule: NodeRule {
  let id = "persistence-off"
  let subject = "neither RDB nor AOF nor a replica where queues are held"
  let source = "a restart loses what cannot be computed again"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let queues = try examination.scan.get().groups.filter { $0.role == "queue" }
    let isSaved = try !node.persistence().isEmpty
    let replicas = (try? node.amount("connected_slaves")) ?? 0
    guard !isSaved, replicas == 0, node.role == "primary", let first = queues.first else { return [] }
    let keys = queues.reduce(0) { $0 + $1.keys }
    return [
      finding(
        .warning,
        "\(NumberText.keys(keys)) of queues (\(first.namespace.map(KeyText.quoted) ?? "without a namespace")) and nothing is saved or replicated",
        why: "a restart loses jobs that no origin has: save them, or keep queues on a server of their own",
        [("queue_keys", .int(keys))], examination.command(.scan, [.grouping(.template)]))
    ]
  }
}
