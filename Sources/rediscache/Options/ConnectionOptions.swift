import ArgumentParser
import Configuration
import Quantities
import RedisClient
import Reporting

/// Which servers are read: primaries, or replicas.
enum ReadFrom: String, CaseIterable, ExpressibleByArgument {
  case primary, replica
}

/// Where to connect and as whom: the same options for every command.
struct ConnectionOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: "Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.")
  var uri: String?
  @Option(name: [.customShort("H"), .long], help: "Host name or address (default 127.0.0.1).")
  var host: String?
  @Option(name: [.short, .long], help: "Port (default 6379).")
  var port: String?
  @Option(name: [.short, .long], help: ArgumentHelp("Unix socket.", valueName: "path"), completion: .file())
  var socket: String?
  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: ArgumentHelp("Database number.", valueName: "number"))
  var db: Int?
  @Option(help: "ACL user.")
  var user: String?
  @Option(
    help: ArgumentHelp("File whose first line is the password.", valueName: "file"), completion: .file())
  var passwordFile: String?
  @Option(
    help: ArgumentHelp(
      "Command whose first line of output is the password; run again where the server refuses it.",
      valueName: "command"))
  var passwordCommand: String?
  @Flag(help: "Ask for the password on the terminal.")
  var askpass = false
  @Option(help: ArgumentHelp("ACL user of the sentinels.", valueName: "user"))
  var sentinelUser: String?
  @Option(
    help: ArgumentHelp("File whose first line is the sentinels' password.", valueName: "file"),
    completion: .file())
  var sentinelPasswordFile: String?
  @Flag(help: "Speak TLS; certificate and host name are verified.")
  var tls = false
  @Option(help: ArgumentHelp("Trusted authorities, a PEM file.", valueName: "file"), completion: .file())
  var cacert: String?
  @Option(
    help: ArgumentHelp("Trusted authorities, a folder of PEM files.", valueName: "folder"),
    completion: .directory)
  var cacertdir: String?
  @Option(help: ArgumentHelp("Client certificate, PEM.", valueName: "file"), completion: .file())
  var cert: String?
  @Option(help: ArgumentHelp("Client private key, PEM.", valueName: "file"), completion: .file())
  var key: String?
  @Option(help: ArgumentHelp("Server name to send and verify, where it is not the host.", valueName: "name"))
  var sni: String?
  @Flag(help: "Accept any certificate. Anyone in between can read and change everything.")
  var insecure = false
  @Flag(help: "Look at this server only, although it is part of a cluster.")
  var nodeOnly = false
  @Option(help: ArgumentHelp("Read from the primary or a replica (default primary).", valueName: "role"))
  var readFrom: ReadFrom?
  @Option(
    help: ArgumentHelp("Nodes of a cluster walked at the same time (default 16).", valueName: "number"),
    transform: OptionValue.count(ConnectionOptions.connectionCounts))
  var maxConnections: Int?
  @Option(
    name: [.customShort("P"), .long],
    help: ArgumentHelp("Profile of the configuration file.", valueName: "name"),
    completion: .custom { _, _, _ in Profile.names() })
  var profile: String?
  @Option(
    help: ArgumentHelp("Bound on connecting (default 5s).", valueName: "duration"),
    transform: OptionValue.duration)
  var connectTimeout: Duration?
  @Option(
    help: ArgumentHelp("Bound on each wait for replies (default 10s).", valueName: "duration"),
    transform: OptionValue.duration)
  var timeout: Duration?
  @Option(
    help: ArgumentHelp(
      "How long to retry what failed, 0s for never (default 30s).", valueName: "duration"),
    transform: OptionValue.duration)
  var retryFor: Duration?
  @Option(
    help: ArgumentHelp("Bound on the whole run.", valueName: "duration"), transform: OptionValue.duration)
  var maxRuntime: Duration?

  /// What `--max-connections` takes.
  static let connectionCounts = Profile.connectionCounts

  func validate() throws {
    for (name, value) in [
      ("--connect-timeout", connectTimeout), ("--timeout", timeout), ("--max-runtime", maxRuntime),
    ] {
      if value == .zero { throw ValidationError("\(name) 0s leaves no time at all; give at least 1ms") }
    }
    let passwords = [
      ("--password-file", passwordFile != nil), ("--password-command", passwordCommand != nil),
      ("--askpass", askpass),
    ].filter(\.1)
    if passwords.count > 1 {
      throw ValidationError("\(passwords[0].0) and \(passwords[1].0) exclude each other")
    }
    if passwordCommand == "" { throw ValidationError("--password-command must not be empty") }
    if db.map({ $0 < 0 }) ?? false { throw ValidationError("--db must be 0 or more") }
    // Files are waited for before anything is connected.
    RunLimit.begin(maxRuntime)
  }

  /// What the options say, the password included where it has to be read or asked for.
  func endpointOptions(_ output: OutputOptions) throws -> EndpointOptions {
    // A path is shown where nothing is found there.
    try ConnectionOptions.refuseAddress(socket)
    var options = EndpointOptions()
    options.uri = uri
    options.host = host
    options.port = port
    // Reports name the socket, and are read in other directories.
    options.socket = socket.map(Environment.absolutePath)
    options.database = db
    options.user = user
    options.passwordCommand = passwordCommand
    options.sentinelUser = sentinelUser
    options.tls = tls ? true : nil
    options.caFile = cacert
    options.caDirectory = cacertdir
    options.certificate = cert
    options.key = key
    options.serverName = sni
    options.insecure = insecure ? true : nil
    if let passwordFile {
      options.password = try PasswordSource.password(inFile: passwordFile, quiet: output.quiet)
    }
    if askpass { options.password = try PasswordSource.ask(allowed: !output.noInput) }
    if let sentinelPasswordFile {
      options.sentinelPassword = try PasswordSource.password(
        inFile: sentinelPasswordFile, quiet: output.quiet)
    }
    return options
  }

  /// Reads the profile that is named; nil where none is.
  func loadProfile() throws -> Profile? { try profile.map { try Profile.load($0) } }

  /// Refuses to write where replicas are to be read.
  func refuseReplicas() throws {
    guard readFrom == .replica else { return }
    throw Failure(
      .usage, "--read-from replica is for commands that read: this one writes, to the primary",
      hints: ["leave it out"])
  }

  /// True where the environment names the server, which another shell may not have.
  private var isPlacedByEnvironment: Bool {
    guard profile == nil, uri == nil, host == nil, port == nil, socket == nil else { return false }
    return ["REDISCACHE_URI", "REDIS_URL"].contains { Environment.variables[$0]?.isEmpty == false }
  }

  /// The options that lead to the same server again; secrets are left out.
  func given(_ locator: Locator) -> [SuggestedOption] {
    let hasURI = uri != nil || isPlacedByEnvironment
    // A suggested command is run in another directory, too.
    let path = Environment.absolutePath
    var options = [SuggestedOption].given([
      (.profile, profile),
      // The locator's own text has no password; the URI as typed may.
      (.uri, hasURI ? locator.description : nil),
      (.host, host), (.port, port), (.socket, socket.map(path)),
      (.db, hasURI ? nil : db.map { String($0) }),
      (.user, user ?? (hasURI ? locator.credentials?.user : nil)), (.passwordFile, passwordFile.map(path)),
      (.passwordCommand, passwordCommand),
      (.sentinelUser, sentinelUser), (.sentinelPasswordFile, sentinelPasswordFile.map(path)),
      (.cacert, cacert.map(path)), (.cacertdir, cacertdir.map(path)), (.cert, cert.map(path)),
      (.key, key.map(path)), (.sni, sni),
    ])
    if let readFrom { options.append(.readFrom(replica: readFrom == .replica)) }
    options += .given([
      (.maxConnections, maxConnections.map { String($0) }),
      (.retryFor, retryFor.map { Units.text(milliseconds: $0.milliseconds) }),
    ])
    // A password that a command prints is not known yet.
    let isGiven = passwordFile != nil || locator.credentials?.password.isEmpty ?? true
    let asks = askpass || hasURI && !isGiven
    return options + .given(.askpass, if: asks) + .given(.tls, if: tls && !hasURI)
      + .given(.insecure, if: insecure) + .given(.nodeOnly, if: nodeOnly)
  }

  /// Refuses an address in the place of a pattern or a file, and repeats nothing of a URI: it may hold a password.
  static func refuseAddress(_ argument: String?) throws {
    guard let argument, let address = TypedAddress(argument) else { return }
    switch address {
    case .uri:
      throw Failure(
        .usage, "a URI is in the place of a pattern or a file",
        hints: ["--uri says where to connect; a key that begins so is written with \\x3a for the colon"])
    case .server:
      let (name, port) = (argument.prefix { $0 != ":" }, argument.drop { $0 != ":" }.dropFirst())
      throw Failure(
        .usage, "\(argument) is an address, in the place of a pattern or a file",
        hints: [
          "\(address.options) says where to connect",
          "a key of that name is written '\(name)\\x3a\(port)', and a file ./\(argument)",
        ])
    }
  }
}
