import Quantities
import Reporting

/// A policy that may evict keys with a TTL only, where few have one.
struct VolatileWithoutTTLRule: NodeRule {
  let id = "volatile-policy-without-ttl"
  let subject = "a volatile policy, and keys with a TTL, of all keys"
  let thresholds = [
    RuleThreshold("share", 0.1, .share), RuleThreshold("keys", 100, .number),
    RuleThreshold("critical", 0.9, .share),
  ]
  let source = "Redis documentation; critical from this much of maxmemory on"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let gauges = node.figures.gauges
    let policy = try node.known(gauges.maxmemoryPolicy, "maxmemory_policy")
    guard policy.hasPrefix("volatile-"), try node.known(gauges.maxmemory, "maxmemory") > 0 else { return [] }
    let keys = try node.keys()
    let share = Double(keys.expiring) / Double(max(1, keys.all))
    guard Double(keys.all) >= limits["keys"], share < limits["share"] else { return [] }
    let isPressing = (gauges.memoryRatio ?? 0) >= limits["critical"]
    return [
      finding(
        isPressing ? .critical : .warning,
        "\(policy) may evict only keys with a TTL, and \(NumberText.count(keys.expiring)) of "
          + "\(NumberText.keys(keys.all)) have one (\(examination.judge(node).memory(gauges)))",
        why: "once full the server evicts what little it may, and then refuses writes",
        examination.judge(node).evidence(nil, gauges) + [("keys", .int(keys.all))],
        examination.command(.scan, [.noTTL, .grouping(.template)]))
    ]
  }
}
