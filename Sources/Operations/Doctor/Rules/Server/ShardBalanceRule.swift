import Quantities
import Reporting

/// Shards of a cluster that hold or do far more than their share.
struct ShardBalanceRule: TargetRule {
  let id = "shard-balance"
  let subject = "how far the keys, memory or commands of a shard are above the mean of all"
  let thresholds = [
    RuleThreshold("info", 0.25, .share), RuleThreshold("warning", 0.5, .share),
    RuleThreshold("keys", 10_000, .number), RuleThreshold("bytes", 100e6, .bytes),
    RuleThreshold("operations", 1000, .number),
  ]
  let source = "AWS: best practices (25 %); smaller means are not judged"

  func findings(in examination: Examination, _ limits: RuleLimits) throws(FactGap) -> [ReportFinding] {
    guard examination.nodes.count > 1 else { return [] }
    let kinds: [(name: String, least: String, path: KeyPath<StatsGauges, Int?>, text: (Int) -> String)] = [
      ("keys", "keys", \.keys, { NumberText.keys($0) }),
      ("memory", "bytes", \.usedMemory, { NumberText.bytes($0) }),
      ("commands a second", "operations", \.operationsPerSecond, { NumberText.count($0) }),
    ]
    var found: [ReportFinding] = []
    for kind in kinds {
      var figures: [(address: String, value: Int)] = []
      for node in examination.nodes {
        figures.append((node.address, try node.known(node.figures.gauges[keyPath: kind.path], kind.name)))
      }
      let mean = Double(figures.reduce(0) { $0 + $1.value }) / Double(figures.count)
      guard let most = figures.max(by: { $0.value < $1.value }), mean >= limits[kind.least] else { continue }
      let above = Double(most.value) / mean - 1
      guard let severity = limits.severity(atLeast: above) else { continue }
      found.append(
        finding(
          severity,
          "\(most.address) has \(NumberText.share(above, spaced: true)) more \(kind.name) than the mean shard "
            + "(\(kind.text(most.value)) against \(kind.text(Int(mean))))",
          why: "the fullest shard evicts, and the busiest one is slow, while others have room",
          [("node", .string(most.address)), ("value", .int(most.value)), ("mean", .double(mean))],
          examination.command(.scan, [.grouping(.node)])
        ).placed(at: most.address, isNamed: false))
    }
    return found
  }
}
