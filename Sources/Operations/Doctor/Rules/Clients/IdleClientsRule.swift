import Bytes
import Quantities
import Reporting

/// Connections that nobody uses, or that were forgotten.
struct IdleClientsRule: NodeRule {
  let id = "idle-clients"
  let subject = "connections that have been idle for an hour, of all, and their number"
  let thresholds = [RuleThreshold("info", 0.5, .share), RuleThreshold("clients", 100, .number)]
  let source = "Redis documentation (timeout, tcp-keepalive)"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let clients = try node.answers.clients.get()
    let share = Double(clients.idle) / Double(max(1, clients.count))
    guard Double(clients.idle) >= limits["clients"], share >= limits["info"] else { return [] }
    let holder = clients.largest.map {
      "; \(NumberText.count($0.count)) of all are \(KeyText.sanitized($0.holder.text))"
    }
    return [
      finding(
        .info,
        "\(NumberText.count(clients.idle)) of \(NumberText.count(clients.count)) connections have been idle for an hour"
          + (holder ?? ""),
        why: "connections that leak use up maxclients in the end",
        [("idle_clients", .int(clients.idle)), ("clients", .int(clients.count))],
        examination.server(node, "CLIENT", "LIST"))
    ]
  }
}
