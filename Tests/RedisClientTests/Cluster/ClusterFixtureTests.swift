import TestHarness
import TestSupport
import Testing

@testable import RedisClient

/// A real cluster: the fixture, and the topology that its nodes tell.
@Suite struct ClusterFixtureTests {
  static func endpoint(_ node: RedisCluster.Node) -> Endpoint {
    Endpoint(address: .tcp(host: "127.0.0.1", port: UInt16(node.port)))
  }

  /// The topology from a node by either command; both must say the same in both versions of the protocol.
  static func topology(_ cluster: RedisCluster, from node: Int) throws -> ClusterTopology {
    let connection = try Connection(to: endpoint(cluster.nodes[node]), options: .patient)
    let topology = try ClusterTopology.read(from: connection)
    for version in ["2", "3"] {
      _ = try connection.call("HELLO", version)
      let shards = try connection.call("CLUSTER", "SHARDS")
      let slots = try connection.call("CLUSTER", "SLOTS")
      #expect(shards.children[0].kind == (version == "3" ? .map : .array))
      #expect(try ClusterTopology(shards: shards, seed: connection.endpoint) == topology)
      #expect(try ClusterTopology(slots: slots, seed: connection.endpoint) == topology)
    }
    return topology
  }

  static func size(_ cluster: RedisCluster, _ node: Int) throws -> Int? {
    try cluster.command(node, "DBSIZE").integer
  }

  @Test func aClusterChangesUnderItsTopology() throws {
    let start = ContinuousClock.now
    try RedisCluster.with { cluster in
      // 3 s as a rule.
      #expect(ContinuousClock.now - start < .seconds(25))
      try expectShape(cluster)
      try expectSlotsOfKeys(cluster)
      try expectMigration(cluster)
      try expectFailover(cluster)
    }
  }

  private func expectShape(_ cluster: RedisCluster) throws {
    let topologies = try cluster.nodes.indices.map { try Self.topology(cluster, from: $0) }
    #expect(topologies.allSatisfy { $0 == topologies[0] })
    let shards = topologies[0].shards
    #expect(shards.map(\.slots.description) == ["0-5460", "5461-10922", "10923-16383"])
    #expect(shards.map { $0.primary?.id } == cluster.nodes[..<3].map(\.id))
    #expect(shards.flatMap { $0.replicas.map(\.id) } == cluster.nodes[3...].map(\.id))
    #expect(shards.map { $0.primary?.address } == cluster.nodes[..<3].map { Self.endpoint($0).address })
    #expect(topologies[0].uncovered.isEmpty)
    #expect(Set(cluster.nodes.map(\.pid)).count == 6 && cluster.nodes.allSatisfy { $0.pid > 0 })
    // A node that is to be called by a name that nobody has.
    try cluster.command(0, "CONFIG", "SET", "cluster-preferred-endpoint-type", "hostname")
    #expect(try Self.topology(cluster, from: 0) == topologies[0])
    // Behind a door of which the nodes know nothing: all of them are where the question was asked.
    try cluster.command(0, "CONFIG", "SET", "cluster-preferred-endpoint-type", "unknown-endpoint")
    #expect(try Self.topology(cluster, from: 0) == topologies[0])
    let slot = Int(HashSlot(key: Array("a".utf8).span).rawValue)
    let owner = try #require(try cluster.owner(of: slot))
    #expect(owner != 0)
    let moved = try #require(try cluster.command(0, "GET", "a").errorText)
    let redirection = Redirection(ServerError(line: moved), askedAt: Self.endpoint(cluster.nodes[0]))
    #expect(moved.contains(" :") && redirection?.kind == .moved)
    #expect(redirection?.slot.rawValue == UInt16(slot))
    #expect(redirection?.address == Self.endpoint(cluster.nodes[owner]).address)
    try cluster.command(0, "CONFIG", "SET", "cluster-preferred-endpoint-type", "ip")
  }

  private func expectSlotsOfKeys(_ cluster: RedisCluster) throws {
    var random = SeededGenerator(seed: 12739)
    let keys = (0..<300).map { _ in
      (0..<Int.random(in: 0...12, using: &random)).map { _ in
        random.pick(0x7B, 0x7D, UInt8.random(in: 0...255, using: &random))
      }
    }
    let commands = keys.map { [Array("CLUSTER".utf8), Array("KEYSLOT".utf8), $0] }
    let replies = try cluster.nodes[0].server.pipeline(commands)
    #expect(replies.map(\.integer) == keys.map { Int(HashSlot(key: $0.span).rawValue) })
  }

  /// Moves ten slots with their keys, one of them slowly enough to see the ASK.
  private func expectMigration(_ cluster: RedisCluster) throws {
    let keys = (0..<3000).map { Array("key:\($0)".utf8) }
    #expect(try cluster.load(keys.map { [Array("SET".utf8), $0, [1]] }) == 3000)
    let (before, total) = (
      try Self.topology(cluster, from: 1), try (0..<3).map { try Self.size(cluster, $0) ?? 0 }
    )
    #expect(total.reduce(0, +) == 3000)

    let slot = 11
    let key = try #require(keys.first { HashSlot(key: $0.span).rawValue == slot } ?? Self.key(for: slot))
    try cluster.load([[Array("SET".utf8), key, [1]]])
    let absent = Array("{\(String(decoding: key, as: UTF8.self))}:absent".utf8)
    try cluster.beginMigration(of: slot, from: 0, to: 2)
    let ask = try cluster.nodes[0].server.cliBytes([Array("GET".utf8), absent])
    let redirection = Redirection(
      ServerError(line: ask.errorText ?? ""), askedAt: Self.endpoint(cluster.nodes[0]))
    #expect(redirection?.kind == .ask && redirection?.slot.rawValue == UInt16(slot))
    #expect(redirection?.address == Self.endpoint(cluster.nodes[2]).address)
    #expect(try cluster.moveKeys(of: slot, from: 0, to: 2) >= 1)
    try cluster.finishMigration(of: slot, from: 0, to: 2)

    var seen: [Int] = []
    try cluster.migrate(12...20, from: 0, to: 2) { seen.append($0) }
    #expect(seen == Array(12...20))
    for node in cluster.nodes.indices {
      let after = try Self.topology(cluster, from: node)
      #expect(after.shards.map(\.slots.description) == ["0-10, 21-5460", "11-20, 10923-16383", "5461-10922"])
      #expect(after.shards.map(\.primary) == [0, 2, 1].map { before.shards[$0].primary })
      #expect(after != before)
    }
    let sizes = try (0..<3).map { try Self.size(cluster, $0) ?? 0 }
    let moved = Set(keys + [key]).filter { (11...20).contains(HashSlot(key: $0.span).rawValue) }.count
    #expect(sizes[2] >= moved && moved > 0)
    #expect(sizes.reduce(0, +) == Set(keys + [key]).count)
    #expect(try cluster.nodes[2].server.cliBytes([Array("GET".utf8), key]).bytes == [1])
  }

  private static func key(for slot: Int) -> [UInt8]? {
    (0..<200_000).lazy.map { Array("k\($0)".utf8) }.first { HashSlot(key: $0.span).rawValue == slot }
  }

  private func expectFailover(_ cluster: RedisCluster) throws {
    let heir = try cluster.killPrimary(1)
    #expect(heir == 4 && cluster.nodes[1].pid == 0)
    #expect(try cluster.owner(of: 7000) == heir)
    let topology = try Self.topology(cluster, from: 0)
    #expect(topology.shards.map { $0.primary?.id } == [0, 2, 4].map { cluster.nodes[$0].id })
    #expect(topology.shards[2].replicas.isEmpty && topology.uncovered.isEmpty)
    #expect(throws: HarnessFailure.self) { try cluster.killPrimary(heir) }
  }

  static let certificates = Result { try Certificates() }

  /// One node that does not know its own address, with a password and TLS.
  @Test func aLonelyNodeStandsWhereItWasAsked() throws {
    let made = try Self.certificates.get()
    let options = RedisServer.Options(
      tls: .init(made.server, authority: made.authority),
      configuration: ["tls-cluster yes", "requirepass \(canary)"],
      login: .init("default", canary))
    let cluster = try RedisCluster(primaries: 1, replicas: 0, options)
    let node = cluster.nodes[0]
    var endpoint = Endpoint(
      address: .tcp(host: "localhost", port: UInt16(node.server.tlsPort)),
      credentials: Credentials(user: nil, password: canary), tls: TLSOptions(caFile: made.authority))
    for name in ["", "localhost"] {
      try cluster.command(0, "CONFIG", "SET", "cluster-announce-hostname", name)
      for kind in ["ip", "hostname", "unknown-endpoint"] {
        try cluster.command(0, "CONFIG", "SET", "cluster-preferred-endpoint-type", kind)
        let connection = try Connection(to: endpoint, options: .patient)
        let topology = try ClusterTopology.read(from: connection)
        let slots = try ClusterTopology(slots: connection.call("CLUSTER", "SLOTS"), seed: endpoint)
        #expect(slots == topology)
        let primary = try #require(topology.shards.first?.primary)
        #expect(primary.address == endpoint.address, "\(kind) of '\(name)'")
        #expect(topology.endpoint(of: primary, like: endpoint) == endpoint)
      }
    }
    // By its address, but verified by the name that it announces.
    endpoint.address = .tcp(host: "127.0.0.1", port: UInt16(node.server.tlsPort))
    let topology = try ClusterTopology.read(from: Connection(to: endpoint, options: .patient))
    let primary = try #require(topology.shards.first?.primary)
    let again = topology.endpoint(of: primary, like: endpoint)
    #expect(again.tls?.serverName == "localhost")
    #expect(try Connection(to: again, options: .patient).call("PING").decode(String.self) == "PONG")
    // Who asks without TLS is told the plain port.
    let plain = Endpoint(address: Self.endpoint(node).address, credentials: endpoint.credentials)
    let seen = try ClusterTopology.read(from: Connection(to: plain, options: .patient))
    #expect(seen.shards.first?.primary?.address == plain.address)
  }

  /// Nodes that talk TLS among themselves, and are found and moved to by it.
  @Test func behindTLSWithAPassword() throws {
    let made = try Self.certificates.get()
    let options = RedisServer.Options(
      tls: .init(made.server, authority: made.authority),
      configuration: [
        "tls-cluster yes", "requirepass \(canary)",
        // Towards each other the nodes are clients too.
        "tls-client-cert-file \(made.client.certificate)", "tls-client-key-file \(made.client.key)",
      ], login: .init("default", canary))
    try RedisCluster.with(primaries: 2, replicas: 0, options) { cluster in
      let places = cluster.nodes.map {
        Endpoint.Address.tcp(host: "127.0.0.1", port: UInt16($0.server.tlsPort))
      }
      let credentials = Credentials(user: nil, password: canary)
      let seed = Endpoint(
        address: places[1], credentials: credentials, tls: TLSOptions(caFile: made.authority))
      let topology = try ClusterTopology.read(from: Connection(to: seed, options: .patient))
      #expect(topology.shards.map { $0.primary?.address } == places)
      #expect(topology.shards.map(\.slots.description) == ["0-8191", "8192-16383"])
      #expect(try cluster.load([[Array("SET".utf8), Array("foo".utf8), [1]]]) == 1)
      // The slot of foo is 12182.
      try cluster.migrate(12182...12182, from: 1, to: 0)
      let nodes = try topology.shards.map { shard in
        try Connection(to: topology.endpoint(of: #require(shard.primary), like: seed), options: .patient)
      }
      #expect(try nodes[0].call("GET", "foo").decode(ReplyBytes.self).bytes == [1])
      let moved = try #require(try nodes[1].call("GET", "foo").error)
      #expect(Redirection(moved, askedAt: nodes[1].endpoint)?.address == places[0])
      let after = try ClusterTopology.read(from: nodes[0])
      #expect(after.shards.map(\.slots.description) == ["0-8191, 12182", "8192-12181, 12183-16383"])
    }
  }

  @Test func aServerOfNoClusterSaysSo() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      let error = try failure { _ = try ClusterTopology.read(from: connection) }
      #expect(error.kind == .server && error.message.contains("cluster support disabled"))
    }
  }
}
