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
    /// How to dress it, nil for plainly.
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
  /// Two spaces stand between columns and no blanks at the end of a line. Headings are left out where all are
  /// empty, and so is a column without heading and text. To fit, texts that may be truncated shrink first,
  /// then columns go by priority. What remains is shown even where it is too wide: half a number would be
  /// worse than a wrapped line.
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
