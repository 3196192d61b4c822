import Bytes
import Keyspace
import Quantities
import Reporting

/// Findings about what keys cost, and whether they are used.
extension ScanFindings {
  /// One key of this size holds up every client that reads it whole.
  static let bigKeyBytes = 1 << 20
  /// One key of this size can stall the server.
  static let hugeKeyBytes = 64 << 20
  /// A median idle time beyond this says that most of a group is stored and not used.
  static let idleSeconds: Int64 = 24 * 3600

  var bigKeys: Weighted? {
    let big = scan.tally.biggest.entries.filter { $0.bytes >= ScanFindings.bigKeyBytes }
    guard let largest = big.first else { return nil }
    let type = scan.bigKeyTypes[largest.key] ?? nil
    let basis = scan.quota == nil ? "" : " (the largest among the keys that were sampled)"
    let finding = ReportFinding(
      id: "big-key", severity: largest.bytes >= ScanFindings.hugeKeyBytes ? .critical : .warning,
      message: "the\(type.map { " " + KeyText.sanitized($0) } ?? "") key "
        + "\(KeyText.display(largest.key, maxWidth: 80)) takes \(NumberText.bytes(largest.bytes)): "
        + "reading or deleting it whole holds up every client\(basis)",
      figures: [("key", .key(largest.key)), ("bytes", .int(largest.bytes)), ("type", .optional(type))],
      command: suggest([.biggest(10)]))
    return (finding, largest.bytes)
  }

  func lowReuse(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard let median = group.estimate.idle.quantile(0.5), median >= ScanFindings.idleSeconds else {
      return nil
    }
    return finding(
      "low-reuse", .info, group,
      "half of the keys of \(group.title) have not been used for \(NumberText.duration(Double(median)))",
      figures: figures(summaries.group(of: group)) + [("idle_p50_seconds", .int(Int(median)))],
      command: suggest(selecting(group) + [.idleAbove(milliseconds: 1000 * ScanFindings.idleSeconds), .list]))
  }
}
