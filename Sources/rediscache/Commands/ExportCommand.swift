import ArgumentParser
import Bytes
import Configuration
import Operations
import RedisClient
import Reporting

/// `rediscache export`: a seed of what is live.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write live keys to a seed file.",
    discussion: """
      Walks the keys with SCAN, reads their values and changes nothing. The seed is JSON lines, packed with gzip \
      where the file's name ends in .gz; 'warm' loads it. See: rediscache help seed-format.

      With --rdb the values come out of dump files byte for byte, as --dump writes them: 'warm' puts them back into \
      a server that reads that version of dumps. So one namespace comes back from a backup.
      """
  )

  @Argument(help: ArgumentHelp("Keys to export, a glob (default: all).", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Export") var exporting: ExportOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: WalkPacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Dump files") var dump: DumpOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    try dump.validate(with: connection, pacing)
    try dump.refuse(
      [("--hot", exporting.hot != nil), ("--samples", selection.samples != nil)],
      "--rdb exports keys in the order of the file")
  }

  /// The profile that is named, once its settings are those of the options that were not given.
  private mutating func adoptProfile() throws -> Profile? {
    let profile = try connection.loadProfile()
    try naming.adopt(profile, named: connection.profile)
    pacing.pacing.adopt(profile)
    return profile
  }

  mutating func run() throws {
    let profile = try adoptProfile()
    try ConnectionOptions.refuseAddress(pattern)
    var request = try request()
    guard !output.writesToTerminal else {
      throw Failure(
        .usage, "a seed is for programs, and a terminal would act upon what values hold",
        hints: ["write it to a file with -o FILE.jsonl or -o FILE.jsonl.gz, or to a pipe"])
    }
    if dump.isGiven { return try exportDump(request) }
    let session = try Session(connection, output, profile)
    request.walk.nodeOnly = session.nodeOnly
    try export(request, session)
  }

  private func request() throws -> ExportRequest {
    var request = ExportRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    request.dumps = exporting.dump
    request.hottest = exporting.hot
    request.minimumTTL = exporting.minTtl?.milliseconds
    if exporting.json { request.namedAtMost = .max }
    return request
  }

  private func export(_ request: ExportRequest, _ session: Session) throws {
    let operation = ExportOperation(
      request, of: session.target(allDatabases: false), context: session.context())
    var failure: ClientError?
    let report = try write { sink in
      let outcome: ExportOperation<Connection>.Outcome
      do { outcome = try operation.run(sink) } catch { throw session.failure(error) }
      session.progress.clear()
      failure = outcome.failure
      return outcome.report
    }
    try session.conclude(report.header, keys: report.records, failure: failure)
  }

  private func exportDump(_ request: ExportRequest) throws {
    let session = DumpSession(dump: dump, connection: connection, output: output)
    let operation = DumpExportOperation(
      request, of: try session.request(allDatabases: false), context: session.context())
    var failure: DumpFailure?
    let report = try write { sink in
      let outcome: DumpExportOperation.Outcome
      do { outcome = try operation.run(sink) } catch { throw session.failure(error) }
      session.progress.clear()
      failure = outcome.failure
      return outcome.report
    }
    try session.conclude(report.header, keys: report.records, failure: failure)
  }

  /// Writes the records of an operation, puts the seed in its place, and reports.
  private func write(
    _ export: (@escaping ([UInt8]) -> Bool) throws -> ExportReport
  ) throws -> ExportReport {
    let file = try OutputFile(output.output, .seed)
    if exporting.json, !file.replacesFile {
      throw Failure(
        .usage, "the seed and the report would both go to standard output",
        hints: ["name a file for the seed with -o FILE.jsonl"])
    }
    var refusal: (any Error)?
    var report = try export { line in
      do { try file.write(line) } catch { refusal = error }
      return refusal == nil
    }
    if let refusal { throw refusal }
    let keptOld = try place(file, &report)
    report.notes.forEach(output.note)
    if exporting.json { try write(report) }
    if let keptOld {
      report.header.warnings.forEach(output.warn)
      throw keptOld
    }
    return report
  }

  /// Puts the seed in its place, an incomplete one under a name that says so; gives the reason where an old file stays
  /// although nothing failed.
  ///
  /// A seed that lacks keys does not say so itself. An empty export would take the place of what a cache held before it
  /// was emptied.
  private func place(_ file: OutputFile, _ report: inout ExportReport) throws -> Failure? {
    let isComplete = report.header.isComplete
    guard file.replacesFile, let path = output.output else {
      if !isComplete { output.note("the seed is not complete") }
      try file.commit()
      return nil
    }
    let shown = KeyText.quoted(path)
    let exists = OutputFile.holdsSomething(path)
    guard report.records > 0 || isComplete && !exists else {
      guard !isComplete else {
        return Failure(
          .partial, "no key matches, so \(shown) was left as it was",
          hints: ["remove the file first if an empty one is meant"])
      }
      output.note("\(shown) was \(exists ? "left as it was" : "not written"): nothing was exported")
      return nil
    }
    guard isComplete || exporting.partial else {
      let part = path + OutputFile.partEnding
      output.note(
        "\(shown) was \(exists ? "left as it was" : "not written"): the export is not complete; "
          + "what there is went to \(KeyText.quoted(part))")
      try file.commitPart()
      report.file = part
      return nil
    }
    if !isComplete { output.note("\(shown) is not complete") }
    try file.commit()
    report.file = path
    return nil
  }

  /// Prints the report on standard output, which the seed does not use.
  private func write(_ report: ExportReport) throws {
    let printer = try OutputFile(nil)
    try printer.write(report.json.serialized(pretty: StandardOutput.isTerminal) + [UInt8(ascii: "\n")])
    try printer.commit()
  }
}

/// What is particular to `export`.
struct ExportOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Only this many keys, the most used first: by OBJECT FREQ under an LFU policy, else by OBJECT IDLETIME.",
      valueName: "keys"), transform: OptionValue.count(1...100_000_000))
  var hot: Int?
  @Option(
    help: ArgumentHelp(
      "Only keys that live at least this much longer, or never expire.", valueName: "duration"),
    transform: OptionValue.duration)
  var minTtl: Duration?
  @Flag(help: "Write values as DUMP gives them: every type, byte for byte, for servers of the same kind.")
  var dump = false
  @Flag(
    help: ArgumentHelp(
      "Replace the file even if the seed lacks keys; else an incomplete seed goes to FILE.partial."))
  var partial = false
  @Flag(help: "Print a report as JSON on standard output; needs -o FILE.")
  var json = false
}
