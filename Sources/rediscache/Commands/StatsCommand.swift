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
      Reads INFO and LATENCY HISTOGRAM twice, a second apart, and judges the cache by them. --interval, --watch and \
      --state report what happened in a longer time. Lookups of PTTL, TYPE, OBJECT and the like, which scan and ttl \
      send, are not counted as hits or misses.

      A condition compares fields of the JSON totals with values: hit_ratio < 80%, evicted_keys > 100/s, \
      used_memory_bytes >= 1GB, latency_p99_seconds > 2ms, joined by and, or and parentheses. worst.memory_ratio is \
      that of the worst node of a cluster, lifetime.hit_ratio that since the start.
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
    try NagiosCheck.guarding { try perform() }
  }

  private func perform() throws {
    try FileClash.check([(.output, output.output), (.state, stats.state)])
    let session = try Session(connection, output, connection.loadProfile())
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
    let longest = (connection.maxRuntime ?? .seconds(60)) / 2
    request.sampling = min(request.sampling, longest)
    request.comparison = try comparison(state, sampling: request.sampling)
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
      try file.write(failure: error, session, .stats)
      throw session.failure(error)
    }
    let report = outcome.report
    let nagios = stats.format == .nagios ? StatsNagios(stats, report, outcome.failure) : nil
    if let nagios {
      try NagiosCheck.deliver(nagios.line, judged: nagios.exitStatus, to: file)
    } else if !isSilent {
      try file.write(report)
    }
    // Only now: a run whose figures were not delivered does not count.
    if let next = outcome.state { try state?.replace(with: next) }
    report.header.warnings.forEach(output.warn)
    if let nagios { throw nagios.exitStatus }
    try conclude(report, outcome.failure, session)
  }

  private func comparison(
    _ state: StatsStateFile?, sampling: Duration
  ) throws -> StatsRequest.Comparison {
    if let state { return .state(try state.decoded()) }
    return .after(stats.interval ?? sampling)
  }

  /// True where conditions are all that is asked for: then a run says nothing unless one of them holds.
  private var isSilent: Bool {
    output.quiet && output.output == nil && stats.form.given == nil && !stats.failIf.isEmpty
  }

  /// Reports what holds and what went wrong, the worst last; throws unless all is complete and well.
  private func conclude(_ report: StatsReport, _ failure: ClientError?, _ session: Session) throws {
    if let failure {
      if failure.kind == .interrupted {
        output.note("stopped before the second reading")
        throw Signals.exitStatus
      }
      throw session.failed(failure)
    }
    let check = StatsCheck(stats.failIf, on: report)
    if output.quiet { writeAlarm(check, report) }
    check.withoutValue.forEach { output.note("does not hold: \(KeyText.sanitized($0))") }
    check.undecided.forEach { output.warn("cannot be decided: \($0)") }
    check.holding.forEach { output.note("holds: \(KeyText.sanitized($0))") }
    guard check.holding.isEmpty else { throw ExitStatus.conditionHolds }
    guard check.undecided.isEmpty, report.header.isComplete else { throw ExitStatus.partial }
  }

  /// The one line of a quiet run where not all is well: what cron is to send.
  private func writeAlarm(_ check: StatsCheck, _ report: StatsReport) {
    var reasons = check.holding + check.undecided.map { "cannot be decided: \($0)" }
    if !report.header.isComplete, reasons.isEmpty {
      reasons = [report.header.warnings.first ?? "the report is incomplete"]
    }
    guard !reasons.isEmpty else { return }
    let target = report.header.targetName ?? report.header.uri
    StandardError.write(KeyText.sanitized("\(target): \(reasons.joined(separator: "; "))") + "\n")
  }
}
