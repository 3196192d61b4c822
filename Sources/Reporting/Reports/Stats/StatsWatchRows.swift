import Quantities

/// The rows of `stats --watch`: one an interval, in columns of fixed width.
package struct StatsWatchRows: Sendable {
  /// A column; the lowest priority goes first where the terminal is narrow.
  private struct Column {
    let title: String
    let width: Int
    let priority: Int
    var isLeft = false
  }

  private static let nodesTitle = "NODES"

  private static func columns(history: Int) -> [Column] {
    [
      Column(title: "TIME", width: 8, priority: 90, isLeft: true),
      Column(title: nodesTitle, width: 7, priority: 85),
      Column(title: "HIT RATIO", width: 9, priority: 100),
      Column(title: "", width: history, priority: 65, isLeft: true),
      Column(title: "HITS", width: 9, priority: 80), Column(title: "MISSES", width: 9, priority: 70),
      Column(title: "EVICTED", width: 9, priority: 75),
      Column(title: "", width: history, priority: 62, isLeft: true),
      Column(title: "EXPIRED", width: 9, priority: 60), Column(title: "MEMORY", width: 9, priority: 50),
      Column(title: "CLIENTS", width: 7, priority: 20), Column(title: "P99", width: 8, priority: 30),
    ]
  }

  private let style: Style
  /// How many intervals a sparkline shows.
  private let historyLength: Int
  private let columns: [Column]
  private let shown: [Int]
  private var ratios: [Double?] = []
  private var evictions: [Double?] = []

  /// Rows that fit `width` columns, nil for any; sparklines are for terminals. Where `isCluster` each row says of how many
  /// of the nodes it is.
  package init(width: Int?, hasSparklines: Bool, isCluster: Bool = false, style: Style) {
    self.style = style
    historyLength = (width ?? .max) < 120 ? 6 : 12
    let columns = StatsWatchRows.columns(history: historyLength)
    var kept = columns.indices.filter {
      (hasSparklines || !columns[$0].title.isEmpty)
        && (isCluster || columns[$0].title != StatsWatchRows.nodesTitle)
    }
    func total() -> Int { kept.reduce(-2) { $0 + columns[$1].width + 2 } }
    while let width, total() > width, kept.count > 2 {
      let weakest = kept.min { columns[$0].priority < columns[$1].priority }
      kept.removeAll { $0 == weakest }
    }
    self.columns = columns
    shown = kept
  }

  /// The titles, with a line end.
  package var heading: String {
    style.bold(line(columns.map(\.title)).trimmingEnd) + "\n"
  }

  /// The row of an interval that ended at a time of day; without an interval a row of dashes.
  package mutating func row(_ figures: StatsReport.Figures?, of nodes: String? = nil, at time: String)
    -> String
  {
    let (window, gauges) = (figures?.interval, figures?.gauges)
    remember(window?.hitRatio, &ratios)
    remember(window?.rate(\.evictedKeys), &evictions)
    func rate(_ path: KeyPath<StatsWindow, Int?>) -> String {
      window?.rate(path).map { NumberText.rate($0) } ?? NumberText.absent
    }
    let highest = evictions.compactMap { $0 }.max() ?? 0
    let cells = [
      time, nodes ?? NumberText.absent, window?.shortHitRatio ?? NumberText.absent,
      // Half and all is the span in which a cache's ratio is worth watching.
      Sparkline.text(ratios, from: 0.5, to: 1, style: style), rate(\.hits), rate(\.misses),
      rate(\.evictedKeys), Sparkline.text(evictions, from: 0, to: highest, style: style),
      rate(\.expiredKeys), gauges?.usedMemory.map { NumberText.bytes($0) } ?? NumberText.absent,
      gauges?.connectedClients.map { NumberText.count($0) } ?? NumberText.absent,
      gauges?.latencyP99.map { NumberText.latency($0) } ?? NumberText.absent,
    ]
    return line(cells).trimmingEnd + "\n"
  }

  private func remember(_ value: Double?, _ history: inout [Double?]) {
    history.append(value)
    if history.count > historyLength { history.removeFirst() }
  }

  private func line(_ cells: [String]) -> String {
    shown.map { index in
      let column = columns[index]
      if column.isLeft { return cells[index].padding(to: column.width) }
      let blanks = max(0, column.width - TextWidth.columns(cells[index]))
      return String(repeating: " ", count: blanks) + cells[index]
    }.joined(separator: "  ")
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
