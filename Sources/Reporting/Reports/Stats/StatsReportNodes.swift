import Bytes
import Quantities

/// The nodes of a cluster in a stats report that people read.
extension StatsReport {
  /// A row for each node; nothing where there is one only.
  func nodeLines(width: Int?, style: Style) -> String {
    guard isOfCluster else { return "" }
    var table = Table(columns: StatsReport.nodeColumns)
    for node in nodes { table.append(cells(of: node)) }
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

  private func cells(of node: Node) -> [Table.Cell] {
    // Where the totals have an interval and a node has none, nothing is shown that would pass for one.
    let window = totals.interval == nil ? node.figures.lifetime : node.figures.interval ?? StatsWindow()
    let gauges = node.figures.gauges
    func text(_ amount: Int?, _ render: (Int) -> String = { NumberText.count($0) }) -> Table.Cell {
      Table.Cell(amount.map(render) ?? NumberText.absent)
    }
    return [
      Table.Cell(KeyText.sanitized(node.address)),
      Table.Cell(KeyText.sanitized(node.role ?? NumberText.absent)),
      Table.Cell(
        window.hitRatio.map { NumberText.share($0) } ?? NumberText.absent,
        tone: window.hitRatio.map(StatsReport.tone)),
      Table.Cell(StatsReport.amount(\.hits, in: window)),
      Table.Cell(StatsReport.amount(\.misses, in: window)),
      Table.Cell(StatsReport.amount(\.evictedKeys, in: window)),
      Table.Cell(StatsReport.amount(\.expiredKeys, in: window)),
      text(gauges.usedMemory) { NumberText.bytes($0) },
      Table.Cell(gauges.memoryRatio.map { NumberText.share($0) } ?? NumberText.absent),
      text(gauges.keys), text(gauges.operationsPerSecond), text(gauges.connectedClients),
      Table.Cell(gauges.latencyP99.map { NumberText.latency($0) } ?? NumberText.absent),
    ]
  }
}
