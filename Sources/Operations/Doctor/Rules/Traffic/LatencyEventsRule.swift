import Bytes
import Quantities
import Reporting

/// What the server itself has noted of moments in which nothing was answered.
struct LatencyEventsRule: NodeRule {
  let id = "latency-events"
  let subject = "events of LATENCY LATEST in the last hour, other than commands, by their latest time"
  let thresholds = [RuleThreshold("info", 0.05, .duration), RuleThreshold("warning", 0.25, .duration)]
  let source = "Redis documentation (latency monitoring)"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let events = try node.answers.latency.get()
    let now = node.answers.now
    return events.filter { now - $0.at <= 3600 && !["command", "fast-command"].contains($0.name) }
      .compactMap { event in
        guard let severity = limits.severity(atLeast: Double(event.latest) / 1000) else { return nil }
        return finding(
          severity,
          "\(KeyText.sanitized(event.name)) held the server for "
            + "\(NumberText.latency(Double(event.latest) / 1000)) "
            + "\(NumberText.elapsed(Double(max(0, now - event.at)))) ago",
          why: "nothing is answered meanwhile",
          [
            ("event", .string(event.name)), ("latest_seconds", .double(Double(event.latest) / 1000)),
            ("longest_seconds", .double(Double(event.longest) / 1000)),
          ], examination.server(node, "LATENCY", "DOCTOR"))
      }
  }
}
