import ArgumentParser
import Bytes
import Keyspace
import Operations
import RedisClient
import Reporting

/// `rediscache invalidate`: removes keys so that nobody regrets it.
struct InvalidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invalidate",
    abstract: "Remove or soon expire keys by pattern, namespace and version, tag or list, in safe batches.",
    discussion: """
      On a terminal it counts first, shows what it found and asks. Elsewhere it needs --yes. Look first with \
      --dry-run, which takes the same way and ends with the command to run.

      PATTERN is a glob as Redis reads it; \\xHH stands for a byte. See: rediscache help patterns.
      """
  )

  @Argument(help: ArgumentHelp("Keys to remove, a glob.", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Removing") var removing: InvalidateOptions
  @OptionGroup(title: "Tags and lists") var sources: RemovalSourceOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: PacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard sources.bump == nil else {
      let others = selection.context(pattern: pattern) + removing.action
      guard others.isEmpty, !sources.namesKeys, removing.allowsBump else {
        throw ValidationError(
          "--bump counts up one key and removes nothing: leave out what chooses or removes keys")
      }
      return
    }
    if pattern == nil, selection.context(pattern: nil).isEmpty, !sources.namesKeys {
      throw ValidationError(
        "say which keys: a PATTERN, --namespace, --key-version, --superseded, --tag, --keys-from or another choice"
      )
    }
  }

  func run() throws {
    if let key = sources.bump {
      return try BumpCommand(
        key: KeyLiteral.bytes(of: key), removing: removing, output: output, connection: connection
      ).run()
    }
    try ConnectionOptions.refuseURI(pattern)
    var request = InvalidateRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    try removing.apply(to: &request, pace: pacing.pace)
    guard !request.walk.selection.isSweeping || sources.namesKeys || removing.all else {
      throw Failure(
        .usage, "this choice takes in every key of the database: nothing was changed",
        hints: ["say it with --all, or narrow the choice"])
    }
    try FileClash.check([
      ("--output", output.output), ("--backup", removing.backup), ("--journal", removing.journal),
      ("--resume", removing.resume), ("--keys-from", sources.keysFrom),
    ])
    let session = try Session(connection, output, writes: true)
    let guardian = RemovalGuard(session: session, removing: removing)
    try guardian.check()
    let list = try sources.keysFrom.map { try KeyListFile($0) }
    sources.apply(list, to: &request)
    request.walk.nodeOnly = session.nodeOnly
    let choice =
      selection.context(pattern: pattern) + sources.context + naming.context + removing.action
    request.commandContext =
      choice + connection.context(session.locator) + pacing.context + removing.bounds
    let header = JournalHeader(
      target: session.locator.description,
      choice: (choice + .given("--backup", removing.backup)).flatMap(\.words)
        + (list.map { [$0.digest] } ?? []),
      startedAt: session.context().startedAt)
    let file = try OutputFile(output.output)
    let journal = try openJournal(header)
    request.earlier = journal?.earlier
    let backup = try openBackup(isResumed: journal?.earlier != nil)
    let operation = InvalidateOperation(
      request, of: session.target(allDatabases: false),
      records: RemovalRecords(journal: journal?.file, backup: backup), context: session.context())
    let outcome: InvalidateOperation<Connection>.Outcome
    do { outcome = try operation.run(confirm: guardian.confirmation) } catch { throw session.failure(error) }
    session.progress.clear()
    // Whoever has just said no has the report before his eyes.
    let format = removing.format ?? (removing.json ? .json : .table)
    if outcome.refusal != .declined || format != .table { try file.write(bytes(of: outcome.report)) }
    try file.commit()
    try conclude(outcome, session, goesOn: journal.map { !$0.file.isEmpty } ?? false)
  }

  private func openJournal(_ header: JournalHeader) throws -> RunJournal<JournalSummary>? {
    // A list or a tag names again what is gone already.
    let namesKeys = sources.namesKeys
    if let path = removing.resume {
      return try RunJournal.resume(path, header) { line throws(JournalRefusal) in
        try JournalSummary(firstLine: line, remembersKeys: namesKeys)
      }
    }
    return try removing.journal.map { try RunJournal.begin($0, header) }
  }

  /// A run that goes on adds to the backup that the first has begun.
  private func openBackup(isResumed: Bool) throws -> AppendedFile? {
    guard let path = removing.backup else { return nil }
    if isResumed, let file = try AppendedFile.reopenIfThere(path, "backup") {
      try file.trimToLastLine()
      return file
    }
    return try AppendedFile.create(path, "backup", hint: "name a new file: what is there may be needed yet")
  }

  private func bytes(of report: InvalidateReport) -> [UInt8] {
    switch removing.format ?? (removing.json ? .json : .table) {
    case .table:
      Array(
        report.table(
          width: output.output == nil ? StandardOutput.width : nil, style: output.style, wording: .ofOptions
        ).utf8)
    case .json:
      report.json(wording: .ofOptions).serialized(pretty: output.writesToTerminal) + [UInt8(ascii: "\n")]
    }
  }

  /// Tells how the run ended, the worst last.
  private func conclude(
    _ outcome: InvalidateOperation<Connection>.Outcome, _ session: Session, goesOn: Bool
  ) throws {
    if outcome.isUnfinished {
      output.note("to go on  \(resumption(session, outcome.report, goesOn: goesOn))")
    }
    if let refusal = outcome.refusal {
      let sentence = outcome.report.stopped ?? ""
      outcome.report.header.warnings.forEach(output.warn)
      // Ctrl-C is an answer too, but a shell wants to hear of it.
      if refusal == .declined, Signals.isStopRequested {
        output.note(sentence)
        throw Signals.exitStatus
      }
      throw Failure(.partial, sentence)
    }
    switch outcome.stop {
    case .refused(let error):
      outcome.report.header.warnings.forEach(output.warn)
      throw Failure(error)
    case .cannotRecord(let reason):
      outcome.report.header.warnings.forEach(output.warn)
      throw Failure(.cannotWrite, reason, hints: ["what was not recorded was not removed"])
    case .limit, nil: break
    }
    try session.conclude(outcome.report.header, failure: outcome.failure)
  }

  /// The command that goes on: with the journal where it holds anything, else the same run once more. What was expected
  /// is so still where nothing was removed.
  private func resumption(_ session: Session, _ report: InvalidateReport, goesOn: Bool) -> String {
    let choice = selection.context(pattern: pattern) + sources.context + naming.context + removing.action
    let files = [SuggestedOption].given([
      ("--backup", removing.backup),
      (goesOn ? "--resume" : "--journal", removing.resume ?? removing.journal),
    ])
    var options = choice + connection.context(session.locator) + pacing.context + removing.bounds
    if report.isPlan { options += removing.expectation }
    options += .given("--verify", if: removing.verify) + files + .given("--yes", if: removing.yes)
    return SuggestedCommand(.invalidate, options).line
  }
}
