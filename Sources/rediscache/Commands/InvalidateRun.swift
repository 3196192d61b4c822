import Bytes
import Operations
import RedisClient
import Reporting

/// A removal from the first connection to the exit code.
struct InvalidateRun {
  let options: InvalidateCommand
  let session: Session

  private var output: OutputOptions { session.output }
  private var removing: InvalidateOptions { options.removing }
  private var guards: GuardOptions<RemovalWording> { options.removing.guards }

  func run(_ request: InvalidateRequest) throws {
    let guardian = WriteGuard(session: session, consent: guards.consent, nothing: "nothing was removed")
    try guardian.check()
    let list = try options.sources.keysFrom.map {
      try KeyListFile($0, database: session.locator.database)
    }
    let file = try OutputFile(output.output)
    let journal = try openJournal(header(list))
    let backup = try guards.openBackup(isResumed: journal?.earlier != nil)
    let operation = InvalidateOperation(
      complete(request, list, journal?.earlier), of: session.target(allDatabases: false),
      records: RemovalRecords(journal: guards.dryRun ? nil : journal?.records, backup: backup),
      context: session.context())
    var outcome: InvalidateOperation<Connection>.Outcome
    do { outcome = try operation.run(confirm: guardian.confirmation()) } catch {
      throw session.failure(error)
    }
    session.progress.clear()
    // What came in on standard input is gone: no command can name it.
    if options.sources.keysFrom == "-" { outcome.report.command = nil }
    // A user who has just said no has seen the report.
    let format = guards.form.format
    if outcome.refusal != .declined || format != .table {
      var report = outcome.report
      if saysWhyLast(outcome), output.endsOnOneTerminal(format == .table) { report.stopped = nil }
      try file.write(report.rendered(format, for: output) ?? [])
    }
    try file.commit()
    try conclude(outcome, resumes: journal.map { !$0.file.isEmpty } ?? false)
  }

  /// The request with what is known only now.
  private func complete(
    _ request: InvalidateRequest, _ list: KeyListFile?, _ earlier: JournalSummary?
  ) -> InvalidateRequest {
    var request = request
    options.sources.apply(list, to: &request)
    request.walk.nodeOnly = session.nodeOnly
    request.commandContext = options.given(session).needed(for: .afterDryRun)
    request.earlier = earlier
    return request
  }

  private func header(_ list: KeyListFile?) -> JournalHeader {
    JournalHeader(
      target: session.locator.description,
      choice: options.given(session).words(for: .journal) + (list.map { [$0.digest] } ?? []),
      startedAt: session.context().startedAt)
  }

  private func openJournal(_ header: JournalHeader) throws -> RunJournal<JournalSummary>? {
    // A list or a tag still names keys that earlier runs removed.
    let namesKeys = options.sources.namesKeys
    return try RunJournal.open(guards.record, header, isDryRun: guards.dryRun) {
      line throws(JournalRefusal) in
      try JournalSummary(firstLine: line, remembersKeys: namesKeys)
    }
  }

  /// Says how the run ended, the worst last.
  private func conclude(
    _ outcome: InvalidateOperation<Connection>.Outcome, resumes: Bool
  ) throws {
    if let undo = undo(outcome.report) { output.note(undo) }
    if outcome.isUnfinished, resumes || helpsAgain(outcome) {
      output.note("to resume  \(resumption(outcome.report, resumes: resumes))")
    }
    if let refusal = outcome.refusal {
      outcome.report.header.warnings.forEach(output.warn)
      throw WriteGuard.end(refusal, outcome.report.stopped ?? "", output)
    }
    if let sentence = outcome.misnamed {
      outcome.report.header.warnings.forEach(output.warn)
      throw Failure(.partial, sentence, hints: hints(ofMisnamed: outcome.report))
    }
    switch outcome.stop {
    case .refused(let error):
      outcome.report.header.warnings.filter { $0 != error.message }.forEach(output.warn)
      throw Failure(error)
    case .cannotRecord(let reason):
      outcome.report.header.warnings.forEach(output.warn)
      throw Failure(.cannotWrite, reason, hints: ["what was not recorded was not removed"])
    case .limit, nil: break
    }
    try session.conclude(outcome.report.header, failure: outcome.failure)
  }

  /// True where an error at the end says why the run stopped.
  private func saysWhyLast(_ outcome: InvalidateOperation<Connection>.Outcome) -> Bool {
    if let refusal = outcome.refusal { return refusal != .declined }
    switch outcome.stop {
    case .limit: return false
    case .refused, .cannotRecord: return true
    case nil: return outcome.misnamed != nil || outcome.failure.map { $0.kind != .interrupted } ?? false
    }
  }

  /// True where the same run, without a journal, may come further than this one: not where each key was tried, nor where
  /// the server will refuse all of them again.
  private func helpsAgain(_ outcome: InvalidateOperation<Connection>.Outcome) -> Bool {
    switch outcome.stop {
    case .refused(let error): error.mayPass
    case .limit, .cannotRecord: true
    case nil: outcome.failure?.mayPass ?? false
    }
  }

  /// How the keys that were removed are brought back; nil where none were.
  private func undo(_ report: InvalidateReport) -> String? {
    guard !report.isPlan, report.expiresWithin == nil, report.counts.removed > 0 else { return nil }
    guard let backup = guards.backup else { return "no undo    this run had no \(OptionName.backup.word)" }
    let command = SuggestedCommand(
      .warm,
      // What was written since is newer, and stays.
      [.given(KeyText.argument(backup)), .given([OptionName.ifMissing.word])]
        + options.connection.given(session.locator) + guards.agreement(on: session))
    return "to undo    " + command.line
  }

  /// What to look at where none of the keys that were named is there.
  private func hints(ofMisnamed report: InvalidateReport) -> [String] {
    guard options.sources.keysFrom == nil else {
      return ["check the form of the list, and the database (--db)"]
    }
    return [
      "check how members become keys (--member-key), and the database (--db)",
      "if the keys are gone indeed, --prune --expect 0 takes the members out of the tag",
    ]
  }

  /// The command that resumes: with the journal where it holds anything, else the same run once more.
  private func resumption(_ report: InvalidateReport, resumes: Bool) -> String {
    let given = options.given(session, journalAs: resumes ? .resume : .journal)
    return SuggestedCommand(
      .invalidate, given.needed(for: .resumption(removedNothing: report.isPlan))
    ).line
  }
}
