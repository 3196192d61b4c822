import Foundation
import TestHarness
import TestSupport
import Testing

/// Clusters of which a node hides something: what is missing is named, and nothing partial ends as a whole.
@Suite(.serialized, .overlappingApart) struct HiddenClusterTests {
  private static let keys = 900

  private static func fill(_ cluster: RedisCluster) throws {
    try cluster.load((0..<keys).map { ["SET", "app:v1:\($0)", "value"].map { Array($0.utf8) } })
  }

  private static func proxy(_ cluster: RedisCluster, _ edits: [ReplyEdit]) throws -> EditingProxy {
    try EditingProxy(to: .loopback(cluster.nodes[0].port), on: .loopback, edits)
  }

  @Test("a node without INFO and HELLO is known as one of a cluster all the same") func withoutInfo() throws {
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      try Self.fill(cluster)
      let proxy = try Self.proxy(
        cluster, [.refuse("INFO", with: "NOPERM no INFO"), .refuse("HELLO", with: "NOPERM no HELLO")])
      let result = try Rediscache.run(["scan", "--json", "-u", proxy.uri])
      #expect(try Report(result).totals.keys == Self.keys, "\(result)")
      // Where nothing at all is said of other nodes, their existence shows in what keys answer.
      let moved = Set((0..<5).map { "app:v1:\($0)" })
      let hidden = try RedisServer.with { server in
        try server.load(text: (0..<20).map { ["SET", "app:v1:\($0)", "value"] })
        let proxy = try EditingProxy(
          to: server,
          [
            .refuse("INFO", with: "NOPERM no"), .refuse("HELLO", with: "NOPERM no"),
            .refuse("CLUSTER", with: "NOPERM no"), .refuse("PTTL", with: "MOVED 7 127.0.0.1:1", keys: moved),
          ])
        return try Rediscache.run(["scan", "--json", "-u", proxy.uri])
      }
      let report = try Report(hidden)
      #expect(hidden.status == 1 && !report.complete && report.totals.keys == 15, "\(hidden)")
      #expect(report.warns("5 keys that it says are at other nodes"))
    }
  }

  @Test("where one shard alone has a replica, it is read from every seed, and the others are named")
  func oneReplica() throws {
    try RedisCluster.with(primaries: 3, replicas: 1) { cluster in
      try Self.fill(cluster)
      for lost in [4, 5] {
        for other in 0...3 { _ = try cluster.command(other, "CLUSTER", "FORGET", cluster.nodes[lost].id) }
        cluster.kill(lost)
      }
      for seed in 0...3 {
        let start = ContinuousClock.now
        let place = ["-u", "redis://127.0.0.1:\(cluster.nodes[seed].port)"]
        let result = try Rediscache.run(["scan", "--json", "--read-from", "replica"] + place)
        #expect(ContinuousClock.now - start < .seconds(8))
        #expect(result.status == 1, "seed \(seed): \(result)")
        let report = try Report(result)
        #expect(!report.complete && report.totals.keys > 200 && report.totals.keys < 400)
        #expect(report.warnings.filter { $0.contains("no replica that can be read") }.count == 2, "\(result)")
      }
    }
  }

  @Test("a host name that does not resolve is replaced by the address, or whoever named it is named")
  func unresolved() throws {
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      try Self.fill(cluster)
      for node in cluster.nodes.indices {
        _ = try cluster.command(node, "CONFIG", "SET", "cluster-announce-hostname", "node-\(node).invalid")
        _ = try cluster.command(node, "CONFIG", "SET", "cluster-preferred-endpoint-type", "hostname")
      }
      try Wait.for("the names to be known") {
        try cluster.nodes.indices.allSatisfy { node in
          let shards = String(describing: try cluster.command(node, "CLUSTER", "SLOTS"))
          return cluster.nodes.indices.allSatisfy { shards.contains(hex("node-\($0).invalid")) }
        }
      }
      let place = ["-u", "redis://127.0.0.1:\(cluster.nodes[0].port)"]
      let found = try Rediscache.run(["scan", "--json"] + place)
      #expect(try found.status == 0 && Report(found).totals.keys == Self.keys, "\(found)")
      let proxy = try Self.proxy(
        cluster,
        [
          .refuse("CLUSTER SHARDS", with: "ERR unknown subcommand 'SHARDS'"),
          .change("CLUSTER SLOTS") { Self.withoutAddresses($0) },
        ])
      let lost = try Rediscache.run(["scan", "--json", "--retry-for", "0s", "-u", proxy.uri])
      #expect(lost.status == 69, "\(lost)")
      #expect(
        lost.errorText.contains("node-") && lost.errorText.contains("the cluster announces that address"))
      #expect(lost.errorText.contains("--node-only"), "\(lost)")
    }
  }

  /// The bytes of a text as a description of a reply shows them.
  private func hex(_ text: String) -> String {
    String(describing: RESPValue.bulk(Array(text.utf8)))
  }

  /// CLUSTER SLOTS without the fields that tell a node's address.
  private static func withoutAddresses(_ reply: RESPValue) -> RESPValue {
    guard let ranges = reply.elements else { return reply }
    return .array(
      ranges.map { range in
        .array(
          (range.elements ?? []).map { part in
            guard let node = part.elements else { return part }
            return .array(Array(node.prefix(3)) + [.array([])])
          })
      })
  }
}
