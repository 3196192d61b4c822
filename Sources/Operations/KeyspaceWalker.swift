import Keyspace
import RedisClient
import Reporting

/// Runs a visitor over the databases of a target, and keeps what it has brought even when a walk fails.
struct KeyspaceWalker<Channel: CommandChannel> {
  /// How the walks went.
  struct Result {
    var isComplete = true
    var failure: ClientError?
    var warnings: [String] = []
    /// What the server does not offer.
    var unavailable: KeyMeasurements = []
    /// What the server counted of the walks among its hits and misses.
    var lookups = StatsLookups()
  }

  let facts: ServerFacts
  let clock: ServerClock
  /// The keys that INFO counts in the databases; nil where it tells nothing.
  let expected: Int?
  let databases: [Int]
  private let request: WalkRequest
  private var context: RunContext
  let target: WalkTarget<Channel>
  /// The connection to the first database.
  let first: Channel
  private var seenBefore = 0
  private(set) var result = Result()
  /// Warnings that concern every walk.
  private var lastingWarnings: [String] = []

  /// Connects and asks the server what it is.
  init(_ request: WalkRequest, of target: WalkTarget<Channel>, context: RunContext) throws(ClientError) {
    self.request = request
    self.context = context
    self.target = target
    first = try target.connect(target.firstDatabase)
    facts = try ServerFacts.read(from: first)
    if target.databases == .all, facts.fields.isEmpty {
      throw ClientError(
        .permission, "--all-dbs must ask INFO which databases have keys, and INFO is not available here",
        hints: ["--db chooses one database"])
    }
    if facts.isClusterNode, facts.role == "replica" { try first.readFromReplica() }
    clock = try ServerClock(first, wallClock: target.wallClock)
    databases = target.numbers(facts)
    let counted = facts.databases
    expected = facts.fields.isEmpty ? nil : databases.reduce(0) { $0 &+ (counted[$1]?.keys ?? 0) }
  }

  /// Walks all names once where superseded versions are asked for: which version is the newest shows only at
  /// the end.
  mutating func learnVersions() throws(ClientError) -> SupersededChoice? {
    guard request.selection.isSuperseded else { return nil }
    var census = VersionCensus(request.naming)
    for database in databases {
      var walk = makeWalk(try channel(for: database), .init(pace: request.makePace()))
      guard try walk.run(&census, shouldStop: { _ in mustStop }) == .complete else {
        throw stopError(" while learning which versions are live; nothing was counted")
      }
    }
    let choice = SupersededChoice(census)
    lastingWarnings += choice.warnings
    return choice
  }

  /// Leaves a time out of all figures during which nobody worked.
  mutating func exclude(_ wait: Duration) { context.start += wait }

  /// Begins anew, for another walk over the same keys.
  mutating func beginPass() {
    seenBefore = 0
    result = Result()
  }

  /// Walks the sources of each database in turn; `afterWalk` may ask more on the connection before it is left.
  mutating func walk<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, over sources: [KeySource] = [.database],
    afterWalk: (inout Visitor, Channel) throws(ClientError) -> Void = { _, _ in }
  ) {
    for database in databases where result.failure == nil {
      do {
        let channel = try channel(for: database)
        visitor.beginWalk(at: channel.endpoint.place)
        for source in sources where result.failure == nil && !visitor.wantsStop {
          try walk(channel, source, &visitor)
        }
        try afterWalk(&visitor, channel)
      } catch {
        // Replies that never came may have been lookups all the same.
        result.lookups.uncountedRuns = 1
        fail(error)
      }
    }
  }

  private mutating func walk<Visitor: KeyVisitor>(
    _ channel: Channel, _ source: KeySource, _ visitor: inout Visitor
  ) throws(ClientError) {
    var plan = KeyWalk<Channel>.Plan(source: source, pace: request.makePace())
    let pattern = request.selection.pattern
    // Only where the server's names are the keys themselves can it choose among them.
    if source.namesLiveKeys {
      plan.pattern = pattern.matchesEverything ? nil : pattern.bytes
      plan.type = request.selection.type
    }
    var walk = makeWalk(channel, plan)
    let before = seenBefore
    var seenNow = 0
    defer {
      seenBefore += seenNow
      note(walk.measurer)
    }
    let ending = try walk.run(&visitor) { position in
      seenNow = position.seen
      context.progress(
        RunContext.Progress(
          keys: before + position.seen, share: share(position.share, seen: before + position.seen),
          elapsed: ContinuousClock.now - context.start))
      return mustStop
    }
    if visitor.isCutShort || ending == .stopped && !visitor.wantsStop { fail(stopError()) }
  }

  /// Why a walk was stopped between two pages.
  private func stopError(_ circumstance: String = "") -> ClientError {
    context.shouldStop()
      ? ClientError(.interrupted, "stopped by the user" + circumstance)
      : ClientError(
        .timeout, "the run's time limit passed" + circumstance, hints: ["--max-runtime sets it"])
  }

  /// How much of the work lies behind: by the keys where all of them come by, else by the cursor.
  private func share(_ cursorShare: Double?, seen: Int) -> Double? {
    if request.selection.pattern.matchesEverything, request.selection.type == nil, let expected, expected > 0
    {
      return min(1, Double(seen) / Double(expected))
    }
    return databases.count == 1 ? cursorShare : nil
  }

  /// A connection that stands in a database.
  private func channel(for database: Int) throws(ClientError) -> Channel {
    database == target.firstDatabase ? first : try target.connect(database)
  }

  private func makeWalk(_ channel: Channel, _ plan: KeyWalk<Channel>.Plan) -> KeyWalk<Channel> {
    KeyWalk(channel: channel, plan: plan, roundTrip: min(target.roundTrip(channel), clock.roundTrip))
  }

  private var mustStop: Bool { context.shouldStop() || context.deadline.hasPassed }

  private mutating func fail(_ error: ClientError) {
    result.isComplete = false
    result.failure = result.failure ?? error
  }

  private mutating func note(_ measurer: KeyMeasurer) {
    result.lookups.hits += measurer.lookups.hits
    result.lookups.misses += measurer.lookups.misses
    // SCAN with TYPE looks up every key that it draws, returned or not.
    if request.selection.type != nil { result.lookups.uncountedRuns = 1 }
    for (measurement, reason) in measurer.unavailable where !result.unavailable.contains(measurement) {
      result.unavailable.insert(measurement)
      result.warnings.append(reason.text)
      guard request.selection.neededMeasurements.union(request.required).contains(measurement) else {
        continue
      }
      fail(
        ClientError(
          reason.isPermission ? .permission : .usage, "the command cannot do without it: \(reason.text)")
      )
    }
    if let failed = measurer.failedKeys {
      result.isComplete = false
      result.warnings.append(
        "\(NumberText.keys(failed.count)) counted but not measured; the first answer was: \(failed.reason)")
    }
    guard measurer.forbiddenKeys > 0 else { return }
    result.isComplete = false
    result.warnings.append(
      "\(NumberText.keys(measurer.forbiddenKeys)) counted but not measured: the user may not read them; "
        + "an administrator can allow it: ACL SETUSER \(first.endpoint.userName) %R~<pattern>")
  }
}

extension KeyspaceWalker {
  /// What a report says of the target, and of what is missing.
  func header(schema: String) -> ReportHeader {
    ReportHeader(
      schema: schema, toolVersion: context.toolVersion, targetName: target.identity.name,
      uri: target.identity.endpoint.description, kind: facts.isClusterNode ? "cluster" : "standalone",
      server: facts.server, serverVersion: facts.version,
      nodes: [ReportHeader.Node(address: target.identity.endpoint.place, role: facts.role)],
      startedAt: context.startedAt, durationSeconds: context.elapsedSeconds,
      isComplete: result.isComplete && !missesShards, warnings: warnings)
  }

  /// What a dry run says where the real run would be refused.
  var replicaWarning: String {
    "this is a replica, and replicas take no writes: the real run must go to its primary"
      + (facts.primary.map { " " + $0 } ?? "")
  }

  /// A cluster's other nodes hold keys that were not looked at.
  private var missesShards: Bool { facts.isClusterNode && !request.nodeOnly }

  private var warnings: [String] {
    var warnings = lastingWarnings + result.warnings
    if let failure = result.failure { warnings.append(failure.message) }
    if missesShards {
      warnings.insert(
        "this server is one node of a cluster, and clusters are not followed yet: scan each primary with --node-only",
        at: 0)
    }
    if facts.fields.isEmpty { warnings.append("INFO is not available here: the server is not described") }
    return warnings
  }
}

extension Endpoint {
  /// The place alone, as nodes are named in reports.
  var place: String { address.description }

  /// The user as access rules name it.
  var userName: String { credentials?.user ?? "default" }
}

extension CommandChannel {
  /// Asks a replica of a cluster to answer reads itself; without that it sends the asker to its primary.
  fileprivate func readFromReplica() throws(ClientError) {
    var flight = CommandBuffer()
    flight.append("READONLY")
    let replies = ReplyBuffer()
    try send(flight)
    try receive(1, into: replies)
    if let error = replies[0].error { throw ClientError(error, to: "READONLY", at: endpoint) }
  }
}
