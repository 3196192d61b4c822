import ArgumentParser
import Configuration
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
      a group expire than an even spread over the group's own range of TTLs would give. With --rdb the keys come \
      from dump files.
      """
  )

  @Argument(help: ArgumentHelp("Keys to look at, a glob (default: all).", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Grouping and measuring") var grouping: GroupingOptions
  @OptionGroup(title: "TTL") var ttl: TTLOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: WalkPacingOptions
  @OptionGroup(title: "Statistics") var statistics: StatsLookupOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Dump files") var dump: DumpOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    try grouping.validate(with: connection)
    try dump.validate(with: connection, pacing)
    try dump.refuse(
      [
        ("--state", statistics.state != nil), ("--sample", grouping.sample != nil),
        ("--samples", selection.samples != nil),
      ],
      "--rdb measures every key in one pass")
  }

  /// The profile that is named, once its settings are those of the options that were not given.
  private mutating func adoptProfile() throws -> Profile? {
    let profile = try connection.loadProfile()
    try naming.adopt(profile, named: connection.profile)
    pacing.pacing.adopt(profile)
    return profile
  }

  mutating func run() throws {
    let profile = try adoptProfile()
    try ConnectionOptions.refuseAddress(pattern)
    try FileClash.check([(.output, output.output), (.state, statistics.state)])
    var request = try request()
    if dump.isGiven { return try readDump(&request) }
    try statistics.prepare()
    let session = try Session(connection, output, profile)
    request.walk.nodeOnly = session.nodeOnly
    request.commandContext = given(session).needed(for: .suggestion)
    try report(request, session)
  }

  private func request() throws -> TTLRequest {
    var request = TTLRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    try ttl.apply(grouping, to: &request)
    return request
  }

  /// What this run was given, in the order in which it is repeated.
  private func given(_ session: Session) -> [SuggestedOption] { given(connection.given(session.locator)) }

  private func given(_ source: [SuggestedOption]) -> [SuggestedOption] {
    selection.given(pattern: pattern) + source + naming.given + grouping.given
  }

  private func readDump(_ request: inout TTLRequest) throws {
    let session = DumpSession(dump: dump, connection: connection, output: output)
    request.commandContext = given(dump.given(connection)).needed(for: .suggestion)
    let files = try session.request(allDatabases: grouping.allDbs)
    let file = try ReportFile(output, ttl.form.format)
    let operation = DumpTTLOperation(request, of: files, context: session.context())
    let outcome: DumpScanOperation.Outcome<TTLReport>
    do { outcome = try operation.run() } catch { throw session.failure(error) }
    session.progress.clear()
    try file.write(outcome.report)
    try session.conclude(
      outcome.report.header, keys: outcome.report.coverage.keysSeen, failure: outcome.failure)
  }

  private func report(_ request: TTLRequest, _ session: Session) throws {
    let file = try ReportFile(output, ttl.form.format)
    let operation = TTLOperation(
      request, of: session.target(allDatabases: grouping.allDbs), context: session.context())
    let outcome: TTLOperation<Connection>.Outcome
    do { outcome = try operation.run() } catch {
      try file.write(failure: error, session, .ttl)
      throw session.failure(error)
    }
    session.progress.clear()
    try file.write(outcome.report)
    try statistics.note(outcome.lookups, session)
    try session.conclude(
      outcome.report.header, keys: outcome.report.coverage.keysSeen, failure: outcome.failure)
  }
}
