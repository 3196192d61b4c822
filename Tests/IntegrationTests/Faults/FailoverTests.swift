import Foundation
import TestHarness
import Testing

extension Faults {
  /// Primaries that die in the middle of a run, and replicas that take their place.
  @Suite(.overlappingApart) struct FailoverTests {
    /// So many keys may be lost: what a primary has acknowledged and not yet handed on dies with it.
    private static let lost = 100

    /// Waits until a server has carried out some batches of a run.
    private static func waitForWork(_ trial: Trial, on server: RedisServer) throws {
      let name = trial.verb == .warm ? "set" : trial.verb == .invalidate ? "unlink" : "scan"
      try server.cli("CONFIG", "RESETSTAT")
      try server.waitForCalls(of: name, atLeast: 3)
    }

    /// Checks a run that had to do with a new primary: inspecting is whole; of what was written little may be lost, and
    /// that only where `--verify` shows it.
    private static func expectFailedOver(_ trial: Trial, _ result: Command.Result) throws {
      guard trial.verb.isWriting else { return try trial.expectWhole(result) }
      try trial.expectHarmless(result, at: #_sourceLocation)
      let there = try trial.chosenNames().count
      if trial.verb == .invalidate {
        let report = try RemovalReport(result.stdout)
        let counts = report.counts
        #expect([0, 1].contains(result.status) && report.complete == (result.status == 0), "\(result)")
        #expect(counts.isBalanced && counts.failed == 0 && counts.unknown <= lost, "\(result)")
        #expect((trial.count...trial.count + lost).contains(counts.removed + counts.unknown), "\(result)")
        #expect(there <= lost && report.verification?.keys == there, "\(there) came back: \(result)")
      } else {
        let report = try LoadReport(result.stdout)
        #expect([0, 1].contains(result.status) && report.counts.isBalanced, "\(result)")
        #expect(report.counts.written == trial.count, "\(result)")
        #expect(there >= trial.count - lost, "\(there) are left: \(result)")
      }
    }

    // MARK: - Clusters

    @Test("fault: failover in a cluster", .slow, arguments: Verb.walking) func cluster(_ verb: Verb) throws {
      let base = RedisServer.Options(
        configuration: Trial.configuration + ["masterauth \(Rediscache.secret)"], login: Trial.login)
      try RedisCluster.with(primaries: 3, replicas: 1, base) { cluster in
        let primaries = {
          try cluster.nodes.map(\.server).filter { server in
            try server.isRunning && server.info("replication")["role"] == "master"
          }
        }
        let trial = try Trial(verb, 3_000, on: primaries, load: { try cluster.load($0) })
        for server in try primaries() { try server.cli("WAIT", "1", "5000") }
        if verb == .invalidate { trial.options = ["--verify"] }
        let place = ["-u", "redis://127.0.0.1:\(cluster.nodes[1].port)"]
        let running = try trial.start(place, ["--rate", "1000", "--timeout", "4s"])
        try Self.waitForWork(trial, on: cluster.nodes[0].server)
        _ = try cluster.killPrimary(0)
        try Self.expectFailedOver(trial, running.wait())
      }
    }

    @Test("fault: a shard dies mid-run", .slow, arguments: Verb.main) func death(_ verb: Verb) throws {
      let base = RedisServer.Options(
        configuration: Trial.configuration + [
          "masterauth \(Rediscache.secret)", "cluster-require-full-coverage no",
        ], login: Trial.login)
      try RedisCluster.with(primaries: 3, replicas: 0, base) { cluster in
        let servers = cluster.nodes.map(\.server)
        let trial = try Trial(
          verb, 3_000, on: { Array(servers[..<2]) }, load: { try cluster.load($0) })
        let running = try trial.start(
          ["-u", "redis://127.0.0.1:\(cluster.nodes[0].port)"], ["--rate", "1000", "--retry-for", "5s"])
        try Self.waitForWork(trial, on: servers[2])
        cluster.kill(2)
        let result = running.wait()
        try trial.expectHarmless(result, at: #_sourceLocation)
        #expect([1, 69, 75].contains(result.status), "\(result)")
        switch verb {
        case .scan:
          let report = try Report(result)
          #expect(!report.complete && (1_500..<3_000).contains(report.totals.keys), "\(result)")
        case .invalidate:
          let report = try RemovalReport(result.stdout)
          #expect(!report.complete && report.counts.isBalanced, "\(result)")
          #expect(report.counts.removed > 0 && report.counts.unknown <= 60, "\(result)")
          #expect(try trial.chosenNames().isEmpty, "the other shards are served: \(result)")
        default:
          let report = try LoadReport(result.stdout)
          #expect(!report.complete && report.counts.isBalanced && report.counts.written > 0, "\(result)")
        }
      }
    }

    // MARK: - Sentinel

    @Test("fault: failover by Sentinel", .slow, arguments: Verb.walking) func sentinel(_ verb: Verb) throws {
      try RedisSentinel.with(.init(password: Rediscache.secret)) { stage in
        let primary = { [stage.servers[try stage.primary()]] }
        let trial = try Trial(verb, 3_000, on: primary, load: { try primary()[0].load($0) })
        try primary()[0].cli("WAIT", "1", "5000")
        if verb == .invalidate { trial.options = ["--verify"] }
        let running = try trial.start(["-u", stage.uri()], ["--rate", "1000", "--timeout", "4s"])
        try Self.waitForWork(trial, on: stage.servers[0])
        stage.servers[0].crash()
        try stage.waitUntilPrimary(1)
        try Self.expectFailedOver(trial, running.wait())
      }
    }
  }
}
