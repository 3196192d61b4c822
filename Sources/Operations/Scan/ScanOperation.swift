import Keyspace
package import RedisClient
package import Reporting

/// Audits the keys of one server: walks them with SCAN, counts and measures, and reports.
package struct ScanOperation<Channel: CommandChannel> {
  private let request: ScanRequest
  private let context: RunContext
  private let target: WalkTarget<Channel>
  private let checkpoint: ScanCheckpoint?

  /// Prepares a scan, which goes on with the checkpoint and saves itself there, where there is one.
  package init(
    _ request: ScanRequest, of target: WalkTarget<Channel>, context: RunContext,
    checkpoint: ScanCheckpoint? = nil
  ) {
    var request = request
    request.walk.expected.insert(.ttl)
    if request.biggest != nil { request.walk.required.insert(.memory) }
    if request.grouping == .type { request.walk.required.insert(.type) }
    self.request = request
    self.checkpoint = checkpoint
    self.target = target
    self.context = context
  }

  /// What a scan ended with: a report, and why it is incomplete where an error made it so.
  package struct Outcome {
    /// The report; of what was seen, where the scan did not come to its end.
    package let report: ScanReport
    /// The failure that ended the scan early.
    package let failure: ClientError?
    /// The lookups that the scan made, for `stats` to subtract.
    package let lookups: StatsLookupAccount?
  }

  /// Runs the scan.
  ///
  /// Throws where not even a partial report can be given: the server cannot be reached or refuses at once. A
  /// failure or stop on the way gives the report of what was seen, marked incomplete.
  package func run() throws(ClientError) -> Outcome {
    var request = request
    var keyspace = try KeyspaceWalk(request.walk, of: target, context: context)
    if request.hottest != nil {
      // Which question the server answers decides what the walk needs.
      request.usesFrequency = keyspace.facts.fields["maxmemory_policy"]?.contains("lfu") ?? false
      request.walk.required.insert(request.heat)
      keyspace = try KeyspaceWalk(request.walk, of: target, context: context)
    }
    request.walk = keyspace.request
    var scan =
      if let terms = checkpoint?.terms { ScanRun(request, terms) } else {
        ScanRun(request, expectedKeys: keyspace.expected, clock: keyspace.clock)
      }
    try scan.run(request, with: &keyspace, savingTo: checkpoint)
    let reporter = ScanReporter(
      request: request, header: keyspace.header(schema: "rediscache.scan/1", keys: scan.sum(\.seen)),
      server: ScanServer(keyspace, met: scan.sum(\.seen)),
      scan: scan, advise: context.advise)
    return Outcome(report: reporter.report(), failure: keyspace.result.failure, lookups: scan.lookups)
  }
}
