import Bytes
import Quantities

/// The form of a TTL report that people read.
extension TTLReport {
  /// The report as text that fits `width` columns; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = wrapped(header.targetText, to: width, indent: "") + "\n"
    if groups.isEmpty {
      text += header.isComplete ? "no keys match\n" : "no keys to show\n"
    } else {
      text += histogram(width: width, style: style)
      if groups.count > 1 { text += "\n" + groupTable(style: style).render(width: width, style: style) }
    }
    let remarks = remarkLines(width: width, style: style, wording: wording)
    if !remarks.isEmpty { text += "\n" + remarks }
    let basis = basisLine(style, wording)
    return basis.isEmpty ? text : text + "\n" + wrapped(basis, to: width, indent: "")
  }

  // MARK: - Bars

  private func histogram(width: Int?, style: Style) -> String {
    let title =
      groups.count == 1 ? title(groups[0]) : "all \(NumberText.count(groups.count)) groups"
    var text = style.bold(title) + "   " + NumberText.keys(totals.keys) + "\n\n"
    let rows = barRows(style)
    let labelWidth = rows.map { TextWidth.columns($0.label) }.max() ?? 0
    let countWidth = rows.map { TextWidth.columns($0.count) }.max() ?? 0
    let room = max(8, min(40, (width ?? 80) - labelWidth - countWidth - 14))
    let largest = rows.compactMap(\.share).max() ?? 0
    for row in rows {
      var line = padded(row.label, to: labelWidth) + "  " + padded(row.count, to: countWidth, left: true)
      if let share = row.share {
        line += "  " + padded(NumberText.share(share), to: 6, left: true)
        let bar = Bar.text(fraction: largest > 0 ? share / largest : 0, width: room, style: style)
        if !bar.isEmpty { line += "  " + bar }
      }
      text += line + "\n"
    }
    if let ttl = totals.ttl {
      text +=
        "p50 \(NumberText.duration(ttl.p50))   p99 \(NumberText.duration(ttl.p99))"
        + "   max \(NumberText.duration(ttl.max))\n"
    }
    return text
  }

  /// A row of the histogram; keys that never expire and keys that vanished have no bar: they are in no bucket.
  private func barRows(_ style: Style) -> [(label: String, count: String, share: Double?)] {
    var rows: [(String, String, Double?)] = []
    var lower: Double?
    for bucket in totals.buckets {
      // Nothing lies beyond the last edge where the edges were fitted.
      if bucket.upTo == nil, bucket.keys == 0 { continue }
      let label =
        switch (lower, bucket.upTo) {
        // The upper edge belongs to the bar.
        case (nil, let upper?): "\(style.unicode ? "≤" : "<=") \(NumberText.duration(upper))"
        case (let low?, let upper?): "\(NumberText.duration(low)) - \(NumberText.duration(upper))"
        case (let low?, nil): "> \(NumberText.duration(low))"
        case (nil, nil): "any"
        }
      rows.append((label, NumberText.count(bucket.keys), Double(bucket.keys) / Double(max(1, totals.keys))))
      lower = bucket.upTo
    }
    if let count = totals.withoutTTL {
      rows.append(("never", NumberText.count(count), Double(count) / Double(max(1, totals.keys))))
    }
    if totals.partlyExpiring > 0 {
      let share = Double(totals.partlyExpiring) / Double(max(1, totals.keys))
      rows.append(("field by field", NumberText.count(totals.partlyExpiring), share))
    }
    if totals.unmeasured > 0 {
      let share = Double(totals.unmeasured) / Double(max(1, totals.keys))
      rows.append(("unmeasured", NumberText.count(totals.unmeasured), share))
    }
    if totals.vanished > 0 { rows.append(("gone meanwhile", NumberText.count(totals.vanished), nil)) }
    return rows
  }

  private func padded(_ text: String, to width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - TextWidth.columns(text)))
    return left ? space + text : text + space
  }

  // MARK: - Groups

  private func groupTable(style: Style) -> Table {
    // Where all keys were measured, there is no column for those that were not.
    func unmeasured<Part>(_ part: Part) -> [Part] { totals.unmeasured > 0 ? [part] : [] }
    var table = Table(
      columns: [
        .init("GROUP", minimumWidth: 12, truncates: true),
        .init("KEYS", alignment: .right), .init("NEVER", alignment: .right, priority: 6),
      ] + unmeasured(Table.Column("UNMEASURED", alignment: .right, priority: 7)) + [
        .init("GONE", alignment: .right, priority: 1), .init("TTL p50", alignment: .right, priority: 5),
        .init("TTL p99", alignment: .right, priority: 4), .init("MAX", alignment: .right, priority: 2),
        .init("SPREAD", priority: 3),
      ])
    for group in groups.prefix(top) {
      func duration(_ value: Double?) -> Table.Cell {
        Table.Cell(value.map(NumberText.duration) ?? NumberText.absent)
      }
      table.append(
        [
          Table.Cell(title(group)), Table.Cell(NumberText.count(group.keys)),
          Table.Cell(group.withoutTTL.map(NumberText.count) ?? NumberText.absent),
        ] + unmeasured(Table.Cell(NumberText.count(group.unmeasured))) + [
          Table.Cell(NumberText.count(group.vanished)), duration(group.ttl?.p50), duration(group.ttl?.p99),
          duration(group.ttl?.max), Table.Cell(Spark.text(group.buckets.map(\.keys), style: style)),
        ])
    }
    let rest = groups.dropFirst(top)
    if !rest.isEmpty {
      let keys = rest.reduce(0) { $0 + $1.keys }
      let known = rest.compactMap(\.withoutTTL)
      let never = known.isEmpty ? nil : known.reduce(0, +)
      table.append(
        [
          Table.Cell("\(NumberText.count(rest.count)) more", tone: .dim), Table.Cell(NumberText.count(keys)),
          Table.Cell(never.map(NumberText.count) ?? NumberText.absent),
        ] + unmeasured(Table.Cell(NumberText.count(rest.reduce(0) { $0 + $1.unmeasured })))
          + [Table.Cell(NumberText.count(rest.reduce(0) { $0 + $1.vanished }))]
          + Array(repeating: Table.Cell(""), count: 4))
    }
    return table
  }

  // MARK: - Remarks

  private static let remarksShown = 8

  private func remarkLines(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = ""
    let waves = groups.flatMap(\.waves).sorted { $0.keys > $1.keys }
    for wave in waves.prefix(TTLReport.remarksShown) {
      text += Remark.lines(
        wave.sentence, mark: "!", tone: .warning, width: width, style: style)
      text += "    new entries: give each a random part more or less of its TTL\n"
      if let command = wave.command { text += "    these: " + style.dim(wording.spell(command)) + "\n" }
    }
    let hidden = waves.count - TTLReport.remarksShown
    if hidden > 0 {
      let noun = hidden == 1 ? "wave is" : "waves are"
      text += "  \(hidden) more \(noun) left out here; \(wording.everyRemark)\n"
    }
    for group in groups.prefix(min(top, 2 * TTLReport.remarksShown)) {
      if let policy = group.policy {
        text += Remark.lines(policy, mark: "i", tone: nil, width: width, style: style)
      }
      guard let never = group.withoutTTL, never * 200 >= group.keys, group.expiring * 200 >= group.keys else {
        continue
      }
      let sentence =
        "\(title(group)) mixes policies: \(NumberText.keys(group.expiring)) with a TTL, "
        + "\(NumberText.count(never)) without"
      text += Remark.lines(sentence, mark: "!", tone: .warning, width: width, style: style)
    }
    return text
  }

  private func basisLine(_ style: Style, _ wording: ReportWording) -> String {
    var sentences: [String] = []
    if !header.isComplete { sentences.append("INCOMPLETE: \(coverage.reachSentence)") }
    if coverage.keysMeasured > 0, let unmeasured = coverage.unmeasuredSentence {
      sentences.append(unmeasured)
    }
    if !coverage.isExact, coverage.keysMeasured > 0 {
      let worst = groups.compactMap(\.withoutTTLError).max() ?? 0
      sentences.append(
        "Sampled \(NumberText.keys(coverage.sampleSize ?? 0)) a group (95 %): never expiring up to "
          + "\(style.plusMinus)\(NumberText.keys(worst)) in a row. Counts of keys are exact. "
          + wording.everyKey)
    }
    if let dump = header.dump { sentences.append(dump.momentSentence) }
    return sentences.joined(separator: " ")
  }
}

/// A distribution in one character a bucket.
enum Spark {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// The counts as heights, the largest filling the line; digits where the terminal has no blocks.
  static func text(_ counts: [Int], style: Style) -> String {
    let largest = counts.max() ?? 0
    guard largest > 0 else { return "" }
    return String(
      counts.map { count -> Character in
        guard count > 0 else { return style.unicode ? " " : "." }
        let height = Double(count) / Double(largest)
        guard style.unicode else { return Character(String(min(9, Int(height * 10)))) }
        return blocks[min(7, Int(height * 8))]
      })
  }
}
