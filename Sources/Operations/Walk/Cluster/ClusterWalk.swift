import Keyspace
import RedisClient
import Synchronization

/// Walks all shards of a cluster side by side, one worker each, and once more what has moved between them meanwhile.
struct ClusterWalk<Channel: CommandChannel> {
  /// What one node has brought.
  struct Share<Visitor> {
    var visitor: Visitor
    var result: WalkResult
    var filter: NameFilter
  }

  let directory: ClusterDirectory<Channel>
  /// One of each shard that is walked.
  let nodes: [ServerNode<Channel>]
  /// Slots that nobody has.
  let uncovered: SlotSet
  let target: WalkTarget<Channel>
  let access: ServerNode<Channel>.Access
  let topology: ClusterTopology

  /// Reads the topology from a node and connects to one node of each shard.
  ///
  /// Throws where none can be reached, or the user may not use one. Those that cannot be reached now are tried again
  /// when they are walked.
  init(
    _ target: WalkTarget<Channel>, reach: @escaping (Endpoint) throws(ClientError) -> Channel,
    from seed: Channel,
    _ access: ServerNode<Channel>.Access, _ request: WalkRequest, _ context: RunContext
  ) throws(ClientError) {
    let directory = try ClusterDirectory(target, reach: reach, from: seed)
    self.directory = directory
    self.target = target
    self.access = access
    topology = directory.topology
    uncovered = topology.uncovered
    // A tag that every key of the choice has leaves one shard to ask.
    let only = request.selection.pattern.slotKey.map { HashSlot(key: $0.span) }
    let shards = topology.shards.filter { shard in only.map { shard.slots.contains($0) } ?? true }
    guard !shards.isEmpty else {
      throw ClientError(
        .transient,
        only.map { "no node of the cluster has slot \($0), where all keys of the pattern lie" }
          ?? "no node of the cluster has any slots",
        hints: ["CLUSTER SHARDS shows who should have them"])
    }
    let topology = topology
    nodes = shards.map { shard in
      let place = (target.reading.usesReplicas ? shard.replicas.first : nil) ?? shard.primary
      return ClusterWalk.node(
        place.map { topology.endpoint(of: $0, like: seed.endpoint) } ?? seed.endpoint, shard.slots, access,
        directory)
    }
    let faults = ClusterWalk.connect(nodes, atMost: target.reading.mostNodes)
    let first = faults.compactMap(\.self).first { !$0.isWorthAnotherTry } ?? faults[0]
    if let first, !first.isWorthAnotherTry || faults.allSatisfy({ $0 != nil }) { throw first }
  }

  /// What is to be said whatever is walked.
  var warnings: [String] {
    uncovered.isEmpty
      ? [] : ["no node of the cluster has the slots \(uncovered): their keys are not reached by anybody"]
  }

  static func node(
    _ endpoint: Endpoint, _ slots: SlotSet, _ access: ServerNode<Channel>.Access,
    _ directory: ClusterDirectory<Channel>
  ) -> ServerNode<Channel> {
    var access = access
    access.open = { _, isAgain throws(ClientError) in
      try directory.connect(toOwnerOf: slots, isAgain: isAgain)
    }
    return ServerNode(endpoint, slots: slots, access)
  }

  /// Connects to all nodes at once; the faults stand in their order.
  static func connect(_ nodes: [ServerNode<Channel>], atMost limit: Int) -> [ClientError?] {
    Workers.run(nodes.count, atMost: limit) { index in try? nodes[index].begin() }
    return nodes.map(\.fault)
  }

  /// A node that stands for the whole cluster, for names that others have given.
  func routedNode(_ context: RunContext) -> ServerNode<AnyChannel> {
    let directory = directory
    let node = ServerNode<AnyChannel>(
      target.identity.endpoint, holdsCursors: false,
      .init(
        open: { _, isAgain throws(ClientError) in
          if isAgain { _ = try directory.refresh() }
          return directory.router(context)
        }, roundTrip: { _ in nil }, wallClock: access.wallClock, retryFor: access.retryFor))
    try? node.begin()
    return node
  }

  // MARK: - Walking

  /// Walks every shard, and adds what was found to the visitor.
  func walk<Visitor: KeyVisitor>(_ visitor: inout Visitor, _ task: NodeTask, _ context: RunContext)
    -> WalkResult
  {
    var task = task
    task.nodes = nodes.count
    task.mostRemembered = NameFilter.most / nodes.count
    var motion = readMotion(of: nodes)
    let moving = task.checkpoint?.noteMoving(
      motion.reduce(SlotSet()) { $0.union($1.migrating).union($1.importing) })
    let counts = nodes.map { $0.counted(in: task.databases)?.keys }
    let seesAll = task.request.selection.pattern.matchesEverything && task.request.selection.type == nil
    let expected = counts.contains { $0 == nil } ? nil : counts.compactMap(\.self).reduce(0, +)
    let progress = WalkProgress(nodes: nodes.count, expected: seesAll ? expected : nil, context: context)
    var shares = walk(nodes, visitor, task, context, progress)
    // What has come so far is kept; what is walked once more would be so by another run as well.
    task.checkpoint = nil
    var result = ClusterWalk.judged(shares.map(\.result), nodes)
    // Nothing is looked at again of what was not looked at once.
    if result.failure == nil, !shares.contains(where: \.visitor.wantsStop) {
      settle(&shares, &result, &motion, moving ?? SlotSet(), visitor, task, context)
    }
    for share in shares { visitor.merge(share.visitor) }
    return result
  }

  func walk<Node: CommandChannel, Visitor: KeyVisitor>(
    _ nodes: [ServerNode<Node>], _ visitor: Visitor, _ task: NodeTask, _ context: RunContext,
    _ progress: WalkProgress? = nil
  ) -> [Share<Visitor>] {
    let shares = Mutex<[Int: Transferred<Share<Visitor>>]>([:])
    let visitors = Transferred(value: nodes.map { _ in visitor.fork() })
    let request = Transferred(value: task)
    Workers.run(nodes.count, atMost: target.reading.mostNodes) { index in
      var task = request.value
      task.slots = nodes[index].slots
      var walk = NodeWalk(nodes[index], task, visitors.value[index], context: context) {
        progress?.note(index, seen: $0, share: $1)
      }
      walk.run()
      let share = Transferred(
        value: Share(visitor: walk.visitor, result: walk.result, filter: walk.filters[0]))
      shares.withLock { $0[index] = share }
    }
    return shares.withLock { shares in nodes.indices.compactMap { shares[$0]?.value } }
  }

  /// What all nodes together come to: one that fails leaves the others' keys.
  private static func judged(_ results: [WalkResult], _ nodes: [ServerNode<Channel>]) -> WalkResult {
    var total = WalkResult()
    let failures = results.compactMap(\.failure)
    let allFailed = failures.count == results.count
    for (result, node) in zip(results, nodes) {
      var result = result
      if let failure = result.failure, failure.isWorthAnotherTry, !allFailed, !failure.isRunOver {
        result.failure = nil
        result.warnings.append(
          "the slots \(node.slots?.description ?? "") are not covered: \(failure.message)")
      }
      total.merge(result)
    }
    return total
  }
}

extension ClientError {
  /// True where it is the run that is over, not one server that is lost.
  fileprivate var isRunOver: Bool { kind == .interrupted || kind == .runOver }
}
