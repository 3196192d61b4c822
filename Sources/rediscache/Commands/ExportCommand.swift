import ArgumentParser
import Bytes
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
      """
  )

  @Argument(help: ArgumentHelp("Keys to export, a glob (default: all).", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Export") var exporting: ExportOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: WalkPacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    try ConnectionOptions.refuseURI(pattern)
    var request = try request()
    guard !output.writesToTerminal else {
      throw Failure(
        .usage, "a seed is for programs, and a terminal would act upon what values hold",
        hints: ["write it to a file with -o FILE.jsonl or -o FILE.jsonl.gz, or to a pipe"])
    }
    let session = try Session(connection, output)
    request.walk.nodeOnly = session.nodeOnly
    try export(request, session)
  }

  private func request() throws -> ExportRequest {
    var request = ExportRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    request.dumps = exporting.dump
    request.hottest = exporting.hot
    request.minimumTTL = exporting.minTtl?.milliseconds
    return request
  }

  private func export(_ request: ExportRequest, _ session: Session) throws {
    let file = try OutputFile(output.output, .seed)
    var refusal: (any Error)?
    let operation = ExportOperation(
      request, of: session.target(allDatabases: false), context: session.context())
    let outcome: ExportOperation<Connection>.Outcome
    do {
      outcome = try operation.run { line in
        do { try file.write(line) } catch { refusal = error }
        return refusal == nil
      }
    } catch { throw session.failure(error) }
    session.progress.clear()
    if let refusal { throw refusal }
    if let path = output.output, let advice = try keepsOldFile(path, outcome) {
      outcome.header.warnings.forEach(output.warn)
      throw advice
    }
    if output.output == nil, !outcome.header.isComplete { output.note("the seed is not complete") }
    // A seed that lacks keys does not say so itself, so it never takes the place of a whole one.
    if outcome.header.isComplete || output.output == nil { try file.commit() }
    try session.conclude(outcome.header, keys: outcome.records, failure: outcome.failure)
  }

  /// Why the file is not replaced; nil where it is. An empty export would take the place of what a cache held
  /// before it was emptied.
  private func keepsOldFile(
    _ path: String, _ outcome: ExportOperation<Connection>.Outcome
  ) throws -> Failure? {
    let shown = KeyText.quoted(path)
    let exists = OutputFile.holdsSomething(path)
    if !outcome.header.isComplete {
      output.note("\(shown) was \(exists ? "left as it was" : "not written"): the export is not complete")
      return nil
    }
    guard outcome.records == 0, exists else { return nil }
    return Failure(
      .partial, "no key matches, so \(shown) was left as it was",
      hints: ["remove the file first if an empty one is meant"])
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
}
