import Bytes
import Quantities
import Reporting

/// Commands that hold the server for long each time: whole reads of large collections, scripts, sorts.
struct HeavyCommandsRule: NodeRule {
  let id = "heavy-commands"
  let subject = "average time of a command's calls between the readings, and their part of all time"
  let thresholds = [
    RuleThreshold("average", 0.001, .duration), RuleThreshold("warning", 0.05, .share),
    RuleThreshold("critical", 0.5, .share), RuleThreshold("calls", 5, .number),
  ]
  let source = "Redis: anti-patterns (whole reads of large keys)"

  /// Commands that other rules are about, that wait by design, or that monitoring sends.
  private static let others: Set = ["keys", "info", "scan", "wait", "psync", "config|get", "client|list"]

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let heavy = try node.commandGrowths().filter { entry in
      !HeavyCommandsRule.others.contains(entry.name) && Double(entry.calls) >= limits["calls"]
        && Double(entry.microseconds) >= limits["average"] * 1e6 * Double(entry.calls)
    }
    return heavy.compactMap { entry in
      let share = Double(entry.microseconds) / 1e6 / max(0.001, node.seconds)
      guard let severity = limits.severity(atLeast: share) else { return nil }
      let average = Double(entry.microseconds) / 1e6 / Double(max(1, entry.calls))
      let name = KeyText.sanitized(entry.name.uppercased().replacing("|", with: " "))
      return finding(
        severity,
        "\(name) takes \(NumberText.latency(average)) a call and \(NumberText.share(share, spaced: true)) of all time "
          + "(\(NumberText.count(entry.calls)) calls in \(NumberText.elapsed(node.seconds)))",
        why: "all other clients wait meanwhile: read parts of large values, or split them",
        [
          ("command", .string(entry.name)), ("calls", .int(entry.calls)),
          ("average_seconds", .double(average)),
          ("share_of_time", .double(share)),
        ], examination.command(.scan, [.biggest(10)]))
    }
  }
}
