import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` over a cluster of three shards with a replica each.
@Suite(.serialized, .overlappingApart) struct HitsClusterTests {
  private static let stage = Result { try StatsClusterStage(replicas: 1, HitsTests.events) }

  private func listen(_ stage: StatsClusterStage, _ arguments: [String]) throws -> RunningCommand {
    let running = try Rediscache.command(
      ["hits", "-u", stage.uri(), "--json", "--no-memory"] + arguments
    ).start()
    for shard in 0..<3 {
      let server = stage.cluster.nodes[try stage.primary(of: shard)].server
      try Wait.for("shard \(shard) to be listened to") {
        let clients = try server.connection().command("CLIENT", "LIST").text ?? ""
        return clients.split(separator: "\n").contains { $0.contains("cmd=info") && !$0.contains(" sub=0 ") }
          || !running.isRunning
      }
    }
    usleep(100_000)
    return running
  }

  @Test("misses of all shards are counted, each at its own node") func shards() throws {
    let stage = try Self.stage.get()
    let running = try listen(stage, ["--for", "2s", "--no-monitor"])
    for (shard, misses) in [30, 20, 10].enumerated() { try stage.look(shard, hits: 5, misses: misses) }
    let result = running.wait()
    let report = try HitsJSON(result.stdout)
    #expect(result.status == 0 && report.complete, "\(result)")
    #expect(report.totals.misses == 60 && report.totals.hits == 15)
    #expect(report.coverage.misses == 1 && report.groups.reduce(0) { $0 + ($1.misses ?? 0) } == 60)
  }

  @Test("a failover in the middle: the successor is listened to, and the gap is said") func failover() throws
  {
    let stage = try Self.stage.get()
    let running = try listen(stage, ["--for", "7s", "--duty", "10%"])
    let before = try stage.primary(of: 1)
    try stage.look(1, hits: 0, misses: 10)
    let heir = try stage.handOver(before)
    try Wait.for("the successor to be listened to") {
      let clients = try stage.cluster.nodes[heir].server.connection().command("CLIENT", "LIST").text ?? ""
      return clients.contains("name=rediscache")
        && clients.split(separator: "\n").contains { !$0.contains(" sub=0 ") && $0.contains("cmd=info") }
        || !running.isRunning
    }
    usleep(100_000)
    try stage.look(1, hits: 0, misses: 15)
    let result = running.wait()
    let report = try HitsJSON(result.stdout)
    #expect((report.groups.reduce(0) { $0 + ($1.misses ?? 0) }) == 25, "\(result)")
    #expect(report.totals.misses == 25)
    #expect(result.status == 1 && !report.complete, "what happened between the two is not known")
    #expect(report.warnings.contains { $0.contains("did not come") }, "\(report.warnings)")
  }
}
