/// What a server says of its part in replication.
enum ReplicationRole: Equatable {
  case primary
  /// A replica, and whether its link to the primary stands.
  case replica(isLinked: Bool)
  /// Neither: a sentinel, say.
  case other
}

extension Connection {
  /// Asks the server for its role: ROLE, and where that is unknown or forbidden, INFO.
  ///
  /// Nil where it tells by neither.
  func replicationRole() throws(ClientError) -> ReplicationRole? {
    let reply = try call("ROLE")
    guard let error = reply.error else {
      do { return try ReplicationRole(role: reply) } catch {
        throw ClientError(error, to: "ROLE", at: endpoint)
      }
    }
    guard error.isUnknownCommand || error.isCommandForbidden else {
      throw ClientError(error, to: "ROLE", at: endpoint)
    }
    return try ServerInfo.section("replication", from: self).flatMap { ReplicationRole(info: $0) }
  }
}

extension ReplicationRole {
  /// Reads the reply of ROLE: `master` and its replicas, or `slave`, its primary and the state of the link.
  init(role reply: Reply) throws(DecodeError) {
    let parts = reply.children
    guard reply.kind == .array, let first = parts.first else { throw reply.mismatch("a role") }
    switch try first.decode(String.self) {
    case "master": self = .primary
    case "slave":
      guard parts.count > 3 else { throw reply.mismatch("the role of a replica") }
      self = .replica(isLinked: try parts[3].decode(String.self) == "connected")
    default: self = .other
    }
  }

  /// Reads `INFO replication`; nil where it names no role.
  init?(info: ServerInfo) {
    switch info.role {
    case "primary": self = .primary
    case "replica": self = .replica(isLinked: info.fields["master_link_status"] == "up")
    default: return nil
    }
  }
}
