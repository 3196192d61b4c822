import Quantities
import Reporting

/// A cache whose lookups miss.
struct HitRatioRule: TargetRule {
  let id = "hit-ratio"
  let subject = "hits, of all lookups in the interval, or since the start where it had too few"
  let thresholds = [
    RuleThreshold("info", 0.9, .share), RuleThreshold("warning", 0.8, .share),
    RuleThreshold("critical", 0.5, .share), RuleThreshold("lookups", 1000, .number),
    RuleThreshold("uptime", 1800, .duration),
  ]
  let source = "common practice; a cold cache, and one that is hardly used, are not judged"

  func findings(in examination: Examination, _ limits: RuleLimits) throws(FactGap) -> [ReportFinding] {
    for node in examination.nodes { try node.mustHaveRun(limits["uptime"]) }
    let judge = StatsVerdict(figures: examination.totals, commandContext: examination.commandContext)
    let window = window(examination.totals, limits["lookups"])
    guard let lookups = window.lookups else { throw .unavailable("INFO does not tell keyspace_hits") }
    guard Double(lookups) >= limits["lookups"], let range = window.hitRatioRange,
      let text = window.hitRatioText
    else {
      throw .early("\(NumberText.count(lookups)) lookups are too few to judge")
    }
    // What is left out may have been hits or misses: only what holds for either is said.
    guard let severity = limits.severity(below: range.upperBound) else { return [] }
    let (cause, next) = judge.cause(window)
    return [
      finding(
        severity, "hit ratio \(text) \(judge.span(of: window)): \(cause)",
        why: severity == .critical ? "a cache that misses this often likely costs more than it saves" : nil,
        [
          ("hit_ratio", .optional(window.hitRatio)), ("hit_ratio_min", .double(range.lowerBound)),
          ("hit_ratio_max", .double(range.upperBound)), ("lookups", .int(lookups)),
        ],
        examination.command(next.verb, next.options))
    ]
  }

  /// The interval where it has enough lookups, else the time since the start.
  private func window(_ figures: StatsReport.Figures, _ enough: Double) -> StatsWindow {
    guard let interval = figures.interval, Double(interval.lookups ?? 0) >= enough else {
      return figures.lifetime
    }
    return interval
  }
}
