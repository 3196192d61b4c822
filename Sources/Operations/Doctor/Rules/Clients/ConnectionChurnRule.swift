import Bytes
import Quantities
import Reporting

/// Clients that connect anew for every few commands.
struct ConnectionChurnRule: NodeRule {
  let id = "connection-churn"
  let subject = "new connections, of all commands in the interval, and a second"
  let thresholds = [
    RuleThreshold("warning", 0.1, .share), RuleThreshold("critical", 0.5, .share),
    RuleThreshold("rate", 10, .number), RuleThreshold("critical-rate", 1000, .number),
  ]
  let source = "AWS: best practices (connection pools); fewer a second are not judged"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let made = max(0, try node.growth("total_connections_received"))
    let commands = max(1, try node.growth("total_commands_processed"))
    let rate = Double(made) / max(0.001, node.seconds)
    let share = Double(made) / Double(commands)
    guard rate >= limits["rate"], var severity = limits.severity(atLeast: share) else { return [] }
    if rate < limits["critical-rate"] { severity = .warning }
    let holder = (try? node.answers.clients.get())?.largest.map {
      "; most connections are \(KeyText.sanitized($0.holder.text))"
    }
    return [
      finding(
        severity,
        "\(NumberText.rate(rate)) new connections, one for every "
          + "\(share > 0.67 ? "command" : NumberText.fixed(1 / share, decimals: 0) + " commands")\(holder ?? "")",
        why: "connecting costs more than most commands: use a pool, or connections that stay open",
        [
          ("connections_received", .int(made)), ("commands", .int(commands)),
          ("seconds", .double(node.seconds)),
        ], examination.server(node, "CLIENT", "LIST"))
    ]
  }
}
