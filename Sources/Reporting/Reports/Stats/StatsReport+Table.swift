import Bytes
import Quantities

/// The form of a stats report that people read.
extension StatsReport {
  /// The report as a screenful of text that fits `width` columns; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    heading(width: width, style: style) + "\n" + figureLines(style: style)
      + gaugeLines(width: width) + nodeLines(width: width, style: style)
      + findingLines(width: width, style: style, wording: wording)
  }

  private func heading(width: Int?, style: Style) -> String {
    var parts = [header.targetName.map { KeyText.sanitized($0) }, KeyText.sanitized(header.uri)]
    if let server = header.server {
      let words: [String?] = [
        server.prefix(1).uppercased() + server.dropFirst(), header.serverVersion,
        isOfCluster ? "cluster of \(nodes.count + unread.count) shards" : nodes.first?.role,
      ]
      parts.append(KeyText.sanitized(words.compactMap { $0 }.joined(separator: " ")))
    }
    let lines = wrapped(parts.compactMap { $0 }.joined(separator: "  "), to: width, indent: "")
    return lines.split(separator: "\n").map { style.bold(String($0)) + "\n" }.joined()
  }

  // MARK: - Figures

  private static let labelWidth = 18
  private static let columnWidth = 17

  private func figureLines(style: Style) -> String {
    let windows = [totals.interval, totals.lifetime].compactMap { $0 }
    let titles = [totals.interval.map(StatsReport.intervalTitle), lifetimeTitle].compactMap { $0 }
    let ratios = windows.map { window in
      (
        window.hitRatioText ?? NumberText.absent,
        window.hitRatioRange.flatMap(StatsReport.tone)
      )
    }
    // Totals that lack a node say so where they stand.
    var text = StatsReport.line(shareOfNodes ?? "", titles.map { ($0, .bold) }, style)
    text += StatsReport.line("hit ratio", ratios, style)
    for (name, path) in StatsReport.rows where name != "inspections" || hasInspections(windows) {
      text += StatsReport.line(
        name, windows.map { (StatsReport.amount(path, in: $0, asRate: hasRates($0), style), nil) }, style)
    }
    return text
  }

  /// True where a column shows rates: its rows, those of the nodes below it included, show rates or none does.
  private func hasRates(_ window: StatsWindow) -> Bool {
    guard window.seconds != nil, isOfCluster, window == totals.window else { return window.seconds != nil }
    return nodes.allSatisfy { shownWindow(of: $0)?.seconds != nil || shownWindow(of: $0) == nil }
  }

  /// The window that a node's row shows; nil where the totals have an interval and the node has none, so that nothing is
  /// shown that would pass for one.
  private func shownWindow(of node: Node) -> StatsWindow? {
    totals.interval == nil ? node.figures.lifetime : node.figures.interval
  }

  private func hasInspections(_ windows: [StatsWindow]) -> Bool {
    windows.contains { ($0.inspectionLookups ?? 0) > 0 }
  }

  private static let rows: [(String, any KeyPath<StatsWindow, Int?> & Sendable)] = [
    ("hits", \.hits), ("misses", \.misses), ("evicted", \.evictedKeys), ("expired", \.expiredKeys),
    ("commands", \.commands), ("inspections", \.inspectionLookups),
  ]

  /// A label and its figures in columns; no blanks at the end.
  private static func line(_ label: String, _ cells: [(text: String, tone: Style.Tone?)], _ style: Style)
    -> String
  {
    var text = label.padding(to: labelWidth)
    for (index, cell) in cells.enumerated() {
      text += style.apply(cell.tone, to: cell.text)
      if index < cells.count - 1 {
        text += String(repeating: " ", count: max(2, columnWidth - TextWidth.columns(cell.text)))
      }
    }
    return text + "\n"
  }

  /// An amount; of hits and misses that lie in a range the nearer bound.
  private static func amount(
    _ path: KeyPath<StatsWindow, Int?>, in window: StatsWindow, asRate: Bool, _ style: Style
  ) -> String {
    if let count = window[keyPath: path] { return amount(count, in: window, asRate: asRate) }
    if path == \.hits, let fewest = window.hitsRange?.lowerBound {
      return "\(style.atLeast) \(amount(fewest, in: window, asRate: asRate))"
    }
    if path == \.misses, let most = window.missesRange?.upperBound {
      return "\(style.atMost) \(amount(most, in: window, asRate: asRate))"
    }
    return NumberText.absent
  }

  private static func amount(_ count: Int, in window: StatsWindow, asRate: Bool) -> String {
    guard asRate, let seconds = window.seconds, seconds > 0 else { return NumberText.count(count) }
    return NumberText.rate(Double(count) / seconds)
  }

  static func intervalTitle(_ interval: StatsWindow) -> String {
    interval.lengthText.map { "last " + $0 } ?? "since the last run"
  }

  private var lifetimeTitle: String {
    if wasReset { return "since the last reset" }
    if nodes.count > 1, totals.lifetime.seconds == nil { return "since their starts" }
    return totals.gauges.uptime.map { "since start (\(NumberText.duration(Double($0))))" } ?? "since start"
  }

  /// The tone of a ratio; nil where its range has more than one.
  private static func tone(_ ratio: ClosedRange<Double>) -> Style.Tone? {
    let tone = tone(ratio.lowerBound)
    return tone == self.tone(ratio.upperBound) ? tone : nil
  }

  private static func tone(_ ratio: Double) -> Style.Tone {
    if ratio >= 0.9 { return .good }
    return ratio < 0.5 ? .error : ratio < 0.8 ? .warning : .bold
  }

  // MARK: - Gauges

  private func gaugeLines(width: Int?) -> String {
    let lines: [(String, String)] = [
      ("memory", memory), ("keys", keys), ("clients", clients), ("latency", latency),
      ("replication", replication), ("lazyfree", lazyfree),
    ]
    let room = width.map { max(20, $0 - StatsReport.labelWidth) }
    return lines.filter { !$0.1.isEmpty }.map { name, text in
      let parts = wrapped(KeyText.sanitized(text), to: room, indent: "").split(separator: "\n")
      return parts.enumerated().map { index, part in
        (index == 0 ? name : "").padding(to: StatsReport.labelWidth) + part + "\n"
      }.joined()
    }.joined()
  }

  private var memory: String {
    let gauges = totals.gauges
    guard let used = gauges.usedMemory else { return "" }
    var parts: [String] = []
    if let ratio = gauges.memoryRatio, let limit = gauges.maxmemory {
      parts.append("\(NumberText.bytes(used, of: limit)) (\(NumberText.share(ratio, spaced: true)))")
    } else {
      parts.append(NumberText.bytes(used) + (gauges.maxmemory == 0 ? ", no maxmemory" : ""))
    }
    if gauges.limitsDiffer, nodes.count > 1 {
      parts.append("limits differ" + (fullest.map { ", \($0)" } ?? ""))
    }
    if let policy = gauges.maxmemoryPolicy { parts.append(policy) }
    if let fragmentation = gauges.fragmentation {
      parts.append("fragmentation \(NumberText.fixed(fragmentation, decimals: 2))")
    }
    return parts.joined(separator: ", ")
  }

  /// The node that is nearest to its own limit: "the fullest is 10.0.0.1:6379 at 99.2 %".
  private var fullest: String? {
    let ratios = nodes.compactMap { node in node.figures.gauges.memoryRatio.map { (node.address, $0) } }
    return ratios.max { $0.1 < $1.1 }.map {
      "the fullest is \($0.0) at \(NumberText.share($0.1, spaced: true))"
    }
  }

  private var keys: String {
    guard let keys = totals.gauges.keys else { return "" }
    // Both counts are the server's; one may be a moment newer.
    let endless =
      totals.gauges.keysWithTTL.map { ", \(NumberText.count(max(0, keys - $0))) never expire" } ?? ""
    return NumberText.count(keys) + endless
  }

  private var clients: String {
    let gauges = totals.gauges
    guard let clients = gauges.connectedClients else { return "" }
    var parts = [NumberText.count(clients) + (gauges.maxclients.map { " of \(NumberText.count($0))" } ?? "")]
    if let blocked = gauges.blockedClients { parts.append("\(NumberText.count(blocked)) blocked") }
    if let rejected = gauges.rejectedConnections { parts.append("\(NumberText.count(rejected)) rejected") }
    return parts.joined(separator: ", ")
  }

  private var latency: String {
    let gauges = totals.gauges
    let figures = [("p50", gauges.latencyP50), ("p95", gauges.latencyP95), ("p99", gauges.latencyP99)]
    let shown = figures.compactMap { name, value in value.map { "\(name) \(NumberText.latency($0))" } }
    guard !shown.isEmpty, let source = gauges.latencySource else { return "" }
    let origin =
      switch source {
      case .intervalHistogram: ""
      case .histogram: totals.interval == nil ? "" : "   (since start)"
      case .percentiles: "   (since start, approximate)"
      }
    return shown.joined(separator: "   ") + origin
  }

  private var replication: String {
    totals.gauges.replicationLag.map { "\(NumberText.duration(Double($0))) behind" } ?? ""
  }

  private var lazyfree: String {
    guard let pending = totals.gauges.lazyfreePending, pending > 0 else { return "" }
    return "\(NumberText.count(pending)) objects wait to be freed"
  }

  // MARK: - Verdict

  private func findingLines(width: Int?, style: Style, wording: ReportWording) -> String {
    guard !findings.isEmpty else { return "" }
    return "\n" + findings.map { $0.lines(width: width, style: style, wording: wording) }.joined()
  }

  // MARK: - Nodes of a cluster

  /// A row for each node; nothing where there is one only.
  private func nodeLines(width: Int?, style: Style) -> String {
    guard isOfCluster else { return "" }
    var table = Table(columns: StatsReport.nodeColumns)
    for node in nodes { table.append(cells(of: node, style)) }
    for part in unread {
      table.append([
        Table.Cell(KeyText.sanitized(part.address ?? "slots \(part.slots)"), tone: .error),
        Table.Cell(NumberText.absent),
        Table.Cell("not read", tone: .error),
      ])
    }
    return "\n" + table.render(width: width, style: style)
  }

  private static let nodeColumns = [
    Table.Column("NODE", minimumWidth: 12, truncates: true), Table.Column("ROLE", priority: 30),
    Table.Column("HIT RATIO", alignment: .right), Table.Column("HITS", alignment: .right, priority: 80),
    Table.Column("MISSES", alignment: .right, priority: 75),
    Table.Column("EVICTED", alignment: .right, priority: 70),
    Table.Column("EXPIRED", alignment: .right, priority: 25),
    Table.Column("MEMORY", alignment: .right, priority: 90),
    Table.Column("MEM%", alignment: .right, priority: 60),
    Table.Column("KEYS", alignment: .right, priority: 50),
    Table.Column("OPS/S", alignment: .right, priority: 65),
    Table.Column("CLIENTS", alignment: .right, priority: 20),
    Table.Column("P99", alignment: .right, priority: 40),
  ]

  private func cells(of node: Node, _ style: Style) -> [Table.Cell] {
    let window = shownWindow(of: node) ?? StatsWindow()
    let asRate = hasRates(totals.window)
    let gauges = node.figures.gauges
    func text(_ amount: Int?, _ render: (Int) -> String = { NumberText.count($0) }) -> Table.Cell {
      Table.Cell(amount.map(render) ?? NumberText.absent)
    }
    return [
      Table.Cell(KeyText.sanitized(node.address)),
      Table.Cell(KeyText.sanitized(node.role ?? NumberText.absent)),
      Table.Cell(
        window.shortHitRatio ?? NumberText.absent, tone: window.hitRatioRange.flatMap(StatsReport.tone)),
      Table.Cell(StatsReport.amount(\.hits, in: window, asRate: asRate, style)),
      Table.Cell(StatsReport.amount(\.misses, in: window, asRate: asRate, style)),
      Table.Cell(StatsReport.amount(\.evictedKeys, in: window, asRate: asRate, style)),
      Table.Cell(StatsReport.amount(\.expiredKeys, in: window, asRate: asRate, style)),
      text(gauges.usedMemory) { NumberText.bytes($0) },
      Table.Cell(gauges.memoryRatio.map { NumberText.share($0) } ?? NumberText.absent),
      text(gauges.keys), text(gauges.operationsPerSecond), text(gauges.connectedClients),
      Table.Cell(gauges.latencyP99.map { NumberText.latency($0) } ?? NumberText.absent),
    ]
  }
}

extension String {
  /// The text with blanks up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - TextWidth.columns(self)))
  }
}
