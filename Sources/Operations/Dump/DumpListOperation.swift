import Bytes
package import Keyspace
package import Reporting
import Synchronization

/// Streams the chosen keys of dump files one by one: what ``ListOperation`` does with those of a server.
package struct DumpListOperation {
  private let request: WalkRequest
  private let columns: KeyMeasurements
  private let dump: DumpRequest
  private let context: RunContext

  /// Prepares a list; `columns` says what is listed of each key beside its name.
  package init(
    _ request: WalkRequest, columns: KeyMeasurements, of dump: DumpRequest, context: RunContext
  ) {
    self.request = request
    self.columns = columns
    self.dump = dump
    self.context = context
  }

  /// What a list ended with.
  package struct Outcome {
    /// The files, the time, and what is missing.
    package let header: ReportHeader
    /// Keys passed to the sink.
    package let keys: Int
    /// The failure that ended the run early.
    package let failure: DumpFailure?
  }

  /// Reads the files and passes each chosen key to the sink; a sink that returns false ends the run.
  package func run(_ sink: @escaping (ListedKey) -> Bool) throws(DumpFailure) -> Outcome {
    let stop = ListStop()
    var context = context
    let shouldStop = context.shouldStop
    context.shouldStop = { shouldStop() || stop.isRequested.load(ordering: .relaxed) }
    var walk = try DumpWalk(request, dump, context: context)
    let chooser = KeyChooser(
      request, superseded: try walk.learnVersions(), readsNames: false)
    var visitor = ListVisitor(
      chooser: chooser, selection: request.selection, columns: columns, sink: sink, stop: stop)
    walk.walk(&visitor)
    var header = walk.header(schema: "rediscache.list/1")
    header.warnings += KeyChooser.warnings(strangers: visitor.strangers)
    return Outcome(header: header, keys: visitor.listed, failure: walk.result.failure)
  }
}

/// Writes the chosen keys of dump files as seed records, whose payloads are the bytes of the files.
package struct DumpExportOperation {
  private let request: ExportRequest
  private var dump: DumpRequest
  private let context: RunContext

  /// Prepares an export.
  package init(_ request: ExportRequest, of dump: DumpRequest, context: RunContext) {
    self.request = request
    self.dump = dump
    self.dump.readsEveryDatabase = false
    self.context = context
  }

  /// What an export ended with.
  package struct Outcome {
    /// What was written.
    package let report: ExportReport
    /// The failure that ended the export early.
    package let failure: DumpFailure?
  }

  /// Reads the files and hands each record over as a line; a sink that returns false ends the export.
  ///
  /// What is left of a key's time is counted from the moment of the request, and a key without any left is not exported.
  package func run(_ sink: @escaping ([UInt8]) -> Bool) throws(DumpFailure) -> Outcome {
    var walk = try DumpWalk(request.walk, dump, context: context)
    let chooser = KeyChooser(
      request.walk, superseded: try walk.learnVersions(), readsNames: false)
    var exporter = DumpExporter(request, chooser: chooser, sink: sink)
    walk.forEachStream { walk, stream throws(DumpFailure) in try exporter.export(stream, &walk) }
    var report = ExportReport(header: walk.header(schema: "rediscache.export/1"))
    (report.records, report.gone) = (exporter.written, exporter.expired)
    report.header.warnings += KeyChooser.warnings(strangers: exporter.strangers)
    let leavesOut = walk.result.otherDatabases > 0 && !dump.databasesAreChosen
    if exporter.isRefused || leavesOut { report.header.isComplete = false }
    return Outcome(report: report, failure: walk.result.failure)
  }
}
