import Operations
import Quantities
import RedisClient
import Reporting

/// `rediscache stats --watch`: a row an interval, and a summary at the end.
struct StatsWatchCommand {
  let session: Session
  let stats: StatsOptions
  let request: StatsRequest

  private var output: OutputOptions { session.output }

  func run() throws {
    let file = try OutputFile(output.output)
    let interval = stats.interval ?? .seconds(2)
    var watch: StatsWatch<Connection>
    do {
      watch = try StatsWatch(
        request, every: interval, of: session.target(allDatabases: false), context: session.context())
    } catch { throw session.failure(error) }
    var printer = Printer(format: stats.format, isCluster: watch.isCluster, output: output)
    var told: Set<String> = []
    try write(printer.beginning, file)
    while true {
      switch watch.step() {
      case .interval(let report, let news):
        told.formUnion(news)
        for warning in report.header.warnings where told.insert(warning).inserted { output.warn(warning) }
        news.forEach(output.warn)
        try write(printer.row(of: report), file)
      case .fault(let error, let report):
        try endure(error)
        // A stop while waiting for a reply is no gap in the figures.
        if Signals.isStopRequested { continue }
        try write(printer.emptyRow(of: report), file)
      case .ended:
        return try end(watch.summary, file)
      }
    }
  }

  /// A server that is away for a while may come back; one that refuses us, or a stop, is the end.
  private func endure(_ error: ClientError) throws {
    switch error.kind {
    case .unreachable, .timeout, .runOver, .closed, .transient:
      if session.options.runDeadline.hasPassed { return }
      output.warn(error.message)
    case .interrupted: return
    case .permission, .usage, .server, .protocolViolation: throw Failure(error)
    }
  }

  private func end(_ summary: StatsReport?, _ file: OutputFile) throws {
    if let summary, stats.format == .table {
      try write(Array("\n\(summary.table(for: output))".utf8), file)
    }
    try file.commit()
    // Ctrl-C is how a watch ends; nothing is missing then.
    if Signals.isStopRequested, Signals.exitStatus == .terminated { throw ExitStatus.terminated }
    if let summary, !summary.header.isComplete { throw ExitStatus.partial }
  }

  private func write(_ bytes: [UInt8], _ file: OutputFile) throws {
    try file.write(bytes)
    try file.flush()
  }
}

/// The rows in the form asked for.
private struct Printer {
  let format: OutputFormat
  private var rows: StatsWatchRows
  private let writer: CSV
  private let isTerminal: Bool
  private var sinceHeading = 0

  init(format: OutputFormat, isCluster: Bool, output: OutputOptions) {
    self.format = format
    isTerminal = output.writesToTerminal
    writer = CSV(forTerminal: isTerminal)
    rows = StatsWatchRows(
      width: output.tableWidth, hasSparklines: isTerminal,
      isCluster: isCluster,
      style: output.style)
  }

  /// What comes before all rows.
  var beginning: [UInt8] {
    switch format {
    case .table: Array(rows.heading.utf8)
    case .csv: StatsReport.csvHeading(writer)
    default: []
    }
  }

  /// The row of an interval.
  mutating func row(of report: StatsReport) -> [UInt8] {
    switch format {
    case .csv: report.csvIntervalRow(writer, at: now.text)
    case .jsonl: report.objectLines ?? []
    default: textRow(report.totals, of: "\(report.nodes.count)/\(report.nodes.count + report.unread.count)")
    }
  }

  /// The row of an interval of which nothing is known.
  mutating func emptyRow(of report: StatsReport) -> [UInt8] {
    format == .table ? textRow(nil, of: nil) : row(of: report)
  }

  private var now: Timestamp { Timestamp(secondsSince1970: Int(Environment.wallClock)) }

  private mutating func textRow(_ figures: StatsReport.Figures?, of nodes: String?) -> [UInt8] {
    var text = ""
    // The heading takes a line of the screen too, and so does the one being written.
    if isTerminal, sinceHeading >= max(5, StandardOutput.height - 2) {
      text = rows.heading
      sinceHeading = 0
    }
    sinceHeading += 1
    return Array((text + rows.row(figures, of: nodes, at: String(now.timeOfDay.prefix(8)))).utf8)
  }
}
