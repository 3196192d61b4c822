import Testing

@testable import RedisClient

/// Replies to CLUSTER SHARDS and CLUSTER SLOTS, as values.
enum ClusterReplies {
  /// A reply as it is read from the wire.
  static func reply(_ shape: ReplyShape) throws -> Reply {
    let reader = try ReplyReaderTests.reader()
    let buffer = ReplyBuffer()
    try #require(reader.feed(Array(shape.wire.utf8)))
    try #require(try reader.parse(upTo: 1, into: buffer) == 1)
    return buffer[0]
  }

  /// Named values as the protocol's version has them.
  static func fields(_ pairs: [(String, ReplyShape)], resp: Int) -> ReplyShape {
    let flat = pairs.flatMap { [.string($0.0), $0.1] }
    return resp == 3 ? .map(flat) : .array(flat)
  }

  static func shard(_ slots: [Int64], _ nodes: [ReplyShape], resp: Int = 2) -> ReplyShape {
    fields([("slots", .array(slots.map { .integer($0) })), ("nodes", .array(nodes))], resp: resp)
  }

  /// A node of CLUSTER SHARDS; `endpoint` and `ip` are the same where only one is given.
  static func node(
    _ ip: String, port: Int64? = 7000, tlsPort: Int64? = nil, id: String = "a1", endpoint: ReplyShape? = nil,
    hostname: String? = nil, role: String = "master", health: String? = "online", resp: Int = 2
  ) -> ReplyShape {
    var pairs: [(String, ReplyShape)] = [("id", .string(id))]
    if let port { pairs.append(("port", .integer(port))) }
    if let tlsPort { pairs.append(("tls-port", .integer(tlsPort))) }
    pairs += [("ip", .string(ip)), ("endpoint", endpoint ?? .string(ip))]
    if let hostname { pairs.append(("hostname", .string(hostname))) }
    pairs += [("role", .string(role)), ("replication-offset", .integer(72156))]
    if let health { pairs.append(("health", .string(health))) }
    return fields(pairs, resp: resp)
  }

  /// A node of CLUSTER SLOTS.
  static func entry(
    _ endpoint: ReplyShape, _ port: Int64 = 7000, id: String? = "a1", details: [(String, ReplyShape)]? = [],
    resp: Int = 2
  ) -> ReplyShape {
    var values = [endpoint, .integer(port)]
    if let id { values.append(.string(id)) }
    if let details { values.append(fields(details, resp: resp)) }
    return .array(values)
  }

  static func slots(_ first: Int64, _ last: Int64, _ nodes: ReplyShape...) -> ReplyShape {
    .array([.integer(first), .integer(last)] + nodes)
  }
}

extension ReplyShape {
  /// The value on the wire; numbers beyond integers are not needed here.
  var wire: String {
    switch self {
    case .string(let text): "$\(text.utf8.count)\r\n\(text)\r\n"
    case .status(let text): "+\(text)\r\n"
    case .error(let text): "-\(text)\r\n"
    case .integer(let number): ":\(number)\r\n"
    case .double(let number): ",\(number)\r\n"
    case .boolean(let value): value ? "#t\r\n" : "#f\r\n"
    case .null: "$-1\r\n"
    case .array(let parts): "*\(parts.count)\r\n" + parts.map(\.wire).joined()
    case .map(let parts): "%\(parts.count / 2)\r\n" + parts.map(\.wire).joined()
    }
  }
}

@Suite struct ClusterTopologyTests {
  typealias Node = ClusterTopology.Node
  typealias Replies = ClusterReplies

  static let seed = Endpoint(address: .tcp(host: "seed.example", port: 6000))
  static let seedWithTLS = Endpoint(
    address: .tcp(host: "seed.example", port: 6000), database: 0,
    credentials: Credentials(user: "u", password: canary), tls: TLSOptions(caFile: "/ca.pem"))

  static func fromShards(_ shapes: ReplyShape..., seed: Endpoint = seed) throws -> ClusterTopology {
    try ClusterTopology(shards: Replies.reply(.array(shapes)), seed: seed)
  }

  static func fromSlots(_ shapes: ReplyShape..., seed: Endpoint = seed) throws -> ClusterTopology {
    try ClusterTopology(slots: Replies.reply(.array(shapes)), seed: seed)
  }

  static func tcp(_ host: String, _ port: UInt16 = 7000) -> Endpoint.Address { .tcp(host: host, port: port) }

  // MARK: - The whole

  /// Three shards, the first with two ranges, and one node without slots; listed out of order.
  static func shards(resp: Int) throws -> ClusterTopology {
    try fromShards(
      Replies.shard(
        [10923, 16383],
        [
          Replies.node("10.0.0.3", id: "a3", resp: resp),
          Replies.node("10.0.0.6", id: "b3", role: "replica", resp: resp),
        ], resp: resp),
      Replies.shard([], [Replies.node("10.0.0.9", id: "a9", resp: resp)], resp: resp),
      Replies.shard(
        [0, 5459, 5461, 5461],
        [
          Replies.node("10.0.0.7", id: "c1", role: "slave", resp: resp),
          Replies.node("10.0.0.1", id: "a1", resp: resp),
          Replies.node("10.0.0.4", id: "b1", role: "replica", resp: resp),
        ], resp: resp),
      Replies.shard([5460, 5460, 5462, 10922], [Replies.node("10.0.0.2", id: "a2", resp: resp)], resp: resp))
  }

  @Test(arguments: [2, 3]) func shardsAndSlotsAgree(resp: Int) throws {
    let entry = { (host: String, id: String) in Replies.entry(.string(host), id: id, resp: resp) }
    let (one, two, three) = (entry("10.0.0.1", "a1"), entry("10.0.0.2", "a2"), entry("10.0.0.3", "a3"))
    let (second, third) = (entry("10.0.0.4", "b1"), entry("10.0.0.7", "c1"))
    let slots = try Self.fromSlots(
      Replies.slots(5462, 10922, two), Replies.slots(0, 5459, one, second, third),
      Replies.slots(10923, 16383, three, entry("10.0.0.6", "b3")), Replies.slots(5460, 5460, two),
      Replies.slots(5461, 5461, one, third, second))
    let shards = try Self.shards(resp: resp)
    #expect(shards == slots)
    #expect(shards.shards.map(\.slots.description) == ["0-5459, 5461", "5460, 5462-10922", "10923-16383"])
    #expect(shards.shards.map { $0.primary?.id } == ["a1", "a2", "a3"])
    #expect(shards.shards[0].replicas.map(\.id) == ["b1", "c1"])
    #expect(shards.shards[0].primary == Node(id: "a1", address: Self.tcp("10.0.0.1")))
    #expect(shards.uncovered.isEmpty)
  }

  @Test func owners() throws {
    let topology = try Self.shards(resp: 2)
    for (slot, owner) in [(0, "a1"), (5459, "a1"), (5460, "a2"), (5461, "a1"), (5462, "a2"), (16383, "a3")] {
      #expect(topology.owner(of: ClusterSlotSetTests.slot(slot))?.primary?.id == owner, "slot \(slot)")
    }
    for index in topology.shards.indices {
      for range in topology.shards[index].slots.ranges {
        #expect(topology.ownerIndex(of: range.lowerBound) == index)
        #expect(topology.ownerIndex(of: range.upperBound) == index)
      }
    }
  }

  @Test func uncoveredSlotsAreNamed() throws {
    let topology = try Self.fromShards(Replies.shard([5, 100, 200, 200], [Replies.node("h")]))
    #expect(topology.uncovered.description == "0-4, 101-199, 201-16383")
    for slot in [0, 4, 101, 199, 201, 16383] {
      #expect(topology.owner(of: ClusterSlotSetTests.slot(slot)) == nil)
    }
    let empty = try Self.fromShards(Replies.shard([], [.string("whatever")]))
    #expect(empty.shards.isEmpty && empty.uncovered == .all)
    #expect(try Self.fromSlots() == empty)
    #expect(empty.owner(of: .first) == nil)
  }

  // MARK: - Roles and health

  @Test func failedNodesAreLeftOut() throws {
    let topology = try Self.fromShards(
      Replies.shard(
        [0, 99],
        [
          Replies.node("10.0.0.1", id: "a1", health: "failed"),
          Replies.node("10.0.0.4", id: "b1", role: "replica"),
          Replies.node("10.0.0.5", id: "c1", role: "replica", health: "fail"),
          Replies.node("10.0.0.6", id: "d1", role: "replica", health: "loading"),
        ]),
      // The old primary may have lost its address, and the new one comes after it.
      Replies.shard(
        [100, 199],
        [
          Replies.node("", port: 0, id: "a2", health: "fail"),
          Replies.node("10.0.0.7", id: "b2", health: nil),
        ]),
      Replies.shard(
        [200, 299],
        [
          Replies.node("10.0.0.8", id: "a3", role: "primary", health: "loading"),
          Replies.node("10.0.0.9", id: "b3"),
        ]
      ))
    #expect(topology.shards.map { $0.primary?.id } == [nil, "b2", "a3"])
    #expect(topology.shards.map { $0.replicas.map(\.id) } == [["b1"], [], []])
    #expect(topology.owner(of: .first) == topology.shards[0])
    #expect(topology.uncovered.description == "300-16383")
  }

  @Test func slotsWithoutNodes() throws {
    let topology = try Self.fromSlots(
      Replies.slots(0, 9), Replies.slots(20, 29), Replies.slots(10, 19, Replies.entry(.string("h"))))
    #expect(topology.shards.map(\.slots.description) == ["0-9, 20-29", "10-19"])
    #expect(topology.shards[0].primary == nil)
  }

  // MARK: - Addresses

  struct AddressCase: Sendable {
    let endpoint: ReplyShape
    let ip: String
    var hostname: String?
    let host: String
    var name: String?
  }

  static let addresses: [AddressCase] = [
    .init(endpoint: .string("10.0.0.1"), ip: "10.0.0.1", host: "10.0.0.1"),
    .init(endpoint: .status("10.0.0.1"), ip: "10.0.0.1", host: "10.0.0.1"),
    .init(
      endpoint: .string("10.0.0.1"), ip: "10.0.0.1", hostname: "n1.example", host: "10.0.0.1",
      name: "n1.example"),
    .init(
      endpoint: .string("n1.example"), ip: "10.0.0.1", hostname: "n1.example", host: "n1.example",
      name: "n1.example"),
    .init(endpoint: .string("n1.example"), ip: "10.0.0.1", host: "n1.example", name: "n1.example"),
    .init(endpoint: .string("::1"), ip: "::1", host: "::1"),
    .init(endpoint: .string("2001:db8::7"), ip: "2001:db8::7", hostname: "", host: "2001:db8::7"),
    .init(endpoint: .null, ip: "10.0.0.1", host: "seed.example"),
    .init(endpoint: .null, ip: "10.0.0.1", hostname: "n1.example", host: "seed.example", name: "n1.example"),
    .init(endpoint: .string(""), ip: "", host: "seed.example"),
    .init(endpoint: .string("?"), ip: "10.0.0.1", host: "10.0.0.1"),
    .init(endpoint: .string("?"), ip: "", host: "seed.example"),
    .init(endpoint: .string("?"), ip: "?", host: "seed.example"),
    // Names that could not be shown or connected to are forgotten.
    .init(endpoint: .string("10.0.0.1"), ip: "", hostname: "a\u{1B}[2Jb", host: "10.0.0.1"),
  ]

  @Test(arguments: addresses.indices) func address(index: Int) throws {
    let expected = Self.addresses[index]
    let node = Replies.node(expected.ip, endpoint: expected.endpoint, hostname: expected.hostname)
    var details: [(String, ReplyShape)] = [("ip", .string(expected.ip)), ("rack", .array([.integer(7)]))]
    if let name = expected.hostname { details.append(("hostname", .string(name))) }
    let wanted = Node(id: "a1", address: Self.tcp(expected.host), hostName: expected.name)
    #expect(try Self.fromShards(Replies.shard([0, 1], [node])).shards[0].primary == wanted)
    for resp in [2, 3] {
      let entry = Replies.entry(expected.endpoint, details: details, resp: resp)
      #expect(try Self.fromSlots(Replies.slots(0, 1, entry)).shards[0].primary == wanted)
    }
  }

  @Test func serversOfOldSayLess() throws {
    let entry = Replies.entry(.string("10.0.0.1"), id: nil, details: nil)
    let topology = try Self.fromSlots(Replies.slots(0, 1, entry), Replies.slots(4, 5, entry))
    #expect(topology.shards.map(\.primary) == [Node(address: Self.tcp("10.0.0.1"))])
    let bare = Replies.fields(
      [("ip", .string("10.0.0.1")), ("port", .string("7000")), ("role", .string("master"))], resp: 3)
    #expect(
      try Self.fromShards(Replies.shard([0, 1], [bare])).shards[0].primary
        == Node(address: Self.tcp("10.0.0.1")))
  }

  @Test func overASocketMissingHostsAreThisMachine() throws {
    let seed = Endpoint(address: .unix(path: "/run/redis.sock"))
    let topology = try Self.fromSlots(Replies.slots(0, 1, Replies.entry(.string(""))), seed: seed)
    #expect(topology.shards[0].primary?.address == Self.tcp("127.0.0.1"))
  }

  static let ports: [(port: Int64?, tlsPort: Int64?, plain: UInt16, secure: UInt16)] = [
    (7000, 8000, 7000, 8000), (7000, nil, 7000, 7000), (nil, 8000, 8000, 8000),
  ]

  @Test(arguments: ports.indices) func portsFollowTheSeed(index: Int) throws {
    let (port, tlsPort, plain, secure) = Self.ports[index]
    let shape = Replies.shard([0, 1], [Replies.node("10.0.0.1", port: port, tlsPort: tlsPort)])
    #expect(try Self.fromShards(shape).shards[0].primary?.address == Self.tcp("10.0.0.1", plain))
    #expect(
      try Self.fromShards(shape, seed: Self.seedWithTLS).shards[0].primary?.address
        == Self.tcp("10.0.0.1", secure))
  }

  // MARK: - Connecting

  static let names: [(host: String, hostName: String?, sni: String?, verified: String?)] = [
    ("10.0.0.1", nil, nil, nil), ("10.0.0.1", "n1.example", nil, "n1.example"),
    ("::1", "n1.example", nil, "n1.example"),
    ("n1.example", "n1.example", nil, nil), ("seed.example", "n1.example", nil, nil),
    ("10.0.0.1", "n1.example", "sni.example", "sni.example"),
    ("n1.example", nil, "sni.example", "sni.example"),
  ]

  @Test(arguments: names.indices) func endpoints(index: Int) throws {
    let (host, hostName, sni, verified) = Self.names[index]
    var seed = Self.seedWithTLS
    seed.database = 3
    seed.tls?.serverName = sni
    let topology = try ClusterTopology([])
    let node = Node(id: "a1", address: Self.tcp(host), hostName: hostName)
    let endpoint = topology.endpoint(of: node, like: seed)
    #expect(endpoint.address == node.address && endpoint.database == 0)
    #expect(endpoint.credentials == seed.credentials)
    #expect(endpoint.tls == TLSOptions(caFile: "/ca.pem", serverName: verified))
    let plain = topology.endpoint(of: node, like: Self.seed)
    #expect(plain == Endpoint(address: node.address))
  }
}
