import Keyspace
package import RedisClient
package import Reporting

/// Tells when the keys of one server expire: walks them with SCAN and PTTL, and reports.
package struct TTLOperation<Channel: CommandChannel> {
  private let request: TTLRequest
  private let context: RunContext
  private let target: WalkTarget<Channel>

  /// Prepares the walk.
  package init(_ request: TTLRequest, of target: WalkTarget<Channel>, context: RunContext) {
    self.request = request
    self.target = target
    self.context = context
  }

  /// What the walk ended with: a report, and why it is incomplete where an error made it so.
  package struct Outcome {
    /// The report; of what was seen, where the walk did not come to its end.
    package let report: TTLReport
    /// The failure that ended the walk early.
    package let failure: ClientError?
    /// The lookups that the walk made, for `stats` to subtract.
    package let lookups: StatsLookupAccount?
  }

  /// Runs the walk.
  ///
  /// Throws where not even a partial report can be given; a failure or stop on the way gives the report of
  /// what was seen, marked incomplete.
  package func run() throws(ClientError) -> Outcome {
    var walk = request.walk
    walk.required = request.grouping == .type ? [.ttl, .type] : .ttl
    var keyspace = try KeyspaceWalk(walk, of: target, context: context)
    var scanRequest = request.scan
    scanRequest.walk = keyspace.request
    var scan = ScanRun(scanRequest, expectedKeys: keyspace.expected, clock: keyspace.clock)
    try scan.run(scanRequest, with: &keyspace)
    let reporter = TTLReporter(
      request: request, scanRequest: scanRequest,
      header: keyspace.header(schema: "rediscache.ttl/1", keys: scan.sum(\.seen)),
      scan: scan, spansDatabases: target.databases == .all)
    return Outcome(report: reporter.report(), failure: keyspace.result.failure, lookups: scan.lookups)
  }
}
