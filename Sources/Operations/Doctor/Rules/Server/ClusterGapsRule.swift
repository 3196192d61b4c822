import Reporting

/// Slots without a node, and nodes that cannot be read.
struct ClusterGapsRule: TargetRule {
  let id = "cluster-gaps"
  let subject = "slots that no node has, and shards that cannot be read"
  let source = "Redis documentation (a cluster with uncovered slots refuses commands by default)"

  func findings(in examination: Examination, _ limits: RuleLimits) throws(FactGap) -> [ReportFinding] {
    var found = examination.unread.map { part in
      finding(
        .critical, "\(part.address ?? "the shard of slots \(part.slots)") cannot be read: \(part.reason)",
        why: "its part of the keys (slots \(part.slots)) is likely out of reach for clients too",
        [("slots", .string(part.slots)), ("node", .optional(part.address))])
    }
    if let slots = examination.uncoveredSlots {
      found.insert(
        finding(
          .critical, "no node has the slots \(slots)",
          why: "commands on their keys fail, and by default all others with them", [("slots", .string(slots))]
        ), at: 0)
    }
    return found
  }
}
