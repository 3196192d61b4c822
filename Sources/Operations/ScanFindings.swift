import Keyspace
import Reporting

/// Finds what the owner of a cache should know, and names the command to run next.
struct ScanFindings {
  /// Groups smaller than this are left out of findings about groups: they are noise to most readers.
  static let fewestKeys = 10
  /// One key of this size holds up every client that reads it whole.
  static let bigKeyBytes = 1 << 20
  static let hugeKeyBytes = 64 << 20
  /// A median idle time beyond this says that most of a group is stored and not used.
  static let idleSeconds: Int64 = 24 * 3600

  let request: ScanRequest
  let summaries: ScanSummaries
  let totals: ScanGroup
  let scan: ScanWalk

  /// The findings, the worst first and within a severity by the keys concerned.
  func findings() -> [ReportFinding] {
    let all =
      groupFindings(summaries.byVersion.isEmpty ? summaries.groups : summaries.byVersion)
      + [neverExpiring, bigKeys, mismatches].compactMap { $0 }
    return all.sorted { left, right in
      left.finding.severity != right.finding.severity
        ? left.finding.severity > right.finding.severity : left.weight > right.weight
    }.map(\.finding)
  }

  typealias Weighted = (finding: ReportFinding, weight: Int)

  /// Each kind of finding is told for the groups with most keys; a hundred lines of one kind hide the others.
  private func groupFindings(_ groups: [ScanSummaries.Summary]) -> [Weighted] {
    let kinds: [(ScanSummaries.Summary) -> ReportFinding?] = [
      superseded, unversioned, noNamespace, mixedPolicy, wave, unbounded, lowReuse,
      { neglected($0, .lock) }, { neglected($0, .counter) }, { neglected($0, .session) },
    ]
    let weighty = groups.filter { $0.estimate.keys >= ScanFindings.fewestKeys && !$0.label.isOverflow }
      .sorted { $0.estimate.keys > $1.estimate.keys }
    let small = groups.filter { $0.estimate.keys < ScanFindings.fewestKeys && !$0.label.isOverflow }
    return kinds.enumerated().flatMap { index, kind in
      // A single forgotten lock matters; a single key without a version does not.
      let candidates = index == 0 || index > 6 ? weighty + small : weighty
      return candidates.lazy.compactMap { group in kind(group).map { ($0, group.estimate.keys) } }
        .prefix(20).map { $0 as Weighted }
    }
  }

  // MARK: - Versions and names

  private func superseded(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard summaries.ranking.isSuperseded(group.label), let newest = summaries.ranking.newest(of: group.label.namespace)
    else { return nil }
    // Where the namespace itself varies, each of its values may be at a version of its own.
    let isCertain = !(group.label.namespace ?? []).contains(UInt8(ascii: "*"))
    let row = summaries.group(of: group)
    var clauses = ["\(NumberText.count(row.keys)) keys"]
    if let bytes = row.memoryBytes { clauses.append(NumberText.bytes(bytes)) }
    switch row.withoutTTL {
    case row.keys?: clauses.append("none expires")
    case 0?: clauses.append("all expire by themselves")
    case let count?: clauses.append("\(NumberText.count(count)) never expire")
    case nil: break
    }
    let doubt = isCertain ? "" : "; each \(KeyText.quoted(group.label.namespace ?? [])) may count its own versions"
    return finding(
      "superseded-version", isCertain ? .warning : .info, group,
      "\(name(group)) is superseded by \(KeyText.quoted(newest.text)): \(clauses.joined(separator: ", "))\(doubt)",
      figures: figures(row) + [("newest_version", .key(newest.text))],
      command: suggest(selecting(group) + ["--list"]))
  }

  private func unversioned(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard group.label.namespace != nil, group.label.version == nil, summaries.hasLabels else { return nil }
    return finding(
      "unversioned", .info, group,
      "\(name(group)) has no version: a change of shape needs a flush of \(NumberText.count(group.estimate.keys)) keys",
      figures: figures(summaries.group(of: group)), command: suggest(selecting(group) + ["--by", "template"]))
  }

  private func noNamespace(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard group.label.namespace == nil, summaries.hasLabels else { return nil }
    let keys = group.estimate.keys
    return finding(
      "no-namespace", .info, group,
      "\(NumberText.count(keys)) keys (\(NumberText.share(keys, of: totals.keys, spaced: true))) have no namespace: "
        + "nothing but a full scan finds whose they are",
      figures: figures(summaries.group(of: group)), command: suggest(["--by", "template"]))
  }

  private func unbounded(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard group.unboundedNames > 0 else { return nil }
    let count = group.unboundedNames
    return finding(
      "unbounded-key", .warning, group,
      "\(NumberText.count(count)) keys of \(name(group)) hold free text or are longer than 200 bytes: "
        + "hash what users type before it becomes a name",
      figures: figures(summaries.group(of: group)) + [("unbounded_keys", .int(count))],
      command: suggest(selecting(group) + ["--by", "template"]))
  }

  private var mismatches: Weighted? {
    let count = scan.tally.mismatches
    guard count > 0 else { return nil }
    let examples = scan.tally.mismatchExamples.map { KeyText.display($0, maxWidth: 60) }.joined(separator: "  ")
    return (
      ReportFinding(
        id: "schema-mismatch", severity: .warning,
        message: "\(NumberText.count(count)) keys match no schema, such as \(examples)",
        figures: [
          ("keys", .int(count)), ("share", .double(Double(count) / Double(max(1, scan.tally.seen)))),
          ("examples", .array(scan.tally.mismatchExamples.map(JSON.key))),
        ], command: suggestWithoutSchemas(["--by", "template"])), count
    )
  }

  // MARK: - Expiry

  private var neverExpiring: Weighted? {
    guard let count = totals.withoutTTL, count > 0 else { return nil }
    let worst = summaries.groups.filter { !$0.label.isOverflow }
      .max { $0.estimate.withoutTTL < $1.estimate.withoutTTL }
    let share = NumberText.share(count, of: totals.keys, spaced: true)
    let most = worst.map { ", most in \(name($0))" } ?? ""
    return (
      ReportFinding(
        id: "no-ttl", severity: .warning, namespace: worst?.label.namespace, version: worst?.label.version,
        message: "\(NumberText.count(count)) keys never expire (\(share))\(most)",
        figures: [
          ("keys", .int(count)), ("share", .double(Double(count) / Double(max(1, totals.keys)))),
          ("keys_error", .int(totals.withoutTTLError)),
        ], command: suggest(["--no-ttl", "--list"])), count
    )
  }

  private func mixedPolicy(_ group: ScanSummaries.Summary) -> ReportFinding? {
    let row = summaries.group(of: group)
    // A few keys on either side are within what a sample, or one old key, can say.
    guard let without = row.withoutTTL, without * 200 >= row.keys, (row.keys - without) * 200 >= row.keys,
      without < row.keys
    else { return nil }
    return finding(
      "mixed-ttl-policy", .warning, group,
      "\(name(group)) mixes policies: \(NumberText.count(without)) keys never expire, "
        + "\(NumberText.count(row.keys - without)) do",
      figures: figures(row), command: suggest(selecting(group) + ["--no-ttl", "--list"]))
  }

  private func wave(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard let timeline = group.timeline, let wave = ExpiryWaveDetector.waves(in: timeline).first else { return nil }
    let counted = group.estimate.ttl.total
    guard counted > 0, timeline.total > 0 else { return nil }
    let scale = Double(group.estimate.keys) - group.estimate.withoutTTL
    let share = Double(wave.keys) / Double(timeline.total + timeline.later)
    let keys = Int((share * scale).rounded())
    let at = Timestamp(secondsSince1970: wave.at)
    return finding(
      "expiry-wave", .warning, group,
      "wave at \(at.timeOfDay): \(NumberText.count(keys)) keys (\(NumberText.share(share, spaced: true))) of \(name(group)) "
        + "expire within \(wave.windowSeconds) s, \(NumberText.rate(Double(keys) / Double(wave.windowSeconds))) "
        + "against \(NumberText.rate(wave.expected / Double(timeline.total) * scale / Double(wave.windowSeconds))) if evenly spread",
      figures: [
        ("at", .string(at.text)), ("window_seconds", .int(wave.windowSeconds)), ("keys", .int(keys)),
        ("share", .double(share)),
      ], command: suggest(selecting(group) + ["--by", "template", "--sort", "ttl"]))
  }

  private func neglected(_ group: ScanSummaries.Summary, _ kind: NameTraits.Kind) -> ReportFinding? {
    guard let weight = group.estimate.neglected.entries.first(where: { $0.name == kind.rawValue })?.weight,
      weight > 0
    else { return nil }
    let count = Int(weight.rounded(.up))
    let reason =
      switch kind {
      case .lock: "a lock that is not released holds for ever"
      case .counter: "a counter that never resets is no limit"
      case .session: "sessions that never end pile up"
      }
    let noun = count == 1 ? "key" : "keys"
    return finding(
      "\(kind.rawValue)-without-ttl", .warning, group,
      "\(NumberText.count(count)) \(kind.rawValue) \(noun) in \(name(group)) never \(count == 1 ? "expires" : "expire"): \(reason)",
      figures: [("keys", .int(count))], command: suggest(selecting(group) + ["--no-ttl", "--list"]))
  }

  // MARK: - Memory and use

  private var bigKeys: Weighted? {
    let big = scan.tally.biggest.entries.filter { $0.bytes >= ScanFindings.bigKeyBytes }
    guard let largest = big.first else { return nil }
    let type = (scan.bigKeyTypes[largest.key] ?? nil).map { " " + $0 } ?? ""
    return (
      ReportFinding(
        id: "big-key", severity: largest.bytes >= ScanFindings.hugeKeyBytes ? .critical : .warning,
        message: "the\(type) key \(KeyText.display(largest.key, maxWidth: 80)) takes \(NumberText.bytes(largest.bytes)): "
          + "reading or deleting it whole holds up every client"
          + (scan.quota == nil ? "" : " (among the keys that were sampled)"),
        figures: [
          ("key", .key(largest.key)), ("bytes", .int(largest.bytes)),
          ("type", .optional(scan.bigKeyTypes[largest.key] ?? nil)),
        ], command: suggest(["--big", "10"])), largest.bytes
    )
  }

  private func lowReuse(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard let median = group.estimate.idle.quantile(0.5), median >= ScanFindings.idleSeconds else { return nil }
    return finding(
      "low-reuse", .info, group,
      "half of the keys of \(name(group)) have not been used for \(NumberText.duration(Double(median)))",
      figures: figures(summaries.group(of: group)) + [("idle_p50_seconds", .int(Int(median)))],
      command: suggest(selecting(group) + ["--idle-above", "1d", "--list"]))
  }
}

// MARK: - Building

extension ScanFindings {
  private func finding(
    _ id: String, _ severity: Severity, _ group: ScanSummaries.Summary, _ message: String,
    figures: [(String, JSON)], command: String
  ) -> ReportFinding {
    ReportFinding(
      id: id, severity: severity, namespace: group.label.namespace, version: group.label.version, message: message,
      figures: figures, command: command)
  }

  private func figures(_ row: ScanGroup) -> [(String, JSON)] {
    [
      ("keys", .int(row.keys)), ("memory_bytes", .optional(row.memoryBytes)),
      ("without_ttl", .optional(row.withoutTTL)),
    ]
  }

  /// How a group is called in a sentence.
  private func name(_ group: ScanSummaries.Summary) -> String {
    if let name = group.name { return KeyText.sanitized(name) }
    guard let namespace = group.label.namespace else {
      return group.label.version.map(KeyText.quoted) ?? "keys without a namespace"
    }
    return ([namespace] + (group.label.version.map { [$0] } ?? [])).map(KeyText.quoted).joined(separator: " ")
  }

  /// The options that choose the keys of a group.
  private func selecting(_ group: ScanSummaries.Summary) -> [String] {
    guard summaries.hasLabels else { return group.name.map { ["--type", $0] } ?? [] }
    var words: [String] = []
    if let namespace = group.label.namespace { words += ["--namespace", String(decoding: namespace, as: UTF8.self)] }
    if let version = group.label.version, version != Array("v*".utf8) {
      words += ["--key-version", String(decoding: version, as: UTF8.self)]
    } else if group.label.version == nil {
      words += ["--key-version", "none"]
    }
    return words
  }

  private func suggest(_ words: [String]) -> String { command(request.commandContext + words) }

  private func suggestWithoutSchemas(_ words: [String]) -> String {
    var context = request.commandContext
    while let option = context.firstIndex(of: "--schema"), option + 1 < context.count {
      context.removeSubrange(option...(option + 1))
    }
    return command(context + words)
  }

  private func command(_ words: [String]) -> String {
    (["rediscache", "scan"] + words.map { KeyText.shellQuoted($0) }).joined(separator: " ")
  }
}

extension ScanSummaries {
  /// True where groups were made by reading names.
  var hasLabels: Bool { !byVersion.isEmpty }
}
