import Quantities
import Reporting

/// A cache with a limit that may not evict.
struct NoEvictionRule: NodeRule {
  let id = "noeviction"
  let subject =
    "the policy noeviction where most keys have a TTL, as in a cache; a warning from this much of maxmemory on"
  let thresholds = [RuleThreshold("warning", 0.5, .share)]
  let source = "Redis documentation"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let gauges = node.figures.gauges
    guard try node.known(gauges.maxmemoryPolicy, "maxmemory_policy") == "noeviction",
      try node.known(gauges.maxmemory, "maxmemory") > 0, try node.isCache()
    else { return [] }
    let isPressing = (gauges.memoryRatio ?? 0) >= limits["warning"]
    return [
      finding(
        isPressing ? .warning : .info,
        "maxmemory-policy is noeviction on a cache (\(examination.judge(node).memory(gauges)))",
        why: "once full it refuses writes in place of making room",
        examination.judge(node).evidence(nil, gauges),
        examination.server(node, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru"))
    ]
  }
}
