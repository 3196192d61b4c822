import Bytes

/// Finds a replica to read from.
struct ReplicaSearch {
  let locator: Locator
  let options: ConnectionOptions
  let interruption: Interruption

  /// A connection to a replica of a primary that was addressed directly.
  ///
  /// A node of a cluster is given back as it is: there the topology tells who replicates whom. So is a replica.
  func replica(of connection: Connection) throws(ClientError) -> Connection {
    if try connection.isClusterNode() { return connection }
    guard let fields = try connection.replicationFields(), let role = ReplicationRole(info: fields) else {
      throw noneToRead(connection.endpoint, "it does not tell which replicas it has")
    }
    guard role == .primary else {
      try Self.expectReplica(connection, role)
      return connection
    }
    var failures: [ClientError] = []
    for address in Self.onlineReplicas(fields) {
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

  /// The replicas that a primary calls online: `slave0:ip=10.0.0.2,port=6379,state=online,…`, in its order.
  static func onlineReplicas(_ fields: [String: String]) -> [Endpoint.Address] {
    // The numbers have no gaps.
    var addresses: [Endpoint.Address] = []
    var number = 0
    while let line = fields["slave\(number)"] {
      number += 1
      var values: [Substring: Substring] = [:]
      for pair in line.split(separator: ",") {
        let halves = pair.split(separator: "=", maxSplits: 1)
        if halves.count == 2 { values[halves[0]] = halves[1] }
      }
      guard values["state"] == "online", let host = values["ip"], let port = values["port"],
        let address = Endpoint.Address(announced: String(host), port: String(port))
      else { continue }
      addresses.append(address)
    }
    return addresses
  }
}

extension Connection {
  /// Whether the server is part of a cluster; not where it does not tell.
  fileprivate func isClusterNode() throws(ClientError) -> Bool {
    let reply = try request("INFO", "cluster")
    guard reply.error == nil, let text = try? reply.decode(String.self) else { return false }
    return InfoText.fields(text)["cluster_enabled"] == "1"
  }
}

extension Endpoint.Address {
  /// An address that a server announces of another; nil where it is not one.
  init?(announced host: String, port: String) {
    guard EndpointHost.isName(host) || EndpointHost.isIPv6(host), let port = EndpointHost.port(port.utf8)
    else { return nil }
    self = .tcp(host: host, port: port)
  }
}
