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
    /// The lookups that the scan made, for `stats` to subtract.
    public let lookups: StatsLookupAccount?
  }

  /// Runs the scan.
  ///
  /// Throws where not even a partial report can be given: the server cannot be reached or refuses at once. A
  /// failure or stop on the way gives the report of what was seen, marked incomplete.
  public func run() throws(ClientError) -> Outcome {
    var walker = try KeyspaceWalker(request.walk, of: target, context: context)
    var scan = ScanWalk(request, expectedKeys: walker.expected, clock: walker.clock)
    try scan.run(request, with: &walker)
    let reporter = ScanReporter(
      request: request, header: walker.header(schema: "rediscache.scan/1"), facts: walker.facts,
      databases: walker.databases, scan: scan)
    return Outcome(report: reporter.report(), failure: walker.result.failure, lookups: scan.lookups)
  }
}
