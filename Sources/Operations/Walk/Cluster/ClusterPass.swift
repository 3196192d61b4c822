import Bytes
import Keyspace
import RedisClient
import Synchronization

/// One pass of a visitor over the shards of a cluster: side by side, one worker each, and once more over the slots that have
/// moved between them meanwhile.
struct ClusterPass<Channel: CommandChannel, Visitor: SendingVisitor> {
  /// What the walk of one node has found.
  private struct Share {
    var visitor: Visitor
    var result: WalkResult
    var filter: NameFilter
  }

  /// How often moved slots are walked again at least, in case they move on.
  private static var leastRounds: Int { 8 }

  private let cluster: ClusterWalk<Channel>
  /// A visitor to fork.
  private let visitor: Visitor
  private var task: NodeTask
  private let context: RunContext
  private var shares: [Share] = []
  private(set) var result = WalkResult()
  /// What the nodes were exporting and importing at the last look.
  private var motion: [SlotMotion] = []

  init(
    over cluster: ClusterWalk<Channel>, with visitor: Visitor, _ task: NodeTask, _ context: RunContext
  ) {
    self.cluster = cluster
    self.visitor = visitor
    self.context = context
    self.task = task
    self.task.nodes = cluster.nodes.count
    self.task.mostRemembered = NameFilter.most / cluster.nodes.count
  }

  /// Walks every shard.
  mutating func run() {
    motion = cluster.readMotion()
    let moving = task.checkpoint?.noteMoving(
      motion.reduce(SlotSet()) { $0.union($1.migrating).union($1.importing) })
    shares = walk(cluster.nodes, progress)
    // The checkpoint holds this much; a later run would repeat the rest, too.
    task.checkpoint = nil
    judge()
    // Slots are not walked again where some were not walked once.
    if result.failure == nil, !shares.contains(where: \.visitor.wantsStop) { settle(moving ?? SlotSet()) }
  }

  /// Adds what was found to a visitor.
  func merge(into visitor: inout Visitor) {
    for share in shares { visitor.merge(share.visitor) }
  }

  private var progress: WalkProgress {
    let counts = cluster.nodes.map { $0.counted(in: task.databases).flatMap(\.keys) }
    let seesAll = task.request.selection.pattern.matchesEverything && task.request.selection.type == nil
    return WalkProgress(nodes: counts.count, expected: seesAll ? counts.known : nil, context: context)
  }

  private func walk<NodeChannel: CommandChannel>(
    _ nodes: [ServerNode<NodeChannel>], _ progress: WalkProgress? = nil
  ) -> [Share] {
    let shares = Mutex<[Int: Transferred<Share>]>([:])
    let visitors = Transferred(value: nodes.map { _ in visitor.fork() })
    let request = Transferred(value: task)
    let context = context
    Workers.run(nodes.count, atMost: cluster.reading.mostNodes) { index in
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

  /// Adds up the results: a node that fails leaves the keys of the others.
  private mutating func judge() {
    let results = shares.map(\.result)
    let failures = results.compactMap(\.failure)
    let allFailed = failures.count == results.count
    for (share, node) in zip(results, cluster.nodes) {
      var share = share
      if let failure = share.failure, failure.isWorthAnotherTry, !allFailed, !failure.isRunOver {
        share.failure = nil
        share.warnings.append(
          "the slots \(node.slots?.description ?? "") are not covered: \(failure.message)")
      }
      result.merge(share)
    }
  }

  // MARK: - Slots that move

  /// Walks the slots again that have another owner now, or are moving: the names met so far are known, so that each key
  /// counts once. `moving` are slots that were moving when an earlier run began whose checkpoint this one resumes.
  private mutating func settle(_ moving: SlotSet) {
    var before = cluster.topology
    var settled = SlotSet()
    // A small keyspace is walked again in a moment, and slots move for longer: wait between rounds.
    var backoff = Backoff(retryFor: cluster.reading.retryFor)
    for round in 0... {
      if round > 1 {
        let wait = backoff.next()
        guard wait != nil || round < Self.leastRounds else { break }
        if let wait { context.pause(wait) }
      }
      let current = cluster.readMotion()
      let now: ClusterTopology
      do throws(ClientError) { now = try cluster.directory.refresh(believing: current) } catch {
        result.isComplete = false
        result.warnings.append("whether slots have moved meanwhile could not be asked: \(error.message)")
        return
      }
      let moved = moved(from: before, to: now, current).union(moving).intersection(now.owned)
      let refilled = refilled(since: current)
      // Slots that were moving before, and still are, have been read on both sides.
      let isSettled =
        refilled.isEmpty && moved.subtracting(settled).isEmpty && now.moved(since: before).isEmpty
      guard !isSettled else { return }
      if settled.isEmpty, !moved.isEmpty {
        result.warnings.append("slots moved between nodes meanwhile and were walked again: \(moved)")
      }
      guard !shares.contains(where: \.filter.isFull) else {
        if moved.isEmpty { return }
        result.isComplete = false
        result.warnings.append(
          "there are too many keys to know which of them were met: those of the moved slots may be missing")
        return
      }
      (before, motion) = (now, current)
      let again = moved.union(refilled)
      settled = settled.union(again)
      guard walkAgain(again, in: now) else { return }
    }
    result.isComplete = false
    result.warnings.append("slots go on moving: keys of \(settled) may be missing")
  }

  /// The slots whose keys may have moved between two looks at the cluster.
  private func moved(
    from before: ClusterTopology, to now: ClusterTopology, _ current: [SlotMotion]
  ) -> SlotSet {
    var moved = now.moved(since: before)
    for slots in (motion + current).flatMap({ [$0.migrating, $0.importing] }) { moved = moved.union(slots) }
    for share in shares { moved = moved.union(share.filter.retractedSlots) }
    return moved.union(lost(in: now))
  }

  /// The slots of nodes that have got new slots meanwhile: a slot that left and came back shows in no comparison of
  /// topologies.
  ///
  /// A node that gets a slot takes the highest epoch of all (clusterBumpConfigEpochWithoutConsensus in Redis' cluster.c), so
  /// the last owner's epoch must have risen.
  private func refilled(since current: [SlotMotion]) -> SlotSet {
    zip(motion, current).reduce(SlotSet()) { refilled, pair in
      let (before, now) = pair
      guard before.nodeID == now.nodeID, let first = before.epoch, let last = now.epoch, last > first else {
        return refilled
      }
      return refilled.union(now.owned ?? SlotSet())
    }
  }

  /// Slots that nodes were asked for and no longer have: a node that was walked again from the start after they had moved
  /// away has not named their keys.
  private func lost(in topology: ClusterTopology) -> SlotSet {
    let places = topology.shards.flatMap { shard in shard.members.map { ($0.address, shard) } }
    let owners = Dictionary(places) { first, _ in first }
    return cluster.nodes.reduce(SlotSet()) { lost, node in
      guard node.fault == nil else { return lost }
      let shard = owners[node.endpoint.address]
      guard let slots = node.slots, let shard else { return lost }
      return lost.union(slots.subtracting(shard.slots))
    }
  }

  /// Walks some slots at their owners, and then at the nodes that they move to: a key that moves is met at one of them.
  /// False where the pass has failed.
  private mutating func walkAgain(_ slots: SlotSet, in topology: ClusterTopology) -> Bool {
    let owners = topology.shards.compactMap { shard in
      let own = shard.slots.intersection(slots)
      return own.isEmpty ? nil : cluster.owner(of: own)
    }
    _ = ClusterWalk<Channel>.connect(owners, atMost: cluster.reading.mostNodes, context)
    guard walkMore(owners, slots) else { return false }
    let (importers, missing) = cluster.importers(of: slots)
    if !missing.isEmpty {
      result.isComplete = false
      result.warnings.append(
        "the slots \(missing) are moving to a node that cannot be asked: keys that are there may be missing")
    }
    for node in importers { try? node.begin() }
    return walkMore(importers, slots)
  }

  private mutating func walkMore<NodeChannel: CommandChannel>(
    _ nodes: [ServerNode<NodeChannel>], _ slots: SlotSet
  ) -> Bool {
    let known = task.known
    for share in shares { task.known.formUnion(share.filter.entries(in: slots)) }
    let more = walk(nodes)
    task.known = known
    for share in more { result.merge(share.result) }
    shares += more
    return result.failure == nil
  }
}

extension ClientError {
  /// True where it is the run that is over, not one server that is lost.
  fileprivate var isRunOver: Bool { kind == .interrupted || kind == .runOver }
}
