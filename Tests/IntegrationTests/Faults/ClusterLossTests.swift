import Foundation
import TestHarness
import Testing

extension Faults {
  /// A cluster that has lost a shard.
  @Suite(.serialized, .overlappingApart) struct ClusterLossTests {
    /// Three primaries, of which the last has died; the others serve on.
    private static let torn = Result {
      let base = RedisServer.Options(
        configuration: Trial.configuration + [
          "masterauth \(Rediscache.secret)", "cluster-require-full-coverage no",
        ], login: Trial.login)
      let cluster = try RedisCluster(primaries: 3, replicas: 0, base)
      cluster.kill(2)
      // Until the others have noticed they name it as the owner.
      try Wait.for("the loss to be noticed") {
        try (0..<2).allSatisfy {
          try cluster.command($0, "CLUSTER", "INFO").text?.contains("cluster_slots_fail:0\r") == false
        }
      }
      return cluster
    }

    @Test("fault: a shard down", arguments: Verb.walking) func shardDown(_ verb: Verb) throws {
      let cluster = try Self.torn.get()
      let (live, dead) = try Self.names(cluster)
      let servers = cluster.nodes[..<2].map(\.server)
      for server in servers { try server.cli("FLUSHALL") }
      let trial = try Trial(verb, live.count, names: { live[$0] }, on: { servers }) { commands in
        // Those of the other node's slots have no place.
        for server in servers { try server.pipeline(commands) }
      }
      if verb == .warm {
        let lost = dead.map { #"{"key":"\#($0)","value":"v"}"# + "\n" }.joined()
        try trial.folder.write("seed", (trial.folder.read("seed") ?? []) + Array(lost.utf8))
      }
      let result = try trial.run(
        ["-u", "redis://127.0.0.1:\(cluster.nodes[0].port)"], ["--retry-for", "600ms"])
      try trial.expectHarmless(result, at: #_sourceLocation)
      #expect([1, 69, 75].contains(result.status), "\(result)")
      // A warming stops at the first key that has no place.
      let place = verb == .warm ? "no node of the cluster has slot" : "10923-16383"
      #expect((result.text + result.errorText).contains(place), "the slots are named: \(result)")
      switch verb {
      case .scan:
        let report = try Report(result)
        #expect(!report.complete && report.totals.keys == live.count, "\(result)")
      case .invalidate:
        let report = try RemovalReport(result.stdout)
        #expect(!report.complete && report.counts.isBalanced, "\(result)")
        #expect(try report.counts.removed == live.count && trial.chosenNames().isEmpty, "\(result)")
      case .warm:
        let report = try LoadReport(result.stdout)
        #expect(!report.complete && report.counts.isBalanced, "\(result)")
        let (written, there) = (report.counts.written, try trial.chosenNames().count)
        // Each server has answered: what it took is known, and what nobody has a place for was not written.
        #expect(report.counts.unknown == 0 && written == there, "\(there): \(result)")
      case .export: #expect(trial.folder.read("export.jsonl") == Trial.oldExport)
      case .ttl, .stats: #expect(result.text.contains("\"complete\":false"), "\(result)")
      }
    }

    /// Names of keys whose slots are served, and of some whose slots are not.
    private static func names(_ cluster: RedisCluster) throws -> (live: [String], dead: [String]) {
      let names = (0..<400).map { "app:v1:\($0)" }
      let words = names.map { ["CLUSTER", "KEYSLOT", $0].map { Array($0.utf8) } }
      let slots = try cluster.nodes[0].server.pipeline(words).compactMap(\.integer)
      let pairs = zip(names, slots)
      return (pairs.filter { $0.1 < 10_923 }.map(\.0), pairs.filter { $0.1 >= 10_923 }.map(\.0))
    }
  }
}
