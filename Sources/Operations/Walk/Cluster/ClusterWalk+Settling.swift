import RedisClient
import Synchronization

/// What moves between nodes while they are walked.
extension ClusterWalk {
  /// So often at least what has moved is looked at again, in case it moves on.
  private static var leastRounds: Int { 8 }

  /// Walks the slots again that have another owner now, or are on their way: what has been met is known, so that each key
  /// counts once. `moving` is what was on its way when an earlier run began whose checkpoint this one goes on with.
  func settle<Visitor: KeyVisitor>(
    _ shares: inout [Share<Visitor>], _ result: inout WalkResult, _ motion: inout [SlotMotion],
    _ moving: SlotSet,
    _ visitor: Visitor, _ task: NodeTask, _ context: RunContext
  ) {
    var before = topology
    var settled = SlotSet()
    // A small keyspace is walked again in a moment, and slots move on for longer: they are given time.
    var backoff = Backoff(retryFor: target.reading.retryFor)
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
      for share in shares { moved = moved.union(share.filter.retractedSlots) }
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
      guard !shares.contains(where: \.filter.isFull) else {
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

  private func importer(_ node: ServerNode<Channel>, _ slots: SlotSet) -> ServerNode<AskingChannel<Channel>> {
    let (directory, home) = (directory, node.slots ?? SlotSet())
    return ServerNode(
      node.endpoint, slots: slots,
      .init(
        open: { _, isAgain throws(ClientError) in
          AskingChannel(try directory.connect(toOwnerOf: home, isAgain: isAgain))
        }, roundTrip: { _ in nil }, wallClock: access.wallClock, retryFor: access.retryFor))
  }

  private func take<Node: CommandChannel, Visitor: KeyVisitor>(
    _ nodes: [ServerNode<Node>], _ slots: SlotSet, _ shares: inout [Share<Visitor>],
    _ result: inout WalkResult,
    _ visitor: Visitor, _ task: NodeTask, _ context: RunContext
  ) -> Bool {
    var task = task
    for share in shares { task.known.formUnion(share.filter.entries(in: slots)) }
    let more = walk(nodes, visitor, task, context)
    for share in more { result.merge(share.result) }
    shares += more
    return result.failure == nil
  }

  /// What each node is handing over or taking in; nothing where it does not tell.
  func readMotion(of nodes: [ServerNode<Channel>]) -> [SlotMotion] {
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
