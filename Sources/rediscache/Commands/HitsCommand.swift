import ArgumentParser
import Bytes
import Configuration
import Operations
import RedisClient
import Reporting

/// `rediscache hits`: which keys are looked for in vain, and why.
struct HitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hits",
    abstract: "Hit ratio per namespace from live traffic, and why keys are missing.",
    discussion: """
      Listens for --for and changes nothing, unless --enable-notifications is given. Hits and misses of all keys come \
      from INFO, without the lookups of PTTL, TYPE, OBJECT and the like. Misses by group come from the server's keymiss \
      events; why a key is missing, from its expired, evicted and del events. The servers must send them: \
      notify-keyspace-events Emxeg. Reads by group are estimated: MONITOR shows the commands of clients in short \
      windows at random moments, 5 % of the time. Values are dropped as they come.
      """
  )

  @Argument(help: ArgumentHelp("Keys to look at, a glob (default: all).", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Hits") var hits: HitsOptions
  @OptionGroup(title: "Choosing keys") var selection: NameSelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if let runtime = connection.maxRuntime, !hits.watch, hits.state == nil, runtime <= hits.duration {
      throw ValidationError("--max-runtime ends the run before --for has passed")
    }
  }

  mutating func run() throws {
    let profile = try connection.loadProfile()
    try naming.adopt(profile, named: connection.profile)
    try ConnectionOptions.refuseAddress(pattern)
    try FileClash.check([(.output, output.output), (.state, hits.state)])
    var request = HitsRequest()
    hits.apply(to: &request)
    request.walk = try WalkRequest(pattern, selection, naming, output)
    let session = try Session(connection, output, profile)
    request.nodeOnly = session.nodeOnly
    request.commandContext =
      (selection.given(pattern: pattern) + connection.given(session.locator) + naming.given)
      .needed(for: .suggestion)
    try report(request, session)
  }

  private func report(_ request: HitsRequest, _ session: Session) throws {
    if hits.watch { return try watch(request, session) }
    if let state = hits.state { return try compare(request, with: state, session) }
    let file = try ReportFile(output, hits.form.format)
    let operation = HitsOperation(
      request, of: session.target(allDatabases: false), context: session.context(), announce: output.note)
    let outcome: HitsOperation.Outcome
    do {
      if output.showsProgress { session.progress.announce(hits.duration, "listening for") }
      defer { session.progress.clear() }
      outcome = try operation.run()
    } catch {
      try file.write(failure: error, session, .hits)
      throw session.failure(error)
    }
    try file.write(outcome.report)
    try conclude(outcome.report, outcome.failure, session)
  }

  /// What can be said without listening, since an earlier run.
  private func compare(_ request: HitsRequest, with path: String, _ session: Session) throws {
    let file = try ReportFile(output, hits.form.format)
    let state = try StatsStateFile(path)
    let operation = HitsIntervalOperation(
      request, of: session.target(allDatabases: false), since: try state.decoded(), context: session.context()
    )
    let outcome: HitsIntervalOperation.Outcome
    do {
      defer { session.progress.clear() }
      outcome = try operation.run()
    } catch let refusal as StatsState.Refusal {
      throw StatsStateFile.failure(refusal, path, session)
    } catch {
      try file.write(failure: error, session, .hits)
      throw session.failure(error)
    }
    try file.write(outcome.report)
    // Only now: a run whose figures were not delivered does not count.
    if let next = outcome.state { try state.replace(with: next) }
    try conclude(outcome.report, outcome.failure, session)
  }

  /// A report each interval, until Ctrl-C, which is how a watch ends.
  private func watch(_ request: HitsRequest, _ session: Session) throws {
    let file = try OutputFile(output.output)
    let writer = CSV(forTerminal: output.writesToTerminal)
    let operation = HitsOperation(
      request, of: session.target(allDatabases: false), context: session.context(), announce: output.note)
    var told: Set<String> = []
    if hits.form.format == .csv { try file.write(HitsReport.csvHeading(writer)) }
    do {
      try operation.watch { outcome in
        let report = outcome.report
        for warning in report.header.warnings where told.insert(warning).inserted { output.warn(warning) }
        try file.write(interval(of: report, writer))
        try file.flush()
      }
    } catch { throw session.failure(error) }
    try file.commit()
    if Signals.isStopRequested, Signals.exitStatus == .terminated { throw ExitStatus.terminated }
  }

  /// The report of an interval in the form asked for; on a terminal the table takes the place of the last one.
  private func interval(of report: HitsReport, _ writer: CSV) -> [UInt8] {
    switch hits.form.format {
    case .csv: return report.csvRows(writer)
    case .jsonl: return report.objectLines ?? []
    default:
      let home = output.writesToTerminal ? "\u{1b}[H\u{1b}[J" : ""
      return Array((home + report.table(for: output) + "\n").utf8)
    }
  }

  /// Reports what holds and what went wrong, the worst last; throws unless all is complete and well.
  private func conclude(_ report: HitsReport, _ failure: ClientError?, _ session: Session) throws {
    let check = HitsCheck(hits.failIf, on: report)
    check.undecided.forEach { output.warn("cannot be decided: \($0)") }
    check.holding.forEach { output.note("holds: \(KeyText.sanitized($0))") }
    do {
      try session.conclude(report.header, failure: failure)
    } catch ExitStatus.partial where !check.holding.isEmpty {
      throw ExitStatus.conditionHolds
    }
    guard check.holding.isEmpty else { throw ExitStatus.conditionHolds }
    guard check.undecided.isEmpty else { throw ExitStatus.partial }
  }
}
