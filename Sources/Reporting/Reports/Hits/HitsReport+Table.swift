import Bytes
import Quantities

/// The form of a hits report that people read.
extension HitsReport {
  /// The report as a screenful of text that fits `width` columns; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = heading(width: width, style: style) + "\n"
    text += groups.isEmpty && others.isEmpty ? emptyLine : groupTable.render(width: width, style: style)
    if let topKeys, !topKeys.isEmpty { text += "\n" + keyTable(topKeys).render(width: width, style: style) }
    if !findings.isEmpty {
      let shown = findings.prefix(HitsReport.findingsShown)
      text += "\n" + shown.map { $0.lines(width: width, style: style, wording: wording) }.joined()
    }
    return text + "\n" + wrapped(basis, to: width, indent: "")
  }

  /// More findings than these push the table off the screen.
  private static let findingsShown = 8

  private var emptyLine: String {
    guard coverage.isHeard else { return "no keys\n" }
    return coverage.misses == nil ? "no misses by group: see the warnings\n" : "no misses\n"
  }

  private func heading(width: Int?, style: Style) -> String {
    var parts = [header.targetName.map { KeyText.sanitized($0) }, KeyText.sanitized(header.uri)]
    if let server = header.server {
      let words = [server.prefix(1).uppercased() + server.dropFirst(), header.serverVersion].compactMap(
        \.self)
      parts.append(KeyText.sanitized(words.joined(separator: " ")))
    }
    parts.append(sum)
    let line = parts.compactMap(\.self).joined(separator: "  ")
    return wrapped(line, to: width, indent: "").split(separator: "\n").map { style.bold(String($0)) + "\n" }
      .joined()
  }

  private var sum: String {
    guard let lookups = totals.lookups else { return "hits and misses are not known" }
    let rate = totals.seconds.map {
      $0 > 0 ? NumberText.rate(Double(lookups) / $0) : NumberText.count(lookups)
    }
    let reads = "reads \(rate ?? NumberText.count(lookups))"
    guard let ratio = totals.hitRatioText else { return "no reads" }
    return "\(reads), hit ratio \(ratio) (INFO\(totals.hitRatio == nil ? "" : ", exact"))"
  }

  // MARK: - Groups

  private var hasCauses: Bool { groups.contains { $0.causes != nil } }
  private var hasMisses: Bool { coverage.misses != nil }
  private var isInferred: Bool { coverage.method == .inferred }
  private var hasReads: Bool { groups.contains { $0.reads != nil } || others.contains { $0.reads != nil } }
  private var hasMemory: Bool { groups.contains { $0.memoryBytes != nil } }
  private var hasUse: Bool { groups.contains { $0.used != nil } }
  private var hasRatios: Bool { groups.contains { $0.hitRatio != nil } }

  private var groupTable: Table {
    var table = Table(columns: ScanGroup.nameColumns(grouping) + figureColumns)
    for group in groups.prefix(top) { table.append(group.names.nameCells(grouping) + figureCells(of: group)) }
    let rest = groups.dropFirst(top)
    if !rest.isEmpty {
      table.append(
        rowName("\(NumberText.count(rest.count)) more") + figureCells(of: HitsReport.sum(of: rest)))
    }
    for other in others {
      var group = HitsGroup()
      (group.reads, group.misses) = (other.reads, other.misses)
      table.append(rowName(other.title) + figureCells(of: group))
    }
    return table
  }

  /// The counts of several groups; ratios do not add up.
  private static func sum(of groups: some Collection<HitsGroup>) -> HitsGroup {
    var sum = HitsGroup()
    sum.reads = groups.map(\.reads).known
    sum.misses = groups.map(\.misses).known
    return sum
  }

  private func rowName(_ name: String) -> [Table.Cell] {
    [Table.Cell(name, tone: .dim)] + ScanGroup.nameColumns(grouping).dropFirst().map { _ in Table.Cell("") }
  }

  /// The least needed on a narrow terminal has the lowest priority.
  private var figureColumns: [Table.Column] {
    var columns: [Table.Column] = []
    let mark = isInferred ? "~" : ""
    if hasReads { columns.append(.init("READS/s", alignment: .right)) }
    if hasRatios { columns.append(.init("\(mark)HIT RATIO", alignment: .right)) }
    if hasMisses {
      columns.append(.init("\(mark)MISSES/s", alignment: .right, priority: 8))
      if !hasReads {
        columns += [.init("MISSES", alignment: .right), .init("SHARE", alignment: .right, priority: 3)]
      }
    }
    if hasCauses {
      columns += ["EXPIRED", "EVICTED", "DELETED", "NEVER SEEN"].map {
        .init($0, alignment: .right, priority: 6)
      }
    }
    if hasUse { columns.append(.init("KEYS USED", alignment: .right)) }
    if hasMemory {
      columns.append(.init("MEMORY", alignment: .right, priority: 7))
      if hasRatios { columns.append(.init("\(mark)HITS/s/MiB", alignment: .right, priority: 7)) }
    }
    return columns
  }

  private func figureCells(of group: HitsGroup) -> [Table.Cell] {
    var cells: [Table.Cell] = []
    if hasReads { cells.append(rateCell(group.reads)) }
    if hasRatios { cells.append(ratioCell(of: group)) }
    if hasMisses { cells += missCells(of: group) }
    if hasCauses {
      let parts = [\HitsGroup.Causes.expired, \.evicted, \.deleted, \.unseen]
      cells += parts.map { part in
        HitsReport.cell(causeText(group, part))
      }
    }
    if hasUse {
      cells.append(HitsReport.cell(group.used.map { "≥ \(NumberText.share($0.low, spaced: true))" }))
    }
    if hasMemory {
      cells.append(HitsReport.cell(group.memoryBytes.map { NumberText.bytes($0) }))
      if hasRatios {
        cells.append(
          HitsReport.cell(
            group.hitsPerMiB(in: totals.seconds).map {
              $0 < 10 ? NumberText.fixed($0, decimals: 1) : NumberText.count(Int($0))
            }))
      }
    }
    return cells
  }

  private func causeText(_ group: HitsGroup, _ part: KeyPath<HitsGroup.Causes, Int>) -> String? {
    guard let causes = group.causes, let misses = group.misses, misses > 0 else { return nil }
    return NumberText.share(causes[keyPath: part], of: misses)
  }

  private func missCells(of group: HitsGroup) -> [Table.Cell] {
    let rate = rateCell(group.misses)
    guard !hasReads else { return [rate] }
    return [
      rate, HitsReport.cell(group.misses.map(NumberText.count)),
      HitsReport.cell(group.misses.map { NumberText.share($0, of: max(1, coverage.missesSeen)) }),
    ]
  }

  private static func cell(_ text: String?) -> Table.Cell { Table.Cell(text ?? NumberText.absent) }

  private func rateCell(_ count: Int?) -> Table.Cell {
    let rate = count.flatMap { count in totals.seconds.map { $0 > 0 ? Double(count) / $0 : 0 } }
    return HitsReport.cell(
      rate.map { $0 < 10 ? NumberText.fixed($0, decimals: 1) : NumberText.count(Int($0)) })
  }

  private func ratioCell(of group: HitsGroup) -> Table.Cell {
    guard let ratio = group.hitRatio else { return HitsReport.cell(nil) }
    let error = group.hitRatioError.map { " ±\(NumberText.share($0, spaced: true))" } ?? ""
    let tone: Style.Tone? = ratio < 0.5 ? .error : ratio < 0.8 ? .warning : nil
    return Table.Cell(NumberText.share(ratio, spaced: true) + error, tone: tone)
  }

  private func keyTable(_ keys: [TopKey]) -> Table {
    var table = Table(columns: [
      .init("KEY", minimumWidth: 12, truncates: true), .init("MISSES", alignment: .right),
      .init("", alignment: .left),
    ])
    for key in keys {
      table.append([
        Table.Cell(KeyText.quoted(key.key)), Table.Cell(NumberText.count(key.misses)),
        Table.Cell(key.error > 0 ? "at most \(NumberText.count(key.error)) too many" : ""),
      ])
    }
    return table
  }

  // MARK: - What the figures rest on

  private var basis: String {
    [missesBasis, causesBasis, readsBasis, useBasis].compactMap(\.self).joined(separator: " ")
  }

  private var missesBasis: String {
    guard coverage.isHeard else {
      let time = totals.seconds.map { ", of the last \(NumberText.elapsed($0))" } ?? ""
      return "Totals: by INFO\(time). Misses and reads by group are heard only while a run listens."
    }
    guard let share = coverage.misses else { return "Misses by group are not known: no server sends them." }
    let part = NumberText.share(share, spaced: true)
    if isInferred { return inferenceBasis }
    if coverage.isPartial { return "PARTIAL: \(part) of the misses that INFO counted arrived." }
    return share == 1
      ? "Misses: exact, every one that INFO counted arrived." : "Misses: \(part) of INFO's count arrived."
  }

  private var inferenceBasis: String {
    let delay = NumberText.elapsed(coverage.monitoring?.following ?? 0)
    let sum = NumberText.count(coverage.missesSeen)
    let counted = coverage.missesCounted.map { " of the \(NumberText.count($0)) that INFO counted" } ?? ""
    return
      "~ INFERRED: a read counts as a miss where a write of its key follows within \(delay). That explains \(sum) "
      + "misses\(counted); what is not filled in, or later, counts as a hit."
  }

  private var causesBasis: String? {
    guard hasCauses else { return nil }
    let meaning = "Never seen: not seen to go since listening began."
    guard coverage.followedNames < 1 else { return meaning }
    let error = groups.compactMap { $0.causes?.error }.max() ?? 0
    return meaning
      + " Causes rest on \(NumberText.share(coverage.followedNames, spaced: true)) of the names, "
      + "up to \(NumberText.share(error, spaced: true)) off."
  }

  private var useBasis: String? {
    guard let use, hasUse else { return nil }
    let meaning =
      switch use.measure {
      case .idle: "in the minute before listening began (OBJECT IDLETIME)"
      case .frequency: "more often than new keys count for (OBJECT FREQ)"
      }
    let warning = use.caveats.isEmpty ? "" : " Do not trust it: \(use.caveats.joined(separator: "; "))."
    return
      "Keys used: at least this share of the keys that are there was read or written \(meaning), by a sample; it says "
      + "nothing of misses.\(warning)"
  }

  private var readsBasis: String? {
    guard let monitoring = coverage.monitoring, totals.lookups != 0 else { return nil }
    let windows =
      "\(NumberText.fixed(monitoring.seconds, decimals: 1)) s of MONITOR in \(monitoring.windows) windows"
    guard hasReads else { return "Reads by group are not known: \(windows) are too few." }
    var text = "Reads: estimated from \(windows), made to meet INFO"
    if let inside = monitoring.commandsInside, let outside = monitoring.commandsOutside {
      text += "; commands \(NumberText.rate(inside)) inside the windows, \(NumberText.rate(outside)) outside"
    }
    return text + "."
  }
}

extension HitsReport.Other {
  fileprivate var title: String {
    switch kind {
    case .unchosen: "(not chosen)"
    case .elsewhere: "(other databases)"
    }
  }
}
