import Bytes
import Configuration
import Operations
import Quantities
import RedisClient
import Reporting

/// What a command needs once its arguments are understood: where to connect, and the run's bounds.
struct Session {
  let connection: ConnectionOptions
  let output: OutputOptions
  /// How the server is found: what reports and suggested commands name.
  let locator: Locator
  let name: String?
  /// True where nothing says where the server is, and the default address is tried.
  let isDefaultAddress: Bool
  let options: ConnectionLimits
  /// True where one node of a cluster is all that is asked for.
  let nodeOnly: Bool
  /// True where replicas are to be read instead of primaries.
  let readsReplicas: Bool
  /// How long to try again what may be tried again; zero for never.
  let retryFor: Duration
  /// How many nodes of a cluster are walked at the same time, 1 to 1000.
  let maximumConnections: Int
  /// True where the profile asks for its name before anything is removed.
  let isProtected: Bool
  /// The command that prints the password; nil where it came from elsewhere, or there is none.
  private let login: PasswordCommand?
  /// True where a password is sent.
  var hasLogin: Bool { login != nil || locator.credentials != nil }
  let progress = ProgressLine()
  /// When the command began, in seconds since 1970.
  let begun = Environment.wallClock

  /// Settles where to connect; reads the configuration and the password, and touches no server.
  ///
  /// A command that `writes` goes to the primary: it refuses the option that names replicas, and passes over the
  /// profile's.
  init(
    _ connection: ConnectionOptions, _ output: OutputOptions, _ profile: Profile?, writes: Bool = false
  ) throws {
    if writes { try connection.refuseReplicas() }
    self.connection = connection
    self.output = output
    do {
      let resolution = try EndpointResolution.resolve(
        try connection.endpointOptions(output), environment: Environment.variables,
        profile: profile?.endpoint, named: connection.profile)
      resolution.warnings.map(\.spelled).forEach(output.warn)
      try resolution.locator.tls?.validate()
      let asksReplicas = connection.readFrom.map { $0 == .replica } ?? profile?.readsReplicas ?? false
      readsReplicas = !writes && asksReplicas
      var locator = resolution.locator
      locator.readsReplicas = readsReplicas
      self.locator = locator
      retryFor = connection.retryFor ?? profile?.retryFor ?? .seconds(30)
      maximumConnections = connection.maxConnections ?? profile?.maxConnections ?? 16
      login = resolution.passwordCommand.map {
        PasswordCommand($0, limit: connection.connectTimeout ?? profile?.connectTimeout ?? .seconds(5))
      }
      name = resolution.name
      isDefaultAddress = resolution.isDefaultAddress
      RunLimit.begin(profile?.maxRuntime)
      options = ConnectionLimits(
        connectTimeout: connection.connectTimeout ?? profile?.connectTimeout ?? .seconds(5),
        requestTimeout: connection.timeout ?? profile?.timeout ?? .seconds(10),
        runDeadline: RunLimit.deadline)
      isProtected = profile?.isProtected ?? false
      nodeOnly = connection.nodeOnly || profile?.nodeOnly ?? false
    } catch let error as EndpointError {
      throw Failure(error)
    }
  }

  /// The server, with a way to connect to any of its databases.
  func target(allDatabases: Bool) -> WalkTarget<Connection> {
    let databases: WalkDatabases = allDatabases ? .all : .only(locator.database)
    return WalkTarget<Connection>(
      identity: WalkIdentity(
        name: name, endpoint: locator.first, uri: locator.description, isBehindSentinels: locator.isSentinel),
      databases: databases, wallClock: Environment.wallClock,
      reading: WalkReading(usesReplicas: readsReplicas, mostNodes: maximumConnections, retryFor: retryFor),
      roundTrip: { $0.greeting.roundTrip },
      leavesUsageAlone: { $0.greeting.leavesUsageAlone }, reach: reach, connect: connect)
  }

  /// Connects to one of the server's databases, after it has looked again for where the server is.
  private func connect(_ database: Int) throws(ClientError) -> Connection {
    let connection = try authenticated(locator.credentials) { credentials throws(ClientError) in
      var locator = locator
      locator.credentials = credentials
      return try locator.connect(database: database, options: options, interruption: Signals.interruption)
    }
    let place = connection.endpoint.description
    if connection.greeting.isRoleUnverified {
      output.warn("\(place) does not say its role: it is believed to be what it was found as")
    }
    output.noteVerbosely(
      "connected to \(place): RESP\(connection.greeting.protocolVersion), "
        + (connection.greeting.leavesUsageAlone
          ? "LRU and LFU left alone" : "no CLIENT NO-TOUCH here, which inspection does not need"))
    return connection
  }

  /// Whether the server answers a connection that sends no password; nil where that cannot be tried, as behind sentinels.
  var answersWithoutPassword: Bool? {
    guard !locator.isSentinel else { return nil }
    var endpoint = locator.first
    endpoint.credentials = nil
    do throws(ClientError) {
      let connection = try Connection(to: endpoint, options: options, interruption: Signals.interruption)
      return try connection.call("PING").error == nil
    } catch {
      return error.isLoginRefused || error.kind == .permission ? false : nil
    }
  }

  /// Connects to another node of the same cluster.
  private func reach(_ endpoint: Endpoint) throws(ClientError) -> Connection {
    let connection = try authenticated(endpoint.credentials) { credentials throws(ClientError) in
      var endpoint = endpoint
      endpoint.credentials = credentials
      return try Connection(to: endpoint, options: options, interruption: Signals.interruption)
    }
    output.noteVerbosely("connected to the node \(endpoint.description)")
    return connection
  }

  /// Connects with the password that the command prints, where there is one; asks it again where the server refuses it.
  private func authenticated(
    _ credentials: Credentials?, _ connect: (Credentials?) throws(ClientError) -> Connection
  ) throws(ClientError) -> Connection {
    guard let login else { return try connect(credentials) }
    let password = try login.password(refused: nil)
    do { return try connect(Credentials(user: credentials?.user, password: password)) } catch {
      guard error.isLoginRefused else { throw error }
      let next = try login.password(refused: password)
      guard next != password else { throw error }
      return try connect(Credentials(user: credentials?.user, password: next))
    }
  }

  /// The run's bounds, and where its progress goes.
  func context() -> RunContext { .ofProcess(output, deadline: options.runDeadline, progress) }
}

extension RunContext {
  /// The context of a run of this process.
  static func ofProcess(_ output: OutputOptions, deadline: Deadline, _ progress: ProgressLine) -> RunContext {
    let line = output.showsProgress ? progress : nil
    var context = RunContext(
      toolVersion: ToolVersion.text,
      startedAt: Timestamp(secondsSince1970: Int(Environment.wallClock)).text, deadline: deadline,
      shouldStop: { Signals.isStopRequested }, pause: { Signals.interruption.sleep($0) },
      progress: { line?.update($0) }, advise: \.text)
    context.spell = { $0.spelled }
    return context
  }
}

/// How a command ends once its data is out.
extension Session {
  /// The failure of a run that could not even begin.
  func failure(_ error: any Error) -> any Error {
    progress.clear()
    guard let error = error as? ClientError else { return error }
    return failed(error)
  }

  /// The failure in words, with the advice that depends on how the server was named.
  func failed(_ error: ClientError) -> Failure {
    guard isDefaultAddress, error.kind == .unreachable else { return Failure(error) }
    let advice =
      connection.profile.map { "the profile \(KeyText.quoted($0)) names no uri, host or socket" }
      ?? "no address was given: say \(OptionName.host.word) HOST (-H), \(OptionName.socket.word) PATH (-s), "
      + "\(OptionName.profile.word) NAME (-P) or set REDIS_URL"
    let failure = Failure(error)
    return Failure(failure.code, failure.message, hints: failure.hints + [advice])
  }

  /// Reports warnings, the summary and what went wrong, the worst last; throws unless all is complete.
  ///
  /// `keys` is what the summary counts; without it there is none.
  func conclude(_ header: ReportHeader, keys: Int? = nil, failure: ClientError?) throws {
    // The signal's own message and the report have said it already.
    let error = failure.map { error -> any Error in
      if error.kind == .interrupted { Signals.exitStatus } else { failed(error) }
    }
    try output.conclude(header, keys: keys, failure: error, said: failure?.message)
  }
}

extension OutputOptions {
  /// Reports warnings, the summary and what went wrong, the worst last; throws unless all is complete.
  ///
  /// `said` is the warning that says the same as the failure.
  func conclude(_ header: ReportHeader, keys: Int?, failure: (any Error)?, said: String?) throws {
    // What ended the run comes last, as an error.
    header.warnings.filter { $0 != said }.forEach(warn)
    if let keys { note("\(NumberText.keys(keys)) in \(NumberText.elapsed(header.durationSeconds))") }
    if let failure { throw failure }
    guard header.isComplete else { throw ExitStatus.partial }
  }
}
