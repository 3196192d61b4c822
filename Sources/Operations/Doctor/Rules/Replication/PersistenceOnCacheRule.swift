import Quantities
import Reporting

/// A cache that is written to disk although all of it expires.
struct PersistenceOnCacheRule: NodeRule {
  let id = "persistence-on-cache"
  let subject = "RDB or AOF on where this much of the keys has a TTL"
  let thresholds = [RuleThreshold("info", 0.99, .share), RuleThreshold("keys", 1000, .number)]
  let source = "Redis documentation (persistence is optional for a cache)"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let kinds = try node.persistence()
    let keys = try node.keys()
    let share = Double(keys.expiring) / Double(max(1, keys.all))
    guard !kinds.isEmpty, Double(keys.all) >= limits["keys"], share >= limits["info"] else { return [] }
    return [
      finding(
        .info,
        "\(kinds.joined(separator: " and ")) saves a cache of which \(NumberText.share(share, spaced: true)) expires",
        why: "each save forks and writes for keys that can be computed again; a warm restart may be worth it",
        [("keys", .int(keys.all)), ("keys_with_ttl", .int(keys.expiring))],
        examination.server(node, "CONFIG", "GET", "save"))
    ]
  }
}
