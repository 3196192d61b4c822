public import RedisClient

/// What reports say of a target.
public struct WalkIdentity: Sendable {
  /// The name by which the user knows it.
  public let name: String?
  /// The redacted endpoint.
  public let endpoint: Endpoint

  /// Makes an identity.
  public init(name: String?, endpoint: Endpoint) {
    self.name = name
    self.endpoint = endpoint
  }
}

/// Which databases of a server.
public enum WalkDatabases: Sendable, Equatable {
  /// One.
  case only(Int)
  /// Every one that has keys.
  case all
}

/// Which server a command goes to, and how it is reached.
public struct WalkTarget<Channel: CommandChannel> {
  let identity: WalkIdentity
  let databases: WalkDatabases
  let wallClock: Double
  let connect: (Int) throws(ClientError) -> Channel
  let roundTrip: (Channel) -> Duration
  /// Whether reading a key on a connection leaves its LRU and LFU figures as they are.
  let leavesUsageAlone: (Channel) -> Bool

  /// Makes a target; `connect` opens a connection to one of its databases, `wallClock` is the time here in
  /// seconds since 1970, for servers that do not tell theirs.
  public init(
    identity: WalkIdentity, databases: WalkDatabases, wallClock: Double,
    roundTrip: @escaping (Channel) -> Duration = { _ in .zero },
    leavesUsageAlone: @escaping (Channel) -> Bool = { _ in true },
    connect: @escaping (Int) throws(ClientError) -> Channel
  ) {
    self.identity = identity
    self.databases = databases
    self.wallClock = wallClock
    self.roundTrip = roundTrip
    self.leavesUsageAlone = leavesUsageAlone
    self.connect = connect
  }

  /// The database of the first connection.
  var firstDatabase: Int {
    switch databases {
    case .only(let database): database
    case .all: 0
    }
  }

  /// The databases to walk, given what INFO counts.
  func numbers(_ facts: ServerFacts) -> [Int] {
    switch databases {
    case .only(let database): [database]
    case .all: facts.databases.keys.sorted()
    }
  }
}
