import Quantities
import Reporting

/// A server near its memory limit that has nothing, or nearly nothing, to evict.
struct MemoryHighRule: NodeRule {
  let id = "memory-high"
  let subject =
    "memory in use, of maxmemory, where nothing can be evicted; under a policy that evicts, a note"
  let thresholds = [RuleThreshold("warning", 0.8, .share), RuleThreshold("critical", 0.9, .share)]
  let source = "collections of alerts (75 to 80 % and 90 %); a cache that evicts is meant to be full"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let gauges = node.figures.gauges
    guard try node.known(gauges.maxmemory, "maxmemory") > 0 else { return [] }
    let ratio = try node.known(gauges.memoryRatio, "used_memory")
    guard let severity = limits.severity(atLeast: ratio) else { return [] }
    let judge = examination.judge(node)
    let memory = judge.memory(gauges)
    let evidence = judge.evidence(nil, gauges)
    guard let obstacle = StatsVerdict.obstacle(gauges) else {
      guard severity == .critical else { return [] }
      return [
        finding(
          .info, "memory is near its limit (\(memory)), and \(gauges.maxmemoryPolicy ?? "the policy") evicts",
          evidence)
      ]
    }
    return [
      finding(
        severity, "memory is near its limit (\(memory)), \(obstacle)",
        why: "at the limit the server refuses writes in place of making room", evidence,
        examination.command(.scan, [.mostMemoryFirst, .top(10)]))
    ]
  }
}
