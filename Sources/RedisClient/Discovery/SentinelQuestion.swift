/// Asks one sentinel, within the connect timeout, which servers it watches under a name.
///
/// The protocol is that of https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/.
struct SentinelQuestion {
  /// What a sentinel answers.
  enum Answer: Equatable {
    /// The servers to connect to, the best first; perhaps none.
    case servers([Endpoint.Address])
    /// It watches no primary of that name, but those of these.
    case unknownName(others: [String])
  }

  let sentinel: Endpoint
  let name: String
  let options: ConnectionLimits
  let interruption: Interruption

  /// Asks for the primary, or for the replicas that are up.
  func ask(replicas: Bool) throws(ClientError) -> Answer {
    do {
      var limits = options
      // The whole answer has a few lines for each server.
      limits.maximumReplyBytes = 8 << 20
      let deadline = Deadline(after: options.connectTimeout).earlier(of: options.runDeadline)
      let connection = try Connection(to: sentinel, options: limits, interruption: interruption)
      return replicas ? try self.replicas(connection, deadline) : try primary(connection, deadline)
    } catch {
      throw error.asked(of: sentinel)
    }
  }

  private func primary(_ connection: Connection, _ deadline: Deadline) throws(ClientError) -> Answer {
    let command = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name]
    let reply = try connection.call(command, by: deadline)
    if reply.isNull || reply.error?.namesNoPrimary == true {
      return .unknownName(others: otherNames(connection, deadline))
    }
    try refuse(reply, command)
    let parts = (try? reply.decode([String].self)) ?? []
    guard parts.count >= 2, let address = Endpoint.Address(announced: parts[0], port: parts[1]) else {
      throw ClientError(
        DecodeError(expected: "an address", found: reply.summary), to: Self.words(command), at: sentinel)
    }
    return .servers([address])
  }

  private func replicas(_ connection: Connection, _ deadline: Deadline) throws(ClientError) -> Answer {
    let command = ["SENTINEL", "REPLICAS", name]
    let reply = try connection.call(command, by: deadline)
    if reply.error?.namesNoPrimary == true {
      return .unknownName(others: otherNames(connection, deadline))
    }
    try refuse(reply, command)
    do {
      let replicas = try reply.decode([ReplyFields].self)
      return .servers(replicas.filter(Self.isUp).compactMap(Self.address))
    } catch {
      throw ClientError(error, to: Self.words(command), at: sentinel)
    }
  }

  private static func isUp(_ replica: ReplyFields) -> Bool {
    let flags = (replica.values["flags"] ?? "").split(separator: ",")
    return !flags.contains { $0 == "s_down" || $0 == "o_down" || $0 == "disconnected" }
      && (replica.values["master-link-status"] ?? "ok") == "ok"
  }

  private static func address(_ replica: ReplyFields) -> Endpoint.Address? {
    guard let host = replica.values["ip"], let port = replica.values["port"] else { return nil }
    return Endpoint.Address(announced: host, port: port)
  }

  /// The names that the sentinel does know; none where it will not say.
  private func otherNames(_ connection: Connection, _ deadline: Deadline) -> [String] {
    let reply = try? connection.call(["SENTINEL", "MASTERS"], by: deadline)
    let primaries = try? reply?.decode([ReplyFields].self)
    return (primaries ?? []).compactMap { $0.values["name"] }
  }

  private func refuse(_ reply: Reply, _ command: [String]) throws(ClientError) {
    guard let error = reply.error else { return }
    if error.isUnknownCommand {
      throw ClientError(
        .unreachable, "\(sentinel.description) is no sentinel",
        hints: ["the port of sentinels is usually 26379; redis:// leads to a server itself"])
    }
    throw ClientError(error, to: Self.words(command), at: sentinel)
  }

  /// The command without its argument.
  private static func words(_ command: [String]) -> String { command.prefix(2).joined(separator: " ") }
}

extension ServerError {
  /// The reply of a sentinel to a name that it does not know.
  ///
  /// Redis calls it a master, Valkey a primary.
  fileprivate var namesNoPrimary: Bool {
    message.hasPrefix("ERR No such master") || message.hasPrefix("ERR No such primary")
  }
}

extension ClientError {
  /// The same failure of a sentinel, with advice that fits: its password is another than the server's.
  fileprivate func asked(of sentinel: Endpoint) -> ClientError {
    let message = "sentinel: \(self.message)"
    // The bound of a question is that of connecting, not that of other requests.
    if kind == .timeout, hints.contains(.waitLonger(.request)) {
      return ClientError(
        .timeout, "sentinel: no answer from \(sentinel.description) within the connect timeout",
        hints: ["the sentinel may be stopped or unreachable", .waitLonger(.connect)])
    }
    guard kind == .permission, !message.contains("protected mode"), !message.contains("NOPERM") else {
      return ClientError(kind, message, hints: hints)
    }
    let advice: Remedy =
      sentinel.credentials == nil ? .giveSentinelCredentials : .checkSentinelCredentials
    return ClientError(
      kind, message,
      hints: [advice, "user and password of the server are never sent to a sentinel"]
        + ClientError.sourceHints(sentinel.credentials))
  }
}
