import Quantities
import Reporting

/// A cache without a limit.
struct NoMaxmemoryRule: NodeRule {
  let id = "no-maxmemory"
  let subject = "maxmemory 0, with memory in use as a share of the machine's"
  let thresholds = [
    RuleThreshold("info", 0, .share), RuleThreshold("warning", 0.05, .share),
    RuleThreshold("critical", 0.8, .share), RuleThreshold("size", 1e9, .bytes),
  ]
  let source = "Redis documentation; from size on it is a warning on any machine"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let gauges = node.figures.gauges
    guard try node.known(gauges.maxmemory, "maxmemory") == 0 else { return [] }
    let used = try node.known(gauges.usedMemory, "used_memory")
    let machine = try? node.amount("total_system_memory")
    let share = machine.map { Double(used) / Double(max(1, $0)) } ?? 0
    var severity = limits.severity(atLeast: share) ?? .info
    if severity == .info, Double(used) >= limits["size"] { severity = .warning }
    let place = machine.map { " of the machine's \(NumberText.bytes($0))" } ?? ""
    return [
      finding(
        severity, "no maxmemory: \(NumberText.bytes(used))\(place) in use, and nothing bounds it",
        why: "a cache without a limit grows until the system stops it; CONFIG SET maxmemory bounds it",
        [("used_memory_bytes", .int(used)), ("total_system_memory_bytes", .optional(machine))],
        examination.command(.scan, [.mostMemoryFirst, .top(10)]))
    ]
  }
}
