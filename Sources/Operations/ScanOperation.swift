public import RedisClient
public import Reporting

/// Audits the keys of one server: walks them with SCAN, counts and measures, and reports.
public struct ScanOperation<Channel: CommandChannel> {
  private let request: ScanRequest
  private let context: RunContext
  private let target: WalkTarget<Channel>

  /// Prepares a scan.
  public init(_ request: ScanRequest, of target: WalkTarget<Channel>, context: RunContext) {
    self.request = request
    self.target = target
    self.context = context
  }

  /// What a scan ended with: a report, and why it is incomplete where an error made it so.
  public struct Outcome {
    /// The report; of what was seen, where the scan did not come to its end.
    public let report: ScanReport
    /// The failure that ended the scan early.
    public let failure: ClientError?
  }

  /// Runs the scan.
  ///
  /// Throws where not even a partial report can be given: the server cannot be reached or refuses at once. A failure or
  /// stop on the way gives the report of what was seen, marked incomplete.
  public func run() throws(ClientError) -> Outcome {
    var walker = try KeyspaceWalker(request.walk, of: target, context: context)
    var scan = ScanWalk(request, expectedKeys: walker.expected, clock: walker.clock)
    var visitor = ScanVisitor(request, scan: scan, superseded: try walker.learnVersions(), clock: walker.clock)
    // The visitor owns the tally during the walk: with a second owner every change would copy it.
    scan.tally = ScanTally(request: request, timelineStart: 0)
    walker.walk(&visitor) { (visitor, channel) throws(ClientError) in
      try scan.learnBigKeyTypes(of: visitor.tally.biggest, channel)
    }
    scan.tally = visitor.tally
    scan.tally.settle()
    scan.isComplete = walker.result.isComplete
    scan.unavailable = walker.result.unavailable
    let reporter = ScanReporter(
      request: request, header: walker.header(schema: "rediscache.scan/1"), facts: walker.facts,
      databases: walker.databases, scan: scan)
    return Outcome(report: reporter.report(), failure: walker.result.failure)
  }
}
