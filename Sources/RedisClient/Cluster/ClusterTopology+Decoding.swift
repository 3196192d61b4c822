extension ClusterTopology {
  /// The most shards, or nodes of one shard, that a reply may have: as many as there are slots.
  static let maximumCount = HashSlot.count

  /// Reads the reply to CLUSTER SHARDS: an array of `slots` and `nodes`, each node with its fields by name.
  ///
  /// The seed is the server that was asked: nodes without a host stand on its, and where it speaks TLS, `tls-port` goes
  /// before `port`. Unknown fields are passed over. Nodes that have failed, and replicas that are loading, are left out.
  /// Throws for types that do not fit, for slots and ports out of range, and for slots with two owners.
  package init(shards reply: Reply, seed: Endpoint) throws(DecodeError) {
    var shards: [Shard] = []
    for part in try reply.elements("an array of shards") {
      let fields = try part.namedValues("a shard")
      guard let slots = fields["slots"], let nodes = fields["nodes"] else {
        throw DecodeError(expected: "slots and nodes of a shard", found: "a shard without")
      }
      let owned = try slots.slotRanges()
      // Such shards own nothing that could be asked for, and their nodes may be unfit in any way.
      guard !owned.isEmpty else { continue }
      shards.append(try Shard(nodes, slots: owned, seed: seed))
    }
    try self.init(shards)
  }

  /// Reads the reply to CLUSTER SLOTS: an array of first slot, last slot, primary, replicas.
  ///
  /// A node is its preferred endpoint, its port (for TLS where the question came over TLS), its name from Redis 4 on and
  /// further fields from Redis 7 on. The rules are those of CLUSTER SHARDS, but failures are not told of.
  package init(slots reply: Reply, seed: Endpoint) throws(DecodeError) {
    var drafts: [Draft] = []
    var positions: [Node?: Int] = [:]
    for part in try reply.elements("an array of slot ranges") {
      let values = try part.elements("a slot range")
      guard values.count >= 2 else {
        throw DecodeError(expected: "a slot range", found: "an array of \(values.count)")
      }
      let range = try SlotSet.range(from: values[0], to: values[1])
      var nodes: [Node] = []
      for value in values.dropFirst(2) { nodes.append(try Node(entry: value, seed: seed)) }
      let position = positions[nodes.first] ?? drafts.count
      if position == drafts.count {
        positions[nodes.first] = position
        drafts.append(Draft(primary: nodes.first))
      }
      try drafts[position].add(range, replicas: nodes.dropFirst())
    }
    try self.init(drafts.map { Shard(primary: $0.primary, replicas: Array($0.replicas), slots: $0.slots) })
  }

  /// A shard of CLUSTER SLOTS, whose ranges come one by one.
  private struct Draft {
    let primary: Node?
    var replicas: Set<Node> = []
    var slots = SlotSet()

    mutating func add(_ range: ClosedRange<HashSlot>, replicas: ArraySlice<Node>) throws(DecodeError) {
      try slots.insert(unclaimed: range)
      self.replicas.formUnion(replicas)
    }
  }
}

extension ClusterTopology.Shard {
  /// Reads the nodes of a shard of CLUSTER SHARDS.
  fileprivate init(_ reply: Reply, slots: SlotSet, seed: Endpoint) throws(DecodeError) {
    var primary: ClusterTopology.Node?
    var replicas: [ClusterTopology.Node] = []
    for part in try reply.elements("an array of nodes") {
      let fields = try part.namedValues("a node")
      let health = try fields["health"]?.decode(String.self) ?? "online"
      // The documentation says "failed", the servers say "fail". Such a node may have lost its address as well.
      if health.hasPrefix("fail") { continue }
      switch try fields["role"]?.decode(String.self) {
      case "master", "primary":
        // While a failover settles, two may call themselves so; MOVED corrects a wrong guess.
        if primary == nil { primary = try ClusterTopology.Node(fields: fields, seed: seed) }
      case "replica", "slave":
        if health != "loading" { replicas.append(try ClusterTopology.Node(fields: fields, seed: seed)) }
      default:
        throw DecodeError(expected: "the role of a node, master or replica", found: "another or none")
      }
    }
    self.init(primary: primary, replicas: replicas, slots: slots)
  }
}

extension ClusterTopology.Node {
  /// Reads a node of CLUSTER SHARDS from its fields.
  init(fields: [String: Reply], seed: Endpoint) throws(DecodeError) {
    let ports =
      seed.tls == nil ? [fields["port"], fields["tls-port"]] : [fields["tls-port"], fields["port"]]
    guard let port = ports.compactMap(\.self).first else {
      throw DecodeError(expected: "the port of a node", found: "none")
    }
    try self.init(
      id: fields["id"],
      // A server that names no preferred endpoint at all has but the address.
      endpoint: fields["endpoint"] ?? fields["ip"], port: port, details: fields, seed: seed)
  }

  /// Reads a node of CLUSTER SLOTS: endpoint, port, name, fields; the last two may be missing.
  init(entry reply: Reply, seed: Endpoint) throws(DecodeError) {
    guard reply.kind == .array, reply.childCount >= 2 else { throw reply.mismatch("a node") }
    let values = reply.children
    try self.init(
      id: values.count > 2 ? values[2] : nil, endpoint: values[0], port: values[1],
      details: values.count > 3 ? try values[3].namedValues("fields of a node") : [:], seed: seed)
  }

  private init(
    id: Reply?, endpoint: Reply?, port: Reply, details: [String: Reply], seed: Endpoint
  ) throws(DecodeError) {
    let number = try port.decode(Int64.self)
    guard let port = UInt16(exactly: number), port > 0 else {
      throw DecodeError(expected: "a port from 1 to 65535", found: "\(number)")
    }
    let endpoint = try Self.text(endpoint)
    let name = try Self.text(details["hostname"]).flatMap { EndpointHost.isName($0) ? $0 : nil }
    let ip = try Self.text(details["ip"]).flatMap { EndpointHost.isAddress($0) ? $0 : nil }
    let host = try Self.host(endpoint, ip: ip, seed: seed)
    // Where the preferred endpoint is the host name, CLUSTER SLOTS does not repeat it among the fields.
    let isNamed = endpoint == host && !EndpointHost.isAddress(host)
    self.init(
      // Names reach the terminal; what is none is forgotten.
      id: try Self.text(id).flatMap { EndpointHost.isName($0) ? $0 : nil },
      address: .tcp(host: host, port: port), hostName: name ?? (isNamed ? host : nil),
      numericAddress: EndpointHost.isAddress(host) ? nil : ip.map { .tcp(host: $0, port: port) })
  }

  /// Where a node is to be reached.
  ///
  /// Null and empty mean: where the question was answered, because the servers do not know how clients reach them, or
  /// the node has not learnt its address yet. `?` stands for a node that is to be called by its name and has none; its
  /// address is the better guess, as the asked host is most often another node's.
  private static func host(_ endpoint: String?, ip: String?, seed: Endpoint) throws(DecodeError) -> String {
    switch endpoint {
    case nil, "": return seed.host
    case "?":
      guard let ip, EndpointHost.isUsable(ip) else { return seed.host }
      return ip
    case let host?:
      guard EndpointHost.isUsable(host) else {
        throw DecodeError(expected: "the host of a node", found: "a text that is none")
      }
      return host
    }
  }

  private static func text(_ reply: Reply?) throws(DecodeError) -> String? {
    guard let reply else { return nil }
    return try reply.decode(String?.self)
  }
}

extension SlotSet {
  /// Reads a range from its two ends.
  fileprivate static func range(from first: Reply, to last: Reply) throws(DecodeError)
    -> ClosedRange<HashSlot>
  {
    let (lower, upper) = (try first.decode(Int64.self), try last.decode(Int64.self))
    guard let lowest = HashSlot(exactly: lower), let highest = HashSlot(exactly: upper), lowest <= highest
    else {
      throw DecodeError(expected: "a range of slots from 0 to 16383", found: "\(lower) to \(upper)")
    }
    return lowest...highest
  }

  /// Adds a range; throws where a part of it is there already.
  fileprivate mutating func insert(unclaimed range: ClosedRange<HashSlot>) throws(DecodeError) {
    let taken = intersection(SlotSet(range))
    if let slot = taken.first {
      throw DecodeError(expected: "one owner for each slot", found: "two for slot \(slot)")
    }
    insert(range)
  }
}

extension Reply {
  /// The children of an array that is not absurdly long.
  fileprivate func elements(_ expected: String) throws(DecodeError) -> [Reply] {
    guard kind == .array, childCount <= ClusterTopology.maximumCount else { throw mismatch(expected) }
    return children
  }

  /// The slots of a flat array of first and last slots.
  fileprivate func slotRanges() throws(DecodeError) -> SlotSet {
    let ends = try elements("an array of slots")
    guard ends.count.isMultiple(of: 2) else { throw mismatch("pairs of slots") }
    var slots = SlotSet()
    for pair in stride(from: 0, to: ends.count, by: 2) {
      try slots.insert(unclaimed: try SlotSet.range(from: ends[pair], to: ends[pair + 1]))
    }
    return slots
  }

  /// The values of a map, or of the flat array that RESP2 sends in its place, by name; of equal names the first counts.
  func namedValues(_ expected: String) throws(DecodeError) -> [String: Reply] {
    guard kind == .map || kind == .array, childCount.isMultiple(of: 2),
      childCount <= ClusterTopology.maximumCount
    else { throw mismatch(expected) }
    let children = children
    var values: [String: Reply] = [:]
    for pair in stride(from: 0, to: children.count, by: 2) {
      let name = try children[pair].decode(String.self)
      if values[name] == nil { values[name] = children[pair + 1] }
    }
    return values
  }
}
