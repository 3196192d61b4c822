/// A sentence about a report, below its figures: a mark, then the sentence with its further lines under the first.
enum Remark {
  /// The lines of a remark, each ended by a line feed.
  static func lines(
    _ sentence: String, mark: String, tone: Style.Tone?, width: Int?, style: Style
  ) -> String {
    wrapped(sentence, to: width.map { $0 - 2 }, indent: "").split(separator: "\n").enumerated()
      .map { ($0 == 0 ? style.apply(tone, to: mark) + " " : "  ") + $1 + "\n" }.joined()
  }
}

extension ReportFinding {
  /// The finding with its number and its severity, and below it the command to run next.
  func numbered(_ number: Int, width: Int?, style: Style, wording: ReportWording) -> String {
    let margin = "    "
    let place = String(repeating: " ", count: max(0, 2 - String(number).count)) + "\(number)  "
    let tone: Style.Tone? =
      switch severity {
      case .info: nil
      case .warning: .warning
      case .critical: .error
      }
    let word = severity.rawValue.uppercased()
    // The messages begin below each other.
    let gap = String(repeating: " ", count: max(2, 10 - word.count))
    let lines = wrapped(word + gap + message, to: width.map { max(20, $0 - margin.count) }, indent: "")
      .split(separator: "\n")
    let text = lines.enumerated().map { index, line in
      index == 0
        ? place + style.apply(tone, to: word) + line.dropFirst(word.count) + "\n" : margin + line + "\n"
    }
    let reason = why.map { wrapped($0, to: width.map { max(20, $0 - margin.count) }, indent: "") } ?? ""
    let reasons = reason.split(separator: "\n").map { margin + $0 + "\n" }
    // A command is never broken: it is there to be copied.
    return text.joined() + reasons.joined() + (command.map { margin + wording.spell($0) + "\n" } ?? "")
  }

  /// The finding for people, with the command to run next in a line of its own.
  func lines(width: Int?, style: Style, wording: ReportWording) -> String {
    let (mark, tone): (String, Style.Tone?) =
      switch severity {
      case .info: ("i", nil)
      case .warning: ("!", .warning)
      case .critical: ("!", .error)
      }
    let text = Remark.lines(message, mark: mark, tone: tone, width: width, style: style)
    // A command is never broken: it is there to be copied.
    return text + (command.map { "    " + wording.spell($0) + "\n" } ?? "")
  }
}

/// Breaks a text at spaces so that no line is wider than asked for; a word that is wider has a line of its own.
func wrapped(_ text: String, to width: Int?, indent: String) -> String {
  guard let width, width > 0 else { return text + "\n" }
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    let candidate = line.isEmpty ? String(word) : line + " " + word
    if !line.isEmpty, TextWidth.columns(candidate) > width {
      lines.append(line)
      line = indent + word
    } else {
      line = candidate
    }
  }
  lines.append(line)
  return lines.joined(separator: "\n") + "\n"
}
