package import RedisClient

/// Why a removal ended before all chosen keys were removed.
package enum RemovalStop: Sendable, Equatable {
  /// The bound on keys was reached.
  case limit(WriteLimit)
  /// The server refused in a way that holds for every key.
  case refused(ClientError)
  /// The journal or the backup cannot be written.
  case cannotRecord(String)

  /// Why, for people.
  func sentence(_ spell: (MentionedOption) -> String) -> String {
    switch self {
    case .limit(let limit): limit.sentence(spell)
    case .refused(let error): error.message
    case .cannotRecord(let reason): reason
    }
  }
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
