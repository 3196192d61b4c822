import Bytes
import Quantities

/// The form of a doctor's report that people read.
extension DoctorReport {
  /// The report as a page of text that fits `width` columns, the worst first; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = heading(width: width, style: style)
    for (index, finding) in findings.enumerated() {
      text += "\n" + finding.numbered(index + 1, width: width, style: style, wording: wording)
    }
    return text + gapLines(width: width, style: style)
  }

  private func heading(width: Int?, style: Style) -> String {
    let target = [header.targetName, header.uri, serverTitle].compactMap(\.self).map { KeyText.sanitized($0) }
    let lines = DoctorReport.lines(target, width: width).map { style.bold($0) }
    return (lines + DoctorReport.lines(figures, width: width) + DoctorReport.lines([summary], width: width))
      .map { $0 + "\n" }.joined()
  }

  private var serverTitle: String? {
    guard let server = header.server else { return nil }
    let shards = stats.nodes.count + stats.unread.count
    let role = shards > 1 ? "cluster of \(shards) shards" : stats.nodes.first?.role
    return [server.prefix(1).uppercased() + server.dropFirst(), header.serverVersion, role]
      .compactMap(\.self).joined(separator: " ")
  }

  private var figures: [String] {
    let gauges = stats.totals.gauges
    var parts: [String] = []
    if let used = gauges.usedMemory {
      if let limit = gauges.maxmemory, limit > 0, let ratio = gauges.memoryRatio {
        parts.append(
          "memory \(NumberText.bytes(used, of: limit)) (\(NumberText.share(ratio, spaced: true)))")
      } else {
        parts.append("memory \(NumberText.bytes(used)), no limit")
      }
    }
    if let policy = gauges.maxmemoryPolicy { parts.append(KeyText.sanitized(policy)) }
    if let keys = gauges.keys { parts.append(NumberText.keys(keys)) }
    if let ratio = stats.totals.window.hitRatioText { parts.append("hit ratio \(ratio)") }
    if let operations = gauges.operationsPerSecond {
      parts.append("\(NumberText.rate(Double(operations))) commands")
    }
    return parts
  }

  /// "1 critical, 3 warnings, 4 notes; 34 rules checked, 3 not".
  private var summary: String {
    let counts: [(Int, String, String)] = [
      (count(.critical), "critical", "critical"), (count(.warning), "warning", "warnings"),
      (count(.info), "note", "notes"),
    ]
    let found = counts.filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.0 == 1 ? $0.1 : $0.2)" }
    let missing = Set(notChecked.map(\.rule)).count
    let rules = "\(checked.count) rule\(checked.count == 1 ? "" : "s") checked"
    return (found.isEmpty ? "nothing found" : found.joined(separator: ", ")) + "; " + rules
      + (missing == 0 ? "" : ", \(missing) not or not everywhere")
  }

  /// Parts side by side, in as many lines as they need; a part is broken only where it is wider than a line.
  private static func lines(_ parts: [String], width: Int?) -> [String] {
    var lines: [String] = []
    for part in parts where !part.isEmpty {
      let joined = lines.last.map { $0 + "  " + part }
      if let joined, width.map({ TextWidth.columns(joined) <= $0 }) ?? true {
        lines[lines.count - 1] = joined
      } else {
        lines += wrapped(part, to: width, indent: "").split(separator: "\n").map(String.init)
      }
    }
    return lines
  }

  // MARK: - What was not checked

  /// More names than these make no line that anybody reads.
  private static let namesShown = 6

  /// For each reason the rules that it keeps from being checked.
  private func gapLines(width: Int?, style: Style) -> String {
    guard !notChecked.isEmpty else { return "" }
    var text = "\n" + style.bold("not checked") + "\n"
    for (reason, gaps) in byReason {
      let rules = gaps.reduce(into: [String]()) { if !$0.contains($1.rule) { $0.append($1.rule) } }
      let margin = "    "
      let hidden = rules.count - DoctorReport.namesShown
      let names = rules.prefix(hidden > 1 ? DoctorReport.namesShown : .max).joined(separator: ", ")
      text +=
        margin
        + wrapped(
          KeyText.sanitized("\(reason): \(names)\(hidden > 1 ? " and \(hidden) more" : "")"),
          to: width.map { $0 - margin.count },
          indent: margin)
    }
    return text
  }

  private var byReason: [(reason: String, gaps: [Unchecked])] {
    notChecked.reduce(into: []) { groups, gap in
      let reason = gap.sentence
      if let place = groups.firstIndex(where: { $0.reason == reason }) {
        groups[place].gaps.append(gap)
      } else {
        groups.append((reason, [gap]))
      }
    }
  }
}

extension DoctorReport.Unchecked {
  /// The reason with its place and the right that is missing.
  package var sentence: String {
    [node, reason].compactMap(\.self).joined(separator: ": ") + (right.map { " (needs \($0))" } ?? "")
  }
}
