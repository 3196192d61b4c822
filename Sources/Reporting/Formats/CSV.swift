import Bytes

/// Writes rows as comma-separated values (RFC 4180).
///
/// Two departures, both on purpose: rows end in LF instead of CRLF, because the readers are Unix tools that
/// would keep the CR in the last cell; and text that a spreadsheet would run as a formula gets a leading `'`, and so does
/// text that already begins as such a guard does, so that no two texts become one.
package struct CSV: Sendable {
  /// One cell.
  package enum Cell: Sendable, Equatable {
    /// Text, guarded against formulas; the empty string is written `""`, unlike nothing.
    case text(String)
    /// A whole number.
    case int(Int)
    /// A number; what is not finite leaves the cell empty.
    case double(Double)
    /// `true` or `false`.
    case bool(Bool)
    /// Nothing: an empty cell.
    case empty
  }

  /// Whether controls are shown as escapes instead of raw bytes.
  package let forTerminal: Bool

  /// Creates a writer: raw for files and pipes, escaped for a terminal.
  package init(forTerminal: Bool = false) { self.forTerminal = forTerminal }

  /// Returns one row with its line end.
  package func row(_ cells: [Cell]) -> [UInt8] {
    // A row of one empty cell would be a blank line, which readers skip.
    if cells == [.empty] { return Array("\"\"\n".utf8) }
    var output: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(contentsOf: encoded(cell))
    }
    output.append(0x0A)
    return output
  }

  /// Returns the row of column names with its line end.
  package func header(_ names: [String]) -> [UInt8] { row(names.map(Cell.text)) }

  /// Names such as keys, which are any bytes, and the cell of the column that says how they are written.
  ///
  /// Where all are valid UTF-8 they are text; otherwise all are in base64, and the last cell says `base64`. Nil is an
  /// empty cell.
  static func names(_ names: [[UInt8]?]) -> (cells: [Cell], encoding: Cell) {
    let isText = names.allSatisfy { $0.map(UTF8Text.isValid) ?? true }
    let cells = names.map { name -> Cell in
      guard let name else { return .empty }
      return .text(isText ? String(decoding: name, as: UTF8.self) : Base64.text(name))
    }
    return (cells, isText ? .empty : .text("base64"))
  }

  private func encoded(_ cell: Cell) -> [UInt8] {
    switch cell {
    case .text(let text): encoded(text: Array(text.utf8))
    case .int(let number): Array(String(number).utf8)
    case .double(let number): number.isFinite ? Array(number.description.utf8) : []
    case .bool(let flag): Array((flag ? "true" : "false").utf8)
    case .empty: []
    }
  }

  private func encoded(text: [UInt8]) -> [UInt8] {
    var shown = text
    let first = text.first { $0 != UInt8(ascii: "'") }
    if let first, "=+-@\t\r".utf8.contains(first) { shown.insert(UInt8(ascii: "'"), at: 0) }
    if forTerminal { shown = Array(Escaping.line.apply(to: shown).text.utf8) }
    guard needsQuotes(shown) else { return shown }
    let quote = UInt8(ascii: "\"")
    return [quote] + shown.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  private func needsQuotes(_ text: [UInt8]) -> Bool {
    let space = UInt8(ascii: " ")
    guard let first = text.first, let last = text.last else { return true }
    return first == space || last == space || text.contains { ",\"\n\r".utf8.contains($0) }
  }
}
