import Foundation
import TestHarness
import Testing

/// Servers that refuse: for some keys, or for all.
@Suite(.overlapping) struct InvalidateServerTests {
  private static let login = ["REDISCLI_AUTH": Rediscache.secret]

  private static func makeUser(_ server: RedisServer, _ rules: String...) throws {
    try server.cli(["ACL", "SETUSER", "audit", "on", ">\(Rediscache.secret)"] + rules)
  }

  @Test("one forbidden key is found, told, and the others go") func forbiddenKeys() throws {
    try RedisServer.with { server in
      try server.populate(1_000, prefix: "app:v1:")
      try server.load(text: [["SET", "app:secret:1", "value"], ["SET", "app:secret:2", "value"]])
      try Self.makeUser(server, "~app:v1:*", "+@all")
      let report = try Rediscache.removal(
        server, ["app:*", "--user", "audit", "--verify"], status: 1, environment: Self.login)
      #expect(report.counts.matched == 1_002 && report.counts.removed == 1_000, "\(report.counts)")
      #expect(report.counts.failed == 2 && report.counts.unknown == 0 && !report.complete)
      #expect(
        report.warns("2 keys refused") && report.warns("ACL SETUSER audit ~<pattern>"), "\(report.warnings)")
      #expect(report.verification?.keys == 2)
      #expect(try server.names() == ["app:secret:1", "app:secret:2"])
    }
  }

  @Test("in one batch with others, a forbidden key costs the others nothing") func bisected() throws {
    try RedisServer.with { server in
      try server.populate(64, prefix: "app:v1:")
      // Of the same group, so that one command carries them all.
      try Self.makeUser(server, "~app:v1:?", "~app:v1:[1-5]?", "~app:v1:6[0-2]", "+@all")
      let report = try Rediscache.removal(
        server, ["app:*", "--user", "audit"], status: 1, environment: Self.login)
      #expect(report.counts.removed == 63 && report.counts.failed == 1, "\(report.counts)")
      #expect(report.batches <= 2)
      #expect(try server.names() == ["app:v1:63"])
    }
  }

  @Test("a user who may not remove at all is told at the first batch") func forbiddenCommand() throws {
    try RedisServer.with { server in
      try server.populate(2_000, prefix: "app:v1:")
      try Self.makeUser(server, "~*", "+@all", "-unlink")
      let report = try Rediscache.removal(
        server, ["app:*", "--user", "audit", "--batch", "50"], status: 77, environment: Self.login)
      #expect(report.counts.removed == 0 && (1...50).contains(report.counts.failed), "\(report.counts)")
      #expect(try report.stopped?.contains("NOPERM") == true && server.size() == 2_000)
    }
  }

  @Test("a replica refuses, and the message names its primary") func replica() throws {
    try RedisServer.with(.init(tcp: true, configuration: ["repl-diskless-sync-delay 0"])) { primary in
      try primary.populate(1_000, prefix: "app:v1:")
      try RedisServer.with(.init(configuration: ["replicaof 127.0.0.1 \(primary.port)"])) { replica in
        try Wait.for("the replica to have the keys") { try replica.size() == 1_000 }
        let result = try Rediscache.run(
          ["invalidate", "-s", replica.socketPath, "app:*", "--yes", "--json"])
        let report = try RemovalReport(result.stdout)
        #expect(result.status == 75 && report.counts.removed == 0 && report.counts.failed > 0, "\(result)")
        #expect(result.errorText.contains("READONLY"), "\(result)")
        #expect(result.errorText.contains("its primary is 127.0.0.1:\(primary.port)"), "\(result)")
        #expect(try replica.size() == 1_000 && primary.size() == 1_000)
        let bump = try Rediscache.run(["invalidate", "-s", replica.socketPath, "--bump", "gen", "--yes"])
        #expect(bump.status == 75 && bump.errorText.contains("primary"), "\(bump)")
      }
    }
  }

  @Test("a server that takes no writes for want of replicas stops the run") func withoutReplicas() throws {
    try RedisServer.with { server in
      try server.populate(1_000, prefix: "app:v1:")
      try server.cli("CONFIG", "SET", "min-replicas-to-write", "1")
      let result = try Rediscache.run(
        ["invalidate", "-s", server.socketPath, "app:*", "--yes", "--json", "--batch", "50"])
      let report = try RemovalReport(result.stdout)
      #expect(result.status == 75 && report.counts.removed == 0 && report.counts.failed <= 50, "\(result)")
      #expect(result.errorText.contains("NOREPLICAS") && result.errorText.contains("to resume"), "\(result)")
      #expect(try server.size() == 1_000)
    }
  }
}
