import Quantities
import Reporting

/// Keys whose time is over and that still take memory.
struct ExpiryLagRule: NodeRule {
  let id = "expiry-lag"
  let subject = "keys that have expired and are still there, of all keys with a TTL"
  let thresholds = [
    RuleThreshold("info", 0.15, .share), RuleThreshold("warning", 0.25, .share),
    RuleThreshold("keys", 10_000, .number),
  ]
  let source = "Redis documentation (the server aims at 10 %); fewer keys with a TTL are not judged"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let share = try node.decimal("expired_stale_perc") / 100
    let expiring = try node.keys().expiring
    guard Double(expiring) >= limits["keys"], let severity = limits.severity(atLeast: share) else {
      return []
    }
    return [
      finding(
        severity,
        "about \(NumberText.share(share, spaced: true)) of the \(NumberText.count(expiring)) keys with a TTL have "
          + "expired and are still there",
        why: "they hold memory that live keys could use; a higher active-expire-effort removes them sooner",
        [("expired_stale_ratio", .double(share)), ("keys_with_ttl", .int(expiring))],
        examination.server(node, "CONFIG", "SET", "active-expire-effort", "4"))
    ]
  }
}
