import Keyspace
import RedisClient
import Reporting
import Synchronization

/// Walks all shards of a cluster side by side, one worker each, and once more what has moved between them meanwhile.
struct ClusterWalk<Channel: CommandChannel> {
  /// What one node has brought.
  private struct Share<Visitor> {
    var visitor: Visitor
    var result: WalkResult
    var sieve: NameSieve
  }

  /// So often at least what has moved is looked at again, in case it moves on.
  private static var leastRounds: Int { 8 }

  let directory: ClusterDirectory<Channel>
  /// One of each shard that is walked.
  let nodes: [WalkNode<Channel>]
  /// Slots that nobody has.
  let uncovered: SlotSet
  private let target: WalkTarget<Channel>
  private let access: WalkNode<Channel>.Access
  private let topology: ClusterTopology

  /// Reads the topology from a node and connects to one node of each shard.
  ///
  /// Throws where none can be reached, or the user may not use one. Those that cannot be reached now are tried again
  /// when they are walked.
  init(
    _ target: WalkTarget<Channel>, reach: @escaping (Endpoint) throws(ClientError) -> Channel,
    from seed: Channel,
    _ access: WalkNode<Channel>.Access, _ request: WalkRequest, _ context: RunContext
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

  private static func node(
    _ endpoint: Endpoint, _ slots: SlotSet, _ access: WalkNode<Channel>.Access,
    _ directory: ClusterDirectory<Channel>
  ) -> WalkNode<Channel> {
    var access = access
    access.open = { _, isAgain throws(ClientError) in
      try directory.connect(toOwnerOf: slots, isAgain: isAgain)
    }
    return WalkNode(endpoint, slots: slots, access)
  }

  /// Connects to all nodes at once; the faults stand in their order.
  private static func connect(_ nodes: [WalkNode<Channel>], atMost limit: Int) -> [ClientError?] {
    Workers.run(nodes.count, atMost: limit) { index in try? nodes[index].begin() }
    return nodes.map(\.fault)
  }

  /// A node that stands for the whole cluster, for names that others have given.
  func routedNode(_ context: RunContext) -> WalkNode<AnyChannel> {
    let directory = directory
    let node = WalkNode<AnyChannel>(
      target.identity.endpoint, holdsCursors: false,
      .init(
        open: { _, isAgain throws(ClientError) in
          if isAgain { _ = try directory.refresh() }
          return directory.router(context)
        }, roundTrip: { _ in nil }, wallClock: access.wallClock, patience: access.patience))
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
    task.mostRemembered = NameSieve.most / nodes.count
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

  private func walk<Node: CommandChannel, Visitor: KeyVisitor>(
    _ nodes: [WalkNode<Node>], _ visitor: Visitor, _ task: NodeTask, _ context: RunContext,
    _ progress: WalkProgress? = nil
  ) -> [Share<Visitor>] {
    let shares = Mutex<[Int: Handed<Share<Visitor>>]>([:])
    let visitors = Handed(value: nodes.map { _ in visitor.fork() })
    let request = Handed(value: task)
    Workers.run(nodes.count, atMost: target.reading.mostNodes) { index in
      var task = request.value
      task.slots = nodes[index].slots
      var walk = NodeWalk(nodes[index], task, visitors.value[index], context: context) {
        progress?.note(index, seen: $0, share: $1)
      }
      walk.run()
      let share = Handed(
        value: Share(visitor: walk.visitor, result: walk.result, sieve: walk.sieves[0]))
      shares.withLock { $0[index] = share }
    }
    return shares.withLock { shares in nodes.indices.compactMap { shares[$0]?.value } }
  }

  /// What all nodes together come to: one that fails leaves the others' keys.
  private static func judged(_ results: [WalkResult], _ nodes: [WalkNode<Channel>]) -> WalkResult {
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

  // MARK: - What has moved

  /// Walks the slots again that have another owner now, or are on their way: what has been met is known, so that each key
  /// counts once. `moving` is what was on its way when an earlier run began whose checkpoint this one goes on with.
  private func settle<Visitor: KeyVisitor>(
    _ shares: inout [Share<Visitor>], _ result: inout WalkResult, _ motion: inout [SlotMotion],
    _ moving: SlotSet,
    _ visitor: Visitor, _ task: NodeTask, _ context: RunContext
  ) {
    var before = topology
    var settled = SlotSet()
    // A small keyspace is walked again in a moment, and slots move on for longer: they are given time.
    var backoff = Backoff(patience: target.reading.patience)
    for round in 0... {
      if round > 1 {
        let wait = backoff.next()
        guard wait != nil || round < ClusterWalk.leastRounds else { break }
        if let wait { context.pause(wait) }
      }
      let current = readMotion(of: nodes)
      let now: ClusterTopology
      do throws(ClientError) { now = try directory.refresh(current) } catch {
        result.isComplete = false
        result.warnings.append("whether slots have moved meanwhile could not be asked: \(error.message)")
        return
      }
      var moved = now.moved(since: before).union(moving)
      for slots in (motion + current).flatMap({ [$0.migrating, $0.importing] }) { moved = moved.union(slots) }
      for share in shares { moved = moved.union(share.sieve.retractedSlots) }
      moved = moved.union(lost(in: now))
      moved = moved.intersection(now.owned)
      let doubtful = ClusterWalk.refilled(from: motion, to: current)
      // What was on its way before, and still is, has been read on both sides.
      let isSettled =
        doubtful.isEmpty && moved.subtracting(settled).isEmpty && now.moved(since: before).isEmpty
      guard !isSettled else { return }
      if settled.isEmpty, !moved.isEmpty {
        result.warnings.append("slots moved between nodes meanwhile and were walked again: \(moved)")
      }
      guard !shares.contains(where: \.sieve.isFull) else {
        if moved.isEmpty { return }
        result.isComplete = false
        result.warnings.append(
          "there are too many keys to know which of them were met: those of the moved slots may be missing")
        return
      }
      before = now
      motion = current
      moved = moved.union(doubtful)
      settled = settled.union(moved)
      guard walkAgain(moved, in: now, &shares, &result, visitor, task, context) else { return }
    }
    result.isComplete = false
    result.warnings.append("slots go on moving: keys of \(settled) may be missing")
  }

  /// The slots of nodes that were given some meanwhile: one that left and came back stands in no comparison of maps.
  ///
  /// Whoever is given a slot takes the highest epoch of all (clusterBumpConfigEpochWithoutConsensus in Redis' cluster.c), so
  /// that the last owner's must have risen.
  private static func refilled(from earlier: [SlotMotion], to current: [SlotMotion]) -> SlotSet {
    zip(earlier, current).reduce(SlotSet()) { refilled, pair in
      let (before, now) = pair
      guard before.nodeID == now.nodeID, let first = before.epoch, let last = now.epoch, last > first else {
        return refilled
      }
      return refilled.union(now.owned ?? SlotSet())
    }
  }

  /// Slots that nodes were asked for and do not have any more: whoever was walked again from the start after they had moved
  /// away has not named their keys.
  private func lost(in topology: ClusterTopology) -> SlotSet {
    nodes.reduce(SlotSet()) { lost, node in
      guard node.fault == nil else { return lost }
      let shard = topology.shards.first { $0.members.contains { $0.address == node.endpoint.address } }
      guard let slots = node.slots, let shard else { return lost }
      return lost.union(slots.subtracting(shard.slots))
    }
  }

  /// Walks some slots at their owners, and then where they are going: a key on its way is met at one of them.
  private func walkAgain<Visitor: KeyVisitor>(
    _ slots: SlotSet, in topology: ClusterTopology, _ shares: inout [Share<Visitor>],
    _ result: inout WalkResult,
    _ visitor: Visitor, _ task: NodeTask, _ context: RunContext
  ) -> Bool {
    let owners = topology.shards.compactMap { shard in
      let own = shard.slots.intersection(slots)
      return own.isEmpty ? nil : ClusterWalk.node(directory.seed, own, access, directory)
    }
    _ = ClusterWalk.connect(owners, atMost: target.reading.mostNodes)
    guard take(owners, slots, &shares, &result, visitor, task, context) else { return false }
    let importers = zip(nodes, readMotion(of: nodes)).compactMap { node, motion in
      let arriving = motion.importing.intersection(slots)
      return arriving.isEmpty ? nil : importer(node, arriving)
    }
    for node in importers { try? node.begin() }
    return take(importers, slots, &shares, &result, visitor, task, context)
  }

  private func importer(_ node: WalkNode<Channel>, _ slots: SlotSet) -> WalkNode<AskingChannel<Channel>> {
    let (directory, home) = (directory, node.slots ?? SlotSet())
    return WalkNode(
      node.endpoint, slots: slots,
      .init(
        open: { _, isAgain throws(ClientError) in
          AskingChannel(try directory.connect(toOwnerOf: home, isAgain: isAgain))
        }, roundTrip: { _ in nil }, wallClock: access.wallClock, patience: access.patience))
  }

  private func take<Node: CommandChannel, Visitor: KeyVisitor>(
    _ nodes: [WalkNode<Node>], _ slots: SlotSet, _ shares: inout [Share<Visitor>], _ result: inout WalkResult,
    _ visitor: Visitor, _ task: NodeTask, _ context: RunContext
  ) -> Bool {
    var task = task
    for share in shares { task.known.formUnion(share.sieve.entries(in: slots)) }
    let more = walk(nodes, visitor, task, context)
    for share in more { result.merge(share.result) }
    shares += more
    return result.failure == nil
  }

  /// What each node is handing over or taking in; nothing where it does not tell.
  private func readMotion(of nodes: [WalkNode<Channel>]) -> [SlotMotion] {
    let motions = Mutex<[Int: SlotMotion]>([:])
    Workers.run(nodes.count, atMost: target.reading.mostNodes) { index in
      guard nodes[index].fault == nil, let channel = try? nodes[index].first(),
        let motion = try? SlotMotion.read(from: channel)
      else { return }
      motions.withLock { $0[index] = motion }
    }
    return motions.withLock { motions in nodes.indices.map { motions[$0] ?? SlotMotion() } }
  }
}

extension ClusterTopology {
  /// The slots that somebody has.
  var owned: SlotSet { SlotSet.all.subtracting(uncovered) }
}

extension ClientError {
  /// True where it is the run that is over, not one server that is lost.
  fileprivate var isRunOver: Bool { kind == .interrupted || message.hasPrefix("the run's time limit") }
}
