import Foundation
import TestHarness
import Testing

/// `stats` over a cluster that lacks something, and across failovers that Sentinel makes.
@Suite(.overlappingApart) struct StatsClusterLossTests {
  @Test("a node that is down is named, and the totals are told to be those of the others") func nodeDown()
    throws
  {
    let stage = try StatsClusterStage(replicas: 0)
    defer { stage.cluster.stop() }
    let folder = try TemporaryFolder()
    let state = ["--state", folder.file("state")]
    for shard in 0..<3 { try stage.look(shard, hits: 10 + shard, misses: 10) }
    _ = try StatsJSON.read(at: stage.uri(), state)

    let watch = try Rediscache.command(["stats", "-u", stage.uri(), "--watch", "--interval", "300ms"]).start()
    #expect(watch.waitForOutput("3/3"))
    stage.cluster.kill(2)
    #expect(watch.waitForOutput("2/3"))
    #expect(watch.waitForError("10923-16383") && watch.waitForError("2 of 3 nodes"))
    watch.signal(SIGINT)
    let watched = watch.wait()
    #expect(watched.status == 1 && watched.text.contains("\n2 of 3 nodes"), "\(watched)")

    try stage.look(0, hits: 3, misses: 0)
    try expectPartial(stage, state)
    // Once the others have agreed on it they no longer say where it was.
    try Wait.for("the others to notice") {
      try stage.cluster.command(1, "CLUSTER", "NODES").text?.contains("fail ") == true
    }
    try expectPartial(stage)

    let check = try Rediscache.run(["stats", "-u", stage.uri(), "--format", "nagios"])
    #expect(
      check.status == 3 && check.text.contains("2 of 3 nodes") && !check.text.contains(" | "), "\(check)")
    let table = try Rediscache.run(["stats", "-u", stage.uri()])
    #expect(table.status == 1 && table.text.contains("\n2 of 3 nodes"), "\(table)")
    #expect(table.text.contains("not read"), "\(table)")
    let metrics = try Rediscache.run(["stats", "-u", stage.uri(), "--format", "prometheus"])
    #expect(
      metrics.status == 1 && metrics.text.contains("\nrediscache_stats_complete{")
        && metrics.text.contains("\"} 0\n"), "\(metrics)")
  }

  /// Checks a report that lacks the last shard.
  private func expectPartial(_ stage: StatsClusterStage, _ state: [String]? = nil) throws {
    let result = try Rediscache.run(["stats", "-u", stage.uri(), "--json"] + (state ?? []))
    #expect(result.status == 1 && result.errorText.contains("10923-16383"), "\(result)")
    let report = try StatsJSON(result.stdout)
    #expect(!report.complete && report.nodes.count == 2, "\(result)")
    #expect(report.unread?.map(\.slots) == ["10923-16383"], "\(result)")
    #expect(
      report.warnings.contains { $0.contains("2 of 3 nodes, not of the cluster") }, "\(report.warnings)")
    #expect(report.nodes.map(\.lifetime.hits) == [13, 11] && report.totals.lifetime.hits == 24)
    if state != nil { #expect(report.nodes.map { $0.interval?.hits } == [3, 0], "\(result)") }
  }

  @Test("slots that nobody has are named") func uncovered() throws {
    let stage = try StatsClusterStage(replicas: 0)
    defer { stage.cluster.stop() }
    try stage.cluster.command(0, "CLUSTER", "DELSLOTS", "17")
    let result = try Rediscache.run(["stats", "-u", stage.uri(0), "--json"])
    #expect(
      result.status == 1 && result.errorText.contains("no node of the cluster has the slots 17"), "\(result)")
    let report = try StatsJSON(result.stdout)
    #expect(!report.complete && report.nodes.count == 3 && report.unread == nil)
  }

  @Test("behind sentinels a failover between two runs is told, and costs one interval") func sentinel() throws
  {
    try RedisSentinel.with { made in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try StatsTraffic.look(made.servers[0], hits: 10, misses: 0)
      let first = try StatsJSON.read(at: made.uri(), state)
      #expect(first.target.kind == "sentinel" && first.target.uri == made.uri() + "/0")
      #expect(first.target.nodes.map(\.address) == ["127.0.0.1:\(made.servers[0].port)"])
      try StatsTraffic.look(made.servers[0], hits: 7, misses: 3)
      let steady = try StatsJSON.read(at: made.uri(), state)
      #expect(steady.totals.interval?.hits == 7 && steady.warnings.isEmpty, "\(steady.warnings)")

      try made.failover()
      #expect(try Rediscache.run(["scan", "-u", made.uri()] + state).status == 0)
      let after = try StatsJSON.read(at: made.uri(), state)
      #expect(after.complete && after.totals.interval == nil)
      #expect(after.target.nodes.map(\.address) == ["127.0.0.1:\(made.servers[1].port)"])
      #expect(
        after.warnings.contains { $0.contains("another server answers") && $0.contains("(a failover?)") },
        "\(after.warnings)")
      try StatsTraffic.look(made.servers[1], hits: 4, misses: 1)
      #expect(try Rediscache.run(["scan", "--exact", "-u", made.uri()] + state).status == 0)
      let next = try StatsJSON.read(at: made.uri(), state)
      #expect(next.totals.interval?.hits == 4 && next.totals.interval?.misses == 1, "\(next.warnings)")
      #expect(next.subtractedLookups?.hits ?? 0 > 0)
    }
  }
}
