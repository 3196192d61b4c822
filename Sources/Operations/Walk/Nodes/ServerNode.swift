import RedisClient

/// A server that is walked, and the connection that is open to it.
///
/// Invariant behind `@unchecked`: a node belongs to one thread at a time. Each worker gets nodes of its own, and the thread
/// that passed them on looks at them again only when all workers are done; ``Transferred`` says why there is no lock.
final class ServerNode<Channel: CommandChannel>: @unchecked Sendable {
  /// How a node is reached.
  struct Access {
    /// Opens a connection to one of the databases; again, where another server may answer by now.
    var open: (Int, _ isAgain: Bool) throws(ClientError) -> Channel
    /// The time of a bare round trip; nil where the connection does not know.
    var roundTrip: (Channel) -> Duration?
    /// The time here in seconds since 1970, for servers that do not answer TIME.
    var wallClock: Double
    /// How long a step that failed is tried again.
    var retryFor: Duration
  }

  private let access: Access
  /// The database of the first connection.
  private let firstDatabase: Int
  /// The name of the node in its cluster; nil where it has none.
  var id: String?
  /// The slots whose keys are asked for; nil for all.
  let slots: SlotSet?
  /// False where the node represents many servers, one of which may be replaced unnoticed: its cursors are not valid then.
  let keepsCursors: Bool
  /// The address of the last connection, or of the first to come.
  private(set) var endpoint: Endpoint
  private(set) var facts = ServerInfo()
  /// When the server said so.
  private var factsRead = ContinuousClock.now
  private(set) var clock: ServerClock
  /// Why the node could not be reached yet; nil once it was.
  private(set) var fault: ClientError?
  private var current: (database: Int, channel: Channel)?
  private var process = ServerProcess()
  /// False where a reconnection cannot tell whether the same process answers.
  private(set) var tellsItsProcess = true
  /// How often its keys had been flushed or swapped at the first connection; nil where the server does not say.
  private(set) var flushesAndSwaps: Int?

  init(
    _ endpoint: Endpoint, id: String? = nil, slots: SlotSet? = nil, firstDatabase: Int = 0,
    keepsCursors: Bool = true, _ access: Access
  ) {
    self.keepsCursors = keepsCursors
    self.endpoint = endpoint
    self.id = id
    self.slots = slots
    self.firstDatabase = firstDatabase
    self.access = access
    clock = ServerClock(wallClock: access.wallClock)
  }

  // MARK: - Connecting

  /// Connects and asks the server what it is.
  func begin() throws(ClientError) {
    do {
      _ = try connect(firstDatabase, isAgain: false)
    } catch {
      fault = error
      throw error
    }
  }

  /// Connects as soon as the server answers, within the time for retries: a server that loads its keys will be ready.
  func beginRetrying(_ context: RunContext) throws(ClientError) {
    try context.retry(for: access.retryFor) { () throws(ClientError) in try begin() }
  }

  /// Connects again; true where the same process answers, in which cursors remain valid.
  func connect(_ database: Int, isAgain: Bool = true) throws(ClientError) -> Bool {
    current = nil
    let channel = try access.open(database, isAgain)
    endpoint = channel.endpoint
    let facts = try ServerInfo.read(from: channel)
    // Uptime and the clock of the first connection, which goes on, tell where there is no run_id.
    let process = ServerProcess(facts, now: self.clock.seconds)
    let verdict = self.facts.isEmpty ? nil : process.isSame(as: self.process)
    let isSame = verdict ?? false
    // All of it or nothing: if the connection breaks now, the next one asks everything again.
    let clock = isSame ? self.clock : try ServerClock(channel, wallClock: access.wallClock)
    let flushesAndSwaps = isSame ? self.flushesAndSwaps : try ServerInfo.flushesAndSwaps(of: channel)
    if facts.isClusterNode, facts.role == "replica" { try channel.readFromReplica() }
    if !isSame {
      (self.facts, self.clock, self.flushesAndSwaps) = (facts, clock, flushesAndSwaps)
      factsRead = .now
      self.process = ServerProcess(facts, now: clock.seconds)
    }
    tellsItsProcess = !isAgain || verdict != nil
    fault = nil
    current = (database, channel)
    return isSame
  }

  /// The open connection to a database, or a new one.
  func channel(for database: Int) throws(ClientError) -> Channel {
    if let current, current.database == database { return current.channel }
    let channel = try access.open(database, false)
    if facts.isClusterNode, facts.role == "replica" { try channel.readFromReplica() }
    current = (database, channel)
    return channel
  }

  /// The connection to the first database.
  func first() throws(ClientError) -> Channel { try channel(for: firstDatabase) }

  /// How the waits between attempts grow.
  var backoff: Backoff { Backoff(retryFor: access.retryFor) }

  // MARK: - Asking

  /// The bare round trip of the open connection.
  var bareRoundTrip: Duration { current.map { roundTrip($0.channel) } ?? clock.roundTrip }

  /// The bare round trip of a connection: as it has measured it, or as the question for the time took, if that was less.
  func roundTrip(_ channel: Channel) -> Duration {
    access.roundTrip(channel).map { min($0, clock.roundTrip) } ?? clock.roundTrip
  }

  /// True where keys were flushed, or databases swapped, since the first connection.
  func wasFlushedOrSwapped() -> Bool {
    guard let flushesAndSwaps, let current,
      let now = try? ServerInfo.flushesAndSwaps(of: current.channel)
    else { return false }
    return now != flushesAndSwaps
  }

  /// The keys that the server has evicted since it was first asked what it is; nil where it does not say.
  func evictedMeanwhile() -> ServerMemory.Evictions? {
    guard let current, let before = facts.amount("evicted_keys"),
      let now = try? ServerInfo.section("stats", from: current.channel)?.amount("evicted_keys"), now >= before
    else { return nil }
    return ServerMemory.Evictions(keys: now - before, seconds: max(0.001, (.now - factsRead) / .seconds(1)))
  }

  /// The keys that INFO counts in some databases; nil where it does not describe them.
  func counted(in databases: [Int]) -> ServerInfo.Database? {
    guard facts.describesKeyspace else { return nil }
    let counts = facts.databases
    return ServerInfo.Database(sum: databases.compactMap { counts[$0] })
  }
}

extension CommandChannel {
  /// Makes a replica of a cluster answer reads itself; without that it redirects them to its primary.
  func readFromReplica() throws(ClientError) {
    try expectOK("READONLY")
  }
}
