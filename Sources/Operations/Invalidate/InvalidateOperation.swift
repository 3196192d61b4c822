import Bytes
import Keyspace
import Quantities
package import RedisClient
package import Reporting

/// Removes the keys of one server that fit a choice, or only counts them.
package struct InvalidateOperation<Channel: CommandChannel> {
  private let request: InvalidateRequest
  private let context: RunContext
  private let target: WalkTarget<Channel>
  private let records: RemovalRecords

  /// Prepares a removal.
  package init(
    _ request: InvalidateRequest, of target: WalkTarget<Channel>, records: RemovalRecords = RemovalRecords(),
    context: RunContext
  ) {
    var request = request
    if case .expire = request.action { request.walk.required.insert(.ttl) }
    request.walk.required.formUnion(request.walk.selection.type == nil ? [] : .type)
    // A page must not bring more than a batch takes: they would pile up.
    request.walk.largestPage = request.batchSize
    self.request = request
    self.target = target
    self.records = records
    self.context = context
  }

  /// What a removal ended with.
  package struct Outcome {
    /// What was done, or would be.
    package var report: InvalidateReport
    /// The failure that ended the run early.
    package var failure: ClientError?
    /// Why nothing was removed although keys match.
    package var refusal: WriteRefusal?
    /// Why the run ended before all keys were removed.
    package var stop: RemovalStop?
    /// Why nothing was done to the keys that a tag or a list names: none of them is there.
    package var misnamed: String?
    /// True where another run has something to do: keys that were not tried, or that were refused.
    package var isUnfinished = false
  }

  /// Runs: counts first where anything depends on the count, then removes, then looks again where asked to.
  ///
  /// `confirm` is asked with the counted report before anything is removed; nil removes without a question. Throws where
  /// not even a partial report can be given.
  package func run(confirm: ((InvalidateReport) -> Bool)? = nil) throws(ClientError) -> Outcome {
    var keyspace = try KeyspaceWalk(request.walk, of: target, context: context)
    try keyspace.refusePartOfCluster()
    if !request.isDryRun { try keyspace.refuseReplicaOfCluster() }
    if let finishedAt = request.earlier?.finishedAt { return finished(at: finishedAt, keyspace) }
    let router = try keyspace.router()
    var found = try KeySourceFinder(request: request, channel: router).find()
    let superseded = try keyspace.learnVersions()
    let settled = try RemovalResumption(request, journal: records.journal, startedAt: context.startedAt)
      .settle(on: keyspace.router())
    let earlier = settled?.counts
    let lost = settled?.lost ?? SeenKeys()
    if request.untags, let settled { found.prepend(settled.living) }
    var limit = WriteLimit(maximumKeys: request.maximumKeys)
    if request.isDryRun || request.expectation != nil || confirm != nil || request.prunes
      || mayExceed(limit, found, keyspace)
    {
      let counted = try pass(&keyspace, found, superseded, lost)
      var outcome = outcome(counted, keyspace, found, earlier, isDryRun: request.isDryRun)
      outcome.report.command =
        request.isDryRun && outcome.report.header.isComplete
        ? request.command(.invalidate, expecting: outcome.report.counts.toWrite) : nil
      guard outcome.failure == nil else {
        (outcome.report.isPlan, outcome.report.isCountCut, outcome.report.batches) = (true, true, 0)
        outcome.isUnfinished = !request.isDryRun
        return outcome
      }
      if outcome.misnamed != nil {
        (outcome.report.isPlan, outcome.report.batches, outcome.report.command) = (true, 0, nil)
        return outcome
      }
      outcome.refusal = request.refusal(
        counted: outcome.report.counts.toWrite, uncertain: settled?.uncertain ?? 0)
      if request.isDryRun {
        outcome.report.stopped = outcome.refusal?.sentence(request.action.refusalWords, context.spell)
        if outcome.refusal != nil {
          outcome.report.header.isComplete = false
          outcome.report.command = nil
        }
        if keyspace.facts.role == "replica" { outcome.report.header.warnings.append(keyspace.replicaWarning) }
        return outcome
      }
      let planned = outcome.report.counts.planned
      if outcome.refusal == nil, planned > 0, let confirm {
        let asked = ContinuousClock.now
        if !confirm(outcome.report) { outcome.refusal = .declined }
        keyspace.exclude(ContinuousClock.now - asked)
      }
      if let refusal = outcome.refusal {
        outcome.report.stopped = refusal.sentence(request.action.refusalWords, context.spell)
        outcome.report.isPlan = true
        outcome.report.batches = 0
        outcome.report.header.isComplete = false
        return outcome
      }
      limit = WriteLimit(counted: planned, maximumKeys: request.maximumKeys)
      keyspace.beginPass()
    }
    let remover = try pass(&keyspace, found, superseded, lost, limit)
    var outcome = outcome(remover, keyspace, found, earlier, isDryRun: false)
    outcome.isUnfinished =
      outcome.misnamed == nil && (outcome.failure != nil || !outcome.report.header.isComplete)
    finish(&outcome)
    guard outcome.misnamed == nil else { return outcome }
    verify(&outcome, &keyspace, superseded)
    return outcome
  }

  /// The outcome of a run that has nothing left to do, out of its journal.
  private func finished(at moment: String, _ keyspace: KeyspaceWalk<Channel>) -> Outcome {
    var report = InvalidateReport(
      header: keyspace.header(schema: "rediscache.invalidate/1"), action: request.action.name,
      plan: .init(batchSize: request.batchSize, pace: request.walk.pace.rawValue, seconds: nil))
    if case .expire(let window) = request.action { report.expiresWithin = Double(window) / 1000 }
    report.earlier = request.earlier?.counts
    report.counts = request.earlier?.counts ?? RemovalCounts()
    report.header.warnings.append(
      "the run of this journal came to its end in the run of \(moment): nothing is left to do")
    return Outcome(report: report)
  }

  // MARK: - Before anything is written

  /// True where more keys than allowed may match: they are counted then before the first is removed.
  private func mayExceed(_ limit: WriteLimit, _ found: KeySources, _ keyspace: KeyspaceWalk<Channel>)
    -> Bool
  {
    (found.mostKeys ?? keyspace.expected).map { $0 > limit.keys } ?? (limit.keys < .max)
  }

  // MARK: - Walking

  /// Removes the keys that are chosen, up to a limit; without one they are counted only.
  private func pass(
    _ keyspace: inout KeyspaceWalk<Channel>, _ found: KeySources, _ superseded: SupersededChoice?,
    _ lost: SeenKeys, _ limit: WriteLimit? = nil
  ) throws(ClientError) -> KeyRemover {
    let context = context
    var remover = KeyRemover(
      request,
      KeyRemover.Pass(
        superseded: superseded, limit: limit, tags: found.tags, mostKeys: found.mostKeys ?? .max,
        // Keys of different slots must not share a command.
        keysPerCommand: keyspace.facts.isClusterNode ? 1 : .max,
        policy: target.writeRetryPolicy(isCluster: keyspace.cluster != nil), lost: lost,
        records: keyspace.cluster == nil ? records : records.shared, shouldStop: { context.mustStop }))
    for source in found.sources where keyspace.result.failure == nil && !remover.wantsStop {
      remover.begin(source)
      keyspace.walk(&remover, over: [source])
    }
    if !remover.postponed.isEmpty, keyspace.result.failure == nil, !remover.wantsStop {
      let tags = KeySource.list(KeyList(remover.postponed))
      remover.begin(tags)
      keyspace.walk(&remover, over: [tags])
    }
    remover.abandon()
    return remover
  }

  private func outcome(
    _ remover: KeyRemover, _ keyspace: KeyspaceWalk<Channel>, _ found: KeySources,
    _ earlier: RemovalCounts?, isDryRun: Bool
  ) -> Outcome {
    var header = keyspace.header(schema: "rediscache.invalidate/1")
    header.warnings = (request.list?.warnings ?? []) + found.warnings + header.warnings
    let gone = (earlier?.absent ?? 0) - (request.earlier?.counts.absent ?? 0)
    if gone > 0 {
      header.warnings.append(
        "\(NumberText.keys(gone)) of the batch that was under way when an earlier run ended are gone; "
          + "no reply says that it removed them")
    }
    let report = InvalidateReporter(request: request)
      .report(header, of: remover, earlier: earlier, isDryRun: isDryRun)
    var outcome = Outcome(
      report: report, failure: keyspace.result.failure, refusal: nil,
      stop: remover.ledger.stop.map { $0.naming(primary: keyspace.facts.primary?.description) })
    outcome.report.stopped = outcome.failure?.message ?? remover.ledger.stop?.sentence(context.spell)
    noteNothing(&outcome, keyspace)
    return outcome
  }

  /// Says what may be wrong where no key was found.
  private func noteNothing(_ outcome: inout Outcome, _ keyspace: KeyspaceWalk<Channel>) {
    let counts = outcome.report.counts
    guard outcome.failure == nil, outcome.stop == nil, counts.matched == counts.absent else { return }
    if counts.matched == 0, request.tags.isEmpty, request.list == nil {
      outcome.report.header.warnings += keyspace.hintsForNothing()
    }
    // That all keys of a tag are gone must be said, lest a wrong template empties it.
    // Keys whose batch was not answered were there, whoever removed them.
    guard request.earlier?.unanswered.isEmpty ?? true else { return }
    guard counts.absent > 0, !(request.prunes && request.expectsNone) else { return }
    outcome.misnamed = misnamed(counts.absent)
    outcome.report.stopped = outcome.misnamed
    outcome.report.header.isComplete = false
  }

  /// Why it is more likely that all keys have other names than that all of them are gone.
  private func misnamed(_ count: Int) -> String {
    let nothing = request.action.removes ? "nothing was removed" : "nothing was changed"
    guard let list = request.list else {
      let noun = request.tags.count == 1 ? "the tag" : "the tags"
      return "none of the members of \(noun) is a key here (\(NumberText.count(count)) named): \(nothing)"
    }
    return "none of the keys of the list is here (\(NumberText.count(count)) named): \(nothing)"
      + (list.looksQuoted
        ? "; the list looks printed for people, with quotes or numbers beside the keys" : "")
  }

  // MARK: - Afterwards

  /// Closes the journal of a run after which nothing is left to do.
  private func finish(_ outcome: inout Outcome) {
    guard let journal = records.journal, outcome.report.header.isComplete, outcome.report.counts.failed == 0
    else {
      return
    }
    do {
      try journal.append(JournalLine.finished(at: context.startedAt, outcome.report.counts))
      try journal.synchronize()
    } catch {
      outcome.report.header.warnings.append("the journal's end could not be written: \(error.message)")
    }
  }

  /// Looks for the chosen keys once more, as a dry run does.
  private func verify(
    _ outcome: inout Outcome, _ keyspace: inout KeyspaceWalk<Channel>, _ superseded: SupersededChoice?
  ) {
    guard request.verifies, outcome.failure == nil, outcome.stop == nil else { return }
    var isComplete = false
    // Whatever this look finds, the report says what was done before it.
    do {
      let found = try KeySourceFinder(request: request, channel: keyspace.router()).find()
      keyspace.beginPass()
      let remover = try pass(&keyspace, found, superseded, SeenKeys())
      isComplete = keyspace.result.isComplete
      outcome.report.verification = InvalidateReport.Verification(
        keys: remover.ledger.tally.total.planned, samples: remover.ledger.tally.samples,
        isComplete: isComplete)
      outcome.failure = keyspace.result.failure
    } catch {
      outcome.failure = error
    }
    outcome.report.stopped = outcome.report.stopped ?? outcome.failure?.message
    outcome.report.header.durationSeconds = context.elapsedSeconds
    if !isComplete || outcome.report.verification?.keys != 0 { outcome.report.header.isComplete = false }
  }
}
