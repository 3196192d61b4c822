import RedisClient

/// One server that is walked, and the connection that is open to it.
///
/// Invariant behind `@unchecked`: it belongs to one thread at a time. Workers are handed nodes of their own, and whoever
/// handed them out looks at them again only when all workers are done; ``Transferred`` says why there is no lock.
final class ServerNode<Channel: CommandChannel>: @unchecked Sendable {
  /// How a node is reached.
  struct Access {
    /// Opens a connection to one of the databases; again, where the server may be another one by now.
    var open: (Int, _ isAgain: Bool) throws(ClientError) -> Channel
    /// What a bare round trip takes; nil where the connection does not know.
    var roundTrip: (Channel) -> Duration?
    /// The time here in seconds since 1970, for servers that do not tell theirs.
    var wallClock: Double
    /// How long a step that failed is tried again.
    var retryFor: Duration
  }

  private let access: Access
  /// The database of the first connection.
  private let firstDatabase: Int
  /// The name of the node in its cluster; nil where it has none.
  var id: String?
  /// The slots whose keys it is asked for; nil for all.
  let slots: SlotSet?
  /// False where it stands for many, of which one may have become another without being noticed.
  let holdsCursors: Bool
  /// Where it was reached last, or is to be.
  private(set) var endpoint: Endpoint
  private(set) var facts = ServerInfo()
  private(set) var clock: ServerClock
  /// Why it could not be reached yet; nil once it was.
  private(set) var fault: ClientError?
  private var current: (database: Int, channel: Channel)?
  /// How often its keys had been flushed or swapped when it was seen first; nil where it does not tell.
  private(set) var flushesAndSwaps: Int?

  init(
    _ endpoint: Endpoint, id: String? = nil, slots: SlotSet? = nil, firstDatabase: Int = 0,
    holdsCursors: Bool = true, _ access: Access
  ) {
    self.holdsCursors = holdsCursors
    self.endpoint = endpoint
    self.id = id
    self.slots = slots
    self.firstDatabase = firstDatabase
    self.access = access
    clock = ServerClock(wallClock: access.wallClock)
  }

  /// Connects and asks the server what it is.
  func begin() throws(ClientError) {
    do {
      _ = try connect(firstDatabase, isAgain: false)
    } catch {
      fault = error
      throw error
    }
  }

  /// Connects as soon as the server answers, within the retryFor: one that loads its keys will be done with it.
  func beginRetrying(_ context: RunContext) throws(ClientError) {
    try context.retry(for: access.retryFor) { () throws(ClientError) in try begin() }
  }

  /// The open connection to a database, or a new one.
  func channel(for database: Int) throws(ClientError) -> Channel {
    if let current, current.database == database { return current.channel }
    let channel = try access.open(database, false)
    try answerAsReplica(channel)
    current = (database, channel)
    return channel
  }

  /// The connection to the first database.
  func first() throws(ClientError) -> Channel { try channel(for: firstDatabase) }

  /// The bare round trip of the open connection.
  var bareRoundTrip: Duration { current.map { roundTrip($0.channel) } ?? clock.roundTrip }

  func roundTrip(_ channel: Channel) -> Duration {
    access.roundTrip(channel).map { min($0, clock.roundTrip) } ?? clock.roundTrip
  }

  /// How the waits between attempts grow.
  var backoff: Backoff { Backoff(retryFor: access.retryFor) }

  /// Connects anew; true where the server's process is the one that was there before, whose cursors hold.
  func connect(_ database: Int, isAgain: Bool = true) throws(ClientError) -> Bool {
    let before = facts.runID
    current = nil
    let channel = try access.open(database, isAgain)
    endpoint = channel.endpoint
    let facts = try ServerInfo.read(from: channel)
    let isSame = before != nil && before == facts.runID
    // All of it or nothing: what a connection that breaks now has told is not known the next time.
    let clock = isSame ? self.clock : try ServerClock(channel, wallClock: access.wallClock)
    let flushesAndSwaps = isSame ? self.flushesAndSwaps : try ServerInfo.flushesAndSwaps(of: channel)
    if facts.isClusterNode, facts.role == "replica" { try channel.readFromReplica() }
    if !isSame { (self.facts, self.clock, self.flushesAndSwaps) = (facts, clock, flushesAndSwaps) }
    fault = nil
    current = (database, channel)
    return isSame
  }

  /// True where keys were flushed, or databases swapped, since the server was seen first.
  func wasFlushedOrSwapped() -> Bool {
    guard let flushesAndSwaps, let current, let now = try? ServerInfo.flushesAndSwaps(of: current.channel)
    else {
      return false
    }
    return now != flushesAndSwaps
  }

  /// The keys that INFO counts in some databases; nil where it tells nothing.
  func counted(in databases: [Int]) -> ServerInfo.Database? {
    guard !facts.fields.isEmpty else { return nil }
    let counts = facts.databases
    return databases.compactMap { counts[$0] }.reduce(ServerInfo.Database(keys: 0, expires: 0)) {
      ServerInfo.Database(keys: $0.keys &+ $1.keys, expires: $0.expires &+ $1.expires)
    }
  }

  /// Another connection to a replica of a cluster must be told, too, to answer reads itself.
  private func answerAsReplica(_ channel: Channel) throws(ClientError) {
    if facts.isClusterNode, facts.role == "replica" { try channel.readFromReplica() }
  }
}

extension CommandChannel {
  /// Asks a replica of a cluster to answer reads itself; without that it sends the asker to its primary.
  func readFromReplica() throws(ClientError) {
    if let error = try call("READONLY").error { throw ClientError(error, to: "READONLY", at: endpoint) }
  }
}
