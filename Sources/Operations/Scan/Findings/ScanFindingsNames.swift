import Bytes
import Keyspace
import Quantities
import Reporting

/// Findings about what the names of keys say.
extension ScanFindings {
  func superseded(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard summaries.ranking.isSuperseded(group.label),
      let newest = summaries.ranking.newest(of: group.label.namespace)
    else { return nil }
    // Where the namespace itself varies, each of its values may be at a version of its own.
    let namespace = group.label.namespace ?? []
    let isCertain = !namespace.contains(UInt8(ascii: "*"))
    let row = summaries.group(of: group)
    var clauses = [NumberText.keys(row.keys)]
    if let bytes = row.memoryBytes { clauses.append(NumberText.bytes(bytes)) }
    switch row.withoutTTL {
    case row.keys?: clauses.append("none expires")
    case 0?: clauses.append("all expire by themselves")
    case let count?: clauses.append("\(NumberText.count(count)) never expire")
    case nil: break
    }
    let doubt = isCertain ? "" : "; each \(KeyText.quoted(namespace)) may count versions of its own"
    return finding(
      "superseded-version", isCertain ? .warning : .info, group,
      "\(group.title) is superseded by \(KeyText.quoted(newest.text)): "
        + clauses.joined(separator: ", ") + doubt,
      figures: figures(row) + [("newest_version", .key(newest.text))],
      command: isCertain ? suggestRemoval(of: group) : suggest(selecting(group) + [.list]))
  }

  /// Sessions, locks and counters have no shape that could change; all others should carry a version.
  func unversioned(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard let namespace = group.label.namespace, group.label.version == nil,
      NameTraits.kind(of: namespace.span) == nil
    else { return nil }
    return finding(
      "unversioned", .info, group,
      "\(group.title) has no version: a change of shape needs a flush of "
        + NumberText.keys(group.estimate.keys),
      figures: figures(summaries.group(of: group)),
      command: suggest(selecting(group) + [.grouping(.template)]))
  }

  func noNamespace(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard group.label.namespace == nil else { return nil }
    let keys = group.estimate.keys
    let share = NumberText.share(keys, of: totals.keys, spaced: true)
    return finding(
      "no-namespace", .info, group,
      "\(NumberText.keys(keys)) (\(share)) without a namespace: only a scan of the names tells whose they are",
      figures: figures(summaries.group(of: group)), command: suggest([.grouping(.template)]))
  }

  func unbounded(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard group.unboundedNames > 0 else { return nil }
    let count = group.unboundedNames
    return finding(
      "unbounded-key", .warning, group,
      "\(NumberText.keys(count)) in \(group.title) with free text or more than 200 bytes in the name: "
        + "hash what users type before it becomes a name",
      figures: figures(summaries.group(of: group)) + [("unbounded_keys", .int(count))],
      command: suggest(selecting(group) + [.grouping(.template)]))
  }

  var mismatches: Weighted? {
    let count = scan.tally.mismatches
    guard count > 0 else { return nil }
    let examples = scan.tally.mismatchExamples
    let shown = examples.map { KeyText.display($0, maxWidth: 60) }.joined(separator: "  ")
    let finding = ReportFinding(
      id: "schema-mismatch", severity: .warning,
      message: "\(NumberText.keys(count)) that fit no schema, such as \(shown)",
      figures: [
        ("keys", .int(count)), ("share", .double(Double(count) / Double(max(1, scan.tally.seen)))),
        ("examples", .array(examples.map(JSON.key))),
      ],
      command: suggest([.grouping(.template)]) { option in
        if case .schema = option { true } else { false }
      })
    return (finding, count)
  }
}
