import Bytes
import Quantities

/// The form of a scan report that people read.
extension ScanReport {
  /// More findings than these push the table off the screen.
  private static let findingsShown = 8

  /// The report as a screenful of text that fits `width` columns; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = heading(width: width, style: style) + "\n\n"
    if groups.isEmpty {
      text += header.isComplete ? "no keys match\n" : "no keys seen\n"
    } else {
      text += groupTable(style: style).render(width: width, style: style)
    }
    if !recognised.isEmpty {
      let names = recognised.map(\.words).joined(separator: ", ")
      text += "\n" + wrapped("reads like \(names)", to: width, indent: "")
    }
    if let bigKeys { text += "\n" + bigKeyTable(bigKeys).render(width: width, style: style) }
    if !findings.isEmpty { text += "\n" + findingLines(width: width, style: style, wording: wording) }
    let basis = basisLine(style, wording)
    return basis.isEmpty ? text : text + "\n" + wrapped(basis, to: width, indent: "")
  }

  private func heading(width: Int?, style: Style) -> String {
    let name = header.targetName.map { KeyText.sanitized($0) + "  " } ?? ""
    let line = name + KeyText.sanitized(header.uri) + "  " + serverLine
    let lines = wrapped(line, to: width, indent: "").split(separator: "\n").map { style.bold(String($0)) }
    return lines.joined(separator: "\n")
  }

  // MARK: - Groups

  private func groupTable(style: Style) -> Table {
    let hasIdle = groups.contains { $0.idle != nil }
    var table = Table(
      columns: databaseColumns + ScanGroup.nameColumns(grouping) + roleColumns
        + figureColumns(hasIdle: hasIdle))
    for group in groups.prefix(top) {
      let tone: Style.Tone? = group.isSuperseded ? .warning : nil
      table.append(
        databaseCells(group.database) + group.nameCells(grouping, tone) + roleCells(group.role)
          + figureCells(of: group, hasIdle: hasIdle, tone))
    }
    if groups.count > top { table.append(restCells(hasIdle: hasIdle)) }
    return table
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
    Set(groups.compactMap(\.role)).count > 1 ? [.init("ROLE", priority: 6)] : []
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
      .init("NO TTL", alignment: .right, priority: 9), .init("TTL p50", alignment: .right, priority: 7),
      .init("TTL p99", alignment: .right, priority: 5), .init("MEMORY", alignment: .right, priority: 8),
      .init("MEM%", alignment: .right, priority: 3), .init("AVG", alignment: .right, priority: 2),
    ]
    if hasIdle { columns.append(.init("IDLE p50", alignment: .right, priority: 6)) }
    if groups.contains(where: \.isSuperseded) { columns.append(.init("", priority: 1)) }
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
    if groups.contains(where: \.isSuperseded) {
      cells.append(Table.Cell(group.isSuperseded ? "superseded" : "", tone: tone))
    }
    return cells
  }

  /// The row for the groups beyond `top`: sums only, because quantiles of groups do not add up.
  private func restCells(hasIdle: Bool) -> [Table.Cell] {
    let rest = groups.dropFirst(top)
    var sum = ScanGroup()
    sum.keys = rest.reduce(0) { $0 + $1.keys }
    sum.share = rest.reduce(0) { $0 + $1.share }
    sum.partlyExpiring = rest.reduce(0) { $0 + $1.partlyExpiring }
    sum.unmeasured = rest.reduce(0) { $0 + $1.unmeasured }
    // Groups of which nothing is known add nothing; their keys are among those that were not measured.
    func total(_ figure: (ScanGroup) -> Int?) -> Int? {
      let known = rest.compactMap(figure)
      return known.isEmpty ? nil : known.reduce(0, +)
    }
    sum.withoutTTL = total(\.withoutTTL)
    sum.memoryBytes = total(\.memoryBytes)
    let name = Table.Cell("\(NumberText.count(rest.count)) more", tone: .dim)
    return databaseCells(nil) + [name] + (grouping == .version ? [Table.Cell("")] : []) + roleCells("")
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

  private func findingLines(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = ""
    let shown = showsAllFindings ? findings.count : ScanReport.findingsShown
    for finding in findings.prefix(shown) {
      text += finding.lines(width: width, style: style, wording: wording)
    }
    let hidden = findings.count - shown
    if hidden > 0 {
      let noun = hidden == 1 ? "finding is" : "findings are"
      text += wrapped(
        "  \(hidden) more \(noun) left out here; \(wording.everyRemark)", to: width, indent: "  ")
    }
    return text
  }

  /// How the figures were obtained, in a sentence or two.
  private func basisLine(_ style: Style, _ wording: ReportWording) -> String {
    var sentences: [String] = []
    if !header.isComplete {
      let all = coverage.keysExpected.map { " of about \(NumberText.count($0))" } ?? ""
      sentences.append(
        "INCOMPLETE: the figures cover \(NumberText.keys(coverage.keysSeen - coverage.keysUnmeasured))\(all)."
      )
    }
    if let unmeasured = coverage.unmeasuredSentence { sentences.append(unmeasured) }
    if !coverage.isExact, coverage.keysMeasured > 0 { sentences.append(samplingSentence(style, wording)) }
    if let dump = header.dump {
      sentences.append(dump.momentSentence)
      if let bytes = totals.memoryBytes { sentences.append(dump.memorySentence(bytes, style)) }
    }
    return sentences.joined(separator: " ")
  }

  /// The errors of the total and of the worst row: one row can be far less certain than the sum.
  private func samplingSentence(_ style: Style, _ wording: ReportWording) -> String {
    let worstMemory = groups.compactMap(\.memoryError).max() ?? 0
    let worstTTL = groups.compactMap(\.withoutTTLError).max() ?? 0
    let size =
      coverage.sampleSize.map { "Sampled \(NumberText.keys($0)) a group (95 %)" } ?? "Sampled (95 %)"
    let memory = totals.memoryError.map { NumberText.margin($0, style: style) } ?? "of the measured keys only"
    var text = "\(size): memory \(memory) in total"
    if groups.count > 1 { text += ", up to \(NumberText.margin(worstMemory, style: style)) in a row" }
    if worstTTL > 0 {
      text +=
        "; NO TTL up to \(style.plusMinus)\(NumberText.keys(worstTTL))\(groups.count > 1 ? " in a row" : "")"
    }
    // Of a part, only its size is known.
    return text + (header.isComplete ? ". Counts are exact. " : ". ") + wording.everyKey
  }
}

extension ScanReport.Coverage {
  /// What to say where keys were asked about and could not be measured; nil where none was.
  var unmeasuredSentence: String? {
    guard keysUnmeasured > 0 else { return nil }
    guard keysMeasured > 0 else { return "No key could be measured." }
    return "\(NumberText.keys(keysUnmeasured)) could not be measured; the figures cover the others."
  }
}
