import Bytes

/// The form of a scan report that Prometheus reads.
extension ScanReport {
  /// The report as metrics: the groups that a table shows, the rest of them together, and the findings by severity.
  ///
  /// The number of series is bounded as that of rows is.
  package var prometheus: [UInt8] {
    var text = PrometheusText(labels: header.labels)
    for (name, help, value) in ScanReport.metrics {
      text.declare(name, help, type: "gauge")
      for group in groups.prefix(top) {
        if let number = value(group) { text.sample(name, labels(of: group), Double(number)) }
      }
      let rest = groups.dropFirst(top).compactMap(value)
      if !rest.isEmpty { text.sample(name, [("group", "rest")], Double(rest.reduce(0, +))) }
    }
    text.declare("rediscache_scan_findings", "Findings by severity.", type: "gauge")
    for severity in Severity.allCases {
      let count = findings.count { $0.severity == severity }
      text.sample("rediscache_scan_findings", [("severity", severity.rawValue)], Double(count))
    }
    text.declare("rediscache_scan_duration_seconds", "How long the scan took.", type: "gauge")
    text.sample("rediscache_scan_duration_seconds", [], rounded(header.durationSeconds, to: 3))
    text.declare("rediscache_scan_complete", "1 where all keys were covered.", type: "gauge")
    text.sample("rediscache_scan_complete", [], header.isComplete ? 1 : 0)
    text.addUp(true, command: "scan")
    return text.bytes
  }

  private static let metrics: [(name: String, help: String, value: @Sendable (ScanGroup) -> Int?)] = [
    ("rediscache_scan_keys", "Keys of the group.", { $0.keys }),
    ("rediscache_scan_keys_without_ttl", "Keys of the group that never expire.", { $0.withoutTTL }),
    ("rediscache_scan_memory_bytes", "Bytes that the keys of the group use, estimated.", { $0.memoryBytes }),
    ("rediscache_scan_keys_unmeasured", "Keys of the group that could not be measured.", { $0.unmeasured }),
  ]

  /// The names of a group as labels; with its database, unless that is a label of all groups.
  private func labels(of group: ScanGroup) -> [(String, String)] {
    let labels = group.labels(grouping)
    guard header.database == nil, namesDatabases, let database = group.database else { return labels }
    return labels + [("db", String(database))]
  }
}

extension ScanGroup {
  /// The names as labels; what a group does not have is an empty label, which Prometheus treats as none.
  func labels(_ grouping: ScanGrouping) -> [(String, String)] {
    if isOverflow { return [("overflow", "true")] }
    func text(_ bytes: [UInt8]?) -> String { bytes.map(KeyText.quoted) ?? "" }
    return switch grouping {
    case .namespace: [("namespace", text(namespace))]
    case .version: [("namespace", text(namespace)), ("version", text(version))]
    case .entity: [("entity", text(entity))]
    case .template: [("template", text(template))]
    case .type: [("type", type ?? "")]
    case .node: [("node", node ?? "")]
    case .database: []
    case .role: [("role", role ?? "")]
    case .segment: [("segment", text(segment))]
    }
  }
}
