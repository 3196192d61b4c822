import Keyspace
import Quantities
package import RedisClient
package import Reporting

/// Where a warming keeps account of what it does.
package struct WarmRecords {
  /// Told how far the run has come, after each flight.
  package var journal: (any RecordFile)?
  /// Given each record that cannot be loaded.
  package var rejects: (any RecordFile)?

  /// Makes records; nil keeps none.
  package init(journal: (any RecordFile)? = nil, rejects: (any RecordFile)? = nil) {
    self.journal = journal
    self.rejects = rejects
  }
}

/// Why a warming ended before the seed's end.
package enum WarmStop: Sendable, Equatable {
  /// The server refused a record in a way that holds for every one.
  case refused(line: Int, ClientError)
  /// The server refused a record for want of memory.
  case outOfMemory(line: Int, String)
  /// The server evicted so many keys while the run was on.
  case evicting(keys: Int)
  /// A record cannot be loaded, and `--strict` says that none may be.
  case strict(line: Int, String)
  /// The seed cannot be read from here on: its bytes are not what they should be.
  case badSeed(String)
  /// The seed's file cannot be read.
  case unreadable(String)
  /// The journal or the file of rejects cannot be written.
  case cannotRecord(String)
}

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
    /// Why the run ended before the seed's end.
    package var stop: WarmStop?
  }

  /// Runs to the seed's end.
  ///
  /// Throws where not even a partial report can be given: the server cannot be reached.
  package func run() throws(ClientError) -> Outcome {
    var walk = WalkRequest()
    walk.nodeOnly = request.nodeOnly
    var keyspace = try KeyspaceWalk(walk, of: target, context: context)
    try keyspace.refusePartOfCluster()
    if !request.isDryRun { try keyspace.refuseReplicaOfCluster() }
    let finder = keyspace
    var run = WarmRun(
      request, channel: try keyspace.router(), facts: keyspace.facts, clock: keyspace.clock,
      roundTrip: keyspace.cluster == nil ? keyspace.nodes[0].bareRoundTrip : keyspace.clock.roundTrip,
      source: source,
      records: records, context: context,
      recovery: WarmRecovery(
        backoff: Backoff(retryFor: target.reading.retryFor),
        patience: target.writePatience(isCluster: keyspace.cluster != nil),
        reconnect: { () throws(ClientError) in try finder.freshRouter() }))
    var outcome = Outcome(report: emptyReport(keyspace), failure: nil, stop: nil)
    if let finishedAt = request.earlier?.finishedAt {
      let counts = request.earlier?.counts ?? WarmCounts()
      outcome.report.counts = counts
      outcome.report.earlier = counts
      outcome.report.header.isComplete = counts.rejected + counts.failed + counts.unknown == 0
      outcome.report.header.warnings.append(
        "the run of this journal came to the seed's end in the run of \(finishedAt): nothing is left to do")
      return outcome
    }
    do throws(ClientError) {
      try run.loadAll()
      if request.verifies, run.stop == nil { outcome.report.verification = try run.verify() }
    } catch {
      outcome.failure = error
    }
    run.abandon()
    outcome.stop = run.stop
    fill(&outcome, run)
    if outcome.failure == nil, !request.isDryRun, keyspace.nodes.contains(where: { $0.wasFlushedOrSwapped() })
    {
      outcome.report.header.isComplete = false
      outcome.report.header.warnings.append(
        "keys were flushed or swapped while the seed was loaded: what was written before is gone")
    }
    finishJournal(&outcome)
    return outcome
  }

  private func emptyReport(_ keyspace: KeyspaceWalk<Channel>) -> WarmReport {
    WarmReport(header: keyspace.header(schema: "rediscache.warm/1"), isDryRun: request.isDryRun)
  }

  private func fill(_ outcome: inout Outcome, _ run: WarmRun<AnyChannel>) {
    outcome.report.counts = run.counts
    outcome.report.earlier = request.earlier?.counts
    if let earlier = request.earlier?.counts { outcome.report.counts.add(earlier) }
    outcome.report.header.durationSeconds = context.elapsedSeconds
    outcome.report.header.warnings += run.warnings
    outcome.report.ttl = ttl(run.ttl)
    outcome.report.rejections = run.rejections
    outcome.report.failures = run.failures
    outcome.report.line = run.lastLine
    outcome.report.stopped = outcome.failure?.message ?? outcome.stop?.sentence
    let counts = outcome.report.counts
    // Keys may have expired since; where the server evicts, what is gone was pushed out.
    let verified =
      outcome.report.verification.map { $0.different == 0 && ($0.gone == 0 || run.evicted == 0) } ?? true
    outcome.report.header.isComplete =
      outcome.stop == nil && outcome.failure == nil && counts.rejected + counts.failed + counts.unknown == 0
      && run.failures == nil && verified
  }

  /// The distribution in seconds; nil where no key expires.
  private func ttl(_ histogram: LogHistogram) -> WarmReport.TTL? {
    guard let least = histogram.min, let median = histogram.quantile(0.5), let most = histogram.max else {
      return nil
    }
    return WarmReport.TTL(min: Double(least) / 1000, p50: Double(median) / 1000, max: Double(most) / 1000)
  }

  /// Closes the journal of a run that has come to the seed's end.
  private func finishJournal(_ outcome: inout Outcome) {
    guard let journal = records.journal, outcome.stop == nil, outcome.failure == nil else { return }
    do {
      try journal.append(WarmProgress.finished(at: context.startedAt))
      try journal.synchronize()
    } catch {
      outcome.report.header.warnings.append("the journal's end could not be written: \(error.message)")
    }
  }
}

extension WarmStop {
  /// Why, for people.
  package var sentence: String {
    switch self {
    case .refused(let line, let error): "at line \(NumberText.count(line)): \(error.message)"
    case .outOfMemory(let line, let text): "at line \(NumberText.count(line)): \(text)"
    case .evicting(let keys):
      "the server has begun to evict: \(NumberText.keys(keys)) since this run began (--stop-on-eviction)"
    case .strict(let line, let reason): "line \(NumberText.count(line)): \(reason)"
    case .badSeed(let text), .unreadable(let text), .cannotRecord(let text): text
    }
  }
}
