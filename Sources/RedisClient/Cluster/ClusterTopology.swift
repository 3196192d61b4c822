/// Who owns which slots of a cluster, as one of its nodes sees it.
package struct ClusterTopology: Sendable, Equatable {
  /// A server of the cluster.
  package struct Node: Sendable, Hashable {
    /// The name that the cluster knows it by, 40 hexadecimal digits; nil where the server does not tell.
    package let id: String?
    /// Where clients are to connect to.
    package let address: Endpoint.Address
    /// The host name that the node announces, which need not be the one in `address`.
    package let hostName: String?
    /// Where the node is by its IP address, if `address` has a host name and the cluster tells both.
    package let numericAddress: Endpoint.Address?

    /// True where `address` has a host name, which has to be resolved first.
    package var mustBeResolved: Bool {
      if case .tcp(let host, _) = address { !EndpointHost.isAddress(host) } else { false }
    }

    /// Makes a node from its parts.
    package init(
      id: String? = nil, address: Endpoint.Address, hostName: String? = nil,
      numericAddress: Endpoint.Address? = nil
    ) {
      self.numericAddress = numericAddress
      self.id = id
      self.address = address
      self.hostName = hostName
    }

    /// Tells nodes apart by who they are: another way to the same node makes no other node of it.
    package static func == (first: Node, second: Node) -> Bool {
      (first.id, first.address, first.hostName) == (second.id, second.address, second.hostName)
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(id)
      hasher.combine(address)
      hasher.combine(hostName)
    }
  }

  /// Slots, and the servers that hold their keys.
  package struct Shard: Sendable, Equatable {
    /// Who takes writes; nil while it has failed and no replica has taken over.
    ///
    /// CLUSTER SLOTS does not tell of failures: by it a failed primary is still the primary.
    package let primary: Node?
    /// Who copies the primary and is fit to be read from, in the order of their addresses.
    package let replicas: [Node]
    /// The slots of the shard.
    package let slots: SlotSet

    /// Makes a shard from its parts.
    package init(primary: Node?, replicas: [Node] = [], slots: SlotSet) {
      self.primary = primary
      self.replicas = replicas.sorted {
        ($0.address.description, $0.id ?? "") < ($1.address.description, $1.id ?? "")
      }
      self.slots = slots
    }
  }

  /// A run of slots that have one owner.
  private struct Segment: Sendable, Equatable {
    let slots: ClosedRange<HashSlot>
    let shard: Int
  }

  /// The shards in the order of their lowest slots; none is without slots.
  package let shards: [Shard]
  private let segments: [Segment]

  /// Makes a topology of shards, leaving out those without slots.
  ///
  /// Throws where a slot has two owners.
  package init(_ shards: [Shard]) throws(DecodeError) {
    self.shards = shards.filter { !$0.slots.isEmpty }
      .sorted { ($0.slots.first ?? .last) < ($1.slots.first ?? .last) }
    segments = self.shards.enumerated()
      .flatMap { index, shard in shard.slots.ranges.map { Segment(slots: $0, shard: index) } }
      .sorted { $0.slots.lowerBound < $1.slots.lowerBound }
    for (one, next) in zip(segments, segments.dropFirst())
    where one.slots.upperBound >= next.slots.lowerBound {
      throw DecodeError(
        expected: "one owner for each slot", found: "two for slot \(next.slots.lowerBound)")
    }
  }

  /// The slots that no shard owns; their keys can neither be read nor written.
  package var uncovered: SlotSet {
    var covered = SlotSet()
    for segment in segments { covered.insert(segment.slots) }
    return SlotSet.all.subtracting(covered)
  }

  /// The shard that owns a slot, or nil where none does.
  ///
  /// Complexity: O(log(number of slot ranges)).
  package func owner(of slot: HashSlot) -> Shard? { ownerIndex(of: slot).map { shards[$0] } }

  /// The position in `shards` of the one that owns a slot, or nil where none does.
  ///
  /// Complexity: O(log(number of slot ranges)), without allocating.
  package func ownerIndex(of slot: HashSlot) -> Int? {
    var (lower, upper) = (0, segments.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if segments[middle].slots.upperBound < slot { lower = middle + 1 } else { upper = middle }
    }
    guard lower < segments.count, segments[lower].slots.contains(slot) else { return nil }
    return segments[lower].shard
  }

  /// The shard that has most of some slots; nil where none has any.
  ///
  /// Complexity: O(number of slot ranges + number of slots / 64), so that all shards of a large cluster can ask.
  package func owner(ofMostOf slots: SlotSet) -> Shard? {
    var counts: [Int: Int] = [:]
    for segment in segments {
      let count = slots.count(in: segment.slots)
      if count > 0 { counts[segment.shard, default: 0] += count }
    }
    // The first of those that have equally many.
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { shards[$0.key] }
  }

  /// The slots that have an owner here and another one in an earlier topology.
  ///
  /// `isSame` says whether two shards are one and the same, and is asked for those alone that share slots.
  ///
  /// Complexity: O(number of slot ranges of both).
  package func slots(movedSince earlier: ClusterTopology, isSame: (Shard, Shard) -> Bool) -> SlotSet {
    var moved = SlotSet()
    var before = earlier.segments[...]
    for segment in segments {
      while let first = before.first, first.slots.upperBound < segment.slots.lowerBound {
        before.removeFirst()
      }
      for other in before {
        guard other.slots.lowerBound <= segment.slots.upperBound else { break }
        guard !isSame(shards[segment.shard], earlier.shards[other.shard]) else { continue }
        moved.insert(segment.slots.clamped(to: other.slots))
      }
    }
    return moved
  }

  /// How to talk to a node: with the seed's credentials and trust, in database 0, the only one of a cluster.
  ///
  /// A certificate is checked against the name that the user gave with `--sni`; else, where the node's address is an IP
  /// address, against the host name that it announces; else against the host in its address.
  package func endpoint(of node: Node, like seed: Endpoint) -> Endpoint {
    var endpoint = Endpoint(address: node.address, credentials: seed.credentials, tls: seed.tls)
    if endpoint.tls?.serverName == nil, let name = node.hostName, case .tcp(let host, _) = node.address,
      EndpointHost.isAddress(host)
    {
      endpoint.tls?.serverName = name
    }
    return endpoint
  }
}

// MARK: - Asking a node

extension ClusterTopology {
  /// Asks a node for the topology: CLUSTER SHARDS, or CLUSTER SLOTS where the server does not know that or the user may
  /// not run it.
  ///
  /// A cluster that has dealt out no slots gives a topology without shards. Throws `permission` where the user may run
  /// neither, `server` where the server has neither or is no part of a cluster, `protocolViolation` for a reply that
  /// makes no sense, and whatever the channel throws.
  package static func read(from channel: some CommandChannel) throws(ClientError) -> ClusterTopology {
    let endpoint = channel.endpoint
    let shards = try channel.call("CLUSTER", "SHARDS")
    guard let first = shards.error else {
      return try decode("CLUSTER SHARDS", endpoint) { () throws(DecodeError) in
        try ClusterTopology(shards: shards, seed: endpoint)
      }
    }
    guard first.isCommandForbidden || first.isUnknownToCluster else {
      throw ClientError(first, to: "CLUSTER SHARDS", at: endpoint)
    }
    let slots = try channel.call("CLUSTER", "SLOTS")
    guard let second = slots.error else {
      return try decode("CLUSTER SLOTS", endpoint) { () throws(DecodeError) in
        try ClusterTopology(slots: slots, seed: endpoint)
      }
    }
    guard second.isUnknownToCluster else { throw ClientError(second, to: "CLUSTER SLOTS", at: endpoint) }
    // What is forbidden can be allowed; what is missing stays missing.
    if first.isCommandForbidden { throw ClientError(first, to: "CLUSTER SHARDS", at: endpoint) }
    throw ClientError(
      .server,
      "\(endpoint.description) has neither CLUSTER SHARDS nor CLUSTER SLOTS: the other nodes cannot be found",
      hints: [.thisNodeAlone])
  }

  private static func decode(
    _ command: String, _ endpoint: Endpoint, _ step: () throws(DecodeError) -> ClusterTopology
  ) throws(ClientError) -> ClusterTopology {
    do throws(DecodeError) {
      return try step()
    } catch {
      throw ClientError(error, to: command, at: endpoint)
    }
  }
}

extension ServerError {
  /// True where the subcommand of CLUSTER does not exist on this server.
  ///
  /// Before Redis 5 the answer is "Wrong CLUSTER subcommand or number of arguments".
  fileprivate var isUnknownToCluster: Bool {
    isUnknownCommand || code == "ERR" && message.lowercased().contains("wrong cluster subcommand")
  }
}
