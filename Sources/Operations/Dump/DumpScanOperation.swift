package import Reporting

/// Audits the keys of dump files: what ``ScanOperation`` does with those of a server.
package struct DumpScanOperation {
  private let request: ScanRequest
  private let dump: DumpRequest
  private let context: RunContext

  /// Prepares a scan.
  package init(_ request: ScanRequest, of dump: DumpRequest, context: RunContext) {
    self.request = request
    self.dump = dump
    self.context = context
  }

  /// What a run over dumps ended with.
  package struct Outcome<Report> {
    /// The report; of what was seen, where the run did not come to its end.
    package let report: Report
    /// The failure that ended the run early.
    package let failure: DumpFailure?
  }

  /// Reads the files. Throws where not even a partial report can be given.
  package func run() throws(DumpFailure) -> Outcome<ScanReport> {
    var walk = try DumpWalk(request.walk, dump, context: context)
    let (request, scan) = try DumpScanOperation.scan(request, over: &walk)
    let reporter = ScanReporter(
      request: request, header: walk.header(schema: "rediscache.scan/1"), server: ScanServer(walk),
      scan: scan, advise: context.advise)
    return Outcome(report: reporter.report(), failure: walk.result.failure)
  }

  /// Counts and measures every key: a dump gives all measurements at once.
  fileprivate static func scan(
    _ request: ScanRequest, over walk: inout DumpWalk
  ) throws(DumpFailure) -> (ScanRequest, ScanRun) {
    var request = request
    request.measuring = .exact
    // Every element of a collection counts for its estimate.
    request.walk.memorySamples = 0
    var scan = ScanRun(request, expectedKeys: 0, clock: walk.clock)
    try scan.run(request, over: &walk)
    return (request, scan)
  }
}

/// Tells when the keys of dump files expire: what ``TTLOperation`` does with those of a server.
package struct DumpTTLOperation {
  private let request: TTLRequest
  private let dump: DumpRequest
  private let context: RunContext

  /// Prepares the walk.
  package init(_ request: TTLRequest, of dump: DumpRequest, context: RunContext) {
    self.request = request
    self.dump = dump
    self.context = context
  }

  /// Reads the files. Throws where not even a partial report can be given.
  package func run() throws(DumpFailure) -> DumpScanOperation.Outcome<TTLReport> {
    var walk = try DumpWalk(request.walk, dump, context: context)
    let (scanRequest, scan) = try DumpScanOperation.scan(request.scan, over: &walk)
    let reporter = TTLReporter(
      request: request, scanRequest: scanRequest, header: walk.header(schema: "rediscache.ttl/1"), scan: scan,
      spansDatabases: dump.databases == .all)
    return DumpScanOperation.Outcome(report: reporter.report(), failure: walk.result.failure)
  }
}
