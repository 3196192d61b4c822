import Quantities

/// The form of a stats report that Nagios and its kin read (Monitoring Plugins Development Guidelines).
extension StatsReport {
  /// One line: the state, why, and the figures with their performance data.
  package func nagios(_ state: NagiosState, reasons: [String]) -> [UInt8] {
    let message = (reasons + [summary]).joined(separator: "; ")
    var line = state.line(message)
    // Figures that lack a node would draw a dip that never was.
    guard unread.isEmpty else { return line }
    line.removeLast()
    return line + Array(" | \(performanceData.joined(separator: " "))\n".utf8)
  }

  /// The figures that matter, in a few words.
  private var summary: String {
    let window = totals.window
    // Without lookups in the interval the ratio of before is better than none.
    let ratio = window.hitRatioText ?? totals.lifetime.hitRatioText
    var parts = ["hit ratio " + (ratio ?? "unknown")]
    if window.hitRatioText == nil || totals.interval == nil {
      if ratio != nil { parts[0] += " since start" }
    } else if let length = window.lengthText {
      parts[0] += " in \(length)"
    }
    if let used = totals.gauges.usedMemory {
      let limit = totals.gauges.maxmemory ?? 0
      parts.append("memory " + (limit > 0 ? NumberText.bytes(used, of: limit) : NumberText.bytes(used)))
    }
    if let evicted = window.evictedKeys { parts.append("\(NumberText.count(evicted)) evicted") }
    if let keys = totals.gauges.keys { parts.append(NumberText.keys(keys)) }
    return (shareOfNodes.map { $0 + ": " } ?? "") + parts.joined(separator: ", ")
  }

  private var performanceData: [String] {
    let (window, gauges) = (totals.window, totals.gauges)
    let limit = gauges.maxmemory ?? 0
    let data: [(String, JSON, String)] = [
      ("hit_ratio", .optional(window.hitRatio.map { rounded($0 * 100, to: 3) }), "%;;;0;100"),
      ("hits", .optional(totals.lifetime.serverHits), "c"),
      ("misses", .optional(totals.lifetime.serverMisses), "c"),
      ("evicted_keys", .optional(totals.lifetime.evictedKeys), "c"),
      ("expired_keys", .optional(totals.lifetime.expiredKeys), "c"),
      ("used_memory", .optional(gauges.usedMemory), "B;;;0" + (limit > 0 ? ";\(limit)" : "")),
      (
        "connected_clients", .optional(gauges.connectedClients),
        ";;;0" + (gauges.maxclients.map { ";\($0)" } ?? "")
      ),
      ("keys", .optional(gauges.keys), ";;;0"),
      ("latency_p99", .optional(gauges.latencyP99.map { rounded($0, to: 9) }), "s;;;0"),
    ]
    return NagiosState.performanceData(data)
  }
}
