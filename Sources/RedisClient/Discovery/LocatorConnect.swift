import Bytes

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
    database: Int, options: ConnectionOptions = .init(), interruption: Interruption = .none
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
    to address: Endpoint.Address, _ database: Int, _ options: ConnectionOptions, _ interruption: Interruption
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
    let reply = try request("PING")
    if let error = reply.error, error.isTransient { throw ClientError(error, to: "PING", at: endpoint) }
  }
}

extension ClientError {
  /// True where another place may do better.
  var leadsToTheNext: Bool {
    switch kind {
    case .unreachable, .timeout, .runOver, .closed, .protocolViolation, .transient, .server: true
    case .permission, .usage, .interrupted: false
    }
  }

  /// The error for several failures of one search; that of a single one is thrown as it is.
  ///
  /// The kind is that of a state that passes where there is any, so that trying again is worth it.
  init(all failures: [ClientError], _ message: String) {
    if failures.count == 1, let only = failures.first {
      self = only
      return
    }
    let kind: Kind =
      if failures.contains(where: { $0.kind == .transient }) {
        .transient
      } else if !failures.isEmpty, failures.allSatisfy({ $0.kind == .timeout || $0.kind == .runOver }) {
        failures.contains { $0.kind == .runOver } ? .runOver : .timeout
      } else {
        .unreachable
      }
    let reasons = failures.map(\.message).withoutRepetitions.joined(separator: "; ")
    self.init(
      kind, reasons.isEmpty ? message : "\(message): \(reasons)",
      hints: failures.flatMap(\.hints).withoutRepetitions)
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it comes first.
  fileprivate var withoutRepetitions: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
