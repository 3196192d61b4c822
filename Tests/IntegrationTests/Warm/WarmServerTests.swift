import Foundation
import TestHarness
import TestSupport
import Testing

/// Servers that refuse what `warm` writes.
@Suite(.overlapping) struct WarmServerTests {
  private static let login = ["REDISCLI_AUTH": Rediscache.secret]

  /// Limits a server to so many bytes more than it uses.
  private static func limit(_ server: RedisServer, _ more: Int, _ policy: String = "noeviction") throws {
    let used = try #require(Int(try server.info("memory")["used_memory"] ?? ""))
    try server.cli("CONFIG", "SET", "maxmemory-policy", policy)
    try server.cli("CONFIG", "SET", "maxmemory", String(used + more))
  }

  @Test(
    "without memory the run stops at a line that it names, and goes on from there",
    arguments: ["auto", "full"])
  func outOfMemory(_ pace: String) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      let bad = "no record\n"
      let seed =
        JSONLines.strings(3_000, length: 1_500) + bad + JSONLines.strings(3_000, "z:", length: 1_500)
      let file = try folder.write("seed", seed.utf8)
      try Self.limit(server, 6_000_000)
      let arguments = ["--pace", pace, "--rejects", folder.file("rejects")]
      let result = try Rediscache.run(
        ["warm", "--yes", file, "-s", server.socketPath, "--json", "--journal", folder.file("journal")]
          + arguments)
      #expect(result.status == 1 && result.errorText.contains("raise maxmemory"), "\(result)")
      let report = try LoadReport(result.stdout)
      let stopped = try #require(report.stopped)
      #expect(stopped.hasPrefix("at line ") && stopped.contains("OOM"), "\(stopped)")
      let line = try #require(Int(stopped.dropFirst(8).prefix { $0 != ":" }.replacing(",", with: "")))
      #expect(report.counts.isBalanced && report.counts.failed > 0 && report.counts.unknown == 0, "\(report)")
      #expect(report.counts.records < 6_001 && report.counts.written >= line - 2, "\(line): \(report)")
      let written = try server.names()
      let name = { (line: Int) in line <= 3_000 ? "app:v2:\(line - 1)" : "z:\(line - 3_002)" }
      #expect((1..<line).allSatisfy { $0 == 3_001 || written.contains(name($0)) })
      #expect(try !written.contains(name(line)) && server.size() == report.counts.written)

      try server.cli("CONFIG", "SET", "maxmemory", "0")
      let rest = try Rediscache.warm(
        ["-s", server.socketPath], file: file, ["--resume", folder.file("journal"), "--verify"] + arguments,
        status: 1)
      #expect(rest.counts == .init(written: 6_000, rejected: 1), "nothing is left out: \(rest)")
      #expect(try server.size() == 6_000 && rest.verification?.different == 0)
      let rejects = try JSONLines.objects(folder.read("rejects") ?? [])
      #expect(rejects.count == 1 && rejects.first?["line"] as? Int == 3_001)
    }
  }

  @Test("--stop-on-eviction stops, however short the run; without it, evictions are told") func evictions()
    throws
  {
    try RedisServer.with { server in
      let seed = JSONLines.strings(4_000, length: 1_500)
      try Self.limit(server, 3_000_000, "allkeys-lru")
      let report = try Rediscache.warm(server, seed)
      #expect(report.counts == .init(written: 4_000) && report.warns("evicted"), "\(report)")
      let stopped = try Rediscache.warm(server, seed, ["--stop-on-eviction"], status: 1)
      #expect(stopped.stopped?.contains("evict") == true, "\(stopped)")
    }
  }

  @Test("a long run stops at the eviction") func evictionMidway() throws {
    try RedisServer.with { server in
      let seed = JSONLines.strings(20_000, length: 1_500)
      try Self.limit(server, 2_000_000, "allkeys-lru")
      let result = try Rediscache.command(
        ["warm", "--yes", "-", "-s", server.socketPath, "--json", "--stop-on-eviction", "--rate", "5000"],
        input: Array(seed.utf8)
      ).run()
      let report = try LoadReport(result.stdout)
      #expect(result.status == 1 && report.stopped?.contains("--stop-on-eviction") == true, "\(result)")
      #expect((1..<12_000).contains(report.counts.written), "\(report)")
    }
  }

  @Test("a replica takes no writes") func replica() throws {
    try RedisServer.with(.init(configuration: ["replicaof 127.0.0.1 1"])) { server in
      let result = try Rediscache.command(
        ["warm", "--yes", "-", "-s", server.socketPath, "--json"], input: Array(JSONLines.strings(500).utf8)
      ).run()
      #expect(result.status == 75 && result.errorText.contains("READONLY"), "\(result)")
      #expect(result.errorText.contains("primary"), "\(result)")
      let report = try LoadReport(result.stdout)
      #expect(report.stopped?.hasPrefix("at line 1: ") == true && report.counts.written == 0, "\(result)")
      #expect(try server.size() == 0)
    }
  }

  @Test("a server that cannot save takes no writes") func misconfigured() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("gone"), withIntermediateDirectories: false)
    try RedisServer.with(.init(configuration: ["enable-protected-configs yes"])) { server in
      try server.cli("CONFIG", "SET", "dir", folder.file("gone"))
      try FileManager.default.removeItem(atPath: folder.file("gone"))
      try server.cli("SET", "old", "value")
      try server.cli("CONFIG", "SET", "save", "3600 1")
      _ = try server.connection().command("BGSAVE")
      try Wait.for("the snapshot to fail") {
        try server.info("persistence")["rdb_last_bgsave_status"] == "err"
      }
      let seed = JSONLines.strings(100)
      let report = try Rediscache.warm(server, seed, status: 75)
      #expect(report.stopped?.contains("MISCONF") == true && report.counts.written == 0, "\(report)")
      #expect(try server.size() == 1)
    }
  }

  @Test("too few replicas in step") func withoutReplicas() throws {
    try RedisServer.with(.init(configuration: ["min-replicas-to-write 1"])) { server in
      let report = try Rediscache.warm(server, JSONLines.strings(100), status: 75)
      #expect(report.stopped?.contains("NOREPLICAS") == true && report.counts.written == 0, "\(report)")
    }
  }

  @Test(
    "a user who may not write is told so at the first line",
    arguments: ["set", "multi", "hset", "restore", "rename"])
  func forbiddenCommand(_ command: String) throws {
    try RedisServer.with { server in
      try server.cli("ACL", "SETUSER", "loader", "on", ">\(Rediscache.secret)", "~*", "+@all", "-\(command)")
      try server.load(text: [["SET", "k", "old"]])
      let payload = try #require(try server.connection().command("DUMP", "k").bytes)
      let record: [String: Any] =
        switch command {
        case "set": ["key": "k", "value": "new"]
        case "restore": ["key": "k", "type": "dump", "value": Data(payload).base64EncodedString()]
        case "rename": ["key": "k", "type": "list", "value": (0..<3_000).map { "m\($0)" }]
        default: ["key": "k", "type": "hash", "value": ["a": "b"]]
        }
      let seed = try JSONLines.text([record, ["key": "k2", "type": "hash", "value": ["a": "b"]]])
      let result = try Rediscache.command(
        ["warm", "--yes", "-", "-s", server.socketPath, "--json", "--user", "loader"],
        input: Array(seed.utf8),
        environment: Self.login
      ).run()
      Rediscache.expectSecrecy(result)
      #expect(result.status == 77 && result.errorText.contains("NOPERM"), "\(result)")
      let report = try LoadReport(result.stdout)
      #expect(report.stopped?.hasPrefix("at line 1: ") == true && report.counts.failed >= 1, "\(result)")
      // Nothing half of a key, and nothing that lasts of what was begun. A user without MULTI loses more.
      guard command != "multi" else { return }
      #expect(try server.content("k") == "string old")
      #expect(try server.keys("*:rediscache:*").isEmpty)
    }
  }

  @Test("one forbidden key fails alone, whatever its type") func forbiddenKeys() throws {
    try RedisServer.with { server in
      try server.cli("ACL", "SETUSER", "loader", "on", ">\(Rediscache.secret)", "~app:*", "~tag:*", "+@all")
      var records: [[String: Any]] = (0..<300).map { ["key": "app:\($0)", "value": "v"] }
      records.insert(["key": "other:1", "value": "v"], at: 17)
      records.insert(["key": "other:2", "type": "set", "value": ["a"]], at: 100)
      records.insert(["key": "other:3", "type": "list", "value": (0..<2_100).map { "m\($0)" }], at: 200)
      let seed = try JSONLines.text(records)
      for arguments in [[], ["--if-missing"], ["--refresh-below", "50%"], ["--tag", "t", "--ttl", "1h"]] {
        try server.cli("FLUSHALL")
        let report = try Rediscache.warm(
          server, seed, ["--user", "loader"] + arguments, status: 1, environment: Self.login)
        #expect(report.counts == .init(written: 300, failed: 3), "\(arguments): \(report)")
        // What is left of a key that may not be looked at is a refusal of its own.
        let refusals = arguments.contains("--refresh-below") ? 6 : 3
        #expect(
          report.warns("\(refusals) refusals, the first at line 18") && report.warns("NOPERM"), "\(report)")
        #expect(report.stopped == nil)
        #expect(try server.keys("app:*").count == 300 && server.keys("other:*").isEmpty)
      }
    }
  }

  @Test("a cluster node is refused, and taken with --node-only where it has the slot") func cluster() throws {
    try RedisServer.with(.init(tcp: true, configuration: ["cluster-enabled yes"])) { server in
      let seed = JSONLines.strings(3)
      let result = try Rediscache.command(
        ["warm", "--yes", "-", "-s", server.socketPath], input: Array(seed.utf8)
      ).run()
      #expect(result.status == 75 && result.errorText.contains("slots"), "\(result)")
      let down = try Rediscache.warm(server, seed, ["--node-only", "--retry-for", "0s"], status: 75)
      #expect(down.stopped?.contains("CLUSTERDOWN") == true, "\(down)")
      try server.cli("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
      try Wait.for("the cluster to be up") {
        try server.cli("CLUSTER", "INFO").contains("cluster_state:ok")
      }
      let records: [[String: Any]] = ["plain", "{tag}:1", "a{b}c", "x{y", "z{"].map {
        ["key": $0, "type": "list", "value": (0..<1_500).map { "m\($0)" }]
      }
      // Temporary names must lie in the slot of their keys.
      for arguments in [[], ["--if-missing"]] {
        let report = try Rediscache.warm(
          server, try JSONLines.text(records), ["--node-only"] + arguments)
        #expect(
          report.counts == (arguments.isEmpty ? .init(written: 5) : .init(skipped: 5)), "\(report)")
        #expect(try server.size() == 5)
      }
    }
  }
}
