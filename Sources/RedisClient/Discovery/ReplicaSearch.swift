/// Finds a replica to read from.
struct ReplicaSearch {
  let locator: Locator
  let options: ConnectionLimits
  let interruption: Interruption

  /// A connection to a replica of a primary that was addressed directly.
  ///
  /// A node of a cluster is given back as it is: there the topology tells who replicates whom. So is a replica.
  func replica(of connection: Connection) throws(ClientError) -> Connection {
    if try ServerInfo.section("cluster", from: connection)?.isClusterNode == true { return connection }
    guard let info = try ServerInfo.section("replication", from: connection),
      let role = ReplicationRole(info: info)
    else {
      throw noneToRead(connection.endpoint, "it does not say which replicas it has")
    }
    guard role == .primary else {
      try Self.expectReplica(connection, role)
      return connection
    }
    var failures: [ClientError] = []
    for address in info.replicas.filter(\.isOnline).compactMap(\.address) {
      do { return try connect(to: address, connection.endpoint.database) } catch {
        guard error.leadsToTheNext else { throw error }
        failures.append(error)
      }
      if options.runDeadline.hasPassed { break }
    }
    guard !failures.isEmpty else { throw noneToRead(connection.endpoint, "it has none that is online") }
    throw ClientError(
      all: failures,
      "none of the \(failures.count) replicas of \(connection.endpoint.description) can be read")
  }

  /// A connection to a server that must be a replica whose link to its primary stands.
  func connect(to address: Endpoint.Address, _ database: Int) throws(ClientError) -> Connection {
    let connection = try Connection(
      to: locator.endpoint(address, database: database), options: options, interruption: interruption)
    guard let role = try connection.replicationRole() else {
      connection.greeting.isRoleUnverified = true
      return connection
    }
    try Self.expectReplica(connection, role)
    return connection
  }

  private static func expectReplica(
    _ connection: Connection, _ role: ReplicationRole
  ) throws(ClientError) {
    guard role != .replica(isLinked: true) else { return }
    let place = connection.endpoint.description
    throw role == .replica(isLinked: false)
      ? ClientError(
        .transient, "\(place) is a replica without a link to its primary: what it holds may be old",
        hints: ["it may be synchronizing: try again in a moment", .readPrimary])
      : ClientError(
        .transient, "\(place) is no replica any more",
        hints: ["a failover may be under way: try again in a moment"])
  }

  private func noneToRead(_ primary: Endpoint, _ reason: String) -> ClientError {
    ClientError(
      .unreachable, "no replica of \(primary.description) can be read: \(reason)",
      hints: [.readPrimary])
  }
}
