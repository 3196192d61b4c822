import Bytes
import Operations
import RedisClient
import Reporting

/// A warming from the first connection to the exit code.
struct WarmSeedRun {
  let options: WarmCommand
  let session: Session

  private var output: OutputOptions { session.output }
  private var writing: WarmOptions { options.writing }
  private var guards: GuardOptions<WarmWording> { options.writing.guards }

  func run(_ request: WarmRequest) throws {
    let guardian = WriteGuard(session: session, consent: guards.consent, nothing: "nothing was written")
    try guardian.check()
    let seed = try SeedFile(options.file)
    try refuseStream(seed, asks: guardian.mustAsk)
    let file = try ReportFile(output, guards.form.format)
    let journal = try openJournal(seed)
    let records = try openRecords(journal)
    let operation = WarmOperation(
      complete(request, seed, journal?.earlier), of: session.target(allDatabases: false), source: seed,
      records: records, context: session.context())
    var outcome: WarmOperation<Connection>.Outcome
    do { outcome = try operation.run(confirm: guardian.confirmation()) } catch {
      throw session.failure(error)
    }
    session.progress.clear()
    let counts = outcome.report.counts
    if counts.rejected + counts.failed > 0, !guards.dryRun { outcome.report.rejectsFile = writing.rejects }
    if counts.written + counts.failed + counts.unknown > 0, helpsAgain(outcome) { journal?.file.keep() }
    if outcome.report.saved > 0 { outcome.report.undo = undo }
    // A user who has just said no has seen the report.
    if outcome.refusal != .declined || guards.form.format != .table {
      var report = outcome.report
      if saysWhyLast(outcome), output.endsOnOneTerminal(guards.form.format == .table) { report.stopped = nil }
      try file.write(report)
    }
    try conclude(outcome, resumes: journal.map { !$0.file.isEmpty } ?? false)
  }

  /// Refuses to count first what can be read only once.
  private func refuseStream(_ seed: SeedFile, asks: Bool) throws {
    guard !seed.isRepeatable, asks || guards.expect != nil, !guards.dryRun else { return }
    throw Failure(
      .usage,
      asks
        ? "this seed is a stream, and what is asked about must be counted first: nothing was written"
        : "--expect counts first and needs a seed that can be read twice, and this one is a stream: nothing was written",
      hints: ["write it to a file first" + (asks ? ", or give --yes" : ", or leave --expect out")])
  }

  /// The request with what is known only now.
  private func complete(_ request: WarmRequest, _ seed: SeedFile, _ earlier: WarmProgress?) -> WarmRequest {
    var request = request
    request.nodeOnly = session.nodeOnly
    request.database = session.locator.database
    request.earlier = earlier
    request.isRepeatable = seed.isRepeatable && options.file != "-"
    request.commandContext = given(.journal).needed(for: .afterDryRun)
    return request
  }

  private func openJournal(_ seed: SeedFile) throws -> RunJournal<WarmProgress>? {
    guard guards.record.isGiven else { return nil }
    guard let identity = seed.identity else {
      throw Failure(
        .usage, "a journal needs a seed that can be read again, and this one is a stream",
        hints: ["write it to a file first"])
    }
    let header = JournalHeader(
      .warm, target: session.locator.description,
      choice: ["seed: \(identity)"]
        + (writing.action + guards.given(on: session, journalAs: .journal)).words(
          for: .journal),
      startedAt: session.context().startedAt)
    return try RunJournal.open(guards.record, header, isDryRun: guards.dryRun) {
      line throws(JournalRefusal) in
      try WarmProgress(firstLine: line)
    }
  }

  /// Opens what the run writes beside its report; a dry run writes nothing.
  private func openRecords(_ journal: RunJournal<WarmProgress>?) throws -> WarmRecords {
    guard !guards.dryRun else { return WarmRecords() }
    var records = WarmRecords(
      journal: journal?.records,
      rejects: try openRejects(keeping: journal?.earlier.map { $0.counts.rejected + $0.counts.failed }))
    if let backup = try guards.openBackup(isResumed: journal?.earlier != nil) {
      // What an earlier run has saved was replaced by that run: what the keys hold now is no backup.
      try backup.readLines { records.noteBackedUp(line: $0, database: session.locator.database) }
      records.backup = backup
    }
    return records
  }

  /// A run that resumes adds to the rejects of the one before, as far as its journal knows them.
  private func openRejects(keeping count: Int?) throws -> AppendedFile? {
    guard let path = writing.rejects else { return nil }
    if let count, let file = try AppendedFile.reopenIfThere(path, "file of rejects") {
      try file.trim(toLines: count, beginning: RejectLine.beginning)
      return file
    }
    return try AppendedFile.create(path, "file of rejects", hint: "name a new file")
  }

  /// Says how the run ended, the worst last.
  private func conclude(
    _ outcome: WarmOperation<Connection>.Outcome, resumes: Bool
  ) throws {
    let header = outcome.report.header
    if resumes, helpsAgain(outcome) { output.note("to resume  \(resumption)") }
    if let refusal = outcome.refusal {
      header.warnings.forEach(output.warn)
      throw WriteGuard.end(refusal, outcome.report.stopped ?? "", output)
    }
    if outcome.stop == nil, outcome.failure == nil, outcome.report.counts.records == 0 {
      throw Failure(.badData, "the seed holds no record: nothing was written")
    }
    guard let stop = outcome.stop else {
      return try session.conclude(header, failure: outcome.failure)
    }
    header.warnings.forEach(output.warn)
    let sentence = stop.sentence { $0.spelled }
    switch stop {
    case .refused(_, let error):
      throw Failure(ExitStatus(error.kind), sentence, hints: error.hints.map(\.text))
    case .limit: throw ExitStatus.partial
    case .outOfMemory:
      throw Failure(
        .partial, sentence,
        hints: ["the server takes no more: raise maxmemory, choose an eviction policy, or warm less"])
    case .evicting:
      throw Failure(.partial, sentence, hints: ["what is warmed now pushes out what was there"])
    case .strict, .badSeed: throw Failure(.badData, sentence)
    case .unreadable: throw Failure(.badData, sentence)
    case .cannotRecord:
      throw Failure(.cannotWrite, sentence, hints: ["what was not recorded was not written"])
    }
  }

  /// True where an error at the end says why the run stopped.
  private func saysWhyLast(_ outcome: WarmOperation<Connection>.Outcome) -> Bool {
    if let refusal = outcome.refusal { return refusal != .declined }
    switch outcome.stop {
    case .limit: return false
    case nil: return outcome.failure.map { $0.kind != .interrupted } ?? false
    default: return true
    }
  }

  /// True where the same run may come further: not where the seed must change first, which makes another run of it, nor
  /// where the server refuses everything and nothing was written.
  private func helpsAgain(_ outcome: WarmOperation<Connection>.Outcome) -> Bool {
    let hasWritten = outcome.report.counts.written > 0
    switch outcome.stop {
    case .strict, .badSeed: return false
    case .refused(_, let error): return error.mayPass || hasWritten
    case .limit, .outOfMemory, .evicting, .unreadable, .cannotRecord: return true
    case nil: return outcome.failure.map { $0.mayPass || hasWritten } ?? false
    }
  }

  // MARK: - Commands to run next

  /// What this run was given, in the order in which it is repeated.
  private func given(_ journal: OptionName) -> [SuggestedOption] {
    [.given(KeyText.argument(options.file))] + writing.action + options.connection.given(session.locator)
      + options.pacing.given + writing.bounds(on: session, journalAs: journal)
  }

  /// The command that resumes.
  private var resumption: String {
    SuggestedCommand(.warm, given(.resume).needed(for: .resumption(removedNothing: false))).line
  }

  /// The command that brings back what was replaced.
  private var undo: SuggestedCommand? {
    guard let backup = guards.backup else { return nil }
    return SuggestedCommand(
      .warm,
      [.given(KeyText.argument(backup))] + .given(.allDatabases, if: options.writing.allDatabases)
        + options.connection.given(session.locator) + options.pacing.given
        + guards.agreement(on: session))
  }
}
