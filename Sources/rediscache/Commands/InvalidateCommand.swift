import ArgumentParser
import Bytes
import Configuration
import Keyspace
import Operations
import RedisClient
import Reporting

/// `rediscache invalidate`: removes keys, with safeguards.
struct InvalidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invalidate",
    abstract: "Remove or soon expire keys by pattern, namespace and version, tag or list, in safe batches.",
    discussion: """
      On a terminal it counts first, shows what it found and asks. Elsewhere it needs --yes. Look first with \
      --dry-run, which takes the same way and ends with the command to run.

      PATTERN is a glob as Redis reads it; \\xHH stands for a byte. See: rediscache help patterns.
      """
  )

  @Argument(help: ArgumentHelp("Keys to remove, a glob.", valueName: "pattern"))
  var pattern: String?
  @OptionGroup(title: "Removing") var removing: InvalidateOptions
  @OptionGroup(title: "Tags and lists") var sources: RemovalSourceOptions
  @OptionGroup(title: "Choosing keys") var selection: SelectionOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: WalkPacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    let chosen = selection.given(pattern: pattern)
    guard sources.bump == nil else {
      guard chosen.isEmpty, removing.action.isEmpty, !sources.namesKeys, removing.allowsBump else {
        throw ValidationError(
          "--bump counts up one key and removes nothing: leave out what chooses or removes keys")
      }
      return
    }
    if sources.prune, removing.expireWithin != nil {
      throw ValidationError("--prune takes members out of tags, and --expire-within leaves them there")
    }
    if chosen.isEmpty, !sources.namesKeys {
      throw ValidationError(
        "say which keys: a PATTERN, --namespace, --key-version, --superseded, --tag, --keys-from or another choice"
      )
    }
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
    if let key = sources.bump {
      return try BumpCommand(
        key: KeyLiteral.bytes(of: key), removing: removing, output: output, connection: connection,
        profile: profile
      ).run()
    }
    try ConnectionOptions.refuseAddress(pattern)
    let request = try request()
    try FileClash.check(
      [(.output, output.output)] + removing.guards.files + [(.keysFrom, sources.keysFrom)])
    try InvalidateRun(options: self, session: Session(connection, output, profile, writes: true)).run(request)
  }

  private func request() throws -> InvalidateRequest {
    var request = InvalidateRequest()
    request.walk = try WalkRequest(pattern, selection, naming, pacing, output)
    try removing.apply(to: &request, pace: pacing.pacing.pace)
    guard !request.walk.selection.isSweeping || sources.namesKeys || removing.all else {
      throw Failure(
        .usage, "this choice includes every key of the database: nothing was changed",
        hints: ["say it with --all, or narrow the choice"])
    }
    return request
  }

  /// What this run was given, in the order in which it is repeated; the journal is named by an option.
  func given(_ session: Session, journalAs option: OptionName = .journal) -> [SuggestedOption] {
    selection.given(pattern: pattern) + sources.given + naming.given + removing.action
      + connection.given(session.locator) + pacing.given + removing.bounds(on: session, journalAs: option)
  }
}
