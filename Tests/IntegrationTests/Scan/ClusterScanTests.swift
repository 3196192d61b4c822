import Foundation
import Synchronization
import TestHarness
import Testing

/// 100,000 keys that stay, on a cluster of three primaries and three replicas that does not stay as it is.
@Suite(.serialized, .overlappingApart) struct ClusterScanTests {
  private static let keys = 100_000
  /// So slow that there is time for what happens meanwhile: about five seconds.
  private static let slowly = ["--rate", "20000"]

  private static let stable = (0..<keys).map { number in
    ["SET", "app:v\(1 + number % 2):user:\(number):profile", "value", "EX", "100000"].map { Array($0.utf8) }
  }

  /// Starts a cluster with the keys in it.
  private static func loaded(_ body: (RedisCluster) throws -> Void) throws {
    try RedisCluster.with { cluster in
      try cluster.load(stable)
      try body(cluster)
    }
  }

  private static func start(_ cluster: RedisCluster, _ arguments: [String]) throws -> RunningCommand {
    try Rediscache.command(
      ["scan", "-u", "redis://127.0.0.1:\(cluster.nodes[1].port)", "--json", "--exact"] + arguments
    ).start()
  }

  private static func expectExact(_ result: Command.Result, _ comment: Comment) throws -> Report {
    let report = try Report(result)
    for version in ["v1", "v2"] {
      let group = report.group("app", version)
      #expect(group?.keys == keys / 2, "\(comment) \(version): \(report.warnings)")
    }
    #expect(result.status == 0 && report.complete, "\(comment): \(result.errorText)")
    #expect(report.target.kind == "cluster" && report.target.nodes.count == 3)
    return report
  }

  @Test func countsAreExactWhileTheClusterChanges() throws {
    try Self.loaded { cluster in
      let quiet = try Self.expectExact(Self.start(cluster, []).wait(), "quiet")
      #expect(quiet.totals.keys == Self.keys && quiet.warnings.isEmpty)

      // Other keys come and go, so that hash tables grow and shrink.
      let isOver = Atomic(false)
      let churn = Thread {
        var round = 0
        while !isOver.load(ordering: .relaxed) {
          let word = round.isMultiple(of: 2) ? "SET" : "UNLINK"
          _ = try? cluster.load(
            (0..<20_000).map { number in
              ["churn:\(number)"].reduce(into: [Array(word.utf8)]) { $0.append(Array($1.utf8)) }
                + (word == "SET" ? [Array("x".utf8)] : [])
            })
          round += 1
        }
      }
      churn.start()
      defer { isOver.store(true, ordering: .relaxed) }

      // It goes on until the last slot has moved, also on a machine with much else to do.
      let moving = try Self.start(cluster, ["--rate", "5000"])
      try cluster.nodes[0].server.waitForCalls(of: "scan", atLeast: 3)
      try cluster.migrate(0...60, from: 0, to: 1)
      let moved = try Self.expectExact(moving.wait(), "migration")
      #expect(moved.warns("slots moved"), "\(moved.warnings)")
      // The first may have moved before the scan looked.
      #expect(moved.warns("-60"), "\(moved.warnings)")
    }
  }

  @Test func countsAreExactThroughAFailover() throws {
    try Self.loaded { cluster in
      let running = try Self.start(cluster, Self.slowly)
      try cluster.nodes[2].server.waitForCalls(of: "scan", atLeast: 3)
      _ = try cluster.killPrimary(2)
      let report = try Self.expectExact(running.wait(), "failover")
      #expect(report.totals.keys == Self.keys)
      #expect(report.warns("another process"), "\(report.warnings)")
    }
  }
}
