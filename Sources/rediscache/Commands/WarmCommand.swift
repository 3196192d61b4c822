import ArgumentParser
import Bytes
import Operations
import RedisClient
import Reporting

/// `rediscache warm`: no cold start.
struct WarmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warm",
    abstract: "Load keys from a seed file.",
    discussion: """
      Reads JSON lines, CSV, RESP or redis-dump's lines, packed with gzip or not, and writes whole keys. A record \
      that cannot be loaded is told with its line and stops nothing. See: rediscache help seed-format.
      """
  )

  @Argument(help: ArgumentHelp("The seed; '-' reads standard input.", valueName: "file"), completion: .file())
  var file: String
  @OptionGroup(title: "Writing") var writing: WarmOptions
  @OptionGroup(title: "Pacing") var pacing: WarmPacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    var request = writing.request(pacing)
    try ConnectionOptions.refuseURI(file)
    try FileClash.check([
      ("the seed", file), ("--output", output.output), ("--rejects", writing.rejects),
      ("--journal", writing.journal), ("--resume", writing.resume),
    ])
    let session = try Session(connection, output, writes: true)
    request.nodeOnly = session.nodeOnly
    let seed = try SeedFile(file)
    let report = try OutputFile(output.output)
    let journal = try openJournal(seed, session)
    request.earlier = journal?.earlier
    let rejects = try openRejects(keeping: journal?.earlier?.counts.rejected)
    let operation = WarmOperation(
      request, of: session.target(allDatabases: false), source: seed,
      records: WarmRecords(journal: journal?.file, rejects: rejects), context: session.context())
    var outcome: WarmOperation<Connection>.Outcome
    do { outcome = try operation.run() } catch { throw session.failure(error) }
    session.progress.clear()
    if outcome.report.counts.rejected > 0, !writing.dryRun { outcome.report.rejectsFile = writing.rejects }
    try report.write(bytes(of: outcome.report))
    try report.commit()
    let canGoOn = journal.map { !$0.file.isEmpty } ?? false
    try conclude(outcome, session, canGoOn: canGoOn)
  }

  private func bytes(of report: WarmReport) -> [UInt8] {
    switch writing.format ?? (writing.json ? .json : .table) {
    case .table:
      Array(report.text(width: output.output == nil ? StandardOutput.width : nil, style: output.style).utf8)
    case .json: report.json.serialized(pretty: output.writesToTerminal) + [UInt8(ascii: "\n")]
    }
  }

  private func openJournal(_ seed: SeedFile, _ session: Session) throws -> RunJournal<WarmProgress>? {
    guard let path = writing.resume ?? writing.journal else { return nil }
    guard let identity = seed.identity else {
      throw Failure(
        .usage, "a journal needs a seed that can be read again, and this one is a stream",
        hints: ["write it to a file first"])
    }
    let header = JournalHeader(
      .warm, target: session.locator.description,
      choice: ["seed: \(identity)"] + writing.actionWords.joined(),
      startedAt: session.context().startedAt)
    guard writing.resume != nil else { return try RunJournal.begin(path, header) }
    return try RunJournal.resume(path, header) { line throws(JournalRefusal) in
      try WarmProgress(firstLine: line)
    }
  }

  /// A run that goes on adds to the rejects of the one before, as far as the journal knows of them.
  private func openRejects(keeping count: Int?) throws -> AppendedFile? {
    guard let path = writing.rejects, !writing.dryRun else { return nil }
    if let count, let file = try AppendedFile.reopenIfThere(path, "file of rejects") {
      try file.trim(toLines: count, beginning: RejectLine.beginning)
      return file
    }
    return try AppendedFile.create(path, "file of rejects", hint: "name a new file")
  }

  /// Tells how the run ended, the worst last.
  private func conclude(
    _ outcome: WarmOperation<Connection>.Outcome, _ session: Session, canGoOn: Bool
  ) throws {
    let header = outcome.report.header
    if canGoOn, let path = writing.resume ?? writing.journal, outcome.failure != nil || outcome.stop != nil {
      output.note("to go on  \(resumption(path, session))")
    }
    guard let stop = outcome.stop else { return try session.conclude(header, failure: outcome.failure) }
    header.warnings.forEach(output.warn)
    switch stop {
    case .refused(_, let error):
      throw Failure(ExitStatus(error.kind), stop.sentence, hints: error.hints.map(\.text))
    case .outOfMemory:
      throw Failure(
        .partial, stop.sentence,
        hints: ["the server takes no more: raise maxmemory, choose an eviction policy, or warm less"])
    case .evicting:
      throw Failure(.partial, stop.sentence, hints: ["what is warmed now pushes out what was there"])
    case .strict, .badSeed: throw Failure(.badData, stop.sentence)
    case .unreadable: throw Failure(.badData, stop.sentence)
    case .cannotRecord: throw Failure(.cannotWrite, stop.sentence)
    }
  }

  private func resumption(_ path: String, _ session: Session) -> String {
    let words =
      [KeyText.argument(file)] + writing.actionWords + connection.context(session.locator).map(\.words)
      + pacing.contextWords
      + writing.boundWords + [["--resume", path]]
    return KeyText.commandLine(["rediscache", "warm"], words)
  }
}
