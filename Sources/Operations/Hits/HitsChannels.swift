import Keyspace

/// The channels on which a server sends what happens to keys, by their exact names: a pattern would be matched with every
/// message of the server.
struct HitsChannels: Sendable {
  /// What a message on a channel says.
  enum Meaning: Sendable, Equatable {
    /// A read found no key of that name, in a database.
    case miss(database: Int)
    /// The key has gone.
    case gone(GoneNames.Cause)
  }

  /// The bound on databases whose misses are counted.
  static let mostDatabases = 64

  /// What the channels mean, in their order.
  let meanings: [Meaning]
  /// Their names.
  let names: [String]

  /// The misses of all databases, because a server counts them together, and what goes from the one that is looked at.
  init(database: Int, databases: Int) {
    let numbers = [database] + (0..<databases).filter { $0 != database }
    meanings =
      [.miss(database: database)] + GoneNames.Cause.allCases.map { .gone($0) }
      + numbers.dropFirst().map { .miss(database: $0) }
    names = meanings.map { meaning in
      switch meaning {
      case .miss(let number): "__keyevent@\(number)__:keymiss"
      case .gone(let cause): "__keyevent@\(database)__:\(cause.event)"
      }
    }
  }
}

extension GoneNames.Cause {
  /// The name of the event.
  var event: String {
    switch self {
    case .expired: "expired"
    case .evicted: "evicted"
    case .deleted: "del"
    }
  }
}
