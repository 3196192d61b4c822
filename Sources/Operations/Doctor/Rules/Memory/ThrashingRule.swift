import Quantities
import Reporting

/// Misses and evictions far above what is usual, together.
struct ThrashingRule: NodeRule {
  let id = "thrashing"
  let subject = "misses and evictions a second, as a multiple of those since the start"
  let thresholds = [
    RuleThreshold("critical", 3, .number), RuleThreshold("keys", 1000, .number),
    RuleThreshold("uptime", 1800, .duration),
  ]
  let source = "field tools; fewer than this many of either are not judged"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    try node.mustHaveRun(limits["uptime"])
    guard let interval = node.figures.interval else { throw .early("there is no interval to judge") }
    let evicted = try node.known(interval.evictedKeys, "evicted_keys")
    let missed = try node.known(interval.misses, "keyspace_misses")
    guard Double(min(evicted, missed)) >= limits["keys"], StatsVerdict.isAtLimit(node.figures.gauges),
      let evictions = factor(\.evictedKeys, node), let misses = factor(\.misses, node),
      min(evictions, misses) >= limits["critical"]
    else { return [] }
    return [
      finding(
        .critical,
        "misses are \(NumberText.fixed(misses, decimals: 1)) times as frequent as usual, and evictions "
          + "\(NumberText.fixed(evictions, decimals: 1)) times (\(NumberText.keys(evicted)) evicted)",
        why: "keys are evicted before they are read again: the cache works and serves little",
        [
          ("evicted_keys", .int(evicted)), ("misses", .int(missed)), ("misses_factor", .double(misses)),
          ("evictions_factor", .double(evictions)),
        ], examination.command(.scan, [.mostMemoryFirst, .top(10)]))
    ]
  }

  /// How many times as frequent as since the start something is.
  private func factor(_ path: KeyPath<StatsWindow, Int?>, _ node: NodeFacts) -> Double? {
    guard let now = node.figures.interval?.rate(path), let usual = node.figures.lifetime.rate(path), usual > 0
    else { return nil }
    return now / usual
  }
}
