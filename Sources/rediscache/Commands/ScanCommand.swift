import ArgumentParser
import Configuration
import Operations
import RedisClient
import Reporting

/// `rediscache scan`: what is in this cache.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Audit keys by namespace and version: counts, TTLs, memory, findings.",
    discussion: """
      Walks the keys with SCAN only and changes nothing. Counts are exact; TTLs and memory of a large database \
      are measured on a sample of each group and reported with their error, or on every key with --exact.

      With --rdb the keys come from dump files and no server is asked; memory is estimated then.

      PATTERN is a glob as Redis reads it; \\xHH stands for a byte. See: rediscache help patterns.
      """
  )

  @Argument(help: ArgumentHelp("Keys to look at, a glob (default: all).", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Grouping and measuring") var grouping: GroupingOptions
  @OptionGroup(title: "Scan") var scan: ScanOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: WalkPacingOptions
  @OptionGroup(title: "Statistics") var statistics: StatsLookupOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Dump files") var dump: DumpOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    try grouping.validate(with: connection)
    try scan.validate(with: grouping)
    try dump.validate(with: connection, pacing)
    try dump.refuse(
      [
        ("--checkpoint", scan.checkpoint != nil), ("--state", statistics.state != nil),
        ("--sample", grouping.sample != nil), ("--samples", selection.samples != nil),
      ], "--rdb measures every key in one pass")
    try dump.refuse(
      [("--hot", scan.hot != nil)], "--rdb holds what a server knew of uses long ago, if anything")
  }

  /// The profile that is named, once its settings are those of the options that were not given.
  private mutating func adoptProfile() throws -> Profile? {
    let profile = try connection.loadProfile()
    try naming.adopt(profile, named: connection.profile)
    pacing.pacing.adopt(profile)
    if !scan.list { try scan.adopt(profile, named: connection.profile) }
    return profile
  }

  mutating func run() throws {
    guard scan.form.format == .nagios else { return try perform() }
    try NagiosCheck.guarding { try perform() }
  }

  private mutating func perform() throws {
    let profile = try adoptProfile()
    try ConnectionOptions.refuseAddress(pattern)
    var request = try request()
    try FileClash.check([
      (.output, output.output), (.checkpoint, scan.checkpoint), (.state, statistics.state),
    ])
    if dump.isGiven { return try readDump(&request) }
    try statistics.prepare()
    let session = try Session(connection, output, profile)
    request.walk.nodeOnly = session.nodeOnly
    request.commandContext = given(session).needed(for: .suggestion)
    guard scan.list else { return try report(request, session) }
    try KeyListCommand(scan: scan, limit: grouping.top, output: output, request: request.walk)
      .run(session, allDatabases: grouping.allDbs, statistics)
  }

  private func request() throws -> ScanRequest {
    var request = ScanRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    try scan.apply(grouping, to: &request)
    return request
  }

  private func report(_ request: ScanRequest, _ session: Session) throws {
    let file = try ReportFile(output, scan.form.format)
    let goingOn = try scan.checkpoint.map {
      try ScanCheckpointRun($0, request, choice: choice(session), session)
    }
    let operation = ScanOperation(
      request, of: session.target(allDatabases: grouping.allDbs), context: session.context(),
      checkpoint: goingOn?.checkpoint)
    let outcome: ScanOperation<Connection>.Outcome
    do { outcome = try operation.run() } catch {
      try file.write(failure: error, session, .scan)
      throw session.failure(error)
    }
    session.progress.clear()
    try deliver(outcome.report, to: file) {
      goingOn?.conclude(hasFailed: outcome.failure != nil, output)
      try statistics.note(outcome.lookups, session)
    } conclude: {
      try session.conclude(
        outcome.report.header, keys: outcome.report.coverage.keysSeen, failure: outcome.failure)
    }
  }

  /// Writes the report, takes the steps that depend on its delivery, and ends the run.
  private func deliver(
    _ report: ScanReport, to file: ReportFile, then step: () throws -> Void, conclude: () throws -> Void
  ) throws {
    guard scan.form.format == .nagios else {
      try file.write(report)
      try step()
      try conclude()
      return try judge(report)
    }
    let least = scan.failOn ?? .warning
    let status = NagiosCheck.exitStatus(report.nagiosState(from: least))
    try NagiosCheck.deliver(report.nagios(from: least), judged: status, to: file)
    try step()
    report.header.warnings.forEach(output.warn)
    throw status
  }

  private func judge(_ report: ScanReport) throws {
    guard let limit = scan.failOn else { return }
    guard !report.findings.contains(where: { $0.severity >= limit }) else { throw ExitStatus.conditionHolds }
    guard !report.isJudged else { return }
    output.warn(
      "\(OptionName.failOn.word) \(limit.rawValue) cannot be decided: the server does not offer all that the rules look at"
    )
    throw ExitStatus.partial
  }

  private func readDump(_ request: inout ScanRequest) throws {
    let session = DumpSession(dump: dump, connection: connection, output: output)
    request.commandContext = given(dump.given(connection)).needed(for: .suggestion)
    let files = try session.request(allDatabases: grouping.allDbs)
    guard !scan.list else {
      return try KeyListCommand(scan: scan, limit: grouping.top, output: output, request: request.walk).run(
        session, files)
    }
    let file = try ReportFile(output, scan.form.format)
    let operation = DumpScanOperation(request, of: files, context: session.context())
    let outcome: DumpScanOperation.Outcome<ScanReport>
    do { outcome = try operation.run() } catch { throw session.failure(error) }
    session.progress.clear()
    try deliver(outcome.report, to: file) {
    } conclude: {
      try session.conclude(
        outcome.report.header, keys: outcome.report.coverage.keysSeen, failure: outcome.failure)
    }
  }

  /// What this run was given, in the order in which it is repeated.
  private func given(_ session: Session) -> [SuggestedOption] { given(connection.given(session.locator)) }

  private func given(_ source: [SuggestedOption]) -> [SuggestedOption] {
    selection.given(pattern: pattern) + source + naming.given + grouping.given + scan.given
  }

  /// What must be the same for one run to resume another. A profile, too, may say which nodes are read.
  private func choice(_ session: Session) -> [String] {
    given(session).words(for: .checkpoint) + (session.nodeOnly ? [OptionName.nodeOnly.word] : [])
      + (session.readsReplicas ? ["\(OptionName.readFrom.word)=\(ReadFrom.replica.rawValue)"] : [])
  }
}
