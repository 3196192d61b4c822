/// What a server says of itself while the connection is made.
package struct Greeting: Sendable, Equatable {
  /// The protocol version in use: 2 or 3.
  package var protocolVersion = 2
  /// True where reads of this connection leave LRU and LFU alone (`CLIENT NO-TOUCH`, Redis 7.2 and Valkey).
  package var leavesUsageAlone = false
  /// The round trip of the last exchange while connecting; an upper bound, as it includes the server's work.
  package var roundTrip: Duration = .zero
  /// What the server is, in HELLO's words: `standalone`, `cluster` or `sentinel`; nil where it does not know HELLO.
  package var mode: String?
  /// True where the server does not tell whether it is a primary or a replica, and what led there was believed.
  package var isRoleUnverified = false
}

extension Connection {
  /// Authenticates, asks for RESP3, names the connection and selects the database, in one batch.
  ///
  /// AUTH goes first and by itself: a server that does not know HELLO would repeat its arguments, password included,
  /// in its error.
  func greet(_ deadline: Deadline) throws(ClientError) {
    var batch = CommandBuffer()
    let credentials = endpoint.credentials
    if let credentials { batch.append(credentials.authCommand) }
    batch.append("HELLO", "3")
    batch.append("CLIENT", "SETNAME", "rediscache")
    batch.append("CLIENT", "NO-TOUCH", "ON")
    if endpoint.database > 0 { batch.append("SELECT", String(endpoint.database)) }
    let replies = ReplyBuffer()
    let start = ContinuousClock.now
    try exchange(batch, into: replies, deadline)
    greeting.roundTrip = ContinuousClock.now - start

    var next = 0
    if credentials != nil {
      if let error = replies[next].error { throw refusal(error) }
      try expectOK(replies[next], to: "AUTH")
      next += 1
    }
    // Where HELLO is unknown, only the commands after it tell that a password is wanted.
    for position in next..<replies.count {
      if let error = replies[position].error, error.isAuthentication {
        throw ClientError(error, to: "HELLO", at: endpoint)
      }
    }
    if replies[next].error == nil {
      do throws(DecodeError) {
        greeting.mode = try ReplyFields(reply: replies[next]).values["mode"]
      } catch {
        throw ClientError(error, to: "HELLO", at: endpoint)
      }
      greeting.protocolVersion = 3
    }
    greeting.leavesUsageAlone = (try? replies[next + 2].decode(Acknowledgement.self)) != nil
    if endpoint.database > 0 {
      if let error = replies[next + 3].error { throw databaseFault(error, deadline) }
      try expectOK(replies[next + 3], to: "SELECT")
    }
  }

  /// Throws for what is no success and no refusal: who answers so has not understood the command.
  private func expectOK(_ reply: Reply, to command: String) throws(ClientError) {
    do throws(DecodeError) { _ = try reply.decode(Acknowledgement.self) } catch {
      throw ClientError(error, to: command, at: endpoint)
    }
  }

  private func exchange(
    _ batch: CommandBuffer, into replies: ReplyBuffer, _ deadline: Deadline
  ) throws(ClientError) {
    do {
      try send(batch)
      try receive(batch.count, into: replies, by: deadline)
    } catch {
      guard error.kind == .closed else { throw error }
      if replies.count > 0, let reason = replies[0].error { throw turnedAway(reason) }
      throw ClientError(
        .unreachable, error.message + (replies.count == 0 ? ", without an answer" : ""),
        hints: hangUpHints)
    }
  }

  /// What may be amiss where a server hangs up without a word.
  private var hangUpHints: [Remedy] {
    let other: Remedy = "the server may be shutting down, or a proxy in between may not take our commands"
    if let tls = endpoint.tls {
      return tls.certificate == nil ? [.giveClientCertificate(orAnother: false), other] : [other]
    }
    if case .tcp = endpoint.address { return [.tryTLSOnPort, other] }
    return [other]
  }

  /// A server that takes no client (maxclients, protected mode) says why and hangs up.
  private func turnedAway(_ error: ServerError) -> ClientError {
    if error.message.contains("max number of clients") {
      return ClientError(
        .transient, "\(endpoint.description) takes no more connections: \(error.shownMessage)",
        hints: ["see maxclients in its configuration, and CLIENT LIST for who is connected"])
    }
    if error.code == "DENIED" {
      return ClientError(
        .permission,
        "\(endpoint.description) is in protected mode: it takes connections from its own machine only",
        hints: ["set a password or a user there, or connect from that machine"])
    }
    return ClientError(.unreachable, "\(endpoint.description) closed the connection, after: \(error.code)")
  }

  /// A failed AUTH ends the run: going on as the default user would show somebody else's view.
  ///
  /// The server's words are never repeated here: those of an odd server might hold the password.
  private func refusal(_ error: ServerError) -> ClientError {
    let place = endpoint.description
    if error.message.contains("without any password") || error.message.contains("no password is set") {
      return ClientError(
        .permission, "\(place) has no password set, but one was given",
        hints: ["leave the password out, or check that this is the right server"]
          + ClientError.sourceHints(endpoint.credentials))
    }
    if error.code == "ERR", error.message.contains("wrong number of arguments") {
      return ClientError(
        .permission, "\(place) knows no users, but one was given",
        hints: [.leaveUserOut])
    }
    if error.isUnknownCommand {
      return ClientError(
        .permission, "\(place) does not know AUTH, but a password was given",
        hints: ["leave the password out, or check that this is the right server"]
          + ClientError.sourceHints(endpoint.credentials))
    }
    if error.isTransient {
      return ClientError(
        .transient, "\(place) answered AUTH with \(error.code)",
        hints: [.retry])
    }
    return .wrongPassword(at: endpoint)
  }

  private func databaseFault(_ error: ServerError, _ deadline: Deadline) -> ClientError {
    let reason: String
    if error.message.contains("cluster") {
      reason = "a cluster has database 0 only"
    } else if error.message.contains("out of range") || error.message.contains("invalid DB index") {
      reason = "the server has \(databaseLimit(deadline) ?? "fewer databases")"
    } else {
      return ClientError(error, to: "SELECT", at: endpoint)
    }
    return ClientError(.usage, "no database \(endpoint.database) on \(endpoint.description): \(reason)")
  }

  /// "16 databases, 0 to 15", where the server lets its configuration be read.
  private func databaseLimit(_ deadline: Deadline) -> String? {
    guard let reply = try? call(["CONFIG", "GET", "databases"], by: deadline),
      let text = (try? ReplyFields(reply: reply))?.values["databases"], let count = Int(text), count > 0
    else { return nil }
    return count == 1 ? "1 database, 0" : "\(count) databases, 0 to \(count - 1)"
  }
}

extension Credentials {
  /// AUTH as the server takes it: with the user only where one is named, which servers before Redis 6 do not know.
  var authCommand: [[UInt8]] {
    [Array("AUTH".utf8)] + (user.map { [Array($0.utf8)] } ?? []) + [password]
  }
}
