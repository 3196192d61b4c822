import Quantities

/// The form of a scan report that Nagios and its kin read (Monitoring Plugins Development Guidelines).
extension ScanReport {
  /// The state that the findings call for: only those of at least a `least` severity count.
  package func nagiosState(from least: Severity) -> NagiosState {
    let worst = findings.map(\.severity).filter { $0 >= least }.max()
    switch worst {
    case .critical: return .critical
    case .warning: return .warning
    case .info, nil: return isJudged ? .ok : .unknown
    }
  }

  /// One line: the state, the worst finding and the number of the others, and the figures with their performance data.
  package func nagios(from least: Severity) -> [UInt8] {
    let state = nagiosState(from: least)
    let counting = findings.filter { $0.severity >= least && $0.severity > .info }
    let worst = counting.max { $0.severity < $1.severity }
    var parts: [String] = []
    if let worst {
      let others = counting.count - 1
      let more = others == 0 ? "" : " (and \(NumberText.count(others)) more)"
      parts.append("\(worst.message)\(more)")
    }
    if !header.isComplete {
      parts.append("not all keys were covered")
    } else if !isJudged {
      parts.append("not all rules could be tried")
    }
    parts.append(summary)
    var line = state.line(parts.joined(separator: "; "))
    // Figures that lack keys would draw a dip that never was.
    guard header.isComplete else { return line }
    line.removeLast()
    return line + Array(" | \(performanceData.joined(separator: " "))\n".utf8)
  }

  private var summary: String {
    var parts = [NumberText.keys(totals.keys)]
    if let count = totals.withoutTTL { parts.append("\(NumberText.count(count)) never expire") }
    if let bytes = totals.memoryBytes { parts.append(NumberText.bytes(bytes)) }
    return parts.joined(separator: ", ")
  }

  private var performanceData: [String] {
    NagiosState.performanceData([
      ("keys", .int(totals.keys), ";;;0"), ("keys_without_ttl", .optional(totals.withoutTTL), ";;;0"),
      ("memory", .optional(totals.memoryBytes), "B;;;0"),
      ("critical", .int(findings.count { $0.severity == .critical }), ";;;0"),
      ("warnings", .int(findings.count { $0.severity == .warning }), ";;;0"),
    ])
  }
}
