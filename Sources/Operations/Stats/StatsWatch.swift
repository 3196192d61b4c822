package import RedisClient
package import Reporting

/// Reads a server's statistics again and again, and tells of each interval.
package struct StatsWatch<Channel: CommandChannel> {
  /// What an interval brought.
  package enum Step {
    /// A report of the interval, and what happened to the servers in it, where anything did.
    case interval(StatsReport, news: [String])
    /// No reading could be taken; the next may go well again. The report tells nothing else.
    case fault(ClientError, StatsReport)
    /// The user asked to stop, or the run's time is over.
    case ended
  }

  private let request: StatsRequest
  private let interval: Duration
  private let reader: StatsReader<Channel>
  /// The readings from which the summary counts.
  private var base: [StatsEarlier]
  /// What is known last of each server.
  private var last: [StatsEarlier]
  private var round: StatsRound
  /// The rounds since `base`.
  private var rounds = 0
  private var next: ContinuousClock.Instant

  /// Connects and takes the first reading.
  package init(
    _ request: StatsRequest, every interval: Duration, of target: WalkTarget<Channel>, context: RunContext
  ) throws(ClientError) {
    self.request = request
    self.interval = interval
    reader = StatsReader(of: target, nodeOnly: request.nodeOnly, context: context)
    round = try reader.read(retrying: true)
    base = round.readings.map { StatsEarlier($0) }
    last = base
    next = ContinuousClock.now.advanced(by: interval)
  }

  /// True where the rows are of several servers.
  package var isCluster: Bool { round.isWholeCluster }

  /// Waits for the end of the interval and tells of it.
  package mutating func step() -> Step {
    guard reader.wait(until: next) else { return .ended }
    // Moments that were missed, by a suspended machine or a slow server, are not made up for.
    while next <= ContinuousClock.now { next = next.advanced(by: interval) }
    do {
      let faults = round.faults.map(\.address)
      round = try reader.read(retrying: false)
      let intervals = StatsIntervals(round, since: last)
      take(intervals)
      let isWorse = !round.faults.isEmpty && round.faults.map(\.address) != faults
      return .interval(report(intervals), news: (isWorse ? round.warnings : []) + intervals.warnings)
    } catch {
      return .fault(error, emptyReport(error))
    }
  }

  /// The report of an interval of which nothing is known.
  private func emptyReport(_ error: ClientError) -> StatsReport {
    var header = reader.header(round, warnings: [])
    (header.isComplete, header.warnings) = (false, [error.message])
    return StatsReport(
      header: header, nodes: [],
      totals: .init(lifetime: StatsWindow(), interval: StatsWindow(), gauges: StatsGauges()),
      wasReset: false, findings: [])
  }

  private mutating func take(_ intervals: StatsIntervals) {
    // A server that cannot be read now may be compared with what it said last when it can.
    let away = last.filter { before in round.faults.contains { $0.address == before.address } }
    last = round.readings.map { StatsEarlier($0) } + away
    rounds += 1
    if !intervals.isWhole { (base, rounds) = (last, 0) }
  }

  /// The figures from the first reading to the last, or from the last restart, failover or reset; nil where there is
  /// only one reading.
  package var summary: StatsReport? {
    guard rounds > 0 else { return nil }
    return report(StatsIntervals(round, since: base))
  }

  private func report(_ intervals: StatsIntervals) -> StatsReport {
    let header = reader.header(round, warnings: intervals.warnings)
    return StatsReporter(round: round, intervals: intervals, commandContext: request.commandContext).report(
      header)
  }
}
