import Bytes

/// Asks sentinels for a server until one of them names the right one.
struct SentinelSearch {
  let locator: Locator
  let name: String
  let database: Int
  let options: ConnectionLimits
  let interruption: Interruption

  /// What one round with every sentinel has brought.
  private struct Round {
    var failures: [ClientError] = []
    /// The servers that were tried: a second sentinel that names them brings nothing new.
    var tried: Set<Endpoint.Address> = []
    /// How many sentinels do not know the name, and which they know.
    var strangers = 0
    var otherNames: Set<String> = []
  }

  /// A connection to the primary, or to a replica where those are to be read.
  ///
  /// The sentinels' word is not enough: one that was cut off names the primary of old, and a failover takes its time. So
  /// the server itself says its role, and where it is another, or nobody answers there, all are asked again with growing
  /// pauses, within the connect timeout.
  func connect() throws(ClientError) -> Connection {
    let bound = Deadline(after: options.connectTimeout).earlier(of: options.runDeadline)
    var limits = options
    var pause = Duration.milliseconds(100)
    while true {
      var round = Round()
      if let connection = try ask(limits, &round) { return connection }
      guard !round.tried.isEmpty, let left = bound.left, left > pause else { throw failure(of: round) }
      Polling.sleep(pause, interruption)
      if interruption.isRequested() {
        throw ClientError(.interrupted, "stopped while asking the sentinels for \(quotedName)")
      }
      pause = min(pause * 2, .seconds(1))
      limits.connectTimeout = max(bound.left ?? .zero, .milliseconds(50))
    }
  }

  /// Asks every sentinel in turn; nil where none leads to the right server.
  private func ask(_ limits: ConnectionLimits, _ round: inout Round) throws(ClientError) -> Connection? {
    for address in locator.addresses {
      do {
        let question = SentinelQuestion(
          sentinel: locator.sentinel(address), name: name, options: limits, interruption: interruption)
        switch try question.ask(replicas: locator.readsReplicas) {
        case .unknownName(let others):
          round.strangers += 1
          round.otherNames.formUnion(others)
          round.failures.append(
            ClientError(
              .unreachable, "sentinel: \(question.sentinel.description) does not know \(quotedName)"))
        case .servers(let servers):
          if servers.isEmpty {
            round.failures.append(
              ClientError(
                .unreachable,
                "sentinel: \(question.sentinel.description) knows no replica of \(quotedName) that is up",
                hints: [.readPrimary]))
          }
          if let connection = try connect(toOneOf: servers, limits, &round) { return connection }
        }
      } catch {
        guard error.leadsToTheNext else { throw error }
        round.failures.append(error)
      }
      if options.runDeadline.hasPassed { break }
    }
    return nil
  }

  private func connect(
    toOneOf servers: [Endpoint.Address], _ limits: ConnectionLimits, _ round: inout Round
  ) throws(ClientError) -> Connection? {
    for server in servers where round.tried.insert(server).inserted {
      do {
        guard !locator.readsReplicas else {
          return try ReplicaSearch(locator: locator, options: limits, interruption: interruption)
            .connect(to: server, database)
        }
        return try connect(toPrimary: server, limits)
      } catch {
        guard error.leadsToTheNext else { throw error }
        round.failures.append(error)
      }
    }
    return nil
  }

  private func connect(
    toPrimary address: Endpoint.Address, _ limits: ConnectionLimits
  ) throws(ClientError) -> Connection {
    let connection = try Connection(
      to: locator.endpoint(address, database: database), options: limits, interruption: interruption)
    switch try connection.replicationRole() {
    case .primary: break
    case nil: connection.greeting.isRoleUnverified = true
    case .replica, .other:
      throw ClientError(
        .transient,
        "\(connection.endpoint.description) is not the primary that the sentinels take it for",
        hints: ["a failover may be under way: try again in a moment"])
    }
    return connection
  }

  private func failure(of round: Round) -> ClientError {
    if round.strangers == locator.addresses.count {
      let known = round.otherNames.sorted().prefix(10).map { KeyText.inQuotes($0, atMost: 80) }.joined(
        separator: ", ")
      return ClientError(
        .usage, "no sentinel knows a primary named \(quotedName)",
        hints: [known.isEmpty ? "they name none that they know" : "they know \(known)"])
    }
    let role = locator.readsReplicas ? "replica" : "primary"
    let message = "no sentinel leads to a \(role) of \(quotedName)"
    if round.failures.count == 1, let only = round.failures.first {
      return ClientError(only.kind, "\(message): \(only.message)", hints: only.hints)
    }
    return ClientError(all: round.failures, message)
  }

  private var quotedName: String { KeyText.inQuotes(name, atMost: 80) }
}
