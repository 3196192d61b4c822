import Bytes
import Keyspace
package import RedisClient
package import Reporting

/// Gathers what there is to know of a target, applies the rules and reports. It writes nothing.
package struct DoctorOperation<Channel: CommandChannel> {
  private let request: DoctorRequest
  private let target: WalkTarget<Channel>
  /// The same target with all of its databases.
  private let allDatabases: WalkTarget<Channel>
  private let context: RunContext

  /// Prepares a run. `allDatabases` is the target for the look at the keys, where several databases have some.
  package init(
    _ request: DoctorRequest, of target: WalkTarget<Channel>, allDatabases: WalkTarget<Channel>,
    context: RunContext
  ) {
    self.request = request
    self.target = target
    self.allDatabases = allDatabases
    self.context = context
  }

  /// What a run ended with.
  package struct Outcome {
    /// The report; of what was seen, where the run did not come to its end.
    package let report: DoctorReport
    /// The failure that ended it early.
    package let failure: ClientError?
    /// What the next run is to be given, where this one keeps a state.
    package let state: StatsState?
  }

  /// Runs.
  ///
  /// Throws `ClientError` where nothing can be read, and `StatsState.Refusal` where the state is another server's.
  package func run() throws -> Outcome {
    let reader = StatsReader(of: target, nodeOnly: request.walk.nodeOnly, context: context)
    let first = try reader.read(retrying: true)
    try request.state?.check(target: target.identity.uri, servers: first.readings.map(\.server))
    let deadline = ContinuousClock.now.advanced(by: request.interval)
    let answers = try ask(reader, first, now: Int64(target.wallClock + context.elapsedSeconds))
    guard reader.wait(until: deadline) else { throw context.stopError(" before the second reading") }
    let second = try reader.read(retrying: true)
    let stats = figures(reader, from: first, to: second)
    let scan = scan(second)
    var examination = examination(stats, nodes(first, second, stats, answers), second)
    examination.scan = scan.report
    let reporter = DoctorReporter(rules: request.rules, examination: examination, stats: stats)
    return Outcome(
      report: reporter.report(seconds: context.elapsedSeconds), failure: scan.failure,
      state: try nextState(second, scan.lookups))
  }

  // MARK: - Servers

  private func ask(
    _ reader: StatsReader<Channel>, _ round: StatsRound, now: Int64
  ) throws(ClientError) -> [String: NodeQuestions.Answers] {
    let questions = NodeQuestions(naming: request.walk.naming)
    var answers: [String: NodeQuestions.Answers] = [:]
    let endpoint = target.identity.endpoint
    try reader.ask(questions.batch, of: round) { reading, result in
      switch result {
      case .success(let replies):
        // The logs have the server's own time, which newer servers tell.
        let clock = reading.sample.serverMicroseconds.map { Int64($0 / 1_000_000) }
        answers[reading.address] = questions.read(replies, now: clock ?? now, at: endpoint)
      case .failure(let error):
        answers[reading.address] = NodeQuestions.Answers(lacking: .unavailable(error.message))
      }
    }
    return answers
  }

  /// The figures since the earlier run where there are any, else those between the two readings.
  private func figures(
    _ reader: StatsReader<Channel>, from first: StatsRound, to second: StatsRound
  ) -> StatsReport {
    let since = StatsIntervals(second, since: (request.state?.nodes ?? []).compactMap(\.earlier))
    let isKnown = since.spans.contains { $0?.window != nil }
    let intervals =
      isKnown ? since : StatsIntervals(second, since: first.readings.map { StatsEarlier($0) })
    let header = reader.header(second, warnings: intervals.warnings, schema: "rediscache.doctor/1")
    return StatsReporter(round: second, intervals: intervals, commandContext: request.commandContext)
      .report(header)
  }

  private func nodes(
    _ first: StatsRound, _ second: StatsRound, _ stats: StatsReport,
    _ answers: [String: NodeQuestions.Answers]
  ) -> [NodeFacts] {
    zip(second.readings, stats.nodes).map { reading, shown in
      var node = NodeFacts(address: reading.address, info: reading.facts, figures: shown.figures)
      if let answer = answers[reading.address] { node.answers = answer }
      let earlier = first.readings.first { $0.address == reading.address }
      if let earlier, reading.sample.continuity(since: earlier.sample) == .unbroken {
        node.before = earlier.facts
        node.commandStats = (earlier.commandStats, reading.commandStats)
        node.seconds = reading.sample.seconds(since: earlier.sample) ?? request.interval / .seconds(1)
      }
      return node
    }
  }

  private func examination(
    _ stats: StatsReport, _ nodes: [NodeFacts], _ round: StatsRound
  ) -> Examination {
    var examination = Examination(nodes: nodes, totals: stats.totals)
    examination.access = request.access
    examination.uncoveredSlots = round.uncovered.isEmpty ? nil : round.uncovered.description
    examination.unread = stats.unread
    examination.commandContext = request.commandContext
    return examination
  }

  // MARK: - Keys

  /// What a scan brought.
  private struct Scan {
    static func refused(_ error: ClientError) -> Scan {
      let rights = "+scan +select +pttl +type +memory|usage"
      return Scan(report: .failure(.refused(reason: error.message, right: rights)))
    }

    var report: Fact<ScanReport>
    var lookups: StatsLookupAccount?
    var failure: ClientError?
  }

  private func scan(_ round: StatsRound) -> Scan {
    guard request.scans else {
      return Scan(report: .failure(.skipped("keys were not looked at")))
    }
    var scan = ScanRequest()
    scan.walk = request.walk
    scan.commandContext = request.commandContext
    scan.filter.ignored = FindingFilter.ids
      .filter { !DoctorRules.keyIDs.contains($0) || !request.rules.admits($0) }
      .compactMap(FindingFilter.Ignored.init)
    let databases = round.readings.map(\.facts.databases.count).max() ?? 0
    let spans = allDatabases.databases == .all && databases > 1 && !round.isWholeCluster
    if spans { scan.commandContext.append(.allDatabases) }
    do throws(ClientError) {
      let outcome = try ScanOperation(scan, of: spans ? allDatabases : target, context: context).run()
      if let failure = outcome.failure, failure.kind == .permission, outcome.report.coverage.keysSeen == 0 {
        return .refused(failure)
      }
      return Scan(report: .success(outcome.report), lookups: outcome.lookups, failure: outcome.failure)
    } catch {
      guard error.kind != .permission else { return .refused(error) }
      return Scan(report: .failure(.unavailable("the keys could not be looked at")), failure: error)
    }
  }

  private func nextState(_ round: StatsRound, _ lookups: StatsLookupAccount?) throws -> StatsState? {
    guard request.keepsState else { return nil }
    let uri = target.identity.uri
    var next = request.state ?? StatsState(target: uri)
    next.advance(to: round, of: uri)
    return try lookups?.noted(in: next, begun: target.wallClock + context.elapsedSeconds) ?? next
  }
}
