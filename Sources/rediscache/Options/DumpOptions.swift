import ArgumentParser
import Operations
import Reporting

/// Dump files in place of a server: the same options for every command that can read them.
struct DumpOptions: ParsableArguments {
  @Option(
    name: .customLong("rdb"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Read this dump file in place of a server, gzip or not; - is standard input. May be repeated.",
      valueName: "file"), completion: .file())
  var files: [String] = []
  @Option(
    help: ArgumentHelp(
      "Count TTLs from when the dump was written, or from now (default written).", valueName: "moment"))
  var asOf: DumpRequest.Moment?
  @Flag(help: "Do not check the checksum of a dump.")
  var noChecksum = false

  func validate() throws {
    if files.isEmpty, asOf != nil { throw ValidationError("--as-of needs --rdb") }
    if files.isEmpty, noChecksum { throw ValidationError("--no-checksum needs --rdb") }
    if files.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("--rdb - reads standard input, which can be read only once")
    }
  }

  /// True where dump files are read.
  var isGiven: Bool { !files.isEmpty }

  /// Checks that nothing asks for a server, which is not looked at.
  func validate(with connection: ConnectionOptions, _ pacing: WalkPacingOptions) throws {
    guard isGiven else { return }
    let others = [
      ("--uri", connection.uri != nil), ("--host", connection.host != nil),
      ("--port", connection.port != nil),
      ("--socket", connection.socket != nil), ("--user", connection.user != nil),
      ("--password-file", connection.passwordFile != nil), ("--askpass", connection.askpass),
      ("--sentinel-user", connection.sentinelUser != nil),
      ("--sentinel-password-file", connection.sentinelPasswordFile != nil), ("--tls", connection.tls),
      ("--cacert", connection.cacert != nil), ("--cacertdir", connection.cacertdir != nil),
      ("--cert", connection.cert != nil), ("--key", connection.key != nil), ("--sni", connection.sni != nil),
      ("--insecure", connection.insecure), ("--node-only", connection.nodeOnly),
      ("--read-from", connection.readFrom != nil), ("--profile", connection.profile != nil),
      ("--max-connections", connection.maxConnections != nil),
      ("--connect-timeout", connection.connectTimeout != nil), ("--timeout", connection.timeout != nil),
      ("--retry-for", connection.retryFor != nil), ("--pace", pacing.pacing.chosenPace != nil),
      ("--rate", pacing.pacing.rate != nil), ("--count", pacing.count != nil),
    ]
    try refuse(others, "--rdb reads a file and asks no server")
  }

  /// Refuses options that have no meaning for files.
  func refuse(_ options: [(name: String, isGiven: Bool)], _ reason: String) throws {
    guard isGiven, let other = options.first(where: \.isGiven) else { return }
    throw ValidationError("\(reason); leave out \(other.name)")
  }

  /// The options that lead to the same files again.
  func given(_ connection: ConnectionOptions) -> [SuggestedOption] {
    files.map { .dump($0 == "-" ? $0 : Environment.absolutePath($0)) }
      + .given(.db, connection.db.map { String($0) }) + .given(.asOf, asOf?.rawValue)
      + .given(.noChecksum, if: noChecksum)
  }
}

extension DumpRequest.Moment: ExpressibleByArgument {}
