import Keyspace
package import RedisClient
package import Reporting

/// Loads the records of a seed into a server.
package struct WarmOperation<Channel: CommandChannel> {
  private let request: WarmRequest
  private let context: RunContext
  private let target: WalkTarget<Channel>
  private let source: any SeedSource
  private let records: WarmRecords

  /// Prepares a warming.
  package init(
    _ request: WarmRequest, of target: WalkTarget<Channel>, source: any SeedSource,
    records: WarmRecords = WarmRecords(), context: RunContext
  ) {
    self.request = request
    self.target = target
    self.source = source
    self.records = records
    self.context = context
  }

  /// What a warming ended with.
  package struct Outcome {
    /// What was done, or would be.
    package var report: WarmReport
    /// The failure that ended the run early.
    package var failure: ClientError?
    /// Why nothing was written although the seed could be read.
    package var refusal: WriteRefusal?
    /// Why the run ended before the seed's end.
    package var stop: WarmStop?
  }

  /// Runs to the seed's end: counts first where anything depends on the count, and reads the seed twice then.
  ///
  /// `confirm` is asked with the counted report before anything is written; nil writes without a question. Throws where
  /// not even a partial report can be given: the server cannot be reached.
  package func run(confirm: ((WarmReport) -> Bool)? = nil) throws(ClientError) -> Outcome {
    var walk = WalkRequest()
    walk.nodeOnly = request.nodeOnly
    var keyspace = try KeyspaceWalk(walk, of: target, context: context)
    try keyspace.refusePartOfCluster()
    if !request.isDryRun { try keyspace.refuseReplicaOfCluster() }
    let channel = try keyspace.router()
    if let finishedAt = request.earlier?.finishedAt { return finished(at: finishedAt, keyspace) }
    var limit = WriteLimit(maximumKeys: request.maximumKeys)
    if request.isDryRun || request.expectation != nil || confirm != nil {
      let counted = count(channel, keyspace)
      guard !request.isDryRun, counted.failure == nil, counted.stop == nil, counted.refusal == nil else {
        return counted
      }
      let planned = counted.report.counts.planned
      if planned > 0, let confirm {
        let asked = ContinuousClock.now
        guard confirm(counted.report) else { return refused(counted, .declined) }
        keyspace.exclude(ContinuousClock.now - asked)
      }
      limit = WriteLimit(counted: planned, maximumKeys: request.maximumKeys)
      do { try source.rewind() } catch {
        var outcome = counted
        outcome.stop = .unreadable(error.message)
        return outcome
      }
    }
    var run = makeRun(try keyspace.router(), keyspace, request, limit)
    var outcome = load(&run, keyspace)
    finishJournal(&outcome)
    return outcome
  }

  /// Reads the seed and counts what would be written.
  private func count(_ channel: AnyChannel, _ keyspace: KeyspaceWalk<Channel>) -> Outcome {
    var counting = request
    counting.isDryRun = true
    var run = makeRun(channel, keyspace, counting, WriteLimit(maximumKeys: nil))
    var outcome = load(&run, keyspace)
    outcome.report.isPlan = true
    guard outcome.failure == nil, outcome.stop == nil else {
      outcome.report.isCountCut = true
      return outcome
    }
    if let refusal = request.refusal(counted: run.ledger.counts.planned) { return refused(outcome, refusal) }
    guard request.isDryRun else { return outcome }
    if request.isRepeatable, outcome.report.header.isComplete {
      outcome.report.command = request.command(.warm, expecting: run.ledger.counts.planned)
    }
    if keyspace.facts.role == "replica" { outcome.report.header.warnings.append(keyspace.replicaWarning) }
    return outcome
  }

  /// The outcome of a run that writes nothing although it could.
  private func refused(_ counted: Outcome, _ refusal: WriteRefusal) -> Outcome {
    var outcome = counted
    outcome.refusal = refusal
    outcome.report.stopped = refusal.sentence(.ofWarm, context.spell)
    outcome.report.header.isComplete = false
    return outcome
  }

  /// The outcome of a run that has nothing left to do, out of its journal.
  private func finished(at moment: String, _ keyspace: KeyspaceWalk<Channel>) -> Outcome {
    var outcome = Outcome(report: emptyReport(keyspace), failure: nil, stop: nil)
    let counts = request.earlier?.counts ?? WarmCounts()
    outcome.report.counts = counts
    outcome.report.earlier = counts
    outcome.report.header.isComplete = counts.rejected + counts.failed + counts.unknown == 0
    outcome.report.header.warnings.append(
      "the run of this journal came to the seed's end in the run of \(moment): nothing is left to do")
    return outcome
  }

  /// Reads the seed to its end and does what the run is made for.
  private func load(_ run: inout WarmRun, _ keyspace: KeyspaceWalk<Channel>) -> Outcome {
    var outcome = Outcome(report: emptyReport(keyspace), failure: nil, stop: nil)
    do throws(ClientError) {
      try run.loadAll()
      if request.verifies, !run.isDryRun, run.ledger.stop == nil {
        outcome.report.verification = try run.verify()
      }
    } catch {
      outcome.failure = error
    }
    run.abandon()
    outcome.stop = run.ledger.stop
    fill(&outcome, run)
    if outcome.failure == nil, !run.isDryRun, keyspace.nodes.contains(where: { $0.wasFlushedOrSwapped() }) {
      outcome.report.header.isComplete = false
      outcome.report.header.warnings.append(
        "keys were flushed or swapped while the seed was loaded: what was written before is gone")
    }
    return outcome
  }

  private func makeRun(
    _ channel: AnyChannel, _ keyspace: KeyspaceWalk<Channel>, _ request: WarmRequest, _ limit: WriteLimit
  ) -> WarmRun {
    let isCluster = keyspace.cluster != nil
    let records = request.isDryRun ? WarmRecords() : records
    let pipeline = WarmPipeline(
      request, channel: channel,
      roundTrip: isCluster ? keyspace.clock.roundTrip : keyspace.nodes[0].bareRoundTrip,
      abilities: WarmPipeline.Abilities(version: keyspace.facts.version),
      recovery: WarmPipeline.Recovery(
        backoff: Backoff(retryFor: target.reading.retryFor),
        policy: target.writeRetryPolicy(isCluster: isCluster),
        reconnect: { () throws(ClientError) in try keyspace.freshRouter() }),
      context: context)
    return WarmRun(
      request, limit: limit, reader: WarmReader(request, source: source, spell: context.spell),
      pipeline: pipeline,
      ledger: WarmLedger(
        request, records: records, facts: keyspace.facts, endpoint: channel.endpoint, context: context),
      backup: records.backup.map { WarmBackup($0, holding: records.backedUp) },
      isCluster: keyspace.facts.isClusterNode, clock: keyspace.clock, context: context)
  }

  private func emptyReport(_ keyspace: KeyspaceWalk<Channel>) -> WarmReport {
    WarmReport(header: keyspace.header(schema: "rediscache.warm/1"), isDryRun: request.isDryRun)
  }

  private func fill(_ outcome: inout Outcome, _ run: WarmRun) {
    let ledger = run.ledger
    outcome.report.counts = ledger.counts
    outcome.report.earlier = request.earlier?.counts
    if let earlier = request.earlier?.counts { outcome.report.counts.add(earlier) }
    outcome.report.header.durationSeconds = context.elapsedSeconds
    outcome.report.header.warnings += run.warnings
    outcome.report.ttl = ledger.times
    outcome.report.replaced = ledger.replaced
    outcome.report.saved = run.savedKeys
    outcome.report.memberships = ledger.memberships
    outcome.report.rejections = ledger.rejections
    outcome.report.failures = ledger.failures
    outcome.report.refused = ledger.refused
    outcome.report.line = ledger.lastLine
    outcome.report.stopped = outcome.failure?.message ?? outcome.stop?.sentence(context.spell)
    let counts = outcome.report.counts
    // Keys may have expired since; where the server evicts, what is gone was pushed out.
    let verified =
      outcome.report.verification.map { $0.different == 0 && ($0.gone == 0 || ledger.evicted == 0) } ?? true
    outcome.report.header.isComplete =
      outcome.stop == nil && outcome.failure == nil && counts.records > 0
      && counts.rejected + counts.failed + counts.unknown == 0
      && ledger.failures == nil && verified
  }

  /// Closes the journal of a run that has come to the seed's end.
  private func finishJournal(_ outcome: inout Outcome) {
    guard let journal = records.journal, !request.isDryRun, outcome.stop == nil, outcome.failure == nil else {
      return
    }
    do {
      try journal.append(WarmProgress.finished(at: context.startedAt))
      try journal.synchronize()
    } catch {
      outcome.report.header.warnings.append("the journal's end could not be written: \(error.message)")
    }
  }
}
