package import RedisClient
package import Reporting

/// Reads the statistics of a server, or of a cluster's, once, or twice to tell what happened in between.
package struct StatsOperation<Channel: CommandChannel> {
  private let request: StatsRequest
  private let target: WalkTarget<Channel>
  private let context: RunContext

  /// Prepares a run.
  package init(_ request: StatsRequest, of target: WalkTarget<Channel>, context: RunContext) {
    self.request = request
    self.target = target
    self.context = context
  }

  /// What a run ended with.
  package struct Outcome {
    /// The report; of one reading, where the second could not be taken.
    package let report: StatsReport
    /// The failure that prevented the second reading.
    package let failure: ClientError?
    /// What the next run is to be given, where this one was given a state.
    package let state: StatsState?
  }

  /// Runs.
  ///
  /// Throws `ClientError` where no reading can be taken, and `StatsState.Refusal` where the state is another
  /// server's.
  package func run() throws -> Outcome {
    let reader = StatsReader(of: target, nodeOnly: request.nodeOnly, context: context)
    let first = try reader.read(retrying: true)
    switch request.comparison {
    case .none: return Outcome(report: report(reader, first), failure: nil, state: nil)
    case .after(let interval): return second(reader, first, after: interval)
    case .state(let state): return try compare(reader, first, with: state)
    }
  }

  private func report(
    _ reader: StatsReader<Channel>, _ round: StatsRound, _ intervals: StatsIntervals? = nil,
    warnings: [String] = []
  ) -> StatsReport {
    let header = reader.header(round, warnings: warnings + (intervals?.warnings ?? []))
    return StatsReporter(round: round, intervals: intervals, commandContext: request.commandContext).report(
      header)
  }

  // MARK: - Two readings

  private func second(
    _ reader: StatsReader<Channel>, _ first: StatsRound, after interval: Duration, state: StatsState? = nil,
    warnings: [String] = []
  ) -> Outcome {
    func alone(_ failure: ClientError) -> Outcome {
      var report = report(
        reader, first, warnings: warnings + ["there is no second reading, and so no interval"])
      report.header.isComplete = false
      return Outcome(report: report, failure: failure, state: state)
    }
    guard reader.wait(until: ContinuousClock.now.advanced(by: interval)) else {
      return alone(
        context.shouldStop()
          ? ClientError(.interrupted, "stopped before the second reading")
          : .runOver())
    }
    do {
      let later = try reader.read(retrying: true)
      let intervals = StatsIntervals(later, since: first.readings.map { StatsEarlier($0) })
      return Outcome(
        report: report(reader, later, intervals, warnings: warnings), failure: nil, state: state)
    } catch {
      return alone(error)
    }
  }

  // MARK: - A state

  private func compare(
    _ reader: StatsReader<Channel>, _ round: StatsRound, with earlier: StatsState?
  ) throws -> Outcome {
    let uri = target.identity.uri
    try earlier?.check(target: uri, servers: round.readings.map(\.server))
    var next = earlier ?? StatsState(target: uri)
    next.advance(to: round, of: uri)
    let samples = (earlier?.nodes ?? []).compactMap(\.earlier)
    guard let earlier, !samples.isEmpty else {
      let warning =
        "this is the first reading for this state file: the next run reports what has happened since"
      return second(reader, round, after: request.sampling, state: next, warnings: [warning])
    }
    let intervals = StatsIntervals(round, since: samples)
    let warnings = intervals.spans.contains { $0?.window != nil } ? lookupWarnings(earlier.nodes) : []
    return Outcome(report: report(reader, round, intervals, warnings: warnings), failure: nil, state: next)
  }

  private func lookupWarnings(_ nodes: [StatsNodeState]) -> [String] {
    var warnings: [String] = []
    // One run over a cluster is noted with each node.
    let uncounted = nodes.map(\.lookupsSinceSample.uncountedRuns).max() ?? 0
    if uncounted > 0 {
      warnings.append(
        "\(uncounted) of the inspecting runs in between made lookups that cannot be separated from others "
          + "(SCAN with TYPE, or an error on the way): hits and misses include some of them")
    }
    // Where commands are counted the lookups of all are known, whenever they were made.
    if nodes.contains(where: { $0.straddlesSample && $0.sample?.counters.inspections == nil }) {
      warnings.append(
        "an inspecting run was under way at the last reading: some of the lookups that are subtracted here belong before it"
      )
    }
    return warnings
  }
}
