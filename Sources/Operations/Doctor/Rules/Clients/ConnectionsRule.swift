import Bytes
import Quantities
import Reporting

/// A server that is short of connections.
struct ConnectionsRule: NodeRule {
  let id = "connections"
  let subject = "connected clients, of maxclients, and connections turned away in the interval"
  let thresholds = [RuleThreshold("warning", 0.8, .share), RuleThreshold("critical", 0.95, .share)]
  let source = "collections of alerts; any connection turned away is critical"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    if let found = examination.judge(node).rejections {
      return [
        finding(
          .critical, found.message, why: "clients that are turned away see an outage", found.figures,
          examination.server(node, "CLIENT", "LIST"))
      ]
    }
    let gauges = node.figures.gauges
    let clients = try node.known(gauges.connectedClients, "connected_clients")
    let most = try node.known(gauges.maxclients, "maxclients")
    let share = Double(clients) / Double(max(1, most))
    guard let severity = limits.severity(atLeast: share) else { return [] }
    let known = try? node.answers.clients.get()
    let holder = known?.largest.map {
      "; \(NumberText.count($0.count)) of them \(KeyText.sanitized($0.holder.text))"
    }
    return [
      finding(
        severity,
        "\(NumberText.count(clients)) of \(NumberText.count(most)) connections are in use "
          + "(\(NumberText.share(share, spaced: true)))\(holder ?? "")",
        why: "beyond maxclients new connections are turned away",
        [
          ("connected_clients", .int(clients)), ("maxclients", .int(most)),
          ("idle_clients", .optional(known?.idle)),
        ], examination.server(node, "CLIENT", "LIST"))
    ]
  }
}
