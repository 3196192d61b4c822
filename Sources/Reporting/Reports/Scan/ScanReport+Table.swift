import Bytes
import Quantities

/// The form of a scan report that people read.
extension ScanReport {
  /// More findings than these push the table off the screen.
  private static let findingsShown = 8

  /// The report as a screenful of text that fits `width` columns; nil fits any.
  ///
  /// What the target is and what is wrong with it come first, then the figures.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = heading(width: width, style: style)
    text += findingLines(width: width, style: style, wording: wording) + "\n"
    if groups.isEmpty {
      text += header.isComplete ? "no keys match\n" : "no keys to show\n"
    } else {
      text += groupTable(style: style).render(width: width, style: style)
    }
    if !recognised.isEmpty {
      let names = recognised.map(\.words).joined(separator: ", ")
      text += "\n" + wrapped("reads like \(names)", to: width, indent: "")
    }
    if let bigKeys { text += "\n" + bigKeyTable(bigKeys).render(width: width, style: style) }
    if let hotKeys {
      text += "\n" + hotKeys.table(namesDatabases: namesDatabases).render(width: width, style: style)
      text += wrapped(hotKeys.basis, to: width, indent: "")
    }
    let basis = basisLine(style, wording)
    return basis.isEmpty ? text : text + "\n" + wrapped(basis, to: width, indent: "")
  }

  // MARK: - Heading

  /// The target; then its memory, its keys, and the number of problems.
  private func heading(width: Int?, style: Style) -> String {
    let target =
      [header.targetName, header.uri].compactMap(\.self).map { KeyText.sanitized($0) } + [server.title]
    let lines =
      ScanReport.lines(target, width: width).map { style.bold($0) }
      + ScanReport.lines(memoryParts + [keyPart, problemPart], width: width)
    return lines.map { $0 + "\n" }.joined()
  }

  private var memoryParts: [String] {
    guard let used = server.usedMemory else { return [] }
    let policy = server.policy.map { KeyText.sanitized($0) } ?? ""
    guard let limit = server.maximumMemory, limit > 0 else {
      return ["memory \(NumberText.bytes(used)), no limit"]
    }
    let isFull = used >= limit - limit / 100
    let state =
      server.isEvicting
      ? ", evicting" + (server.evictionsPerSecond.map { " \(NumberText.rate($0))" } ?? "")
      : !isFull ? "" : policy == "noeviction" ? ", full" : ", at the limit"
    return [
      "memory \(NumberText.bytes(used, of: limit)) (\(NumberText.share(used, of: limit, spaced: true)))\(state)",
      policy,
    ]
  }

  private var keyPart: String {
    let keys =
      isFiltered
      ? "\(NumberText.keys(totals.keys)) chosen" + (server.keys.map { " of \(NumberText.count($0))" } ?? "")
      : NumberText.keys(totals.keys)
    guard let endless = totals.withoutTTL, totals.known > 0 else { return keys }
    return "\(keys), \(NumberText.share(endless, of: totals.known, spaced: true)) never expire"
  }

  private var problemPart: String {
    let count = findings.count { $0.severity > .info }
    if count == 0, !isJudged { return "not all checked for problems" }
    return count == 0 ? "no problems" : "\(NumberText.count(count)) problem\(count == 1 ? "" : "s")"
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

  // MARK: - Groups

  /// The groups that are rows.
  private var rows: [ScanGroup] { tableGroups ?? groups }

  private func groupTable(style: Style) -> Table {
    let hasIdle = groups.contains { $0.idle != nil }
    var table = Table(
      columns: databaseColumns + ScanGroup.nameColumns(grouping) + entityColumns + roleColumns
        + figureColumns(hasIdle: hasIdle))
    for group in rows.prefix(top) {
      let tone: Style.Tone? = group.isSuperseded ? .warning : nil
      table.append(
        databaseCells(group.database) + group.nameCells(grouping, tone)
          + entityCells(group.entity.map(KeyText.quoted) ?? NumberText.absent, tone) + roleCells(group.role)
          + figureCells(of: group, hasIdle: hasIdle, tone))
    }
    if rows.count > top {
      let rest = rows.dropFirst(top)
      table.append(
        sumCells("\(NumberText.count(rest.count)) more", ScanReport.sum(of: rest), hasIdle: hasIdle))
    }
    if rows.count > 1 { table.append(sumCells("total", totals, hasIdle: hasIdle)) }
    return table
  }

  /// A column for the entities of the namespaces that are split.
  private var entityColumns: [Table.Column] {
    grouping == .version && rows.contains { $0.entity != nil }
      ? [.init("ENTITY", minimumWidth: 12, truncates: true)] : []
  }

  private func entityCells(_ text: String, _ tone: Style.Tone? = nil) -> [Table.Cell] {
    entityColumns.map { _ in Table.Cell(text, tone: tone) }
  }

  /// A column for the database, where there are several and the groups are not databases themselves.
  private var databaseColumns: [Table.Column] {
    namesDatabases && grouping != .database ? [.init("DB", alignment: .right)] : []
  }

  private func databaseCells(_ database: Int?) -> [Table.Cell] {
    databaseColumns.map { _ in Table.Cell(database.map { String($0) } ?? "") }
  }

  /// A column for what keys are for, where that differs.
  private var roleColumns: [Table.Column] {
    grouping != .role && Set(rows.compactMap(\.role)).count > 1 ? [.init("ROLE", priority: 6)] : []
  }

  private func roleCells(_ role: String?) -> [Table.Cell] {
    roleColumns.map { _ in Table.Cell(role ?? NumberText.absent) }
  }

  /// The least needed on a narrow terminal has the lowest priority.
  private func figureColumns(hasIdle: Bool) -> [Table.Column] {
    var columns: [Table.Column] = [
      .init("KEYS", alignment: .right), .init("SHARE", alignment: .right, priority: 4),
    ]
    if totals.partlyExpiring > 0 { columns.append(.init("FIELD TTL", alignment: .right, priority: 8)) }
    if totals.unmeasured > 0 { columns.append(.init("UNMEASURED", alignment: .right)) }
    columns += [
      .init("NEVER", alignment: .right, priority: 9), .init("TTL p50", alignment: .right, priority: 7),
      .init("TTL p99", alignment: .right, priority: 5), .init("MEMORY", alignment: .right, priority: 8),
      .init("MEM%", alignment: .right, priority: 3), .init("AVG", alignment: .right, priority: 2),
    ]
    if hasIdle { columns.append(.init("IDLE p50", alignment: .right, priority: 6)) }
    return columns
  }

  private func figureCells(of group: ScanGroup, hasIdle: Bool, _ tone: Style.Tone?) -> [Table.Cell] {
    func optional<Value>(_ value: Value?, _ text: (Value) -> String) -> String {
      value.map(text) ?? NumberText.absent
    }
    let memoryShare = group.memoryBytes.flatMap { bytes in
      totals.memoryBytes.map { NumberText.share(bytes, of: $0) }
    }
    var cells = [
      Table.Cell(NumberText.count(group.keys)), Table.Cell(NumberText.share(group.share)),
    ]
    if totals.partlyExpiring > 0 { cells.append(Table.Cell(NumberText.count(group.partlyExpiring))) }
    if totals.unmeasured > 0 { cells.append(Table.Cell(NumberText.count(group.unmeasured))) }
    cells += [
      Table.Cell(optional(group.withoutTTL, NumberText.count)),
      Table.Cell(optional(group.ttl?.p50, NumberText.duration)),
      Table.Cell(optional(group.ttl?.p99, NumberText.duration)),
      Table.Cell(optional(group.memoryBytes) { NumberText.bytes($0) }),
      Table.Cell(memoryShare ?? NumberText.absent),
      Table.Cell(optional(group.averageBytes) { NumberText.bytes($0) }),
    ]
    if hasIdle { cells.append(Table.Cell(optional(group.idle?.p50, NumberText.duration))) }
    return cells
  }

  /// Several groups as one: sums only, because quantiles of groups do not add up.
  private static func sum(of groups: ArraySlice<ScanGroup>) -> ScanGroup {
    var sum = ScanGroup()
    sum.keys = groups.reduce(0) { $0 + $1.keys }
    sum.share = groups.reduce(0) { $0 + $1.share }
    sum.partlyExpiring = groups.reduce(0) { $0 + $1.partlyExpiring }
    sum.unmeasured = groups.reduce(0) { $0 + $1.unmeasured }
    // Groups of which nothing is known add nothing; their keys are among those that were not measured.
    func total(_ figure: (ScanGroup) -> Int?) -> Int? {
      let known = groups.compactMap(figure)
      return known.isEmpty ? nil : known.reduce(0, +)
    }
    sum.withoutTTL = total(\.withoutTTL)
    sum.memoryBytes = total(\.memoryBytes)
    return sum
  }

  /// A row that is no group of its own.
  private func sumCells(_ name: String, _ sum: ScanGroup, hasIdle: Bool) -> [Table.Cell] {
    databaseCells(nil) + [Table.Cell(name, tone: .dim)] + (grouping == .version ? [Table.Cell("")] : [])
      + entityCells("") + roleCells("")
      + figureCells(of: sum, hasIdle: hasIdle, nil)
  }

  // MARK: - Below the table

  private func bigKeyTable(_ keys: [BigKey]) -> Table {
    var table = Table(
      columns: [Table.Column("BIGGEST KEYS", minimumWidth: 12, truncates: true)]
        + (namesDatabases ? [Table.Column("DB", alignment: .right)] : [])
        + [Table.Column("TYPE"), Table.Column("MEMORY", alignment: .right)])
    for entry in keys {
      table.append(
        [Table.Cell(KeyText.display(entry.key, maxWidth: 200))]
          + (namesDatabases ? [Table.Cell(String(entry.database))] : []) + [
            Table.Cell(entry.type.map { KeyText.sanitized($0) } ?? NumberText.absent),
            Table.Cell(NumberText.bytes(entry.bytes)),
          ])
    }
    return table
  }

  /// The findings, numbered, the worst first, with a blank line between.
  private func findingLines(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = ""
    let shown = showsAllFindings ? findings.count : ScanReport.findingsShown
    for (index, finding) in findings.prefix(shown).enumerated() {
      text += "\n" + finding.numbered(index + 1, width: width, style: style, wording: wording)
    }
    let hidden = findings.count - shown
    if hidden > 0 {
      let noun = hidden == 1 ? "finding is" : "findings are"
      let margin = "    "
      let sentence = "\(hidden) more \(noun) left out here; \(wording.everyRemark)"
      text += "\n" + margin + wrapped(sentence, to: width.map { $0 - margin.count }, indent: margin)
    }
    return text
  }

  /// How the figures were obtained, in a sentence or two.
  private func basisLine(_ style: Style, _ wording: ReportWording) -> String {
    var sentences: [String] = []
    if !header.isComplete { sentences.append("INCOMPLETE: \(coverage.reachSentence)") }
    if coverage.keysMeasured > 0, let unmeasured = coverage.unmeasuredSentence {
      sentences.append(unmeasured)
    }
    if !coverage.isExact, coverage.keysMeasured > 0 { sentences.append(samplingSentence(style, wording)) }
    if let dump = header.dump {
      sentences.append(dump.momentSentence)
      if let bytes = totals.memoryBytes { sentences.append(dump.memorySentence(bytes, style)) }
    }
    return sentences.joined(separator: " ")
  }

  /// The errors of the total and of the worst row: one row can be far less certain than the sum.
  private func samplingSentence(_ style: Style, _ wording: ReportWording) -> String {
    let worstMemory = rows.compactMap(\.memoryError).max() ?? 0
    let worstTTL = rows.compactMap(\.withoutTTLError).max() ?? 0
    let unit = grouping.readsNames ? "template" : "group"
    let size =
      coverage.sampleSize.map { "Sampled \(NumberText.keys($0)) a \(unit) (95 %)" } ?? "Sampled (95 %)"
    let memory = totals.memoryError.map { NumberText.margin($0, style: style) } ?? "of the measured keys only"
    var text = "\(size): memory \(memory) in total"
    if rows.count > 1 { text += ", up to \(NumberText.margin(worstMemory, style: style)) in a row" }
    if worstTTL > 0 {
      text +=
        "; NEVER up to \(style.plusMinus)\(NumberText.keys(worstTTL))\(rows.count > 1 ? " in a row" : "")"
    }
    // Of a part, only its size is known.
    return text + (header.isComplete ? ". Counts are exact. " : ". ") + wording.everyKey
  }
}

extension ScanReport.Coverage {
  /// What the figures of an incomplete report cover.
  var reachSentence: String {
    let covered = keysSeen - keysUnmeasured
    guard covered > 0 else {
      return keysUnmeasured > 0
        ? "\(NumberText.keys(keysUnmeasured)) counted, none could be measured." : "no key is known to match."
    }
    let all = keysExpected.map { " of about \(NumberText.count($0))" } ?? ""
    return "the figures cover \(NumberText.keys(covered))\(all)."
  }

  /// What to say where keys were asked about and could not be measured; nil where none was.
  var unmeasuredSentence: String? {
    guard keysUnmeasured > 0 else { return nil }
    return "\(NumberText.keys(keysUnmeasured)) could not be measured; the figures cover the others."
  }
}
