import Keyspace
import Quantities
import Reporting

/// A group of which most keys are stored and not used.
struct LowReuseRule: GroupRule {
  let id = "low-reuse"

  /// A median idle time of this many seconds says that most keys are not used.
  private static let idleSeconds: Int64 = 24 * 3600

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    guard let median = group.estimate.idle.quantile(0.5), median >= Self.idleSeconds else { return nil }
    return finding(
      .info, on: group.label,
      "half of the keys of \(group.title) have not been used for \(NumberText.duration(Double(median)))",
      figures: scan.row(of: group).keyFigures + [("idle_p50_seconds", .int(Int(median)))],
      command: scan.look(at: group, [.idleAbove(milliseconds: 1000 * Self.idleSeconds), .list]))
  }
}
