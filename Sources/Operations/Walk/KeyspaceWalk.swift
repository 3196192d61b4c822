import Bytes
import Keyspace
import RedisClient
import Reporting

/// Runs visitors over the keys of a target, be it one server or a cluster, and keeps what they have brought even when a
/// walk fails.
struct KeyspaceWalk<Channel: CommandChannel> {
  /// The servers whose keys are walked: one, or one of each shard.
  let nodes: [ServerNode<Channel>]
  /// What the first of them says of itself.
  let facts: ServerInfo
  let clock: ServerClock
  let databases: [Int]
  let target: WalkTarget<Channel>
  let request: WalkRequest
  let cluster: ClusterWalk<Channel>?
  private(set) var context: RunContext
  private(set) var result = WalkResult()
  /// Warnings that concern every walk.
  private var lastingWarnings: [String] = []
  private let isNodeOfCluster: Bool
  private var routed: AnyChannel?

  /// Connects and asks the servers what they are.
  init(_ request: WalkRequest, of target: WalkTarget<Channel>, context: RunContext) throws(ClientError) {
    self.request = request
    self.context = context
    self.target = target
    let access = ServerNode<Channel>.Access(
      open: { database, _ throws(ClientError) in try target.connect(database) }, roundTrip: target.roundTrip,
      wallClock: target.wallClock, retryFor: target.reading.retryFor)
    var seed = ServerNode(target.identity.endpoint, firstDatabase: target.firstDatabase, access)
    try seed.beginRetrying(context)
    if target.databases == .all, seed.facts.fields.isEmpty {
      throw ClientError(
        .permission, "--all-dbs must ask INFO which databases have keys, and INFO is not available here",
        hints: [.chooseDatabase])
    }
    isNodeOfCluster = seed.facts.isClusterNode
    databases = isNodeOfCluster ? [target.firstDatabase] : target.numbers(seed.facts)
    if isNodeOfCluster, !request.nodeOnly, let reach = target.reach {
      let cluster = try ClusterWalk(target, reach: reach, from: try seed.first(), access, request, context)
      nodes = cluster.nodes
      self.cluster = cluster
    } else {
      if isNodeOfCluster, let slots = try? ownSlots(of: seed) {
        seed = ServerNode(
          target.identity.endpoint, slots: slots, firstDatabase: target.firstDatabase, access)
        try seed.beginRetrying(context)
      }
      nodes = [seed]
      cluster = nil
    }
    let known = nodes.first { !$0.facts.fields.isEmpty } ?? nodes[0]
    facts = known.facts
    clock = known.clock
    lastingWarnings = cluster?.warnings ?? []
  }

  /// The keys that INFO counts in the databases of all nodes; nil where one tells nothing.
  var counted: ServerInfo.Database? {
    var sum = ServerInfo.Database(keys: 0, expires: 0)
    for node in nodes {
      guard let more = node.counted(in: databases) else { return nil }
      sum = ServerInfo.Database(keys: sum.keys &+ more.keys, expires: sum.expires &+ more.expires)
    }
    return sum
  }

  /// The number of all keys; nil where a node does not tell.
  var expected: Int? { counted?.keys }

  /// The sum of a field of INFO over all nodes; nil where one does not have it.
  func sum(of field: String) -> Int? {
    nodes.reduce(into: Int?.some(0)) { sum, node in
      sum = sum.flatMap { sum in node.facts.integer(field).map { sum &+ $0 } }
    }
  }

  /// A connection over which any key can be asked about.
  mutating func router() throws(ClientError) -> AnyChannel {
    // A connection to one server may have been lost and made anew since.
    guard let cluster else { return AnyChannel(try nodes[0].first()) }
    if let routed { return routed }
    let channel = cluster.directory.router(context)
    routed = channel
    return channel
  }

  /// The same over new connections, after the server, or who has which slots, may have changed.
  func freshRouter() throws(ClientError) -> AnyChannel {
    if let cluster {
      _ = try cluster.directory.refresh()
      return cluster.directory.router(context)
    }
    _ = try nodes[0].connect(target.firstDatabase)
    return AnyChannel(try nodes[0].first())
  }

  /// Walks all names once where superseded versions are asked for: which version is the newest shows only at
  /// the end.
  ///
  /// Where another run has learned it the choice is that.
  mutating func learnVersions(
    knowing known: SupersededChoice? = nil
  ) throws(ClientError) -> SupersededChoice? {
    guard request.selection.isSuperseded else { return nil }
    let choice = if let known { known } else { SupersededChoice(try countVersions()) }
    lastingWarnings += choice.warnings
    return choice
  }

  private mutating func countVersions() throws(ClientError) -> VersionCensus {
    var census = VersionCensus(request.naming)
    var names = self
    names.beginPass()
    // All names of a namespace decide, whatever is chosen among them.
    names.walkAll(&census)
    guard names.result.isComplete else {
      let circumstance = " while learning which versions are live; nothing was counted"
      let failure = names.result.failure
      throw failure?.adding(circumstance)
        ?? ClientError(
          .transient, (names.result.warnings.first ?? "some nodes did not answer") + circumstance)
    }
    return census
  }

  /// Leaves a time out of all figures during which nobody worked.
  mutating func exclude(_ wait: Duration) { context.start += wait }

  /// Begins anew, for another walk over the same keys.
  mutating func beginPass() { result = WalkResult() }

  /// Walks some sources, which are all of the same kind: the databases of each node, or names that others have given.
  ///
  /// What comes of it is kept in the checkpoint, where there is one.
  mutating func walk<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, over sources: [KeySource] = [.database],
    keeping checkpoint: ScanCheckpoint? = nil
  ) {
    run(&visitor, request, sources, checkpoint)
    checkpoint?.flush()
    lastingWarnings += checkpoint?.warnings ?? []
  }

  private mutating func walkAll<Visitor: KeyVisitor>(_ visitor: inout Visitor) {
    var request = WalkRequest()
    request.naming = self.request.naming
    (request.pace, request.rate, request.count) = (self.request.pace, self.request.rate, self.request.count)
    run(&visitor, request, [.database])
  }

  private mutating func run<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, _ request: WalkRequest, _ sources: [KeySource],
    _ checkpoint: ScanCheckpoint? = nil
  ) {
    var task = NodeTask(
      request: request, databases: databases, sources: sources,
      seed: checkpoint?.terms?.seed ?? KeyHash.newSeed)
    task.checkpoint = checkpoint
    guard sources.allSatisfy(\.namesLiveKeys) else { return runRouted(&visitor, task) }
    if let cluster {
      result.merge(cluster.walk(&visitor, task, context))
      return
    }
    task.slots = nodes[0].slots
    let progress = WalkProgress(nodes: 1, expected: allKeys(request), context: context)
    // Between databases nobody knows how the cursors' shares add up.
    let hasShare = databases.count == 1
    var walk = NodeWalk(nodes[0], task, visitor, context: context) {
      progress.note(0, seen: $0, share: hasShare ? $1 : nil)
    }
    walk.run()
    visitor = walk.visitor
    result.merge(walk.result)
  }

  /// Walks names that others have given; in a cluster each is asked about at its owner.
  private mutating func runRouted<Visitor: KeyVisitor>(_ visitor: inout Visitor, _ task: NodeTask) {
    let progress = WalkProgress(nodes: 1, expected: nil, context: context)
    func finish<Other: CommandChannel>(_ node: ServerNode<Other>) {
      var walk = NodeWalk(node, task, visitor, context: context) { progress.note(0, seen: $0, share: $1) }
      walk.run()
      visitor = walk.visitor
      result.merge(walk.result)
    }
    guard let cluster else { return finish(nodes[0]) }
    finish(cluster.routedNode(context))
    routed = nil
  }

  /// The keys that will come by; nil where not all do.
  private func allKeys(_ request: WalkRequest) -> Int? {
    request.selection.pattern.matchesEverything && request.selection.type == nil ? expected : nil
  }
}

extension KeyspaceWalk {
  /// What a report says of the target, and of what is missing.
  func header(schema: String) -> ReportHeader {
    ReportHeader(
      schema: schema, toolVersion: context.toolVersion, targetName: target.identity.name,
      uri: target.identity.uri,
      kind: isNodeOfCluster ? "cluster" : target.identity.isBehindSentinels ? "sentinel" : "standalone",
      server: facts.server, serverVersion: facts.version,
      nodes: nodes.filter { $0.fault == nil }.map {
        ReportHeader.Node(address: $0.endpoint.place, role: $0.facts.role)
      },
      startedAt: context.startedAt, durationSeconds: context.elapsedSeconds,
      isComplete: result.isComplete && !missesShards, warnings: warnings)
  }

  /// What a dry run says where the real run would be refused.
  var replicaWarning: String {
    "this is a replica, and replicas take no writes: the real run must go to its primary"
      + (facts.primary.map { " \($0)" } ?? "")
  }

  /// Refuses to write to one node of a cluster, unless it is meant alone.
  func refusePartOfCluster() throws(ClientError) {
    guard isNodeOfCluster, !request.nodeOnly, cluster == nil else { return }
    throw ClientError(
      .usage, "\(target.identity.uri) is one node of a cluster, and the others cannot be reached from here",
      hints: [.keysOfThisNode])
  }

  /// Refuses to write to a replica in a cluster, which answers as if its keys were another node's.
  func refuseReplicaOfCluster() throws(ClientError) {
    guard isNodeOfCluster, cluster == nil, facts.role == "replica" else { return }
    throw ClientError(
      .transient, "\(target.identity.uri) is a replica, and replicas take no writes",
      hints: ["its primary is \(facts.primary?.description ?? "told by INFO replication")"])
  }

  /// Keys of the cluster were not looked at.
  private var missesShards: Bool {
    if let cluster { !cluster.uncovered.isEmpty } else { isNodeOfCluster && !request.nodeOnly }
  }

  private var warnings: [String] {
    var warnings = lastingWarnings + result.warnings
    if missesShards, cluster == nil {
      warnings.insert("this server is one node of a cluster: \(context.advise(.meanThisNode))", at: 0)
    }
    if let failure = result.failure { warnings.append(failure.message) }
    if facts.fields.isEmpty { warnings.append("INFO is not available here: the server is not described") }
    return warnings
  }
}

/// The slots of a node of a cluster, as it says itself.
private func ownSlots<Channel: CommandChannel>(of node: ServerNode<Channel>) throws(ClientError) -> SlotSet? {
  let channel = try node.first()
  let topology = try ClusterTopology.read(from: channel)
  guard let id = try SlotMotion.read(from: channel).nodeID else { return nil }
  return topology.shards.first { $0.primary?.id == id || $0.replicas.contains { $0.id == id } }?.slots
}

extension Endpoint {
  /// The place alone, as nodes are named in reports.
  var place: String { address.description }

  /// The user as access rules name it.
  var userName: String { credentials?.user ?? "default" }
}
