import Quantities
import Reporting

/// Commands that take long in the server itself.
struct LatencyRule: NodeRule {
  let id = "latency"
  let subject = "the 99th percentile of the server's own time for a command"
  let thresholds = [
    RuleThreshold("warning", 0.001, .duration), RuleThreshold("critical", 0.01, .duration),
    RuleThreshold("commands", 1000, .number),
  ]
  let source = "a command of a cache takes microseconds; fewer commands are not judged"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let gauges = node.figures.gauges
    let latency = try node.known(gauges.latencyP99, "latencystats, nor LATENCY HISTOGRAM its bins,")
    let commands = node.figures.window.commands ?? 0
    guard gauges.latencySource != .percentiles else {
      throw .unavailable("LATENCY HISTOGRAM is not available here")
    }
    guard Double(commands) >= limits["commands"], gauges.latencySource == .intervalHistogram else {
      throw .early("\(NumberText.count(commands)) commands are too few to judge")
    }
    guard let severity = limits.severity(atLeast: latency) else { return [] }
    return [
      finding(
        severity, "one command in a hundred holds the server for \(NumberText.latency(latency)) or longer",
        why: "commands run one after the other: each slow one delays all that wait behind it",
        [("latency_p99_seconds", .double(latency)), ("commands", .int(commands))],
        examination.server(node, "SLOWLOG", "GET", "10"))
    ]
  }
}
