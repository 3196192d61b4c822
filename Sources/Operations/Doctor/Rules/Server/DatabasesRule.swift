import Quantities
import Reporting

/// Keys in several databases of one server.
struct DatabasesRule: NodeRule {
  let id = "databases"
  let subject = "databases that have keys"
  let thresholds = [RuleThreshold("info", 2, .number)]
  let source = "RedisInsight"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let count = node.databaseCount
    guard Double(count) >= limits["info"] else { return [] }
    return [
      finding(
        .info, "\(NumberText.count(count)) databases hold keys",
        why:
          "they share memory, eviction and CPU, and a cluster has only one: prefixes, or servers, keep things apart",
        [("databases", .int(count))], examination.command(.scan, [.allDatabases]))
    ]
  }
}
