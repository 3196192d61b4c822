package import RedisClient

/// Why a removal ended before all chosen keys had their turn.
package enum RemovalStop: Sendable, Equatable {
  /// As many keys as are allowed were reached.
  case limit(RemovalLimit)
  /// The server refused in a way that holds for every key.
  case refused(ClientError)
  /// The journal or the backup cannot be written.
  case cannotRecord(String)
}

extension RemovalStop {
  /// The same, with the address of the server that would not have refused, where a replica did.
  func naming(primary: String?) -> RemovalStop {
    guard case .refused(let error) = self, let primary, error.serverCode == "READONLY" else {
      return self
    }
    return .refused(
      ClientError(
        error.kind, error.message, hints: ["this is a replica; its primary is \(primary)"],
        serverCode: error.serverCode))
  }
}

/// Why nothing was removed although keys were chosen.
package enum RemovalRefusal: Sendable, Equatable {
  /// There are so many keys, and another number was expected.
  case unexpected(counted: Int, expected: String)
  /// There are more keys than are allowed.
  case tooMany(counted: Int, limit: Int)
  /// The user was asked and did not say yes.
  case declined
}
