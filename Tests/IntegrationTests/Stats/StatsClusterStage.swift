import Foundation
import TestHarness
import Testing

/// A cluster with a key in the slots of each of its shards, for traffic whose figures are known.
final class StatsClusterStage: Sendable {
  let cluster: RedisCluster
  /// For each shard, in the order of the slots, what stands between the braces of its keys, and their slot.
  private let tags: [(text: String, slot: Int)]

  init(replicas: Int, _ base: RedisServer.Options = .init()) throws {
    cluster = try RedisCluster(primaries: 3, replicas: replicas, base)
    var found: [Int: (String, Int)] = [:]
    for number in 0..<200 where found.count < 3 {
      let slot = try #require(try cluster.command(0, "CLUSTER", "KEYSLOT", "{\(number)}").integer)
      found[slot < 5_461 ? 0 : slot < 10_923 ? 1 : 2] = (String(number), slot)
    }
    tags = try (0..<3).map { try #require(found[$0]) }
  }

  /// The number of the node that is the primary of a shard now.
  func primary(of shard: Int) throws -> Int { try #require(try cluster.owner(of: tags[shard].slot)) }

  /// The port of the primary of a shard.
  func port(of shard: Int) throws -> Int { cluster.nodes[try primary(of: shard)].port }

  /// Where a run begins.
  func uri(_ node: Int = 1) -> String { "redis://127.0.0.1:\(cluster.nodes[node].port)" }

  /// Looks up keys at the primary of a shard.
  func look(_ shard: Int, hits: Int, misses: Int) throws {
    let key = "{\(tags[shard].text)}"
    try cluster.nodes[primary(of: shard)].server.load(
      text: [["SET", key, "1"]] + Array(repeating: ["GET", key], count: hits)
        + Array(repeating: ["GET", key + "not-there"], count: misses))
  }

  /// How often a node was asked for its latencies.
  func readings(of node: Int) throws -> Int {
    try cluster.nodes[node].server.commandStats()["latency|histogram"] ?? 0
  }

  /// Makes a replica of a node its successor, while both live; gives the successor's number.
  func handOver(_ node: Int) throws -> Int {
    let heir = try #require(
      try cluster.nodes.indices.first {
        try cluster.nodes[$0].server.info("replication")["master_port"] == String(cluster.nodes[node].port)
      })
    try Wait.for("the replica to take over") {
      _ = try cluster.command(heir, "CLUSTER", "FAILOVER")
      usleep(200_000)
      return try cluster.nodes[heir].server.info("replication")["role"] == "master"
    }
    try cluster.waitUntilSettled()
    return heir
  }
}
