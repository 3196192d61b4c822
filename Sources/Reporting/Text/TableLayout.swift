/// Which columns of a table are shown, and how wide.
struct TableLayout {
  /// The shown columns from left to right.
  private(set) var visible: [Int]
  /// The width of every column, shown or not.
  private(set) var widths: [Int]

  private static let gap = 2

  init(columns: [Table.Column], lines: [[Table.Cell]], limit: Int?) {
    let natural = columns.indices.map { index in
      lines.reduce(0) { max($0, TextWidth.columns($1[index].text)) }
    }
    visible = columns.indices.filter { natural[$0] > 0 }
    widths = natural
    guard let limit else { return }
    while !shrink(columns, to: limit), let victim = leastImportant(columns) {
      visible.removeAll { $0 == victim }
      widths = natural
    }
  }

  /// Returns one line, padded and dressed, without its end.
  func line(_ cells: [Table.Cell], columns: [Table.Column], style: Style) -> String {
    var line = ""
    // Blanks wait until text follows them, so that none end the line.
    var blanks = 0
    for (position, index) in visible.enumerated() {
      let text = TextWidth.truncatedMiddle(cells[index].text, to: widths[index], ellipsis: style.ellipsis)
      let padding = widths[index] - TextWidth.columns(text)
      blanks += position > 0 ? Self.gap : 0
      if columns[index].alignment == .right { blanks += padding }
      if !text.isEmpty {
        line += String(repeating: " ", count: blanks) + style.apply(cells[index].tone, to: text)
        blanks = 0
      }
      if columns[index].alignment == .left { blanks += padding }
    }
    return line
  }

  /// Narrows the widest truncatable columns until the line fits or all are at their minimum; returns whether
  /// it fits.
  private mutating func shrink(_ columns: [Table.Column], to limit: Int) -> Bool {
    var excess = visible.reduce(-Self.gap) { $0 + widths[$1] + Self.gap } - limit
    while excess > 0 {
      let candidates = visible.filter { columns[$0].truncates && widths[$0] > Self.minimum(columns[$0]) }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return false }
      widths[widest] -= 1
      excess -= 1
    }
    return true
  }

  /// The column to leave out next, nil where all that remain are required.
  private func leastImportant(_ columns: [Table.Column]) -> Int? {
    let candidates = visible.reversed().filter { columns[$0].priority != Table.Column.required }
    return candidates.min { columns[$0].priority < columns[$1].priority }
  }

  private static func minimum(_ column: Table.Column) -> Int {
    max(1, column.minimumWidth, TextWidth.columns(column.title))
  }
}
