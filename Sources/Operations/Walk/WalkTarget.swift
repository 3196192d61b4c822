package import RedisClient

/// How reports name a target.
package struct WalkIdentity: Sendable {
  /// The name by which the user knows it.
  package let name: String?
  /// The endpoint, of several seeds the first.
  package let endpoint: Endpoint
  /// How reports name the target: redacted.
  package let uri: String
  /// True where sentinels say which server it is.
  package let isBehindSentinels: Bool

  /// Where the target is, for labels: the address, or behind sentinels the URI that names the set.
  package var place: String { isBehindSentinels ? uri : endpoint.address.description }

  /// Makes an identity; `uri` is the endpoint's own text where nothing else is said.
  package init(name: String?, endpoint: Endpoint, uri: String? = nil, isBehindSentinels: Bool = false) {
    self.name = name
    self.endpoint = endpoint
    self.uri = uri ?? endpoint.description
    self.isBehindSentinels = isBehindSentinels
  }
}

/// Which databases of a server.
package enum WalkDatabases: Sendable, Equatable {
  /// One.
  case only(Int)
  /// Every one that has keys.
  case all
}

/// Which nodes of a target are asked, how many at a time, and for how long a failed step is tried again.
package struct WalkReading: Sendable {
  /// True where replicas are asked in place of their primaries.
  package var usesReplicas: Bool
  /// The bound on nodes of a cluster that are walked at a time.
  package var mostNodes: Int
  /// How long a step that failed is tried again, once a run has begun; zero never tries again.
  package var retryFor: Duration

  /// Makes a way of reading; by default primaries, sixteen at a time, without retries.
  package init(usesReplicas: Bool = false, mostNodes: Int = 16, retryFor: Duration = .zero) {
    self.usesReplicas = usesReplicas
    self.mostNodes = mostNodes
    self.retryFor = retryFor
  }
}

/// Which server a command goes to, and how it is reached.
package struct WalkTarget<Channel: CommandChannel> {
  let identity: WalkIdentity
  let databases: WalkDatabases
  let wallClock: Double
  let connect: (Int) throws(ClientError) -> Channel
  let reach: ((Endpoint) throws(ClientError) -> Channel)?
  let reading: WalkReading
  let roundTrip: (Channel) -> Duration?
  /// Whether reading a key on a connection leaves its LRU and LFU figures as they are.
  let leavesUsageAlone: (Channel) -> Bool

  /// Makes a target; `connect` opens a connection to one of its databases, and looks up its address each time; `reach`
  /// opens one to another node of the same cluster. Both are called from several threads where the target is a cluster.
  /// `wallClock` is the time here in seconds since 1970, for servers that do not answer TIME.
  package init(
    identity: WalkIdentity, databases: WalkDatabases, wallClock: Double, reading: WalkReading = WalkReading(),
    roundTrip: @escaping (Channel) -> Duration? = { _ in nil },
    leavesUsageAlone: @escaping (Channel) -> Bool = { _ in true },
    reach: ((Endpoint) throws(ClientError) -> Channel)? = nil,
    connect: @escaping (Int) throws(ClientError) -> Channel
  ) {
    self.identity = identity
    self.databases = databases
    self.wallClock = wallClock
    self.roundTrip = roundTrip
    self.leavesUsageAlone = leavesUsageAlone
    self.connect = connect
    self.reach = reach
    self.reading = reading
  }

  /// The database of the first connection.
  var firstDatabase: Int {
    switch databases {
    case .only(let database): database
    case .all: 0
    }
  }

  /// The databases to walk, given what INFO counts.
  func numbers(_ facts: ServerInfo) -> [Int] {
    switch databases {
    case .only(let database): [database]
    case .all: facts.databases.keys.sorted()
    }
  }
}
