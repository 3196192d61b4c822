import Bytes
import Keyspace
import RedisClient

/// Walks visitors over the keys of a target, be it one server or a cluster, and keeps the results even of a walk that fails.
struct KeyspaceWalk<Channel: CommandChannel> {
  /// The servers whose keys are walked: one, or one of each shard.
  let nodes: [ServerNode<Channel>]
  /// What the first of them says about itself.
  let facts: ServerInfo
  let clock: ServerClock
  let databases: [Int]
  let target: WalkTarget<Channel>
  /// What is asked for, as the servers can answer it.
  private(set) var request: WalkRequest
  let cluster: ClusterWalk<Channel>?
  let isNodeOfCluster: Bool
  private(set) var context: RunContext
  private(set) var result = WalkResult()
  /// Warnings that concern every walk.
  private(set) var lastingWarnings: [String] = []
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
        .permission,
        "only INFO shows which databases have keys, and \(seed.facts.refusal ?? "INFO is empty")",
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
    if request.selection.type != nil, let channel = try? nodes[0].first(), try !channel.choosesByType() {
      self.request.selection.typeIsMeasured = true
      self.request.required.insert(.type)
    }
  }

  // MARK: - What the servers report

  /// The keys that INFO counts in the databases of all nodes; what one of them does not tell is not known.
  var counted: ServerInfo.Database { counted(in: databases) }

  /// The keys that INFO counts in some databases of all nodes; what one of them does not tell is not known.
  func counted(in databases: [Int]) -> ServerInfo.Database {
    ServerInfo.Database(
      sum: nodes.map { $0.counted(in: databases) ?? ServerInfo.Database(keys: nil, expires: nil) })
  }

  /// The number of all keys; nil where a node does not tell.
  var expected: Int? { counted.keys }

  /// True where no database of a node that is walked is left out.
  var coversAllDatabases: Bool {
    nodes.allSatisfy { Set($0.facts.databases.keys).isSubset(of: databases) }
  }

  /// The bytes that the servers use for the data of keys; nil where one does not tell.
  var usedForData: Int? {
    if let data = sum(of: "used_memory_dataset"), data > 0 { return data }
    return sum(of: "used_memory").flatMap { used in
      let data = used &- (sum(of: "used_memory_startup") ?? 0)
      return data > 0 ? data : nil
    }
  }

  /// The sum of a field of INFO over all nodes; nil where one does not have it.
  func sum(of field: String) -> Int? {
    nodes.map { $0.facts.amount(field) }.known
  }

  // MARK: - Connections

  /// A connection over which any key can be asked about.
  mutating func router() throws(ClientError) -> AnyChannel {
    // A connection to one server may have been lost and replaced since.
    guard let cluster else { return AnyChannel(try nodes[0].first()) }
    if let routed { return routed }
    let channel = cluster.directory.router(context)
    routed = channel
    return channel
  }

  /// The same over new connections, after the server, or the owners of the slots, may have changed.
  func freshRouter() throws(ClientError) -> AnyChannel {
    if let cluster {
      _ = try cluster.directory.refresh()
      return cluster.directory.router(context)
    }
    _ = try nodes[0].connect(target.firstDatabase)
    return AnyChannel(try nodes[0].first())
  }

  // MARK: - Walking

  /// Walks all names once where superseded versions are asked for: only the end shows which version is the newest.
  ///
  /// Where an earlier run has saved its choice, that is the choice.
  mutating func learnVersions(
    knowing known: SupersededChoice? = nil
  ) throws(ClientError) -> SupersededChoice? {
    guard request.selection.learnsNames else { return nil }
    let choice =
      if let known { known } else { SupersededChoice(try countVersions(), request.selection) }
    lastingWarnings += choice.warnings
    return choice
  }

  private mutating func countVersions() throws(ClientError) -> VersionCensus {
    var census = SilentVisitor(VersionCensus(request.naming, request.selection))
    var names = self
    names.beginPass()
    var request = WalkRequest()
    request.selection = VersionCensus.names(deciding: self.request.selection)
    request.naming = self.request.naming
    (request.pace, request.rate, request.count) = (self.request.pace, self.request.rate, self.request.count)
    names.run(&census, request, [.database])
    result.addLookups(of: names.result)
    guard names.result.isComplete else {
      let circumstance = " while learning what all names show together; nothing was counted"
      let failure = names.result.failure
      throw failure?.adding(circumstance)
        ?? ClientError(
          .transient, (names.result.warnings.first ?? "some nodes did not answer") + circumstance)
    }
    return census.base
  }

  /// Leaves a time out of all figures during which the run only waited.
  mutating func exclude(_ wait: Duration) { context.start += wait }

  /// Forgets the results, for another walk over the same keys.
  mutating func beginPass() { result = WalkResult() }

  /// Walks some sources, which are all of one kind: the databases of each node, or names from elsewhere.
  ///
  /// Saves the results in the checkpoint, where there is one.
  mutating func walk<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, over sources: [KeySource] = [.database],
    savingTo checkpoint: ScanCheckpoint? = nil
  ) {
    var silent = SilentVisitor(visitor)
    walk(&silent, over: sources, savingTo: checkpoint)
    visitor = silent.base
  }

  /// The same for a visitor that sends commands of its own.
  mutating func walk<Visitor: SendingVisitor>(
    _ visitor: inout Visitor, over sources: [KeySource] = [.database],
    savingTo checkpoint: ScanCheckpoint? = nil
  ) {
    if !walkOneKey(&visitor, sources, checkpoint) { run(&visitor, request, sources, checkpoint) }
    checkpoint?.flush()
    lastingWarnings += checkpoint?.warnings ?? []
  }

  /// Asks for the one key that a pattern without wildcards names; false where the database has to be walked, because the
  /// server does not let it be asked for.
  private mutating func walkOneKey<Visitor: SendingVisitor>(
    _ visitor: inout Visitor, _ sources: [KeySource], _ checkpoint: ScanCheckpoint?
  ) -> Bool {
    guard let key = request.selection.pattern.literal, sources.count == 1, case .database = sources[0] else {
      return false
    }
    let before = result
    run(&visitor, request, [.key(key)], checkpoint)
    guard let failure = result.failure, failure.kind == .permission || failure.kind == .server else {
      return true
    }
    result = before
    return false
  }

  private mutating func run<Visitor: SendingVisitor>(
    _ visitor: inout Visitor, _ request: WalkRequest, _ sources: [KeySource],
    _ checkpoint: ScanCheckpoint? = nil
  ) {
    var task = NodeTask(
      request: request, databases: databases, sources: sources,
      seed: checkpoint?.terms?.seed ?? KeyHash.newSeed)
    task.checkpoint = checkpoint
    guard sources.allSatisfy(\.namesLiveKeys) else { return runRouted(&visitor, task) }
    if cluster != nil, sources.contains(where: \.isKey) { return runRouted(&visitor, task) }
    if let cluster {
      result.merge(cluster.walk(&visitor, task, context))
      return
    }
    task.slots = nodes[0].slots
    let progress = WalkProgress(nodes: 1, expected: allKeys(request), context: context)
    // The cursor shows the share of one database only.
    let hasShare = databases.count == 1
    var walk = NodeWalk(nodes[0], task, visitor, context: context) {
      progress.note(0, seen: $0, share: hasShare ? $1 : nil)
    }
    walk.run()
    visitor = walk.visitor
    result.merge(walk.result)
  }

  /// Walks names from elsewhere; in a cluster each is asked about at its owner.
  private mutating func runRouted<Visitor: SendingVisitor>(_ visitor: inout Visitor, _ task: NodeTask) {
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

  /// The keys that SCAN will name; nil where it names a part of them.
  private func allKeys(_ request: WalkRequest) -> Int? {
    request.selection.pattern.matchesEverything && request.selection.type == nil ? expected : nil
  }
}

extension CommandChannel {
  /// Asks whether SCAN takes a type, which it does from Redis 6 on.
  fileprivate func choosesByType() throws(ClientError) -> Bool {
    let error = try call("SCAN", "0", "COUNT", "1", "TYPE", "string").error
    return !(error?.isSyntaxError ?? false)
  }
}

/// The slots of a node of a cluster, as the node itself reports them.
private func ownSlots<Channel: CommandChannel>(
  of node: ServerNode<Channel>
) throws(ClientError) -> SlotSet? {
  let channel = try node.first()
  let topology = try ClusterTopology.read(from: channel)
  guard let id = try SlotMotion.read(from: channel).nodeID else { return nil }
  return topology.shards.first { $0.primary?.id == id || $0.replicas.contains { $0.id == id } }?.slots
}
