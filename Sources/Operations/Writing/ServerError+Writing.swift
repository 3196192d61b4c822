import RedisClient

extension ServerError {
  /// True where no other key would fare better. OOM is none of these: removing is what helps then.
  var stopsWriting: Bool {
    ["MISCONF", "NOREPLICAS", "READONLY"].contains(code) || isTransient || isAuthentication
      || isCommandForbidden || isUnknownCommand
  }
}

extension ServerError {
  /// What the server said, and for a key that the user may not touch the rule that would suffice.
  func advised(for endpoint: Endpoint) -> String {
    guard isKeyForbidden else { return shownMessage }
    return "\(shownMessage); an administrator can allow it: ACL SETUSER \(endpoint.userName) ~<pattern>"
  }

  /// True where RESTORE does not know the version of a payload, or finds its checksum wrong; Redis does not say which.
  var isDumpVersion: Bool { message.contains("DUMP payload version") }

  /// The command that the user may not run, as Redis names it: "… permissions to run the 'set' command".
  var forbiddenCommand: String? {
    guard isCommandForbidden, let start = message.firstIndex(of: "'") else { return nil }
    let rest = message[message.index(after: start)...]
    guard let end = rest.firstIndex(of: "'"), !rest[..<end].isEmpty else { return nil }
    let name = rest[..<end]
    let isWord = name.utf8.allSatisfy {
      $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "-") || ($0 | 0x20) &- 0x61 < 26
    }
    return isWord ? name.uppercased() : nil
  }
}

extension ClientError {
  /// The error for a server that refuses to be written to.
  init(refusing error: ServerError, _ command: String, _ endpoint: Endpoint) {
    let place = "\(endpoint.description) answered \(command) with: \(error.shownMessage)"
    switch error.code {
    case "READONLY":
      self.init(
        .transient, place, hints: ["this is a replica: connect to its primary, which INFO replication names"],
        serverCode: error.code)
    case "MISCONF":
      self.init(
        .transient, place,
        hints: [
          "the server cannot save to disk and takes no writes until it can: look at its log and its disk"
        ], serverCode: error.code)
    case "NOREPLICAS":
      self.init(
        .transient, place,
        hints: ["too few replicas are in step, and min-replicas-to-write forbids writing until they are"],
        serverCode: error.code)
    default: self.init(error, to: command, at: endpoint)
    }
  }
}
