import Bytes
import Quantities
import Reporting

/// What the log of slow commands holds of the last hour, by command and template.
struct SlowCommandsRule: NodeRule {
  let id = "slow-commands"
  let subject = "entries of SLOWLOG of the last hour: the longest call, and the time of all of them together"
  let thresholds = [
    RuleThreshold("longest", 0.01, .duration), RuleThreshold("warning", 1, .duration),
    RuleThreshold("critical", 60, .duration),
  ]
  let source = "AWS: best practices (10 ms); one slow call is a note, a second of them in an hour a warning"

  /// More groups make no page that anybody reads.
  private static let mostGroups = 3

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let groups = try node.answers.slow.get().groups
    let slow = groups.filter { Double($0.longest) / 1e6 >= limits["longest"] }
    return slow.prefix(Self.mostGroups).map { group in
      let (longest, total) = (Double(group.longest) / 1e6, Double(group.microseconds) / 1e6)
      let severity = limits.severity(atLeast: total) ?? .info
      let place = group.template.map { " on \(KeyText.quoted($0))" } ?? ""
      return finding(
        severity,
        "\(group.command)\(place) was slow \(NumberText.count(group.calls)) time\(group.calls == 1 ? "" : "s") in the "
          + "last hour, up to \(NumberText.latency(longest))",
        why: "all other clients waited meanwhile",
        JSON.names([("template", group.template)]) + [
          ("command", .string(group.command)), ("calls", .int(group.calls)),
          ("longest_seconds", .double(longest)), ("seconds", .double(total)),
        ],
        group.template.flatMap { examination.command(.scan, [.template(KeyText.quoted($0)), .biggest(10)]) }
          ?? examination.server(node, "SLOWLOG", "GET", "10"))
    }
  }
}
