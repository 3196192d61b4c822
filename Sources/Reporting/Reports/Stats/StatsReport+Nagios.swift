import Bytes
import Quantities

/// The state of a Nagios check, which is also its exit code.
package enum StatsNagiosState: Int32, Sendable, Comparable {
  /// No condition holds.
  case ok = 0
  /// A `--warning` condition holds.
  case warning = 1
  /// A `--critical` condition holds.
  case critical = 2
  /// Nothing can be said.
  case unknown = 3

  /// Orders by the code.
  package static func < (left: StatsNagiosState, right: StatsNagiosState) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The word at the beginning of the line.
  package var word: String {
    switch self {
    case .ok: "OK"
    case .warning: "WARNING"
    case .critical: "CRITICAL"
    case .unknown: "UNKNOWN"
    }
  }

  /// The line of a check without figures.
  package func line(_ message: String) -> [UInt8] {
    // A bar would begin the performance data, a line end the long output.
    let safe = KeyText.sanitized(message).map { $0 == "|" ? "/" : $0 }
    return Array("REDISCACHE \(word) - \(String(safe))\n".utf8)
  }
}

/// The form of a stats report that Nagios and its kin read (Monitoring Plugins Development Guidelines).
extension StatsReport {
  /// One line: the state, why, and the figures with their performance data.
  package func nagios(_ state: StatsNagiosState, reasons: [String]) -> [UInt8] {
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
    let ratio = window.hitRatio ?? totals.lifetime.hitRatio
    var parts = ["hit ratio " + (ratio.map { NumberText.share($0, spaced: true) } ?? "unknown")]
    if window.hitRatio == nil || totals.interval == nil {
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
    return data.compactMap { name, value, tail in
      switch value {
      case .int(let number): "\(name)=\(number)\(tail)"
      case .double(let number): "\(name)=\(StatsReport.decimal(number))\(tail)"
      default: nil
      }
    }
  }

  /// A number without an exponent, which the guidelines do not know.
  private static func decimal(_ value: Double) -> String {
    let text = value.description
    guard text.contains("e"), abs(value) < 1 else { return text }
    let digits = String(Int((value * 1e9).rounded()))
    guard digits.count <= 9 else { return text }
    return "0." + String(repeating: "0", count: 9 - digits.count) + digits
  }
}
