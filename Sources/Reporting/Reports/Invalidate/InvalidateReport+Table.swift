import Bytes
import Quantities

/// The form of a removal's report that people read.
extension InvalidateReport: Confirmable {
  private static let labelWidth = 10
  private static let groupsShown = 10

  /// The report as text that fits `width` columns; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    var text = ""
    if isDryRun { text += style.bold("dry run: nothing is \(removedWord)") + "\n\n" }
    text += line("target", header.targetText)
    text += isCountCut ? cutLine : isPlan ? plannedLines(width, style) : doneLines(style)
    if let stopped {
      text += line("stopped", ReportWording.behindStopped(stopped), tone: .warning, style: style)
    }
    if let verification { text += verificationLines(verification, width, style) }
    if groups.count > 1 { text += "\n" + groupTable(style).render(width: width, style: style) }
    if let command { text += (groups.count > 1 ? "\n" : "") + line("to run", wording.spell(command)) }
    return text
  }

  /// What is shown before the user is asked.
  package func preview(width: Int?, style: Style) -> String {
    var text = line("target", header.targetText) + plannedLines(width, style)
    if groups.count > 1 { text += "\n" + groupTable(style).render(width: width, style: style) }
    return text
  }

  /// "Remove 40,902 keys from prod (redis://cache-1:6379/0)?".
  package var question: String {
    let keys = NumberText.keys(counts.planned)
    let verb =
      expiresWithin.map { "Let \(keys) expire within \(NumberText.duration($0))" } ?? "Remove \(keys)"
    return "\(verb) \(expiresWithin == nil ? "from" : "on") \(header.targetPhrase)?"
  }

  private var removedWord: String { expiresWithin == nil ? "removed" : "changed" }

  // MARK: - What would be done

  private func plannedLines(_ width: Int?, _ style: Style) -> String {
    let whose = groups.count == 1 ? " in " + groups[0].names.title(.version) : ""
    let size = bytes.map { ", about \(NumberText.bytes($0))" } ?? ""
    var text = line("matched", "\(NumberText.keys(counts.matched))\(whose)\(size)")
    text += exceptions(style)
    text += line("plan", planSentence)
    return text + sampleLine("sample", samples, width, style)
  }

  /// What there is to say of a run that stopped while it counted.
  private var cutLine: String {
    let keys = "\(NumberText.keys(counts.planned)) before the run stopped"
    return line("counted", isDryRun ? keys : "\(keys): nothing was \(removedWord)")
  }

  private var planSentence: String {
    let time = plan.seconds.map { ", about \(NumberText.elapsed(max($0, 1)))" } ?? ""
    let window = expiresWithin.map { " to a random moment within \(NumberText.duration($0))" } ?? ""
    return
      "\(action)\(window) in batches of up to \(NumberText.count(plan.batchSize)), pace \(plan.pace)\(time)"
  }

  // MARK: - What was done

  private func doneLines(_ style: Style) -> String {
    let verb = expiresWithin == nil ? "removed" : "shortened"
    let amount =
      counts.removed == counts.matched
      ? NumberText.keys(counts.removed)
      : "\(NumberText.count(counts.removed)) of \(NumberText.keys(counts.matched))"
    let assurance = counts.removed > 0 ? ", acknowledged by the server" : ""
    var text = line(verb, amount + assurance)
    if let earlier, earlier.removed > 0 {
      text += line("", "\(NumberText.count(earlier.removed)) of them by earlier runs of this journal")
    }
    if expiresWithin == nil, counts.removed > 0, let bytes {
      let basis = earlier == nil ? "estimated from a sample" : "by this run, estimated from a sample"
      text += line("freed", "about \(NumberText.bytes(bytes)) (\(basis))")
    }
    text += exceptions(style)
    let seconds = header.durationSeconds
    let now = counts.removed - (earlier?.removed ?? 0)
    let rate = seconds > 0 && now > 0 ? ", \(NumberText.rate(Double(now) / seconds))" : ""
    let noun = batches == 1 ? "batch" : "batches"
    return text
      + line(
        "took", "\(NumberText.elapsed(seconds))\(rate), \(NumberText.count(batches)) \(noun) of \(action)")
  }

  private func exceptions(_ style: Style) -> String {
    var text = ""
    if counts.kept > 0 {
      text += line("kept", "\(NumberText.keys(counts.kept)): they expire sooner already")
    }
    if counts.absent > 0 {
      let pruned = isPlan ? "gone; their members would be taken out" : "gone; their members were taken out"
      text += line(
        "absent", "\(NumberText.keys(counts.absent)): \(prunes ? pruned : "not there when their turn came")")
    }
    if counts.failed > 0 {
      text += line("failed", "\(NumberText.keys(counts.failed)) refused", tone: .error, style: style)
      for key in refused.prefix(RefusedKey.shown) { text += line("", key.text) }
    }
    if counts.unknown > 0 {
      text += line(
        "unknown", "\(NumberText.keys(counts.unknown)) sent, and no reply seen", tone: .warning, style: style)
    }
    return text
  }

  private func verificationLines(_ found: Verification, _ width: Int?, _ style: Style) -> String {
    guard found.isComplete else {
      return line(
        "verified", "not to the end: \(NumberText.keys(found.keys)) seen", tone: .warning, style: style)
    }
    guard found.keys > 0 else {
      return line("verified", expiresWithin == nil ? "no key matches any more" : "every key expires in time")
    }
    let what = expiresWithin == nil ? "match now" : "live longer now"
    return line(
      "verified",
      "\(NumberText.keys(found.keys)) \(what): written since, or brought back by a failover",
      tone: .warning, style: style) + sampleLine("", found.samples, width, style)
  }

  // MARK: - Parts

  private func line(_ label: String, _ text: String, tone: Style.Tone? = nil, style: Style = .plain) -> String
  {
    let space = String(repeating: " ", count: max(1, InvalidateReport.labelWidth - label.count))
    return label + space + style.apply(tone, to: text) + "\n"
  }

  /// As many keys as fit a line, or one a line where none fits beside another.
  private func sampleLine(_ label: String, _ keys: [[UInt8]], _ width: Int?, _ style: Style) -> String {
    let room = max(20, (width ?? 110) - InvalidateReport.labelWidth)
    var lines = [""]
    for key in keys {
      let shown = KeyText.display(key, maxWidth: room, style: style)
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = shown
      } else if TextWidth.columns(last) + 2 + TextWidth.columns(shown) <= room {
        lines[lines.count - 1] += "  " + shown
      } else if lines.count < 5 {
        lines.append(shown)
      }
    }
    guard !keys.isEmpty else { return "" }
    return lines.enumerated().map { line($0 == 0 ? label : "", $1) }.joined()
  }

  /// What became of the keys of a group: the columns, the higher the priority the later they go for want of room.
  private var groupFigures: [(name: String, priority: Int, count: KeyPath<RemovalCounts, Int>)] {
    let changed: [(name: String, priority: Int, count: KeyPath<RemovalCounts, Int>)] =
      expiresWithin == nil
      ? [("REMOVED", 6, \.removed)] : [("SHORTENED", 6, \.removed), ("KEPT", 5, \.kept)]
    return changed + [("ABSENT", 1, \.absent), ("FAILED", 4, \.failed), ("UNKNOWN", 3, \.unknown)]
  }

  private func groupTable(_ style: Style) -> Table {
    // A preview is a plan too.
    let isPlan = isPlan || counts.planned > 0
    let done = isPlan ? "KEYS" : "MATCHED"
    // Nothing has become of keys that are only planned for.
    let figures = isPlan ? [] : groupFigures
    var table = Table(
      columns: [.init("GROUP", minimumWidth: 12, truncates: true), .init(done, alignment: .right)]
        + figures.map { .init($0.name, alignment: .right, priority: $0.priority) }
        + [.init("MEMORY", alignment: .right, priority: 2)])
    for group in groups.prefix(InvalidateReport.groupsShown) {
      table.append(
        [Table.Cell(group.names.title(.version)), Table.Cell(NumberText.count(group.counts.matched))]
          + figures.map { Table.Cell(NumberText.count(group.counts[keyPath: $0.count])) }
          + [Table.Cell(group.bytes.map { NumberText.bytes($0) } ?? NumberText.absent)])
    }
    let rest = groups.dropFirst(InvalidateReport.groupsShown)
    if !rest.isEmpty {
      let keys = rest.reduce(0) { $0 + $1.counts.matched }
      table.append([
        Table.Cell("\(NumberText.count(rest.count)) more", tone: .dim), Table.Cell(NumberText.count(keys)),
      ])
    }
    return table
  }
}
