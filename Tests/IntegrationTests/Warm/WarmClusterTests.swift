import Foundation
import TestHarness
import TestSupport
import Testing

/// Warming a cluster: names beside the key lie in its slot, and slots may be between two nodes.
@Suite(.overlapping) struct WarmClusterTests {
  private static func list(_ key: String, _ count: Int) -> String {
    let elements = (0..<count).map { "\"e\($0)\"" }.joined(separator: ",")
    return #"{"key":"\#(key)","type":"list","value":[\#(elements)]}"# + "\n"
  }

  private static func warm(_ cluster: RedisCluster, _ seed: String, _ arguments: [String] = []) throws
    -> Command
  {
    var command = Rediscache.command(
      ["warm", "-", "--yes", "--json", "-u", "redis://127.0.0.1:\(cluster.nodes[0].port)"] + arguments)
    command.input = .bytes(Array(seed.utf8))
    return command
  }

  /// The keys of all nodes whose names hold a text.
  private static func leftovers(_ cluster: RedisCluster, _ text: String) throws -> [String] {
    try cluster.nodes.indices.flatMap { node in
      try cluster.command(node, "KEYS", "*\(text)*").elements?.compactMap(\.text) ?? []
    }
  }

  @Test("collections of any name are written, whole and in pieces, also where nothing may be replaced")
  func names() throws {
    let keys = ["", "{}a", "a}", "a{}{b}", "}{", "x{y", "{b}c", "plain"]
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      for count in [3, 2_500] {
        for arguments in [[], ["--if-missing"]] {
          for node in cluster.nodes.indices { _ = try cluster.command(node, "FLUSHALL") }
          let seed = keys.map { Self.list($0, count) }.joined()
          let result = try Self.warm(cluster, seed, ["--verify"] + arguments).run()
          #expect(result.status == 0, "\(count) \(arguments): \(result)")
          #expect(try result.load().counts == .init(written: keys.count), "\(result)")
          #expect(try Self.leftovers(cluster, ":rediscache:") == [])
        }
      }
    }
  }

  @Test("a collection for a key in a slot that moves is written once the key has moved") func betweenNodes()
    throws
  {
    try RedisCluster.with(primaries: 2, replicas: 0) { cluster in
      let slot = try #require(try cluster.command(0, "CLUSTER", "KEYSLOT", "{m}big").integer)
      let source = try #require(try cluster.owner(of: slot))
      let target = 1 - source
      _ = try cluster.command(source, "SET", "{m}big", "old")
      try cluster.beginMigration(of: slot, from: source, to: target)
      let running = try Self.warm(cluster, Self.list("{m}big", 2_500), ["--retry-for", "30s"]).start()
      Thread.sleep(forTimeInterval: 1.5)
      try cluster.moveKeys(of: slot, from: source, to: target)
      try cluster.finishMigration(of: slot, from: source, to: target)
      let result = running.wait()
      #expect(result.status == 0, "\(result)")
      #expect(try result.load().counts == .init(written: 1), "\(result)")
      #expect(try cluster.command(target, "LLEN", "{m}big").integer == 2_500)
      #expect(try Self.leftovers(cluster, ":rediscache:") == [])
    }
  }

  @Test("what cannot be written while a slot stays between two nodes is named, and nothing is left behind")
  func stuck() throws {
    try RedisCluster.with(primaries: 2, replicas: 0) { cluster in
      let slot = try #require(try cluster.command(0, "CLUSTER", "KEYSLOT", "{m}big").integer)
      let source = try #require(try cluster.owner(of: slot))
      _ = try cluster.command(source, "SET", "{m}big", "old")
      try cluster.beginMigration(of: slot, from: source, to: 1 - source)
      let seed =
        #"{"key":"{m}new","value":"x"}"# + "\n" + Self.list("{m}small", 3) + Self.list("{m}big", 2_500)
      let result = try Self.warm(cluster, seed, ["--retry-for", "300ms"]).run()
      #expect(result.status == 75 && result.errorText.contains("TRYAGAIN"), "\(result)")
      let report = try result.load()
      #expect(report.counts == .init(written: 2, failed: 1), "\(result)")
      #expect(report.refused.map(\.key) == ["{m}big"], "\(result)")
      #expect(try Self.leftovers(cluster, ":rediscache:") == [])
      #expect(try cluster.command(source, "GET", "{m}big").text == "old")
    }
  }

  @Test("tags on other shards get their members back") func restoredTags() throws {
    let folder = try TemporaryFolder()
    let backup = folder.file("backup.jsonl")
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      let uri = "redis://127.0.0.1:\(cluster.nodes[0].port)"
      let seed = JSONLines.strings(60, "k", members: #""tags":["a","b"],"ttl":500"#)
      #expect(try Self.warm(cluster, seed).run().status == 0)
      let choice = ["--tag", "a", "--tag", "b", "--yes", "--backup", backup]
      #expect(try Rediscache.run(["invalidate", "-u", uri] + choice).status == 0)
      #expect(try Self.leftovers(cluster, "") == [])
      let restored = try Rediscache.run(["warm", backup, "-u", uri, "--yes", "--verify", "--json"])
      #expect(restored.status == 0 && restored.text.contains(#""memberships":120"#), "\(restored)")
      #expect(try Self.leftovers(cluster, "").count == 62)
    }
  }
}
