/// How a server is found: at one of several addresses, or by asking sentinels for it.
///
/// Each connection looks anew, so that a run that connects again after a failover finds the new primary. Every textual
/// form is redacted.
package struct Locator: Sendable, Hashable {
  /// The port of a sentinel that was given without one.
  package static let defaultSentinelPort: UInt16 = 26379

  /// The places to try in turn: servers, or sentinels where there is a `sentinelName`; never empty.
  package let addresses: [Endpoint.Address]
  /// The name by which sentinels know the primary; nil where servers are addressed directly.
  package let sentinelName: String?
  /// The logical database, 0 or greater.
  package let database: Int
  /// As whom to authenticate at the server; never sent to a sentinel.
  package var credentials: Credentials?
  /// How to speak TLS, with sentinels and servers alike, or nil for plain connections.
  package let tls: TLSOptions?
  /// As whom to authenticate at sentinels.
  package var sentinelCredentials: Credentials?
  /// Whether to connect to a replica instead of the primary.
  package var readsReplicas = false

  /// Creates a locator from parts that are known to be valid; without any address it leads to the default one.
  package init(
    _ addresses: [Endpoint.Address], sentinelName: String? = nil, database: Int = 0,
    credentials: Credentials? = nil, tls: TLSOptions? = nil
  ) {
    let standard = Endpoint.Address.tcp(host: Endpoint.defaultHost, port: Endpoint.defaultPort)
    self.addresses = addresses.isEmpty ? [standard] : addresses
    self.sentinelName = sentinelName
    self.database = database
    self.credentials = credentials
    self.tls = tls
  }

  /// Creates a locator that leads to one endpoint.
  package init(_ endpoint: Endpoint) {
    self.init(
      [endpoint.address], database: endpoint.database, credentials: endpoint.credentials, tls: endpoint.tls)
  }

  /// Whether sentinels are asked for the server.
  package var isSentinel: Bool { sentinelName != nil }

  /// The first address as an endpoint, even where a sentinel is there.
  package var first: Endpoint { endpoint(addresses[0], database: database) }

  /// A server at an address, with this locator's credentials and TLS; a socket never has TLS.
  func endpoint(_ address: Endpoint.Address, database: Int) -> Endpoint {
    if case .unix = address {
      return Endpoint(address: address, database: database, credentials: credentials)
    }
    return Endpoint(address: address, database: database, credentials: credentials, tls: tls)
  }

  /// A sentinel at an address.
  func sentinel(_ address: Endpoint.Address) -> Endpoint {
    Endpoint(address: address, credentials: sentinelCredentials, tls: tls)
  }
}

extension Locator: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// All places as one URI without users and passwords, such as `redis://a:7000,b:7000/0` or
  /// `redis-sentinel://a:26379,b:26379/main/0`. The text parses again as the same places.
  package var description: String {
    let list = addresses.map(\.literal).joined(separator: ",")
    if let sentinelName {
      let scheme = tls == nil ? "redis-sentinel" : "rediss-sentinel"
      return "\(scheme)://\(list)/\(PercentCoding.encode(segment: sentinelName))/\(database)"
    }
    guard addresses.count > 1 else { return endpoint(addresses[0], database: database).description }
    return "\(tls == nil ? "redis" : "rediss")://\(list)/\(database)"
  }

  /// The same as `description`, so that debug output is as safe as any other.
  package var debugDescription: String { "Locator(\(description))" }

  /// A mirror that shows the redacted URI and the users.
  package var customMirror: Mirror {
    var children: [(label: String?, value: Any)] = [("uri", description)]
    if let credentials { children.append(("credentials", credentials)) }
    if let sentinelCredentials { children.append(("sentinelCredentials", sentinelCredentials)) }
    if let tls { children.append(("tls", tls)) }
    return Mirror(self, children: children, displayStyle: .struct)
  }
}

// MARK: - Connecting

extension Locator {
  /// Connects to the server that is meant; the connection's `endpoint` says where it really leads.
  ///
  /// Addresses are tried in turn, each within the connect timeout. One that cannot be reached, does not answer or is in
  /// a state that passes leads to the next, while missing rights, a database that does not exist and a stop end the
  /// search at once. Where sentinels are asked, the server's own word decides whether it is a primary, and the search
  /// is repeated within the connect timeout while they name another.
  ///
  /// Throws what `Connection` throws; `usage` also for a name that no sentinel knows, `transient` also while sentinels
  /// name a server that is no longer the primary, `unreachable` also where there is no replica to read.
  package func connect(
    database: Int, options: ConnectionLimits = .init(), interruption: Interruption = .none
  ) throws(ClientError) -> Connection {
    if let sentinelName {
      return try SentinelSearch(
        locator: self, name: sentinelName, database: database, options: options, interruption: interruption
      ).connect()
    }
    var failures: [ClientError] = []
    for address in addresses {
      do {
        return try connect(to: address, database, options, interruption)
      } catch {
        guard error.leadsToTheNext else { throw error }
        failures.append(error)
      }
      if options.runDeadline.hasPassed { break }
    }
    throw ClientError(all: failures, "none of the \(addresses.count) servers can be used")
  }

  private func connect(
    to address: Endpoint.Address, _ database: Int, _ options: ConnectionLimits, _ interruption: Interruption
  ) throws(ClientError) -> Connection {
    let connection = try Connection(
      to: endpoint(address, database: database), options: options, interruption: interruption)
    if connection.greeting.mode == "sentinel" {
      throw ClientError(
        .usage, "\(connection.endpoint.description) is a sentinel, which holds no keys",
        hints: ["redis-sentinel://h1:26379,h2:26379/NAME asks sentinels for the primary of that name"])
    }
    // The greeting is answered while a server still loads its data. Where it is the only one, the first command tells.
    if addresses.count > 1 { try connection.expectReady() }
    guard readsReplicas else { return connection }
    return try ReplicaSearch(locator: self, options: options, interruption: interruption)
      .replica(of: connection)
  }
}

extension Connection {
  /// Throws where the server is in a state that passes, LOADING above all.
  fileprivate func expectReady() throws(ClientError) {
    let reply = try call("PING")
    if let error = reply.error, error.isTransient { throw ClientError(error, to: "PING", at: endpoint) }
  }
}
