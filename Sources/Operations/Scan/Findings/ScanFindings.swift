import Bytes
import Keyspace
import Reporting

/// Finds what the owner of a cache should know, and names the command to run next.
struct ScanFindings {
  /// Groups smaller than this are left out of findings about groups: they are noise to most readers.
  static let fewestKeys = 10
  /// So many findings of one kind are told at most, for the groups with most keys.
  static let mostOfAKind = 20

  let request: ScanRequest
  let summaries: ScanSummaries
  let totals: ScanGroup
  let scan: ScanRun
  /// Keys that never expire, where INFO knows them exactly although they were sampled.
  let knownWithoutTTL: Int?

  typealias Weighted = (finding: ReportFinding, weight: Int)

  /// The findings, the worst first and within a severity by the keys concerned.
  func findings() -> [ReportFinding] {
    let all = groupFindings(summaries.byVersion) + [neverExpiring, bigKeys, mismatches].compactMap { $0 }
    return all.sorted { left, right in
      left.finding.severity != right.finding.severity
        ? left.finding.severity > right.finding.severity : left.weight > right.weight
    }.map(\.finding)
  }

  /// Groups by type or node are no groups of purpose: nothing is found about them one by one.
  private func groupFindings(_ groups: [ScanSummaries.Summary]) -> [Weighted] {
    let kinds: [(finds: (ScanSummaries.Summary) -> ReportFinding?, minimum: Int)] = [
      // A single forgotten lock, or the last keys of an old version, matter; a single unversioned key does
      // not.
      (superseded, 1), ({ neglected($0, .lock) }, 1), ({ neglected($0, .counter) }, 1),
      ({ neglected($0, .session) }, 1), (unversioned, max(ScanFindings.fewestKeys, totals.keys / 100)),
      (noNamespace, ScanFindings.fewestKeys), (mixedPolicy, ScanFindings.fewestKeys),
      (wave, ScanFindings.fewestKeys), (unbounded, 1), (lowReuse, ScanFindings.fewestKeys),
    ]
    let ordered = groups.filter { !$0.label.isOverflow }.sorted { $0.estimate.keys > $1.estimate.keys }
    return kinds.flatMap { kind -> [Weighted] in
      var found: [Weighted] = []
      for group in ordered where group.estimate.keys >= kind.minimum {
        guard found.count < ScanFindings.mostOfAKind else { break }
        if let finding = kind.finds(group) { found.append((finding, group.estimate.keys)) }
      }
      return found
    }
  }
}

// MARK: - Building

extension ScanFindings {
  func finding(
    _ id: String, _ severity: Severity, _ group: ScanSummaries.Summary, _ message: String,
    figures: [(String, JSON)], command: SuggestedCommand?
  ) -> ReportFinding {
    ReportFinding(
      id: id, severity: severity, namespace: group.label.namespace, version: group.label.version,
      message: message, figures: figures, command: command)
  }

  func figures(_ row: ScanGroup) -> [(String, JSON)] {
    [
      ("keys", .int(row.keys)), ("memory_bytes", .optional(row.memoryBytes)),
      ("without_ttl", .optional(row.withoutTTL)),
    ]
  }

  /// A scan that looks closer; nil where it is the one that has just run.
  func suggest(
    _ options: [SuggestedOption], without isDropped: (SuggestedOption) -> Bool = { _ in false }
  ) -> SuggestedCommand? {
    suggester.command(.scan, options, without: isDropped)
  }

  private var suggester: CommandSuggester {
    var inForce = [SuggestedOption.grouping(request.grouping)]
    if request.biggest != nil { inForce.append(.biggest(10)) }
    return CommandSuggester(verb: .scan, context: request.commandContext, inForce: inForce)
  }

  /// A dry run that removes the group, with further options; where it would take in other keys, their list.
  func suggestRemoval(
    of group: ScanSummaries.Summary, _ options: [SuggestedOption] = [], else list: [SuggestedOption] = []
  ) -> SuggestedCommand? {
    let removal =
      GroupSelection.isExact(group.label, grouping: .version)
      ? suggester.removal(selecting(group) + options) : nil
    return removal ?? suggest(selecting(group) + list + [.list])
  }

  func selecting(_ group: ScanSummaries.Summary) -> [SuggestedOption] {
    GroupSelection.options(
      for: group.label, name: nil, grouping: .version, separator: request.walk.naming.separator)
  }
}

extension ScanSummaries.Summary {
  /// How the group is called in a sentence.
  var title: String {
    if let name { return KeyText.sanitized(name) }
    guard let namespace = label.namespace else {
      return label.version.map(KeyText.quoted) ?? "keys without a namespace"
    }
    return ([namespace] + (label.version.map { [$0] } ?? [])).map(KeyText.quoted).joined(separator: " ")
  }
}
