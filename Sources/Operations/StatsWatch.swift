import Keyspace
public import RedisClient
public import Reporting

/// Reads a server's statistics again and again, and tells of each interval.
public struct StatsWatch<Channel: CommandChannel> {
  /// What an interval brought.
  public enum Step {
    /// A report of the interval, and what happened to the server in it, where anything did.
    case interval(StatsReport, news: String?)
    /// No reading could be taken; the next may go well again.
    case fault(ClientError)
    /// The user asked to stop, or the run's time is over.
    case ended
  }

  private let request: StatsRequest
  private let interval: Duration
  private let reader: StatsReader<Channel>
  /// The reading from which the summary counts.
  private var base: StatsReading
  private var last: StatsReading
  /// The readings between `base` and `last`.
  private var readings = 0
  private var next: ContinuousClock.Instant

  /// Connects and takes the first reading.
  public init(
    _ request: StatsRequest, every interval: Duration, of target: WalkTarget<Channel>, context: RunContext
  ) throws(ClientError) {
    self.request = request
    self.interval = interval
    reader = StatsReader(target, context)
    base = try reader.read()
    last = base
    next = ContinuousClock.now.advanced(by: interval)
  }

  /// Waits for the end of the interval and tells of it.
  public mutating func step() -> Step {
    guard reader.wait(until: next) else { return .ended }
    // Moments that were missed, by a suspended machine or a slow server, are not made up for.
    while next <= ContinuousClock.now { next = next.advanced(by: interval) }
    do {
      let reading = try reader.read()
      let span = StatsSpan(
        from: last.sample, to: reading, lookups: StatsLookups(), ownCommands: reader.ownCommands)
      last = reading
      readings += 1
      if span.window == nil { (base, readings) = (reading, 0) }
      return .interval(report(reading, span), news: span.warning)
    } catch {
      return .fault(error)
    }
  }

  /// The figures from the first reading to the last, or from the last restart or reset; nil where there is
  /// only one reading.
  public var summary: StatsReport? {
    guard readings > 0 else { return nil }
    return report(
      last,
      StatsSpan(
        from: base.sample, to: last, lookups: StatsLookups(), ownCommands: readings * reader.ownCommands))
  }

  private func report(_ reading: StatsReading, _ span: StatsSpan) -> StatsReport {
    let header = reader.header(
      [reading], nodeOnly: request.nodeOnly, warnings: [span.warning].compactMap { $0 })
    return StatsReporter(
      readings: [reading], spans: [span], lookups: StatsLookups(), commandContext: request.commandContext
    ).report(header)
  }
}
