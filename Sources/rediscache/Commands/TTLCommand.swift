import ArgumentParser
import Operations
import RedisClient
import Reporting

/// `rediscache ttl`: when this cache expires.
struct TTLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ttl",
    abstract: "Histogram of remaining TTLs, expiry waves, keys that never expire.",
    discussion: """
      Walks the keys with SCAN and PTTL and changes nothing. A wave is a short time in which far more keys of \
      a group expire than an even spread over the group's own range of TTLs would give.
      """
  )

  @Argument(help: ArgumentHelp("Keys to look at, a glob (default: all).", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Grouping and measuring") var grouping: GroupingOptions
  @OptionGroup(title: "TTL") var ttl: TTLOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: PacingOptions
  @OptionGroup(title: "Statistics") var statistics: StatsLookupOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    try grouping.validate(with: connection)
  }

  func run() throws {
    try ConnectionOptions.refuseURI(pattern)
    var request = TTLRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    try ttl.apply(grouping, to: &request)
    try statistics.prepare()
    let session = try Session(connection, output)
    request.walk.nodeOnly = session.nodeOnly
    request.commandContext =
      selection.context(pattern: pattern) + connection.context(session.locator)
      + naming.context + grouping.context
    let file = try OutputFile(output.output, ttl.format == .prometheus ? .shared : .plain)
    let operation = TTLOperation(
      request, of: session.target(allDatabases: grouping.allDbs), context: session.context())
    let outcome: TTLOperation<Connection>.Outcome
    do { outcome = try operation.run() } catch { throw session.failure(error) }
    session.progress.clear()
    try file.write(bytes(of: outcome.report))
    try file.commit()
    try statistics.note(outcome.lookups, session)
    try session.conclude(
      outcome.report.header, keys: outcome.report.coverage.keysSeen, failure: outcome.failure)
  }

  private func bytes(of report: TTLReport) -> [UInt8] {
    switch ttl.format ?? (ttl.json ? .json : .table) {
    case .table:
      Array(
        report.table(
          width: output.output == nil ? StandardOutput.width : nil, style: output.style, wording: .ofOptions
        ).utf8)
    case .json: report.json.serialized(pretty: output.writesToTerminal) + [UInt8(ascii: "\n")]
    case .csv: report.csv(CSV(forTerminal: output.writesToTerminal))
    case .prometheus: report.prometheus
    }
  }
}
