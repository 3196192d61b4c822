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

  func run() throws {
    var request = writing.request(options.pacing)
    request.nodeOnly = session.nodeOnly
    let seed = try SeedFile(options.file)
    let file = try ReportFile(output, writing.form.format)
    let journal = try openJournal(seed)
    request.earlier = journal?.earlier
    let rejects = try openRejects(keeping: journal?.earlier?.counts.rejected)
    let operation = WarmOperation(
      request, of: session.target(allDatabases: false), source: seed,
      records: WarmRecords(journal: journal?.file, rejects: rejects), context: session.context())
    var outcome: WarmOperation<Connection>.Outcome
    do { outcome = try operation.run() } catch { throw session.failure(error) }
    session.progress.clear()
    if outcome.report.counts.rejected > 0, !writing.dryRun { outcome.report.rejectsFile = writing.rejects }
    try file.write(outcome.report)
    try conclude(outcome, resumes: journal.map { !$0.file.isEmpty } ?? false)
  }

  private func openJournal(_ seed: SeedFile) throws -> RunJournal<WarmProgress>? {
    guard let path = writing.record.path else { return nil }
    guard let identity = seed.identity else {
      throw Failure(
        .usage, "a journal needs a seed that can be read again, and this one is a stream",
        hints: ["write it to a file first"])
    }
    let header = JournalHeader(
      .warm, target: session.locator.description,
      choice: ["seed: \(identity)"] + writing.action.words(for: .journal),
      startedAt: session.context().startedAt)
    guard writing.record.resume != nil else { return try RunJournal.begin(path, header) }
    return try RunJournal.resume(path, header) { line throws(JournalRefusal) in
      try WarmProgress(firstLine: line)
    }
  }

  /// A run that resumes adds to the rejects of the one before, as far as its journal knows them.
  private func openRejects(keeping count: Int?) throws -> AppendedFile? {
    guard let path = writing.rejects, !writing.dryRun else { return nil }
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
    if resumes, outcome.failure != nil || outcome.stop != nil {
      output.note("to resume  \(resumption)")
    }
    guard let stop = outcome.stop else { return try session.conclude(header, failure: outcome.failure) }
    header.warnings.forEach(output.warn)
    let sentence = stop.sentence { $0.spelled }
    switch stop {
    case .refused(_, let error):
      throw Failure(ExitStatus(error.kind), sentence, hints: error.hints.map(\.text))
    case .outOfMemory:
      throw Failure(
        .partial, sentence,
        hints: ["the server takes no more: raise maxmemory, choose an eviction policy, or warm less"])
    case .evicting:
      throw Failure(.partial, sentence, hints: ["what is warmed now pushes out what was there"])
    case .strict, .badSeed: throw Failure(.badData, sentence)
    case .unreadable: throw Failure(.badData, sentence)
    case .cannotRecord: throw Failure(.cannotWrite, sentence)
    }
  }

  /// The command that resumes.
  private var resumption: String {
    let given =
      [.given(KeyText.argument(options.file))] + writing.action + options.connection.given(session.locator)
      + options.pacing.given + writing.bounds
    return KeyText.commandLine(
      ["rediscache", Verb.warm.rawValue], given.needed(for: .resumption(removedNothing: false)).map(\.words))
  }
}
