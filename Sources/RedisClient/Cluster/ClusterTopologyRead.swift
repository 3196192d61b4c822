extension ClusterTopology {
  /// Asks a node for the topology: CLUSTER SHARDS, or CLUSTER SLOTS where the server does not know that or the user may
  /// not run it.
  ///
  /// A cluster that has dealt out no slots gives a topology without shards. Throws `permission` where the user may run
  /// neither, `server` where the server has neither or is no part of a cluster, `protocolViolation` for a reply that
  /// makes no sense, and whatever the channel throws.
  package static func read(from channel: some CommandChannel) throws(ClientError) -> ClusterTopology {
    let endpoint = channel.endpoint
    let shards = try ask(channel, "SHARDS")
    guard let first = shards.error else {
      return try decode("CLUSTER SHARDS", endpoint) { () throws(DecodeError) in
        try ClusterTopology(shards: shards, seed: endpoint)
      }
    }
    guard first.isCommandForbidden || first.isUnknownToCluster else {
      throw ClientError(first, to: "CLUSTER SHARDS", at: endpoint)
    }
    let slots = try ask(channel, "SLOTS")
    guard let second = slots.error else {
      return try decode("CLUSTER SLOTS", endpoint) { () throws(DecodeError) in
        try ClusterTopology(slots: slots, seed: endpoint)
      }
    }
    guard second.isUnknownToCluster else { throw ClientError(second, to: "CLUSTER SLOTS", at: endpoint) }
    // What is forbidden can be allowed; what is missing stays missing.
    if first.isCommandForbidden { throw ClientError(first, to: "CLUSTER SHARDS", at: endpoint) }
    throw ClientError(
      .server,
      "\(endpoint.description) has neither CLUSTER SHARDS nor CLUSTER SLOTS: the other nodes cannot be found",
      hints: [.thisNodeAlone])
  }

  private static func ask(
    _ channel: some CommandChannel, _ subcommand: String
  ) throws(ClientError) -> Reply {
    var flight = CommandBuffer()
    flight.append("CLUSTER", subcommand)
    let replies = ReplyBuffer()
    try channel.send(flight)
    try channel.receive(1, into: replies)
    return replies[0]
  }

  private static func decode(
    _ command: String, _ endpoint: Endpoint, _ step: () throws(DecodeError) -> ClusterTopology
  ) throws(ClientError) -> ClusterTopology {
    do throws(DecodeError) {
      return try step()
    } catch {
      throw ClientError(error, to: command, at: endpoint)
    }
  }
}

extension ServerError {
  /// True where the subcommand of CLUSTER does not exist on this server.
  ///
  /// Before Redis 5 the answer is "Wrong CLUSTER subcommand or number of arguments".
  fileprivate var isUnknownToCluster: Bool {
    isUnknownCommand || code == "ERR" && message.lowercased().contains("wrong cluster subcommand")
  }
}
