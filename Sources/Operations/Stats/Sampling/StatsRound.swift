import RedisClient
import Reporting

/// What one look at all servers of a target brought.
struct StatsRound: Sendable {
  /// A server, or a shard, that could not be read.
  struct Fault: Sendable {
    /// Where it was looked for; nil where no node is known to have the slots.
    let address: String?
    /// The slots whose keys it has.
    let slots: SlotSet
    let error: ClientError
  }

  /// The readings in the order of the lowest slots.
  var readings: [StatsReading]
  /// What could not be read.
  var faults: [Fault] = []
  /// Slots without a node.
  var uncovered = SlotSet()
  /// True where the readings are of a whole cluster.
  var isWholeCluster = false

  /// What a reader must know of what is missing.
  var warnings: [String] {
    var warnings: [String] = []
    if !uncovered.isEmpty {
      warnings.append("no node of the cluster has the slots \(uncovered): there are no figures of them")
    }
    warnings += faults.map { fault in
      "the figures of \(fault.address.map { "\($0) (slots \(fault.slots))" } ?? "the slots \(fault.slots)") are missing: "
        + fault.error.message
    }
    if !faults.isEmpty {
      warnings.append(
        "the totals are those of \(readings.count) of \(readings.count + faults.count) nodes, not of the cluster"
      )
    }
    return warnings
  }

  /// The nodes as a report's header lists them.
  var headerNodes: [ReportHeader.Node] {
    readings.map { .init(address: $0.address, role: $0.facts.role) }
      + faults.compactMap { fault in fault.address.map { .init(address: $0, role: nil) } }
  }

  /// The nodes that a report has no figures of.
  var unread: [StatsReport.Unread] {
    faults.map { .init(address: $0.address, slots: $0.slots.description, reason: $0.error.message) }
  }
}
