import Keyspace
public import RedisClient
public import Reporting

/// Reads a server's statistics once, or twice to tell what happened in between.
public struct StatsOperation<Channel: CommandChannel> {
  private let request: StatsRequest
  private let target: WalkTarget<Channel>
  private let context: RunContext

  /// Prepares a run.
  public init(_ request: StatsRequest, of target: WalkTarget<Channel>, context: RunContext) {
    self.request = request
    self.target = target
    self.context = context
  }

  /// What a run ended with.
  public struct Outcome {
    /// The report; of one reading, where the second could not be taken.
    public let report: StatsReport
    /// The failure that prevented the second reading.
    public let failure: ClientError?
    /// What the next run is to be given, where this one was given a state.
    public let state: StatsState?
  }

  /// Runs.
  ///
  /// Throws `ClientError` where no reading can be taken, and `StatsState.Refusal` where the state is another
  /// server's.
  public func run() throws -> Outcome {
    let reader = StatsReader(target, context)
    let first = try reader.read()
    switch request.comparison {
    case .none: return Outcome(report: report(reader, first), failure: nil, state: nil)
    case .after(let interval): return second(reader, first, after: interval)
    case .state(let state): return try compare(reader, first, with: state)
    }
  }

  private func report(
    _ reader: StatsReader<Channel>, _ reading: StatsReading, _ span: StatsSpan? = nil,
    lookups: StatsLookups = StatsLookups(), warnings: [String] = []
  ) -> StatsReport {
    let header = reader.header(
      [reading], nodeOnly: request.nodeOnly, warnings: warnings + [span?.warning].compactMap { $0 })
    return StatsReporter(
      readings: [reading], spans: span.map { [$0] }, lookups: lookups, commandContext: request.commandContext
    ).report(header)
  }

  // MARK: - Two readings

  private func second(
    _ reader: StatsReader<Channel>, _ first: StatsReading, after interval: Duration
  ) -> Outcome {
    func alone(_ failure: ClientError) -> Outcome {
      var report = report(reader, first, warnings: ["there is no second reading, and so no interval"])
      report.header.isComplete = false
      return Outcome(report: report, failure: failure, state: nil)
    }
    guard reader.wait(until: ContinuousClock.now.advanced(by: interval)) else {
      return alone(
        context.shouldStop()
          ? ClientError(.interrupted, "stopped before the second reading")
          : ClientError(.timeout, "the run's time limit passed", hints: ["--max-runtime sets it"]))
    }
    do {
      let later = try reader.read()
      let span = StatsSpan(
        from: first.sample, to: later, lookups: StatsLookups(), ownCommands: reader.ownCommands)
      return Outcome(report: report(reader, later, span), failure: nil, state: nil)
    } catch {
      return alone(error)
    }
  }

  // MARK: - A state

  private func compare(
    _ reader: StatsReader<Channel>, _ reading: StatsReading, with earlier: StatsState?
  ) throws -> Outcome {
    try earlier?.check(address: reading.address, runID: reading.sample.runID)
    var next = earlier ?? StatsState(address: reading.address, runID: reading.sample.runID)
    next.advance(to: reading.sample, address: reading.address)
    guard let earlier, let before = earlier.sample else {
      let warning = "this is the first reading for this state file: the next run tells what happened since"
      return Outcome(report: report(reader, reading, warnings: [warning]), failure: nil, state: next)
    }
    let lookups = earlier.lookupsSinceSample
    let span = StatsSpan(from: before, to: reading, lookups: lookups, ownCommands: 0)
    let warnings = span.window == nil ? [] : lookupWarnings(earlier)
    return Outcome(
      report: report(reader, reading, span, lookups: lookups, warnings: warnings), failure: nil, state: next)
  }

  private func lookupWarnings(_ state: StatsState) -> [String] {
    var warnings: [String] = []
    let uncounted = state.lookupsSinceSample.uncountedRuns
    if uncounted > 0 {
      warnings.append(
        "\(uncounted) of the inspecting runs in between made lookups that cannot be told apart "
          + "(SCAN with TYPE, or an error on the way): hits and misses include some of them")
    }
    if state.straddlesSample {
      warnings.append(
        "an inspecting run was under way at the last reading: some of the lookups that are subtracted here belong before it"
      )
    }
    return warnings
  }
}
