import Bytes
import Quantities

/// The form of a warming's report that people read.
extension WarmReport: Confirmable {
  /// The report as text that fits `width` columns; nil fits any.
  package func text(width: Int?, style: Style, wording: ReportWording) -> String {
    var lines = isDryRun ? [style.bold("dry run: nothing is written")] : []
    lines += bodyLines(style)
    if let verification { lines.append(line(of: verification, style)) }
    if let stopped {
      lines.append(style.warning("stopped") + " " + KeyText.sanitized(ReportWording.behindStopped(stopped)))
    }
    if let command { lines.append("to run    " + wording.spell(command)) }
    if let undo { lines.append("to undo   " + wording.spell(undo)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is shown before the user is asked.
  package func preview(width: Int?, style: Style) -> String {
    bodyLines(style).joined(separator: "\n") + "\n"
  }

  /// "Write 1,000 keys to prod (redis://cache-1:6379/0), in place of 60 that are there?".
  package var question: String {
    let place =
      replaced.map {
        $0.keys > 0
          ? ", in place of \(NumberText.count($0.keys)) that \($0.keys == 1 ? "is" : "are") there" : ""
      } ?? ""
    return "Write \(NumberText.keys(counts.planned)) to \(header.targetPhrase)\(place)?"
  }

  /// The target, and what was done there, or would be.
  private func bodyLines(_ style: Style) -> [String] {
    var lines = ["target    " + header.targetText, summary]
    if isPlan, let replaced { lines += replacementLines(replaced, style) }
    if saved > 0 {
      lines.append(
        "saved \(NumberText.keys(saved)) to the backup before replacing \(saved == 1 ? "it" : "them")")
    }
    if memberships > 0 {
      let noun = memberships == 1 ? "membership" : "memberships"
      lines.append("\(NumberText.count(memberships)) \(noun) in tags \(isPlan ? "to restore" : "restored")")
    }
    if let ttl {
      let (least, most) = (NumberText.duration(ttl.min), NumberText.duration(ttl.max))
      // Two moments that read alike are no range.
      lines.append(
        least == most
          ? "TTL \(least)" : "TTL \(least) to \(most), half of them up to \(NumberText.duration(ttl.p50))")
    }
    return lines + rejectionLines(style)
  }

  /// "60 of them are there already and would be replaced", and which of those change their type.
  private func replacementLines(_ replaced: Replacement, _ style: Style) -> [String] {
    guard replaced.keys > 0 else {
      return [counts.skipped > 0 ? "none of those to write is there yet" : "none of them is there yet"]
    }
    let many = replaced.keys != 1
    var lines = [
      "\(NumberText.count(replaced.keys)) of them \(many ? "are" : "is") there already and would be replaced"
    ]
    if replaced.retyped > 0 {
      let changes = replaced.changes.sorted {
        ($1.value, $0.key.old, $0.key.new) < ($0.value, $1.key.old, $1.key.new)
      }
      .map { "\(KeyText.sanitized($0.key.old)) to \($0.key.new) \(NumberText.count($0.value))" }
      lines.append(
        style.warning("!") + " \(NumberText.keys(replaced.retyped)) would change type: "
          + changes.joined(separator: ", "))
    }
    return lines
  }

  /// "47,020 written, 2,792 skipped, 188 rejected of 50,000 records in 1.1 s (42,000/s)".
  private var summary: String {
    guard !isCountCut else {
      return
        "counted \(NumberText.count(counts.records)) \(counts.records == 1 ? "record" : "records") before the run "
        + (isDryRun ? "stopped" : "stopped: nothing was written")
    }
    var parts = [
      isPlan
        ? "\(NumberText.count(counts.planned)) would be written"
        : "\(NumberText.count(counts.written)) written"
    ]
    let others = [
      (counts.skipped, "skipped"), (counts.rejected, "rejected"), (counts.failed, "refused by the server"),
      (counts.unknown, "unknown (sent, and no reply seen)"),
    ]
    parts += others.filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
    let seconds = header.durationSeconds
    let done = counts.records - (earlier?.records ?? 0)
    let rate = seconds > 0 && done > 0 ? " (\(NumberText.rate(Double(done) / seconds)))" : ""
    let noun = counts.records == 1 ? "record" : "records"
    return parts.joined(separator: ", ") + " of \(NumberText.count(counts.records)) \(noun) in "
      + NumberText.elapsed(seconds) + rate
  }

  private func rejectionLines(_ style: Style) -> [String] {
    var lines = rejections.map { rejection in
      style.warning("!")
        + " line \(NumberText.count(rejection.line)), column \(NumberText.count(rejection.column)): "
        + KeyText.sanitized(rejection.reason)
    }
    lines += refused.prefix(RefusedKey.shown).map { style.warning("!") + " " + $0.text }
    let before = earlier?.rejected ?? 0
    let more = (failures?.count ?? 0) - min(refused.count, RefusedKey.shown)
    let hidden = counts.rejected - before - rejections.count + max(0, more)
    if hidden > 0 { lines.append("  and \(NumberText.count(hidden)) more") }
    if before > 0 { lines.append("  \(NumberText.count(before)) rejected by the run before") }
    if !lines.isEmpty, let rejectsFile {
      lines[lines.count - 1] += " (all are in \(KeyText.sanitized(rejectsFile)))"
    }
    return lines
  }

  private func line(of found: Verification, _ style: Style) -> String {
    let gone =
      found.gone > 0 ? ", \(NumberText.count(found.gone)) \(found.gone == 1 ? "has" : "have") gone since" : ""
    let rest =
      found.undecided > 0
      ? "; \(NumberText.keys(found.undecided)) cannot be compared: the server encodes them anew" : ""
    guard found.compared > 0 || found.undecided > 0 else {
      return "verified: nothing, because no key was read back"
    }
    guard found.different > 0 else {
      return "verified: \(NumberText.keys(found.compared)) read back\(gone), none differs" + rest
    }
    let shown = found.examples.map { KeyText.display($0, maxWidth: 60) }.joined(separator: "  ")
    return style.warning("!")
      + " verified: \(NumberText.count(found.different)) of \(NumberText.keys(found.compared)) differ\(gone), such as \(shown)"
      + rest
  }
}
