import Reporting

/// The layout of help.
enum HelpText {
  /// Breaks the lines of a text that are too long at spaces; a line goes on below its text, not below its margin.
  ///
  /// What is to be pasted stays whole: rules for servers, records and settings.
  static func wrapped(_ text: String, to width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in isPasted(line) ? String(line) : wrapped(line: line, to: width) }.joined(separator: "\n")
  }

  private static func isPasted(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " }
    return ["ACL SETUSER", "{", "[", "$"].contains { text.hasPrefix($0) } || text.contains(" = ")
  }

  private static func wrapped(line: Substring, to width: Int) -> String {
    guard line.count > width else { return String(line) }
    let margin = String(repeating: " ", count: min(column(of: line), width / 2))
    var lines: [String] = []
    var rest = line
    while rest.count > width - (lines.isEmpty ? 0 : margin.count) {
      let room = width - (lines.isEmpty ? 0 : margin.count)
      let least = lines.isEmpty ? margin.count : 0
      // A word longer than the line stands in a line of its own.
      let piece = rest.prefix(room + 1)
      guard let space = piece.lastIndex(of: " "),
        rest.distance(from: rest.startIndex, to: space) > least
          || rest.firstIndex(where: { $0 == " " }) == space
      else { break }
      lines.append((lines.isEmpty ? "" : margin) + rest[..<space])
      rest = rest[space...].drop { $0 == " " }
    }
    if !rest.isEmpty { lines.append((lines.isEmpty ? "" : margin) + rest) }
    return lines.joined(separator: "\n")
  }

  /// Where the text of a line begins: behind its margin or, in a line of two columns, where the second begins.
  private static func column(of line: Substring) -> Int {
    let margin = line.prefix { $0 == " " }.count
    let text = line.dropFirst(margin)
    guard let gap = text.firstRange(of: "  ") else { return margin }
    let second = text[gap.lowerBound...].drop { $0 == " " }
    return line.distance(from: line.startIndex, to: second.startIndex)
  }

  /// The line of an option in a help page that is so wide that none is broken: its names, and what it does.
  static func row(of option: OptionName, in page: String) -> String? {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    guard
      let index = lines.firstIndex(where: { line in
        let words = line.prefix(60).split { $0 == " " || $0 == "," }
        return line.hasPrefix("  -") && words.prefix(2).contains(Substring(option.word))
      })
    else { return nil }
    let line = lines[index]
    guard column(of: line) < 10, index + 1 < lines.count else { return String(line) }
    // Names that are too long for their column have what they do in the next line.
    return line + "  " + lines[index + 1].drop { $0 == " " }
  }

  /// A line cut to a width, at a word.
  static func truncated(_ line: String, to width: Int) -> String {
    guard line.count > width else { return line }
    let start = line.prefix(width - 1)
    return (start.lastIndex(of: " ").map { String(start[..<$0]) } ?? String(start)) + " …"
  }
}
