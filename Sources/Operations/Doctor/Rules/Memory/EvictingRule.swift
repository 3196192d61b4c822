import Quantities
import Reporting

/// A cache that evicts at its limit, and what would make room.
struct EvictingRule: NodeRule {
  let id = "evicting"
  let subject = "keys evicted at the memory limit, for each lookup"
  let thresholds = [RuleThreshold("info", 0, .share), RuleThreshold("warning", 0.01, .share)]
  let source = "a full cache evicts; more than one key for 100 lookups is lost work"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let window = node.figures.window
    let evicted = try node.known(window.evictedKeys, "evicted_keys")
    guard evicted > 0, StatsVerdict.isAtLimit(node.figures.gauges) else { return [] }
    let share = Double(evicted) / Double(max(1, window.lookups ?? 0))
    guard let severity = limits.severity(atLeast: share) else { return [] }
    let judge = examination.judge(node)
    let rate = window.rate(\.evictedKeys).map { ", \(NumberText.rate($0))" } ?? ""
    let evidence: [(String, JSON)] = [
      ("evicted_keys", .int(evicted)), ("lookups", .optional(window.lookups)),
    ]
    let (why, command) = remedy(examination)
    return [
      finding(
        severity,
        "evicted \(NumberText.keys(evicted)) \(judge.span(of: window))\(rate) at the memory limit "
          + "(\(judge.memory(node.figures.gauges)))",
        why: why, evidence + judge.evidence(nil, node.figures.gauges), command)
    ]
  }

  /// What takes room for nothing, where a scan shows it.
  private func remedy(_ examination: Examination) -> (String, SuggestedCommand?) {
    let waste = examination.scanned("superseded-version").first { $0.command != nil }
    if let waste { return ("what is in use does not fit, and \(waste.message)", waste.command) }
    return (
      "what is in use does not fit: keys go before their time, and come back as misses",
      examination.command(.scan, [.mostMemoryFirst, .top(10)])
    )
  }
}
