import ArgumentParser
import Bytes
import Operations
import RedisClient
import Reporting

/// `rediscache stats`: is this cache earning its keep.
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Hit ratio, evictions, expirations, memory, clients and latency from INFO.",
    discussion: """
      Reads INFO and LATENCY HISTOGRAM and judges the cache by them. The figures count from the server's start; \
      --interval, --watch and --state report what happened in a shorter time.

      A condition compares fields of the JSON totals with values: hit_ratio < 80%, used_memory_bytes >= 1GB, \
      latency_p99_seconds > 2ms, joined by and, or and parentheses.
      """
  )

  @OptionGroup(title: "Stats") var stats: StatsOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if let runtime = connection.maxRuntime, let interval = stats.interval, !stats.watch, runtime <= interval {
      throw ValidationError("--max-runtime ends the run before --interval has passed")
    }
  }

  func run() throws {
    guard stats.format == .nagios else { return try perform() }
    try StatsNagios.guarding { try perform() }
  }

  private func perform() throws {
    let session = try Session(connection, output)
    var request = StatsRequest()
    request.nodeOnly = session.nodeOnly
    request.commandContext = connection.given(session.locator).needed(for: .suggestion)
    if stats.watch {
      try StatsWatchCommand(session: session, stats: stats, request: request).run()
    } else {
      try report(&request, session)
    }
  }

  private func report(_ request: inout StatsRequest, _ session: Session) throws {
    let file = try ReportFile(output, stats.format)
    let state = try stats.state.map { try StatsStateFile($0) }
    request.comparison = try comparison(state)
    let operation = StatsOperation(
      request, of: session.target(allDatabases: false), context: session.context())
    let outcome: StatsOperation<Connection>.Outcome
    do {
      if output.showsProgress, let interval = stats.interval { session.progress.announce(interval) }
      defer { session.progress.clear() }
      outcome = try operation.run()
    } catch let refusal as StatsState.Refusal {
      throw StatsStateFile.failure(refusal, stats.state ?? "", session)
    } catch {
      throw session.failure(error)
    }
    let report = outcome.report
    let nagios = stats.format == .nagios ? StatsNagios(stats, report, outcome.failure) : nil
    if let nagios { try file.write(nagios.line) } else { try file.write(report) }
    // Only now: a run whose figures were not delivered does not count.
    if let next = outcome.state { try state?.replace(with: next) }
    report.header.warnings.forEach(output.warn)
    if let nagios { throw nagios.exitStatus }
    try conclude(report, outcome.failure)
  }

  private func comparison(_ state: StatsStateFile?) throws -> StatsRequest.Comparison {
    if let state { return .state(try state.decoded()) }
    return stats.interval.map { .after($0) } ?? .none
  }

  /// Reports what holds and what went wrong, the worst last; throws unless all is complete and well.
  private func conclude(_ report: StatsReport, _ failure: ClientError?) throws {
    if let failure {
      if failure.kind == .interrupted {
        output.note("stopped before the second reading")
        throw Signals.exitStatus
      }
      throw Failure(failure)
    }
    let check = StatsCheck(stats.failIf, on: report)
    check.withoutValue.forEach { output.note("does not hold: \(KeyText.sanitized($0))") }
    check.undecided.forEach { output.warn("cannot be decided: \($0)") }
    check.holding.forEach { output.note("holds: \(KeyText.sanitized($0))") }
    guard check.holding.isEmpty else { throw ExitStatus.conditionHolds }
    guard check.undecided.isEmpty, report.header.isComplete else { throw ExitStatus.partial }
  }
}
