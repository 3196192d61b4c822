import Bytes

/// Rows of text in aligned columns, made to fit a terminal.
package struct Table: Sendable {
  /// The side a column's text leans to.
  package enum Alignment: Sendable, Equatable {
    /// For text.
    case left
    /// For numbers.
    case right
  }

  /// One column.
  package struct Column: Sendable, Equatable {
    /// The priority of a column that is never left out.
    package static let required = Int.max

    /// The heading, written as given: `NO TTL`, `TTL p50`. May be empty.
    package var title: String
    /// The side the cells lean to.
    package var alignment: Alignment
    /// How long the column stays when the terminal is narrow: the lowest number goes first, of equals the
    /// rightmost.
    package var priority: Int
    /// The columns a truncated text keeps at least.
    package var minimumWidth: Int
    /// Whether cells may be cut in their middle; never for numbers.
    package var truncates: Bool

    /// Creates a column.
    package init(
      _ title: String, alignment: Alignment = .left, priority: Int = Column.required, minimumWidth: Int = 8,
      truncates: Bool = false
    ) {
      self.title = title
      self.alignment = alignment
      self.priority = priority
      self.minimumWidth = minimumWidth
      self.truncates = truncates
    }
  }

  /// One cell.
  package struct Cell: Sendable, Equatable, ExpressibleByStringInterpolation {
    /// The text, free of escape sequences; controls in it are shown escaped.
    package var text: String
    /// Its tone, nil for plain text.
    package var tone: Style.Tone?

    /// Creates a cell.
    package init(_ text: String, tone: Style.Tone? = nil) {
      self.text = text
      self.tone = tone
    }

    /// Creates a plain cell.
    package init(stringLiteral value: String) { self.init(value) }
  }

  /// The columns from left to right.
  package var columns: [Column]
  /// The rows from top to bottom; missing cells are empty, surplus ones are not shown.
  package var rows: [[Cell]]

  /// Creates a table.
  package init(columns: [Column], rows: [[Cell]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Adds a row at the bottom.
  package mutating func append(_ cells: [Cell]) { rows.append(cells) }

  /// Returns the headings and rows, each ended by a newline.
  ///
  /// Two spaces separate columns, and no line ends in blanks. Headings are left out where all are empty, and
  /// so is a column without heading and text. To fit, texts that may be truncated shrink first, then columns
  /// go by priority. What remains is shown even where it is too wide: half a number would be worse than a
  /// wrapped line.
  ///
  /// - Parameter width: The columns of the terminal, nil for unlimited.
  package func render(width: Int? = nil, style: Style = .plain) -> String {
    let clean = rows.map { row in
      columns.indices.map { index in
        index < row.count ? Cell(Self.cleaned(row[index].text), tone: row[index].tone) : Cell("")
      }
    }
    let headings = columns.map { Cell(Self.cleaned($0.title), tone: .bold) }
    let hasHeadings = headings.contains { !$0.text.isEmpty }
    let lines = hasHeadings ? [headings] + clean : clean
    let layout = TableLayout(columns: columns, lines: lines, limit: width)
    return lines.map { layout.line($0, columns: columns, style: style) + "\n" }.joined()
  }

  /// The text without trailing blanks and, whatever the caller forgot, without controls.
  private static func cleaned(_ text: String) -> String {
    let safe = Escaping.line.apply(to: Array(text.utf8)).text
    let end = safe.lastIndex { $0 != " " }.map(safe.index(after:)) ?? safe.startIndex
    return String(safe[..<end])
  }
}

/// Which columns of a table are shown, and how wide.
private struct TableLayout {
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

  /// Returns one line, padded and coloured, without its end.
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
