import ArgumentParser
import Bytes
import Configuration
import Keyspace
import Operations
import RedisClient
import Reporting

/// `rediscache inspect`: everything about single keys.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "All about single keys: type, size, TTL, use, place, name, tags.",
    discussion: """
      Asks about each key and changes nothing. A KEY is the whole name, no pattern; \\xHH stands for a byte. A name is \
      read by itself: what varies only beside other keys shows as it is.

      Values are shown with --value only, cut to what fits a screen. Reading one counts as a use where the server has no \
      CLIENT NO-TOUCH.
      """
  )

  @Argument(help: ArgumentHelp("Names of keys.", valueName: "key"))
  var keys: [String]
  @OptionGroup(title: "Inspect") var inspecting: InspectOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  mutating func run() throws {
    for key in keys { try ConnectionOptions.refuseAddress(key) }
    let profile = try connection.loadProfile()
    try naming.adopt(profile, named: connection.profile)
    let session = try Session(connection, output, profile)
    let file = try ReportFile(output, inspecting.form.format)
    let operation = InspectOperation(
      try request(session), of: session.target(allDatabases: false), context: session.context())
    let outcome: InspectOperation<Connection>.Outcome
    do { outcome = try operation.run() } catch { throw session.failure(error) }
    session.progress.clear()
    try file.write(outcome.report)
    adviseOnPatterns(outcome.report)
    try session.conclude(outcome.report.header, failure: outcome.failure)
  }

  private func request(_ session: Session) throws -> InspectRequest {
    var request = InspectRequest()
    request.keys = keys.map(KeyLiteral.bytes)
    request.naming = try naming.naming()
    request.tagKey = inspecting.tagKey.flatMap { TagKey($0) }
    if inspecting.value { request.valueLimit = InspectValueLimit() }
    request.nodeOnly = session.nodeOnly
    return request
  }

  /// Says what a pattern is for, where one was given in place of a key.
  private func adviseOnPatterns(_ report: InspectReport) {
    for (typed, key) in zip(keys, report.keys) where key.state == .absent && typed.contains("*") {
      output.warn("\(KeyText.quoted(typed)) is read as a name; rediscache scan --list takes patterns")
    }
  }
}

/// What is particular to `inspect`.
struct InspectOptions: ParsableArguments {
  @Flag(help: "Show what the keys hold: the beginning of a string, some elements of a collection.")
  var value = false
  @Option(
    help: ArgumentHelp(
      "Also look for the tags that name the keys: sets called so, such as 'tag:{tag}'. Walks over all tags.",
      valueName: "template"))
  var tagKey: String?
  @OptionGroup var form: FormatOptions<InspectReport>

  func validate() throws {
    if let tagKey, TagKey(tagKey) == nil { throw ValidationError("--tag-key must hold {tag} once") }
  }
}
