/// What a server says of itself while the connection is made.
public struct Greeting: Sendable, Equatable {
  /// The protocol version in use: 2 or 3.
  public var protocolVersion = 2
  /// True where reads of this connection leave LRU and LFU alone (`CLIENT NO-TOUCH`, Redis 7.2 and Valkey).
  public var leavesUsageAlone = false
  /// The round trip of the last exchange while connecting; an upper bound, as it includes the server's work.
  public var roundTrip: Duration = .zero
}

extension Connection {
  /// Authenticates, asks for RESP3, names the connection and selects the database, in one flight.
  ///
  /// AUTH goes first and by itself: a server that does not know HELLO would repeat its arguments, password included,
  /// in its error.
  func greet() throws(ClientError) {
    var flight = CommandBuffer()
    let credentials = endpoint.credentials
    if let credentials { flight.append(credentials.authCommand) }
    flight.append("HELLO", "3")
    flight.append("CLIENT", "SETNAME", "rediscache")
    flight.append("CLIENT", "NO-TOUCH", "ON")
    if endpoint.database > 0 { flight.append("SELECT", String(endpoint.database)) }
    let replies = ReplyBuffer()
    let start = ContinuousClock.now
    try exchange(flight, into: replies)
    greeting.roundTrip = ContinuousClock.now - start

    var next = 0
    if credentials != nil {
      if let error = replies[next].error { throw refusal(error) }
      next += 1
    }
    if let error = replies[next].error {
      if error.isAuthentication { throw ClientError(error, to: "HELLO", at: endpoint) }
    } else {
      greeting.protocolVersion = 3
    }
    greeting.leavesUsageAlone = replies[next + 2].error == nil
    if endpoint.database > 0, let error = replies[next + 3].error { throw databaseFault(error) }
  }

  private func exchange(_ flight: CommandBuffer, into replies: ReplyBuffer) throws(ClientError) {
    do {
      try send(flight)
      try receive(flight.count, into: replies)
    } catch where error.kind == .closed && endpoint.tls == nil {
      throw ClientError(
        .unreachable, "\(endpoint.description) closed the connection without an answer",
        hints: ["the port may want TLS: try --tls", "or the server's maxclients or protected mode turned us away"])
    }
  }

  /// A failed AUTH ends the run: going on as the default user would show somebody else's view.
  private func refusal(_ error: ServerError) -> ClientError {
    if error.code == "ERR", error.message.contains("without any password") || error.message.contains("no password") {
      return ClientError(
        .permission, "\(endpoint.description) has no password set, but one was given",
        hints: ["leave the password out, or check that this is the right server"])
    }
    if error.isTransient { return ClientError(error, to: "AUTH", at: endpoint) }
    return ClientError(
      .permission, "\(endpoint.description) refused the user or password",
      hints: ["check --user and the password; the server does not say which of the two is wrong"])
  }

  private func databaseFault(_ error: ServerError) -> ClientError {
    let reason: String
    if error.message.contains("cluster") {
      reason = "a cluster has database 0 only"
    } else if error.message.contains("out of range") {
      reason = "the server has \(databaseLimit ?? "fewer databases")"
    } else {
      return ClientError(error, to: "SELECT", at: endpoint)
    }
    return ClientError(.usage, "no database \(endpoint.database) on \(endpoint.description): \(reason)")
  }

  /// "16 databases, 0 to 15", where the server lets its configuration be read.
  private var databaseLimit: String? {
    guard let reply = try? request("CONFIG", "GET", "databases"),
      let fields = try? ReplyFields(reply: reply), let text = fields.values["databases"], let count = Int(text)
    else { return nil }
    return "\(count) databases, 0 to \(count - 1)"
  }
}

extension Credentials {
  /// AUTH as the server takes it: with the user only where one is named, which servers before Redis 6 do not know.
  var authCommand: [[UInt8]] {
    [Array("AUTH".utf8)] + (user.map { [Array($0.utf8)] } ?? []) + [password]
  }
}
