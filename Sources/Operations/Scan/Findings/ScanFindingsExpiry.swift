import Keyspace
import Quantities
import Reporting

/// Findings about when keys expire, or that they never do.
extension ScanFindings {
  var neverExpiring: Weighted? {
    guard let count = knownWithoutTTL ?? totals.withoutTTL, count > 0 else { return nil }
    let worst = summaries.groups.filter { !$0.label.isOverflow }
      .max { $0.estimate.withoutTTL < $1.estimate.withoutTTL }
    let share = NumberText.share(count, of: totals.keys, spaced: true)
    let most = worst.map { ", most in \($0.title)" } ?? ""
    let verb = count == 1 ? "never expires" : "never expire"
    let finding = ReportFinding(
      id: "no-ttl", severity: .warning, namespace: worst?.label.namespace, version: worst?.label.version,
      message: "\(NumberText.keys(count)) \(verb) (\(share))\(most)",
      figures: [
        ("keys", .int(count)), ("share", .double(Double(count) / Double(max(1, totals.keys)))),
        ("keys_error", .int(knownWithoutTTL == nil ? totals.withoutTTLError : 0)),
      ], command: suggest([.noTTL, .grouping(.template)]))
    return (finding, count)
  }

  func mixedPolicy(_ group: ScanSummaries.Summary) -> ReportFinding? {
    let row = summaries.group(of: group)
    // A few keys on either side are within what a sample, or one old key, can say.
    guard let without = row.withoutTTL, without * 200 >= row.keys, (row.keys - without) * 200 >= row.keys,
      without < row.keys
    else { return nil }
    return finding(
      "mixed-ttl-policy", .warning, group,
      "\(group.title) mixes policies: \(NumberText.keys(row.keys - without)) with a TTL, "
        + "\(NumberText.count(without)) without",
      figures: figures(row), command: suggest(selecting(group) + [.noTTL, .list]))
  }

  func wave(_ group: ScanSummaries.Summary) -> ReportFinding? {
    guard let timeline = group.timeline, let wave = ExpiryWaveDetector.waves(in: timeline).first else {
      return nil
    }
    let expiring = Double(group.estimate.keys) - group.estimate.withoutTTL
    let load = WaveLoad(wave, in: timeline, expiringKeys: expiring)
    let wait = max(0, wave.at - scan.tally.timelineStart)
    return finding(
      "expiry-wave", .warning, group, load.sentence(of: group.title, in: wait), figures: load.figures,
      command: suggestRemoval(
        of: group, .spreading(in: wait, window: wave.windowSeconds),
        else: .expiring(in: wait, window: wave.windowSeconds)))
  }

  /// Keys that never expire although their name says what they are for.
  func neglected(_ group: ScanSummaries.Summary, _ kind: NameTraits.Kind) -> ReportFinding? {
    guard let weight = group.estimate.neglected.entries.first(where: { $0.name == kind.rawValue })?.weight,
      weight > 0
    else { return nil }
    let count = Int(weight.rounded(.up))
    let (reason, verb) =
      switch kind {
      case .lock: ("one left behind blocks for ever", count == 1 ? "never expires" : "never expire")
      case .counter: ("a limit that never resets", count == 1 ? "never expires" : "never expire")
      case .session: ("they pile up", count == 1 ? "never ends" : "never end")
      }
    let noun = kind.rawValue + (count == 1 ? "" : "s")
    return finding(
      "\(kind.rawValue)-without-ttl", .warning, group,
      "\(NumberText.count(count)) \(noun) in \(group.title) \(verb): \(reason)",
      figures: [("keys", .int(count))], command: suggest(selecting(group) + [.noTTL, .list]))
  }
}
