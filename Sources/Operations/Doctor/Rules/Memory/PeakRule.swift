import Quantities
import Reporting

/// Memory that was far higher once.
struct PeakRule: NodeRule {
  let id = "peak"
  let subject = "the most memory since the start, relative to that in use"
  let thresholds = [RuleThreshold("info", 1.5, .number), RuleThreshold("bytes", 100e6, .bytes)]
  let source = "MEMORY DOCTOR"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let (peak, used) = (try node.amount("used_memory_peak"), try node.amount("used_memory"))
    let ratio = Double(peak) / Double(max(1, used))
    guard ratio > limits["info"], Double(peak - min(peak, used)) > limits["bytes"] else { return [] }
    return [
      finding(
        .info, "memory was \(NumberText.bytes(peak)) once and is \(NumberText.bytes(used)) now",
        why: "the allocator may not give back what was freed, so that the process stays large",
        [("used_memory_peak_bytes", .int(peak)), ("used_memory_bytes", .int(used))],
        examination.command(.stats))
    ]
  }
}
