/// A channel to a whole cluster: each command goes to the node that owns the slot of its key, and replies come in the
/// order of the commands, as from one server.
///
/// Commands without a key go to one node, always the same; a transaction goes, whole, where its first key lies. What a
/// node answers with MOVED or ASK was not carried out, and is sent on; so is, after a wait, what meets TRYAGAIN or
/// CLUSTERDOWN. Nodes work side by side; the channel itself belongs to one thread.
public final class ClusterChannel<Node: CommandChannel>: CommandChannel {
  /// How the channel finds and reaches nodes.
  public struct Access {
    /// Reads the topology anew.
    public var refresh: () throws(ClientError) -> ClusterTopology
    /// Opens a connection to a place.
    public var reach: (Endpoint.Address) throws(ClientError) -> Node
    /// Waits so long, given how often it has been waited already for one command; nil gives up.
    public var wait: (Int) -> Duration?

    /// Makes an access from its parts.
    public init(
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
    let flight: CommandBuffer
    let address: Endpoint.Address
  }

  /// A command is sent on at most so often.
  public static var mostRedirections: Int { 5 }

  /// Where the cluster was met first.
  public let endpoint: Endpoint
  private let access: Access
  private var topology: ClusterTopology
  private var nodes: [Endpoint.Address: Node] = [:]
  /// What was sent and not received, the oldest first.
  private var outstanding: ArraySlice<Unit> = []
  /// Replies of a transaction that were received and not yet asked for.
  private let spare = ReplyBuffer()
  private var spareTaken = 0
  private let scratch = ReplyBuffer()

  /// Makes a channel; nothing is connected yet.
  public init(seed: Endpoint, topology: ClusterTopology, access: Access) {
    endpoint = seed
    self.topology = topology
    self.access = access
  }

  // MARK: - Sending

  /// Queues each command at the node that it belongs to.
  public func send(_ commands: CommandBuffer) throws(ClientError) {
    var shares: [Endpoint.Address: CommandBuffer] = [:]
    for unit in try units(of: commands) {
      outstanding.append(unit)
      shares[unit.address, default: CommandBuffer()].append(encoded: unit.flight)
    }
    for (address, flight) in shares { try node(address).send(flight) }
  }

  /// Cuts a flight into commands, keeping transactions whole.
  private func units(of commands: CommandBuffer) throws(ClientError) -> [Unit] {
    var units: [Unit] = []
    var open: (flight: CommandBuffer, slot: HashSlot?)?
    for range in commands.ranges {
      let words = commands.words(range, atMost: 3)
      let name = words.first ?? []
      let slot = CommandKey.position(name).flatMap {
        $0 < words.count ? HashSlot(key: Array(words[$0]).span) : nil
      }
      var flight = open?.flight ?? CommandBuffer()
      flight.append(encoded: commands, range)
      let place = open.flatMap(\.slot) ?? slot
      if CommandKey.isName(name, "MULTI") || open != nil && !CommandKey.isName(name, "EXEC") {
        open = (flight, place)
      } else {
        open = nil
        units.append(Unit(flight: flight, address: try address(of: place)))
      }
    }
    if let open { units.append(Unit(flight: open.flight, address: try address(of: open.slot))) }
    return units
  }

  private func address(of slot: HashSlot?) throws(ClientError) -> Endpoint.Address {
    let shard = slot.map { topology.owner(of: $0) } ?? topology.shards.first
    if let address = shard?.primary?.address { return address }
    topology = try access.refresh()
    let fresh = slot.map { topology.owner(of: $0) } ?? topology.shards.first
    guard let address = fresh?.primary?.address else {
      throw ClientError(
        .transient, "no node of the cluster has slot \(slot?.description ?? "0") now",
        hints: ["CLUSTER SHARDS tells which nodes have failed"])
    }
    return address
  }

  private func node(_ address: Endpoint.Address) throws(ClientError) -> Node {
    if let node = nodes[address] { return node }
    let node = try access.reach(address)
    nodes[address] = node
    return node
  }

  // MARK: - Receiving

  /// Waits for the next replies in the order of their commands.
  public func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
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
      let target = unit.flight.count <= missing ? replies : spare
      if target === replies { missing -= unit.flight.count }
      try receive(unit, into: target)
    }
  }

  private func receive(_ unit: Unit, into replies: ReplyBuffer) throws(ClientError) {
    let node = try node(unit.address)
    scratch.removeAll()
    try node.receive(unit.flight.count, into: scratch)
    if scratch.hasErrors, obstacle(in: scratch) != nil { try sendOn(unit) }
    for index in 0..<scratch.count { replies.append(copying: scratch[index]) }
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
    var (address, redirections, waits) = (unit.address, 0, 0)
    while let error = obstacle(in: scratch) {
      var isAsking = false
      if let redirection = Redirection(error, askedAt: endpoint.at(address)) {
        redirections += 1
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
      }
      let node = try access.reach(address)
      scratch.removeAll()
      if isAsking {
        let asking = AskingChannel(node)
        try asking.send(unit.flight)
        try asking.receive(unit.flight.count, into: scratch)
      } else {
        try node.send(unit.flight)
        try node.receive(unit.flight.count, into: scratch)
      }
    }
  }

  /// Waits without using the servers.
  public func pause(_ duration: Duration) {
    if let node = nodes.values.first { node.pause(duration) } else { Interruption.none.sleep(duration) }
  }
}

/// Where a command has its first key.
enum CommandKey {
  private static let keyless: [StaticString] = [
    "MULTI", "EXEC", "DISCARD", "INFO", "TIME", "PING", "ROLE", "CLUSTER", "READONLY", "ASKING",
  ]
  private static let second: [StaticString] = ["OBJECT", "MEMORY"]

  /// The place of the key among a command's words; nil where it has none.
  static func position(_ name: ArraySlice<UInt8>) -> Int? {
    if keyless.contains(where: { isName(name, $0) }) { return nil }
    return second.contains { isName(name, $0) } ? 2 : 1
  }

  static func isName(_ name: ArraySlice<UInt8>, _ other: StaticString) -> Bool {
    guard name.count == other.utf8CodeUnitCount else { return false }
    return other.withUTF8Buffer { name.elementsEqual($0) }
  }
}

extension Endpoint {
  /// The same credentials and trust at another place.
  func at(_ address: Endpoint.Address) -> Endpoint {
    Endpoint(address: address, credentials: credentials, tls: tls)
  }
}
