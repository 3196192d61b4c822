import Bytes
import Keyspace
import Quantities
import Reporting

/// Judges groups by what they earn: how often their keys are found, and what they take.
struct HitsVerdict {
  /// A group is judged by this many reads at least.
  private static let fewestReads = 100
  /// A group that takes less than this part of all bytes is not worth a word.
  private static let leastShare = 0.01

  let groups: [HitsGroup]
  /// The labels of the groups as they were read.
  let labels: [GroupLabel]
  let seconds: Double
  let grouping: ScanGrouping
  /// True where misses are inferred from what was filled in.
  let isInferred: Bool
  let separator: String?
  let commandContext: [SuggestedOption]

  /// The findings, the worst first.
  var findings: [ReportFinding] {
    // Where nothing is read, nothing can be said of what is not.
    let isQuiet = groups.reduce(0) { $0 + ($1.reads ?? 0) } < HitsVerdict.fewestReads
    let all = isQuiet ? [] : zip(groups, labels).compactMap { poor($0, $1) ?? unread($0, $1) }
    return [Severity.critical, .warning, .info].flatMap { severity in all.filter { $0.severity == severity } }
  }

  private var bytes: Int { groups.reduce(0) { $0 + ($1.memoryBytes ?? 0) } }

  private func isLarge(_ group: HitsGroup) -> Bool {
    guard let own = group.memoryBytes, bytes > 0 else { return false }
    return Double(own) >= HitsVerdict.leastShare * Double(bytes)
  }

  /// A group whose reads mostly miss, by the upper end of its interval.
  private func poor(_ group: HitsGroup, _ label: GroupLabel) -> ReportFinding? {
    guard let ratio = group.hitRatio, let error = group.hitRatioError, let reads = group.reads,
      reads >= HitsVerdict.fewestReads, ratio + error < StatsVerdict.doubtful
    else { return nil }
    let isCostly = ratio + error < StatsVerdict.costly
    let misses = NumberText.share(1 - ratio, spaced: true)
    let holds = group.memoryBytes.map { "; it holds \(NumberText.bytes($0))" } ?? ""
    return finding(
      isCostly ? "earns-little" : "low-hit-ratio", isCostly ? .critical : .warning, group, label,
      "\(group.names.title(grouping)) \(isCostly ? "earns little" : "could earn more"): "
        + "\(misses) of its reads miss\(isInferred ? " (inferred)" : "")\(cause(group))\(holds)",
      [("hit_ratio", .double(ratio)), ("hit_ratio_error", .double(error)), ("reads", .int(reads))])
  }

  /// Why most of the misses of a group are, as a clause; empty where no cause has half of them.
  private func cause(_ group: HitsGroup) -> String {
    guard let causes = group.causes, let misses = group.misses, misses > 0 else { return "" }
    let parts: [(Int, String)] = [
      (causes.unseen, "keys never seen"), (causes.expired, "keys that expired"),
      (causes.evicted, "keys that were evicted"), (causes.deleted, "keys that were deleted"),
    ]
    guard let worst = parts.max(by: { $0.0 < $1.0 }), worst.0 * 2 >= misses else { return "" }
    return ", \(worst.0 * 10 >= misses * 9 ? "nearly all" : "most") for \(worst.1)"
  }

  /// A group that takes a good part of the memory and was not read.
  private func unread(_ group: HitsGroup, _ label: GroupLabel) -> ReportFinding? {
    guard group.reads == 0, let own = group.memoryBytes, isLarge(group) else { return nil }
    return finding(
      "not-read", .info, group, label,
      "\(group.names.title(grouping)) was not seen to be read in \(NumberText.elapsed(seconds)); it holds "
        + NumberText.bytes(own),
      [("reads", .int(0)), ("memory_bytes", .int(own))])
  }

  private func finding(
    _ id: String, _ severity: Severity, _ group: HitsGroup, _ label: GroupLabel, _ message: String,
    _ figures: [(String, JSON)]
  ) -> ReportFinding {
    let options = GroupSelection.options(
      for: label, name: nil, grouping: grouping, separator: separator)
    let suggester = CommandSuggester(verb: .hits, context: commandContext)
    return ReportFinding(
      id: id, severity: severity, namespace: group.names.namespace, version: group.names.version,
      message: message, figures: figures,
      command: suggester.command(.scan, options + (grouping == .template ? [] : [.grouping(.template)])))
  }
}
