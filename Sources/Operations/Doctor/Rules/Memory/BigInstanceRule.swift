import Quantities
import Reporting

/// A server so large that a restart, a resynchronization or a fork takes long.
struct BigInstanceRule: NodeRule {
  let id = "big-instance"
  let subject = "memory and commands a second of one server"
  let thresholds = [RuleThreshold("bytes", 25e9, .bytes), RuleThreshold("operations", 25_000, .number)]
  let source = "Redis: anti-patterns (25 GB or 25,000 operations a second for each shard)"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let used = try node.amount("used_memory")
    let operations = try node.amount("instantaneous_ops_per_sec")
    let isLarge = Double(used) > limits["bytes"]
    guard isLarge || Double(operations) > limits["operations"] else { return [] }
    return [
      finding(
        .info,
        isLarge
          ? "one server holds \(NumberText.bytes(used))"
          : "one server runs \(NumberText.count(operations)) commands a second",
        why: "several smaller shards restart, copy and fail over sooner",
        [("used_memory_bytes", .int(used)), ("ops_per_second", .int(operations))],
        examination.command(.scan, [.mostMemoryFirst, .top(10)]))
    ]
  }
}
