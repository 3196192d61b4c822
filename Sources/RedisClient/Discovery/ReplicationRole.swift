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
    let reply = try request("ROLE")
    guard let error = reply.error else {
      do { return try ReplicationRole(role: reply) } catch {
        throw ClientError(error, to: "ROLE", at: endpoint)
      }
    }
    guard error.isUnknownCommand || error.isCommandForbidden else {
      throw ClientError(error, to: "ROLE", at: endpoint)
    }
    return try replicationFields().flatMap { ReplicationRole(info: $0) }
  }

  /// The fields of `INFO replication`; nil where the server does not let them be read.
  func replicationFields() throws(ClientError) -> [String: String]? {
    let reply = try request("INFO", "replication")
    if let error = reply.error {
      if error.isTransient || error.isAuthentication { throw ClientError(error, to: "INFO", at: endpoint) }
      return nil
    }
    return (try? reply.decode(String.self)).map(InfoText.fields)
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

  /// Reads the fields of `INFO replication`; nil where they name no role.
  init?(info fields: [String: String]) {
    switch fields["role"] {
    case "master": self = .primary
    case "slave": self = .replica(isLinked: fields["master_link_status"] == "up")
    default: return nil
    }
  }
}

/// The text of INFO.
enum InfoText {
  /// Every field by its name: lines of `name:value`, headings behind `#`.
  static func fields(_ text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
    return fields
  }
}
