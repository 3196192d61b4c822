import Bytes
import Reporting

/// A server that gets no security fixes any more.
struct OldVersionRule: NodeRule {
  let id = "old-version"
  let subject = "Redis before 6.2"
  let source = "redis.io: versions that are still mended"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    guard node.make == "redis" else { return [] }
    let version = try node.word("redis_version")
    let parts = version.split(separator: ".").compactMap { Int($0) }
    guard parts.count >= 2, (parts[0], parts[1]) < (6, 2) else { return [] }
    return [
      finding(
        .info, "Redis \(KeyText.sanitized(version)) is at its end of life",
        why: "no security fixes are made for it", [("redis_version", .string(version))])
    ]
  }
}
