import Bytes

/// A channel to a whole cluster: each command goes to the node that owns the slot of its key, and replies come in the
/// order of the commands, as from one server.
///
/// Commands without a key go to one node, always the same; a transaction goes, whole, where its first key lies. What a
/// node answers with MOVED or ASK was not carried out, and is sent on; so is, after a wait, what meets TRYAGAIN or
/// CLUSTERDOWN. Nodes work side by side; the channel itself belongs to one thread.
package final class ClusterChannel<Node: CommandChannel>: CommandChannel {
  /// How the channel finds and reaches nodes.
  package struct Access {
    /// Reads the topology anew.
    package var refresh: () throws(ClientError) -> ClusterTopology
    /// Opens a connection to a place.
    package var reach: (Endpoint.Address) throws(ClientError) -> Node
    /// Waits so long, given how often it has been waited already for one command; nil gives up.
    package var wait: (Int) -> Duration?

    /// Makes an access from its parts.
    package init(
      refresh: @escaping () throws(ClientError) -> ClusterTopology,
      reach: @escaping (Endpoint.Address) throws(ClientError) -> Node,
      wait: @escaping (Int) -> Duration?
    ) {
      self.refresh = refresh
      self.reach = reach
      self.wait = wait
    }
  }

  /// One command, or a transaction, that has been sent.
  private struct Unit {
    let batch: CommandBuffer
    let slot: HashSlot?
    /// Where it was sent; nil where no node has its slot.
    let address: Endpoint.Address?

    /// True for SSCAN, HSCAN and ZSCAN that go on: their cursors hold for the process that gave them.
    var isInsideOfCollection: Bool {
      guard batch.count == 1, let range = batch.ranges.first else { return false }
      let words = batch.words(range, atMost: 3)
      let names: [StaticString] = ["SSCAN", "HSCAN", "ZSCAN"]
      guard words.count == 3, names.contains(where: { CommandKey.isName(words[0], $0) }) else { return false }
      return !words[2].elementsEqual([UInt8(ascii: "0")])
    }
  }

  /// A command is sent on at most so often.
  package static var mostRedirections: Int { 5 }

  /// Where the cluster was met first.
  package let endpoint: Endpoint
  private let access: Access
  private var topology: ClusterTopology
  private var nodes: [Endpoint.Address: Node] = [:]
  /// What was sent and not received, the oldest first.
  private var outstanding: ArraySlice<Unit> = []
  /// Replies of a transaction that were received and not yet asked for.
  private let spare = ReplyBuffer()
  private var spareTaken = 0
  private let scratch = ReplyBuffer()
  /// How often in a row it has been waited for nodes that do nothing now; common to all commands, of which each would
  /// wait as long otherwise.
  private var waits = 0

  /// Makes a channel; nothing is connected yet.
  package init(seed: Endpoint, topology: ClusterTopology, access: Access) {
    endpoint = seed
    self.topology = topology
    self.access = access
  }

  // MARK: - Sending

  /// Queues each command at the node that it belongs to.
  package func send(_ commands: CommandBuffer) throws(ClientError) {
    var shares: [Endpoint.Address: CommandBuffer] = [:]
    for unit in try units(of: commands) {
      outstanding.append(unit)
      guard let address = unit.address else { continue }
      shares[address, default: CommandBuffer()].append(encoded: unit.batch)
    }
    for (address, batch) in shares { try node(address).send(batch) }
  }

  /// Cuts a batch into commands, keeping transactions whole.
  private func units(of commands: CommandBuffer) throws(ClientError) -> [Unit] {
    var units: [Unit] = []
    var open: (batch: CommandBuffer, slot: HashSlot?)?
    for range in commands.ranges {
      let words = commands.words(range, atMost: 3)
      let name = words.first ?? []
      let slot = CommandKey.position(name).flatMap {
        $0 < words.count ? HashSlot(key: Array(words[$0]).span) : nil
      }
      var batch = open?.batch ?? CommandBuffer()
      batch.append(encoded: commands, range)
      let place = open.flatMap(\.slot) ?? slot
      if CommandKey.isName(name, "MULTI") || open != nil && !CommandKey.isName(name, "EXEC") {
        open = (batch, place)
      } else {
        open = nil
        units.append(Unit(batch: batch, slot: place, address: try address(of: place)))
      }
    }
    if let open {
      units.append(
        Unit(batch: open.batch, slot: open.slot, address: try address(of: open.slot)))
    }
    return units
  }

  /// The node that has a slot; nil where none has, even now.
  private func address(of slot: HashSlot?) throws(ClientError) -> Endpoint.Address? {
    if let address = known(slot) { return address }
    topology = try access.refresh()
    return known(slot)
  }

  private func known(_ slot: HashSlot?) -> Endpoint.Address? {
    (slot.map { topology.owner(of: $0) } ?? topology.shards.first)?.primary?.address
  }

  private func node(_ address: Endpoint.Address) throws(ClientError) -> Node {
    if let node = nodes[address] { return node }
    let node = try access.reach(address)
    nodes[address] = node
    return node
  }

  // MARK: - Receiving

  /// Waits for the next replies in the order of their commands.
  package func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    var missing = count
    while missing > 0 {
      if spareTaken < spare.count {
        replies.append(copying: spare[spareTaken])
        spareTaken += 1
        missing -= 1
        continue
      }
      spare.removeAll()
      spareTaken = 0
      guard let unit = outstanding.popFirst() else {
        throw ClientError(.protocolViolation, "a reply is awaited that nothing was sent for")
      }
      let target = unit.batch.count <= missing ? replies : spare
      if target === replies { missing -= unit.batch.count }
      try receive(unit, into: target)
    }
  }

  private func receive(_ unit: Unit, into replies: ReplyBuffer) throws(ClientError) {
    scratch.removeAll()
    if let address = unit.address {
      try node(address).receive(unit.batch.count, into: scratch)
    } else {
      answerForNobody(unit)
    }
    if scratch.hasErrors, obstacle(in: scratch) != nil { try sendOn(unit) }
    for index in 0..<scratch.count { replies.append(copying: scratch[index]) }
  }

  /// Answers what could be sent to no node as the nodes answer for slots that nobody has: other commands of the same batch
  /// go their way.
  private func answerForNobody(_ unit: Unit) {
    scratch.removeAll()
    for _ in 0..<unit.batch.count {
      scratch.append(
        error: "CLUSTERDOWN no node of the cluster has slot \(unit.slot?.description ?? "0") now")
    }
  }

  /// The first reply that says that a unit was not carried out, or not here.
  private func obstacle(in replies: ReplyBuffer) -> ServerError? {
    for index in 0..<replies.count {
      if let error = replies[index].error, error.isRedirection || error.isTransient { return error }
    }
    return nil
  }

  /// Sends a unit where it was redirected to, until its answer is none of the kind; leaves the replies in `scratch`.
  ///
  /// Other units of the same node may be outstanding: it goes over a connection of its own.
  private func sendOn(_ unit: Unit) throws(ClientError) {
    var (address, redirections) = (unit.address, 0)
    while let error = obstacle(in: scratch) {
      var isAsking = false
      if let asked = address, let redirection = Redirection(error, askedAt: endpoint.at(asked)) {
        redirections += 1
        if unit.isInsideOfCollection {
          throw ClientError(
            .transient, "a collection moved to another node while it was read: \(error.shownMessage)")
        }
        guard redirections <= Self.mostRedirections else {
          throw ClientError(
            .transient,
            "the nodes of the cluster send a command from one to the other: \(error.shownMessage)",
            hints: ["they disagree on who owns the slot: CLUSTER NODES on each shows it"])
        }
        address = redirection.address
        isAsking = redirection.kind == .ask
        if !isAsking { topology = (try? access.refresh()) ?? topology }
      } else {
        // A transaction that was refused in its middle, or a slot between two nodes.
        guard let pause = access.wait(waits) else { return }
        waits += 1
        self.pause(pause)
        if address == nil { topology = (try? access.refresh()) ?? topology }
        // Where it was asked last it may be asked by a redirection only: the owner of the slot says where to go now.
        address = known(unit.slot)
        redirections = 0
      }
      guard let place = address else {
        answerForNobody(unit)
        continue
      }
      let node = try access.reach(place)
      scratch.removeAll()
      // One is enough for a transaction, in which it would be queued like any other command: it holds to EXEC
      // (resetClient in Redis' networking.c).
      var batch = CommandBuffer()
      if isAsking { batch.append("ASKING") }
      batch.append(encoded: unit.batch)
      try node.send(batch)
      if isAsking { try node.receive(1, into: ReplyBuffer()) }
      try node.receive(unit.batch.count, into: scratch)
    }
    waits = 0
  }

  /// Waits without using the servers.
  package func pause(_ duration: Duration) {
    if let node = nodes.values.first { node.pause(duration) } else { Interruption.none.sleep(duration) }
  }
}
