import Foundation
import TestHarness
import Testing

/// `stats` on real servers with known traffic.
@Suite(.overlapping) struct StatsTests {
  @Test("a lifetime is what the server counted") func lifetime() throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      try StatsTraffic.expire(server, 25)
      let evicted = try StatsTraffic.evict(server)
      let report = try StatsJSON.read(server)
      #expect(report.schema == "rediscache.stats/1" && report.complete && report.warnings.isEmpty)
      let lifetime = report.totals.lifetime
      #expect(lifetime.hits == 90 && lifetime.misses == 10 && lifetime.hitRatio == 0.9)
      #expect(lifetime.expiredKeys == 25)
      #expect(evicted > 0 && lifetime.evictedKeys == evicted)
      // A second is sampled where nothing is said: what is so since the start never stands alone.
      let interval = try #require(report.totals.interval)
      #expect(interval.hits == 0 && (0.9...5).contains(interval.seconds ?? 0))
      #expect(report.nodes.count == 1 && !report.countersReset)
      #expect(report.totals.keys == 2_002 - evicted && report.totals.keysWithTtl == 0)
      #expect(report.totals.maxmemoryBytes == 0 && report.totals.memoryRatio == nil)
      #expect(report.totals.maxmemoryPolicy == "allkeys-random" && report.totals.lazyfreePendingObjects == 0)
      #expect(report.totals.latencySource == "histogram" && (report.totals.latencyP50Seconds ?? 0) > 0)
      #expect(report.totals.replicationLagSeconds == nil)
    }
  }

  @Test("an interval holds what happened in it, and none of the tool's own commands") func interval() throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 50, misses: 50)
      let connection = try server.connection()
      let running = try Rediscache.command(
        ["stats", "-s", server.socketPath, "--json", "--interval", "4s"]
      ).start()
      // What a reading asks for last.
      try server.waitForCalls(of: "latency|histogram", atLeast: 1)
      usleep(200_000)
      try connection.send(
        (0..<30).map { _ in ["GET", "there"].map { Array($0.utf8) } }
          + (0..<10).map { _ in ["GET", "not-there"].map { Array($0.utf8) } })
      for _ in 0..<40 { _ = try connection.receive() }
      let result = running.wait()
      let report = try StatsJSON(result.stdout)
      let interval = try #require(report.totals.interval)
      #expect(interval.hits == 30 && interval.misses == 10 && interval.hitRatio == 0.75)
      #expect(interval.evictedKeys == 0 && interval.expiredKeys == 0)
      // What polled for the first reading may have fallen into it, the tool's own flight may not.
      #expect((40...42).contains(interval.commands ?? 0))
      #expect((3.9...9).contains(interval.seconds ?? 0))
      #expect(report.totals.lifetime.hits == 80 && report.totals.latencySource == "interval_histogram")
    }
  }

  @Test("runs with a state file tell what happened in between") func state() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try StatsTraffic.look(server, hits: 5, misses: 5)
      let first = try StatsJSON.read(server, state)
      #expect(first.totals.interval?.hits == 0 && first.warnings.contains { $0.contains("first reading") })
      try StatsTraffic.look(server, hits: 70, misses: 30)
      try StatsTraffic.expire(server, 12)
      let evicted = try StatsTraffic.evict(server)
      let interval = try #require(try StatsJSON.read(server, state).totals.interval)
      #expect(interval.hits == 70 && interval.misses == 30 && interval.hitRatio == 0.7)
      #expect(interval.expiredKeys == 12 && interval.evictedKeys == evicted)
      let quiet = try #require(try StatsJSON.read(server, state).totals.interval)
      #expect(quiet.hits == 0 && quiet.misses == 0 && quiet.hitRatio == nil)
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("state"))
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["state"])
    }
  }

  @Test("the lookups of scans in between are subtracted exactly") func ownLookups() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try server.populate(700, prefix: "app:v1:", ttl: 5_000)
      try server.load(
        text: (0..<50).map { ["HSET", "big:\($0)", "f", String(repeating: "x", count: 2_000)] })
      _ = try StatsJSON.read(server, state)
      try StatsTraffic.look(server, hits: 60, misses: 20)
      // Each asks PTTL, TYPE and, where told to, OBJECT IDLETIME, of all keys or of some.
      for variant in [
        ["--exact"], ["--idle"], ["--big", "5"], ["--sample", "10"], ["--list", "--format", "csv"],
      ] {
        #expect(try Rediscache.scan(server, variant + state).status == 0, "\(variant)")
      }
      let report = try StatsJSON.read(server, state)
      let interval = try #require(report.totals.interval)
      #expect(interval.hits == 60 && interval.misses == 20 && report.warnings.isEmpty, "\(report.warnings)")
      let subtracted = try #require(report.subtractedLookups)
      #expect(subtracted.lookups > 751 && subtracted.misses == 0)
      // Nothing is noted of the time before: any of the misses may be one of those lookups.
      let lifetime = report.totals.lifetime
      #expect(lifetime.hits == nil && lifetime.hitRatio == nil)
      #expect(lifetime.hitRatioMin == 0.75 && lifetime.hitRatioMax == 1)
      #expect(interval.inspectionLookups == subtracted.hits)
      #expect(try StatsJSON.read(server, state).subtractedLookups?.lookups == 0)
    }
  }

  @Test("lookups under an LFU policy, and those that cannot be told apart") func awkwardLookups() throws {
    try RedisServer.with(.init(configuration: ["maxmemory-policy allkeys-lfu"])) { server in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try server.populate(300, prefix: "app:v1:", ttl: 5_000)
      // A state may begin with a scan.
      #expect(try Rediscache.scan(server, state).status == 0)
      _ = try StatsJSON.read(server, state)
      // OBJECT IDLETIME is refused after it has looked.
      _ = try Rediscache.scan(server, ["--idle"] + state)
      let interval = try #require(try StatsJSON.read(server, state).totals.interval)
      #expect(interval.hits == 0 && interval.misses == 0)
      #expect(try Rediscache.scan(server, ["--type", "hash"] + state).status == 0)
      let typed = try StatsJSON.read(server, state)
      #expect(typed.warnings.contains { $0.contains("SCAN with TYPE") }, "\(typed.warnings)")
    }
  }

  @Test("CONFIG RESETSTAT between two runs is told, and gives no interval", arguments: [3, 5_000])
  func reset(hits: Int) throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try StatsTraffic.look(server, hits: 100, misses: 100)
      _ = try StatsJSON.read(server, state)
      try server.cli("CONFIG", "RESETSTAT")
      // Afterwards fewer lookups than before, or so many that no counter is lower.
      try StatsTraffic.look(server, hits: hits, misses: 200)
      let report = try StatsJSON.read(server, state)
      #expect(report.totals.interval == nil && report.countersReset)
      #expect(report.warnings.contains { $0.contains("CONFIG RESETSTAT") })
      #expect(report.totals.lifetime.hits == hits && report.totals.lifetime.seconds == nil)
      try StatsTraffic.look(server, hits: 7, misses: 1)
      let next = try #require(try StatsJSON.read(server, state).totals.interval)
      #expect(next.hits == 7 && next.misses == 1)
    }
  }

  @Test("a restart between two runs is told, and gives no interval") func restart() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let state = ["--state", folder.file("state")]
      try StatsTraffic.look(server, hits: 10, misses: 10)
      _ = try StatsJSON.read(server, state)
      try server.restart()
      try StatsTraffic.look(server, hits: 500, misses: 500)
      let report = try StatsJSON.read(server, state)
      #expect(report.totals.interval == nil && report.warnings.contains { $0.contains("was restarted") })
      #expect(report.totals.lifetime.hits == 500)
    }
  }

  @Test("a restart within the interval is survived and told") func restartWithin() throws {
    try RedisServer.with { server in
      let running = try Rediscache.command(
        ["stats", "-s", server.socketPath, "--json", "--interval", "4s"]
      ).start()
      try server.waitForCalls(of: "latency|histogram", atLeast: 1)
      try server.restart()
      let result = running.wait()
      #expect(result.status == 0, "\(result)")
      let report = try StatsJSON(result.stdout)
      #expect(report.totals.interval == nil && report.warnings.contains { $0.contains("was restarted") })
    }
  }

  @Test("a failover is told, and gives no interval") func failover() throws {
    try RedisServer.with(.init(tcp: true)) { primary in
      try RedisServer.with(.init(configuration: ["replicaof 127.0.0.1 \(primary.port)"])) { replica in
        try Wait.for("the replica to be linked") {
          try replica.info("replication")["master_link_status"] == "up"
        }
        let folder = try TemporaryFolder()
        let state = ["--state", folder.file("state")]
        let before = try StatsJSON.read(replica, state)
        #expect(before.totals.replicationLagSeconds != nil)
        try replica.cli("REPLICAOF", "NO", "ONE")
        let report = try StatsJSON.read(replica, state)
        #expect(report.totals.interval == nil)
        #expect(
          report.warnings.contains { $0.contains("was replica and is primary now") }, "\(report.warnings)")
      }
    }
  }

  @Test("the state of another server is refused and left as it is") func otherTarget() throws {
    try RedisServer.with { one in
      try RedisServer.with { other in
        let folder = try TemporaryFolder()
        let state = ["--state", folder.file("state")]
        _ = try StatsJSON.read(one, state)
        let bytes = folder.read("state")
        let refused = try Rediscache.run(["stats", "-s", other.socketPath] + state)
        #expect(refused.status == 65 && refused.stdout.isEmpty && refused.errorText.contains(one.socketPath))
        let scanned = try Rediscache.scan(other, state)
        #expect(scanned.status == 65)
        #expect(folder.read("state") == bytes)
        try folder.write("state", Array("not a state".utf8))
        let unreadable = try Rediscache.run(["stats", "-s", one.socketPath] + state)
        #expect(unreadable.status == 65 && unreadable.errorText.contains("no state file"))
        #expect(try Rediscache.scan(one, state).status == 65)
      }
    }
  }
}
