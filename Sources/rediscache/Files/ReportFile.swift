import RedisClient
import Reporting

/// Where a report goes, and in which format.
struct ReportFile {
  private let file: OutputFile
  private let format: OutputFormat
  private let output: OutputOptions

  /// Opens the destination. Another user's program collects metrics, so their file is readable by all.
  init(_ output: OutputOptions, _ format: OutputFormat) throws {
    file = try OutputFile(output.output, format == .prometheus ? .shared : .plain)
    self.format = format
    self.output = output
  }

  /// Writes the report and puts the finished file into its place.
  func write(_ report: some Rendered) throws {
    guard let bytes = report.rendered(format, for: output) else {
      throw Failure(.usage, "this report has no format \(format.rawValue)")
    }
    try write(bytes)
  }

  /// Writes, where metrics are asked for, that the target could not be read: those of an earlier run would pass for its
  /// figures of now.
  func write(failure error: any Error, _ session: Session, _ verb: Verb) throws {
    guard format == .prometheus, let error = error as? ClientError, error.kind != .interrupted else { return }
    let locator = session.locator
    let place = locator.isSentinel ? locator.description : locator.first.address.description
    let metrics = PrometheusFailure(target: session.name ?? place, database: locator.database)
    try write(metrics.bytes(command: verb.rawValue))
  }

  /// Writes bytes that are a report already, and puts the finished file into its place.
  func write(_ bytes: [UInt8]) throws {
    try file.write(bytes)
    try file.commit()
  }
}
