import ArgumentParser
import Bytes
import Operations
import RedisClient
import Reporting

/// `rediscache warm`: no cold start.
struct WarmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warm",
    abstract: "Load keys from a seed file.",
    discussion: """
      Reads JSON lines, CSV, RESP or redis-dump's lines, packed with gzip or not, and writes whole keys. A record \
      that cannot be loaded is reported with its line and stops nothing. See: rediscache help seed-format.

      On a terminal it counts first, shows what it would replace and asks. Elsewhere it needs --yes. Look first with \
      --dry-run, which takes the same way and ends with the command to run.
      """
  )

  @Argument(help: ArgumentHelp("The seed; '-' reads standard input.", valueName: "file"), completion: .file())
  var file: String
  @OptionGroup(title: "Writing") var writing: WarmOptions
  @OptionGroup(title: "Pacing") var pacing: PacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  mutating func run() throws {
    let profile = try connection.loadProfile()
    pacing.adopt(profile)
    try ConnectionOptions.refuseAddress(file)
    try FileClash.check(
      [(nil, file), (.output, output.output), (.rejects, writing.rejects)] + writing.guards.files)
    let request = try writing.request(pacing)
    try WarmSeedRun(options: self, session: Session(connection, output, profile, writes: true)).run(request)
  }
}
