import TestHarness
import Testing

/// One node of a cluster, where it is meant alone, and where nobody says that there are others.
@Suite(.serialized, .overlappingApart) struct PartOfClusterTests {
  private static let keys = 300

  /// A cluster of three primaries with a replica each; the node at an index is the first with a role.
  private static let filled = Result {
    let cluster = try RedisCluster(primaries: 3, replicas: 1)
    try fill(cluster)
    return cluster
  }

  private static func fill(_ cluster: RedisCluster) throws {
    try cluster.load((0..<keys).map { ["SET", "app:v1:\($0)", "value"].map { Array($0.utf8) } })
  }

  private static func place(_ cluster: RedisCluster, _ node: Int) -> [String] {
    ["-u", "redis://127.0.0.1:\(cluster.nodes[node].port)"]
  }

  private static func size(_ cluster: RedisCluster) throws -> Int {
    try (0..<3).reduce(0) { try $0 + cluster.nodes[$1].server.size() }
  }

  @Test("a replica alone takes no writes, and names its primary") func replica() throws {
    let cluster = try Self.filled.get()
    let replica = try #require(
      try (3..<6).first { try cluster.command($0, "ROLE").elements?.first?.text == "slave" })
    let seed = try TemporaryFolder()
    let file = try seed.write("seed", Array(#"{"key":"app:v1:1","value":"new"}"#.utf8))
    for command in [["invalidate", "app:v1:*", "--yes"], ["warm", "--yes", file]] {
      let result = try Rediscache.run(command + ["--node-only"] + Self.place(cluster, replica))
      #expect(result.status == 75 && result.errorText.contains("replica"), "\(result)")
      #expect(result.errorText.contains("its primary is 127.0.0.1:"), "\(result)")
    }
    let dry = try Rediscache.run(
      ["invalidate", "app:v1:*", "--dry-run", "--json", "--node-only"] + Self.place(cluster, replica))
    #expect(dry.status == 0, "\(dry)")
    #expect(try Self.size(cluster) == Self.keys)
  }

  @Test("of a list, keys that other nodes have are told, and are still there") func list() throws {
    let cluster = try Self.filled.get()
    let folder = try TemporaryFolder()
    let list = (0..<Self.keys).map { "app:v1:\($0)\n" }.joined()
    let file = try folder.write("list", Array(list.utf8))
    let own = try cluster.nodes[0].server.size()
    let result = try Rediscache.run(
      ["invalidate", "--keys-from", file, "--yes", "--json", "--node-only"] + Self.place(cluster, 0))
    let report = try RemovalReport(result.stdout)
    #expect(result.status == 1 && !report.complete && report.counts.isBalanced, "\(result)")
    #expect(report.counts.removed == own && report.counts.failed == Self.keys - own, "\(result)")
    #expect(try Self.size(cluster) == Self.keys - own)
    try Self.fill(cluster)
  }

  @Test("who may not ask INFO is not shown a third of the keys as all of them") func withoutInfo() throws {
    let cluster = try Self.filled.get()
    for node in cluster.nodes {
      try node.server.cli(
        "ACL", "SETUSER", "narrow", "on", ">\(Rediscache.secret)", "~*", "+scan", "+pttl", "+type",
        "+memory|usage", "+unlink")
    }
    let login = ["--user", "narrow"] + Self.place(cluster, 0)
    let environment = ["REDISCLI_AUTH": Rediscache.secret]
    for command in [["scan"], ["ttl"], ["invalidate", "app:v1:*", "--yes"]] {
      let result = try Rediscache.run(command + login, environment: environment)
      #expect(result.status == 77 && result.errorText.contains("cluster|"), "\(result)")
    }
    #expect(try Self.size(cluster) == Self.keys)
  }
}
