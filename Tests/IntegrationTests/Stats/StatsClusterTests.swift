import Foundation
import TestHarness
import Testing

/// `stats` over a cluster of three shards with a replica each; the tests share it, one after the other.
@Suite(.serialized, .overlappingApart) struct StatsClusterTests {
  private static let stage = Result { try StatsClusterStage(replicas: 1) }

  @Test("each node's figures are its own, and ratios of the totals come from summed counters") func lifetime()
    throws
  {
    let stage = try Self.stage.get()
    let ports = try (0..<3).map { try stage.port(of: $0) }
    for node in stage.cluster.nodes { try node.server.cli("CONFIG", "RESETSTAT") }
    try stage.look(0, hits: 90, misses: 10)
    try stage.look(1, hits: 0, misses: 900)
    try stage.look(2, hits: 7, misses: 3)
    // Any node leads to all; also a replica.
    for seed in [0, 4] {
      let report = try StatsJSON.read(at: stage.uri(seed))
      #expect(report.complete && report.warnings.isEmpty && report.unread == nil, "\(report.warnings)")
      #expect(report.target.kind == "cluster" && report.target.uri == stage.uri(seed) + "/0")
      #expect(report.target.nodes.map(\.address) == ports.map { "127.0.0.1:\($0)" })
      #expect(report.target.nodes.allSatisfy { $0.role == "primary" })
      #expect(report.nodes.map(\.address) == report.target.nodes.map(\.address))
      #expect(report.nodes.map(\.lifetime.hits) == [90, 0, 7])
      #expect(report.nodes.map(\.lifetime.misses) == [10, 900, 3])
      #expect(report.nodes.map(\.lifetime.hitRatio) == [0.9, 0, 0.7])
      // The mean of the ratios would be 0.53.
      #expect(report.totals.lifetime.hits == 97 && report.totals.lifetime.misses == 913)
      #expect(report.totals.lifetime.hitRatio == 0.09604)
      #expect(report.totals.keys == report.nodes.compactMap(\.keys).reduce(0, +))
      #expect(report.totals.usedMemoryBytes == report.nodes.compactMap(\.usedMemoryBytes).reduce(0, +))
      #expect(report.totals.latencySource?.hasSuffix("histogram") == true)
    }
    let alone = try StatsJSON.read(at: stage.uri(0), ["--node-only"])
    #expect(alone.complete && alone.nodes.count == 1 && alone.target.kind == "cluster")
    #expect(try alone.totals.lifetime.misses == (stage.primary(of: 0) == 0 ? 10 : 0))
  }

  @Test("every form tells of every node") func forms() throws {
    let stage = try Self.stage.get()
    func text(_ arguments: String..., columns: Int = 100) throws -> String {
      let result = try Rediscache.run(
        ["stats", "-u", stage.uri()] + arguments, environment: ["COLUMNS": String(columns)])
      #expect(result.status == 0, "\(result)")
      return result.text
    }
    let places = try (0..<3).map { "127.0.0.1:\(try stage.port(of: $0))" }
    for columns in [60, 80, 120] {
      let table = try text(columns: columns)
      #expect(table.contains("cluster of 3 shards"), "\(table)")
      let rows = table.split(separator: "\n").drop { !$0.hasPrefix("NODE") }.prefix(4)
      #expect(zip(rows.dropFirst(), places).allSatisfy { $0.hasPrefix($1) } && rows.count == 4, "\(table)")
      #expect(rows.allSatisfy { $0.count <= columns }, "\(table)")
    }
    let metrics = try text("--format", "prometheus")
    for place in places { #expect(metrics.contains(",db=\"0\",node=\"\(place)\"} ")) }
    #expect(metrics.contains("\nrediscache_stats_complete{target=\"127.0.0.1:"))
    let rows = try text("--format", "csv").split(separator: "\n").map { $0.split(separator: ",")[1] }
    // A row of the lifetime and one of the interval.
    #expect(rows.map { String($0) } == ["node"] + (places + ["total"]).flatMap { [$0, $0] })
    let check = try text("--format", "nagios", "--critical", "keys < 0")
    #expect(check.hasPrefix("REDISCACHE OK") && check.contains(" | hits="), "\(check)")
  }

  @Test("an interval is that of each node, and of all together") func interval() throws {
    let stage = try Self.stage.get()
    let before = try stage.cluster.nodes.indices.map { try stage.readings(of: $0) }
    let nodes = try (0..<3).map { try stage.primary(of: $0) }
    let running = try Rediscache.command(
      ["stats", "-u", stage.uri(nodes[0]), "--json", "--interval", "4s"]
    ).start()
    // The node that was named is read once more, to learn that it is one of a cluster.
    try Wait.for("the first reading of each node") {
      try nodes.allSatisfy { try stage.readings(of: $0) >= before[$0] + ($0 == nodes[0] ? 2 : 1) }
    }
    usleep(300_000)
    try stage.look(0, hits: 30, misses: 10)
    try stage.look(2, hits: 5, misses: 55)
    let result = running.wait()
    #expect(result.status == 0, "\(result)")
    let report = try StatsJSON(result.stdout)
    #expect(report.complete && report.warnings.isEmpty, "\(report.warnings)")
    #expect(report.nodes.map { $0.interval?.hits } == [30, 0, 5])
    #expect(report.nodes.map { $0.interval?.misses } == [10, 0, 55])
    let interval = try #require(report.totals.interval)
    #expect(interval.hits == 35 && interval.misses == 65 && interval.hitRatio == 0.35)
    #expect((3.9...9).contains(interval.seconds ?? 0))
    #expect(report.totals.latencySource == "interval_histogram")
    // Of the middle node nothing was wanted but what polled for its first reading, and the others' replication.
    #expect((0...12).contains(report.nodes[1].interval?.commands ?? -1), "\(report.nodes[1])")
  }

  @Test("with a state file each node's interval begins at its last reading, without the lookups of scans")
  func state() throws {
    let stage = try Self.stage.get()
    let folder = try TemporaryFolder()
    let state = ["--state", folder.file("state")]
    try stage.cluster.load(
      (0..<600).map { ["SET", "app:v1:\($0)", "x", "EX", "5000"].map { Array($0.utf8) } })
    let first = try StatsJSON.read(at: stage.uri(), state)
    #expect(first.complete && first.totals.interval?.hits == 0)
    #expect(first.warnings.contains { $0.contains("first reading") })
    for (shard, hits) in [10, 20, 30].enumerated() { try stage.look(shard, hits: hits, misses: 5) }
    for variant in [
      ["scan", "--exact"], ["scan", "--big", "5"], ["ttl"], ["scan", "--list", "--format", "csv"],
    ] {
      let result = try Rediscache.run(variant + ["-u", stage.uri(2)] + state)
      #expect(result.status == 0, "\(variant): \(result)")
    }
    // Another node leads to the same cluster.
    let report = try StatsJSON.read(at: stage.uri(2), state)
    #expect(report.complete && report.warnings.isEmpty, "\(report.warnings)")
    #expect(report.nodes.map { $0.interval?.hits } == [10, 20, 30])
    #expect(report.nodes.map { $0.interval?.misses } == [5, 5, 5])
    #expect(report.totals.interval?.hits == 60 && report.totals.interval?.misses == 15)
    let subtracted = try report.nodes.map { try #require($0.subtractedLookups?.hits) }
    #expect(subtracted.allSatisfy { $0 > 400 } && report.subtractedLookups?.hits == subtracted.reduce(0, +))
    let quiet = try StatsJSON.read(at: stage.uri(), state)
    #expect(quiet.totals.interval?.hits == 0 && quiet.subtractedLookups?.lookups == 0)
    // One node by itself leaves the others' places in the file.
    try stage.look(1, hits: 4, misses: 0)
    let alone = try StatsJSON.read(at: "redis://127.0.0.1:\(stage.port(of: 1))", state + ["--node-only"])
    #expect(alone.totals.interval?.hits == 4 && alone.warnings.isEmpty, "\(alone.warnings)")
    let whole = try StatsJSON.read(at: stage.uri(), state)
    #expect(whole.nodes.allSatisfy { $0.interval?.hits == 0 } && whole.totals.interval != nil)
  }

  @Test("the state of another cluster is refused") func otherCluster() throws {
    let stage = try Self.stage.get()
    let folder = try TemporaryFolder()
    let state = ["--state", folder.file("state")]
    try RedisServer.with { server in
      _ = try StatsJSON.read(server, state)
      let bytes = folder.read("state")
      let refused = try Rediscache.run(["stats", "-u", stage.uri()] + state)
      #expect(refused.status == 65 && refused.errorText.contains(server.socketPath), "\(refused)")
      #expect(folder.read("state") == bytes)
    }
  }

  @Test("replicas are read in the primaries' place where that is asked for") func replicas() throws {
    let stage = try Self.stage.get()
    let report = try StatsJSON.read(at: stage.uri(), ["--read-from", "replica"])
    #expect(report.complete && report.nodes.count == 3, "\(report.warnings)")
    #expect(report.nodes.allSatisfy { $0.role == "replica" && $0.replicationLagSeconds != nil })
    let primaries = try Set((0..<3).map { "127.0.0.1:\(try stage.port(of: $0))" })
    #expect(primaries.isDisjoint(with: report.nodes.compactMap(\.address)))
  }

  @Test("a node that hands over within the interval has none, and neither have the totals") func handOver()
    throws
  {
    let stage = try Self.stage.get()
    let old = try stage.primary(of: 1)
    let before = try stage.readings(of: old)
    let running = try Rediscache.command(
      ["stats", "-u", stage.uri(try stage.primary(of: 0)), "--json", "--interval", "6s"]
    ).start()
    try Wait.for("the first reading") { try stage.readings(of: old) > before }
    let heir = try stage.handOver(old)
    let result = running.wait()
    #expect(result.status == 0, "\(result)")
    let report = try StatsJSON(result.stdout)
    #expect(report.complete && report.totals.interval == nil && report.totals.lifetime.commands != nil)
    #expect(try report.node(stage.cluster.nodes[heir].port).interval == nil)
    #expect(report.nodes.filter { $0.interval != nil }.count == 2)
    let (left, come) = (stage.cluster.nodes[old].port, stage.cluster.nodes[heir].port)
    #expect(report.warnings.contains { $0.hasPrefix("127.0.0.1:\(come) is read for the first time") })
    #expect(report.warnings.contains { $0.hasPrefix("127.0.0.1:\(left) is no longer read") })
    #expect(report.warnings.contains { $0.contains("the totals have no interval") }, "\(report.warnings)")
  }

  @Test("a failover between two runs costs one interval of the totals") func failover() throws {
    let stage = try Self.stage.get()
    let folder = try TemporaryFolder()
    let state = ["--state", folder.file("state")]
    let victim = try stage.primary(of: 0)
    let seed = try stage.primary(of: 1)
    _ = try StatsJSON.read(at: stage.uri(seed), state)
    try stage.look(0, hits: 50, misses: 50)
    try stage.look(2, hits: 8, misses: 2)
    let heir = try stage.cluster.killPrimary(victim)
    defer {
      try? stage.cluster.nodes[victim].server.restart()
      try? stage.cluster.waitUntilSettled()
    }
    let (left, come) = (stage.cluster.nodes[victim].port, stage.cluster.nodes[heir].port)
    let report = try StatsJSON.read(at: stage.uri(seed), state)
    #expect(report.complete && report.totals.interval == nil, "\(report.warnings)")
    #expect(try report.node(stage.port(of: 2)).interval?.hits == 8)
    #expect(try report.node(come).interval == nil)
    #expect(report.warnings.contains { $0.contains("127.0.0.1:\(come)") })
    #expect(report.warnings.contains { $0.contains("127.0.0.1:\(left)") }, "\(report.warnings)")
    try stage.look(0, hits: 6, misses: 1)
    let next = try StatsJSON.read(at: stage.uri(seed), state)
    #expect(next.warnings.isEmpty && next.totals.interval?.hits == 6 && next.totals.interval?.misses == 1)
  }
}
