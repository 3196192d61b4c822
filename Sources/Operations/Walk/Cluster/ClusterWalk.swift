import Keyspace
import RedisClient
import Synchronization

/// The shards of a cluster as they are walked: one node of each, and the directory by which nodes are found again.
struct ClusterWalk<Channel: CommandChannel> {
  let directory: ClusterDirectory<Channel>
  /// One node of each shard that is walked.
  let nodes: [ServerNode<Channel>]
  /// One node of each of the other shards, for slots that are moving there; not connected before they are asked.
  private let bystanders: [ServerNode<Channel>]
  /// Slots that no node has.
  let uncovered: SlotSet
  /// Shards that have no replica to read, where replicas are to be read.
  private let unreplicated: [ClusterTopology.Shard]
  /// The topology at the beginning.
  let topology: ClusterTopology
  let reading: WalkReading
  private let identity: WalkIdentity
  private let context: RunContext
  private let access: ServerNode<Channel>.Access

  /// Reads the topology from a node and connects to one node of each shard.
  ///
  /// Throws where none can be reached, or the user may not use one. Nodes that cannot be reached now are tried again when
  /// they are walked.
  init(
    _ target: WalkTarget<Channel>, reach: @escaping (Endpoint) throws(ClientError) -> Channel,
    from seed: Channel, _ access: ServerNode<Channel>.Access, _ request: WalkRequest, _ context: RunContext
  ) throws(ClientError) {
    let directory = try ClusterDirectory(target, reach: reach, from: seed)
    self.directory = directory
    self.access = access
    self.context = context
    (reading, identity) = (target.reading, target.identity)
    let topology = directory.topology
    self.topology = topology
    uncovered = topology.uncovered
    // A hash tag that every key of the choice has leaves one shard to ask.
    let only = request.selection.pattern.slotKey.map { HashSlot(key: $0.span) }
    let asked = topology.shards.filter { shard in only.map { shard.slots.contains($0) } ?? true }
    unreplicated = target.reading.usesReplicas ? asked.filter(\.replicas.isEmpty) : []
    let shards = target.reading.usesReplicas ? asked.filter { !$0.replicas.isEmpty } : asked
    guard !shards.isEmpty || asked.isEmpty else {
      throw ClientError(
        .unreachable, "no shard of the cluster has a replica that can be read", hints: [.readPrimary])
    }
    guard !shards.isEmpty else {
      throw ClientError(
        .transient,
        only.map { "no node of the cluster has slot \($0), where all keys of the pattern lie" }
          ?? "no node of the cluster has any slots",
        hints: ["CLUSTER SHARDS shows who should have them"])
    }
    let usesReplicas = target.reading.usesReplicas
    func node(of shard: ClusterTopology.Shard) -> ServerNode<Channel> {
      let place = (usesReplicas ? shard.replicas.first : nil) ?? shard.primary
      let endpoint = place.map { topology.endpoint(of: $0, like: seed.endpoint) } ?? seed.endpoint
      return ClusterWalk.owner(of: shard.slots, at: endpoint, access, directory)
    }
    nodes = shards.map(node)
    bystanders = topology.shards.filter { shard in !(only.map { shard.slots.contains($0) } ?? true) }.map(
      node)
    let faults = ClusterWalk.connect(nodes, atMost: target.reading.mostNodes, context)
    let first = faults.compactMap(\.self).first { !$0.isWorthAnotherTry } ?? faults[0]
    if let first, !first.isWorthAnotherTry || faults.allSatisfy({ $0 != nil }) { throw first }
    if context.mustStop { throw context.stopError(" while connecting to the nodes of the cluster") }
  }

  /// The warnings that concern every walk.
  var warnings: [String] {
    let lost =
      uncovered.isEmpty
      ? [] : ["no node of the cluster has the slots \(uncovered): their keys cannot be reached"]
    return lost
      + unreplicated.map { shard in
        let primary = shard.primary.map { " of \($0.address)" } ?? ""
        return
          "the slots \(shard.slots)\(primary) are not covered: their shard has no replica that can be read"
      }
  }

  /// True where only some shards are asked, because the others cannot have a key of the choice, or cannot be read.
  var asksSomeShards: Bool { nodes.count < topology.shards.count }

  /// The shards that are asked, as a title has them: "cluster of 3 shards", "1 of 3 shards asked".
  var title: String {
    let all = topology.shards.count
    return asksSomeShards
      ? "cluster, \(nodes.count) of \(all) shards asked" : "cluster of \(all) shard\(all == 1 ? "" : "s")"
  }

  /// True where keys of the cluster are not looked at.
  var missesShards: Bool { !uncovered.isEmpty || !unreplicated.isEmpty }

  /// Walks every shard, and adds what was found to the visitor.
  func walk<Visitor: SendingVisitor>(
    _ visitor: inout Visitor, _ task: NodeTask, _ context: RunContext
  ) -> WalkResult {
    var pass = ClusterPass(over: self, with: visitor, task, context)
    pass.run()
    pass.merge(into: &visitor)
    return pass.result
  }

  // MARK: - Nodes

  /// Connects to all nodes at once; returns their faults in order. Those that are left when the run must end are not
  /// connected.
  static func connect(
    _ nodes: [ServerNode<Channel>], atMost limit: Int, _ context: RunContext
  ) -> [ClientError?] {
    Workers.run(nodes.count, atMost: limit) { index in
      if !context.mustStop { try? nodes[index].begin() }
    }
    return nodes.map(\.fault)
  }

  /// The owner of some slots, whichever node that is at each connection.
  func owner(of slots: SlotSet) -> ServerNode<Channel> {
    ClusterWalk.owner(of: slots, at: directory.seed, access, directory)
  }

  private static func owner(
    of slots: SlotSet, at endpoint: Endpoint, _ access: ServerNode<Channel>.Access,
    _ directory: ClusterDirectory<Channel>
  ) -> ServerNode<Channel> {
    var access = access
    access.open = { _, isAgain throws(ClientError) in
      try directory.connect(toOwnerOf: slots, isAgain: isAgain)
    }
    return ServerNode(endpoint, slots: slots, access)
  }

  /// A node that some slots are moving to, asked about their keys although it does not have the slots yet.
  func importer(of slots: SlotSet, at node: ServerNode<Channel>) -> ServerNode<AskingChannel<Channel>> {
    let (directory, home) = (directory, node.slots ?? SlotSet())
    return ServerNode(
      node.endpoint, slots: slots,
      .init(
        open: { _, isAgain throws(ClientError) in
          AskingChannel(try directory.connect(toOwnerOf: home, isAgain: isAgain))
        }, roundTrip: { _ in nil }, wallClock: access.wallClock, retryFor: access.retryFor))
  }

  /// A node that represents the whole cluster, for keys of any slot.
  func routedNode(_ context: RunContext) -> ServerNode<AnyChannel> {
    let directory = directory
    let node = ServerNode<AnyChannel>(
      identity.endpoint, keepsCursors: false,
      .init(
        open: { _, isAgain throws(ClientError) in
          if isAgain { _ = try directory.refresh() }
          return directory.router(context)
        }, roundTrip: { _ in nil }, wallClock: access.wallClock, retryFor: access.retryFor))
    try? node.begin()
    return node
  }

  /// The nodes that some slots are moving to, and those of the slots that none of them reports.
  func importers(of slots: SlotSet) -> (nodes: [ServerNode<AskingChannel<Channel>>], missing: SlotSet) {
    let moving = slots.intersection(readMotion().reduce(SlotSet()) { $0.union($1.migrating) })
    if !moving.isEmpty, !bystanders.isEmpty {
      _ = ClusterWalk.connect(bystanders, atMost: reading.mostNodes, context)
    }
    let candidates = moving.isEmpty ? nodes : nodes + bystanders
    var (found, missing) = ([ServerNode<AskingChannel<Channel>>](), moving)
    for (node, motion) in zip(candidates, readMotion(of: candidates)) {
      let arriving = motion.importing.intersection(slots)
      missing = missing.subtracting(arriving)
      if !arriving.isEmpty { found.append(importer(of: arriving, at: node)) }
    }
    return (found, missing)
  }

  /// What each node is exporting or importing; nothing where it does not answer.
  func readMotion() -> [SlotMotion] { readMotion(of: nodes) }

  private func readMotion(of nodes: [ServerNode<Channel>]) -> [SlotMotion] {
    let motions = Mutex<[Int: SlotMotion]>([:])
    let context = context
    Workers.run(nodes.count, atMost: reading.mostNodes) { index in
      guard !context.mustStop, nodes[index].fault == nil, let channel = try? nodes[index].first(),
        let motion = try? SlotMotion.read(from: channel)
      else { return }
      motions.withLock { $0[index] = motion }
    }
    return motions.withLock { motions in nodes.indices.map { motions[$0] ?? SlotMotion() } }
  }
}
