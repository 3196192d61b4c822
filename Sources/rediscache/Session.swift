import Operations
import RedisClient
import Reporting

/// What a command needs once its arguments are understood: where to connect, and the run's bounds.
struct Session {
  let connection: ConnectionOptions
  let output: OutputOptions
  let endpoint: Endpoint
  let name: String?
  let options: RedisClient.ConnectionOptions
  /// True where one node of a cluster is all that is asked for.
  let nodeOnly: Bool
  /// True where the profile asks for its name before anything is removed.
  let isProtected: Bool
  let progress = ProgressLine()
  /// When the command began, in seconds since 1970.
  let begun = Environment.wallClock

  /// Settles where to connect; reads the configuration and the password, and touches no server.
  init(_ connection: ConnectionOptions, _ output: OutputOptions) throws {
    self.connection = connection
    self.output = output
    do {
      let profile = try connection.profile.map { try Profile.load($0) }
      let resolution = try EndpointResolution.resolve(
        try connection.endpointOptions(output), environment: Environment.variables,
        profile: profile?.endpoint, named: connection.profile)
      resolution.warnings.forEach(output.warn)
      try resolution.endpoint.tls?.validate()
      endpoint = resolution.endpoint
      name = resolution.name
      options = RedisClient.ConnectionOptions(
        connectTimeout: connection.connectTimeout ?? profile?.connectTimeout ?? .seconds(5),
        requestTimeout: connection.timeout ?? profile?.timeout ?? .seconds(10),
        runDeadline: Deadline(after: connection.maxRuntime ?? profile?.maxRuntime))
      isProtected = profile?.isProtected ?? false
      nodeOnly = connection.nodeOnly || profile?.nodeOnly ?? false
    } catch let error as EndpointError {
      throw Failure(error)
    }
  }

  /// The server, with a way to connect to any of its databases.
  func target(allDatabases: Bool) -> WalkTarget<Connection> {
    let databases: WalkDatabases = allDatabases ? .all : .only(endpoint.database)
    return WalkTarget<Connection>(
      identity: WalkIdentity(name: name, endpoint: endpoint), databases: databases,
      wallClock: Environment.wallClock, roundTrip: { $0.greeting.roundTrip },
      leavesUsageAlone: { $0.greeting.leavesUsageAlone }, connect: connect)
  }

  /// Connects to one of the server's databases.
  private func connect(_ database: Int) throws(ClientError) -> Connection {
    var place = endpoint
    place.database = database
    let connection = try Connection(to: place, options: options, interruption: Signals.interruption)
    output.noteVerbosely(
      "connected to \(place.description): RESP\(connection.greeting.protocolVersion), "
        + (connection.greeting.leavesUsageAlone
          ? "LRU and LFU left alone" : "no CLIENT NO-TOUCH here, which inspection does not need"))
    return connection
  }

  /// The run's bounds, and where its progress goes.
  func context() -> RunContext {
    let line = output.showsProgress ? progress : nil
    return RunContext(
      toolVersion: ToolVersion.text,
      startedAt: Timestamp(secondsSince1970: Int(Environment.wallClock)).text, deadline: options.runDeadline,
      shouldStop: { Signals.isStopRequested }, progress: { line?.update($0) })
  }
}
