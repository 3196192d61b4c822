import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` by way of sentinels, and over TLS.
@Suite(.serialized, .overlappingApart) struct HitsSentinelTests {
  /// Waits until a server is listened to.
  private static func waitForListener(_ server: RedisServer, _ running: RunningCommand) throws {
    try Wait.for("the primary to be listened to") {
      let clients = try server.cli("CLIENT", "LIST")
      return clients.split(separator: "\n").contains { $0.contains("cmd=info") && !$0.contains(" sub=0 ") }
        || !running.isRunning
    }
    usleep(100_000)
  }

  private static func miss(_ server: RedisServer, _ count: Int) throws {
    try HitsFixture.get(server, (0..<count).map { "app:v1:\($0)" })
  }

  @Test("a failover: the successor is listened to, the gap is said, and both servers are as before", .slow)
  func failover() throws {
    try RedisSentinel.with(.init(password: Rediscache.secret)) { stage in
      let before = try stage.primary()
      let running = try Rediscache.command(
        ["hits", "-u", stage.uri(), "--json", "--no-memory", "--enable-notifications", "--for", "60s"],
        environment: ["REDISCLI_AUTH": Rediscache.secret]
      ).start()
      try Self.waitForListener(stage.servers[before], running)
      try Self.miss(stage.servers[before], 10)
      let heir = try stage.failover()
      try Self.waitForListener(stage.servers[heir], running)
      try Self.miss(stage.servers[heir], 15)
      running.signal(SIGINT)
      let result = running.wait()
      let report = try HitsJSON(result.stdout)
      #expect(report.groups.reduce(0) { $0 + ($1.misses ?? 0) } == 25, "\(result)")
      #expect(report.warnings.contains { $0.contains("did not come") }, "\(report.warnings)")
      for server in stage.servers {
        #expect(try HitsFixture.flags(of: server).isEmpty, "\(result)")
      }
    }
  }

  @Test("over TLS: events, windows of MONITOR and the switch") func tls() throws {
    let certificates = try Certificates()
    let tls = RedisServer.Options.TLS(certificates.server, authority: certificates.authority)
    try RedisServer.with(.init(tls: tls)) { server in
      let running = try Rediscache.command(
        [
          "hits", "-u", "rediss://127.0.0.1:\(server.tlsPort)", "--cacert", certificates.authority, "--json",
          "--no-memory", "--enable-notifications", "--for", "60s", "--duty", "50%",
        ]
      ).start()
      try Self.waitForListener(server, running)
      let end = ContinuousClock.now + .milliseconds(700)
      while ContinuousClock.now < end { try HitsFixture.get(server, (0..<20).map { "app:v1:\($0)" }) }
      running.signal(SIGINT)
      let result = running.wait()
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 130 && report.coverage.misses == 1, "\(result)")
      #expect(report.group("app", "v1")?.misses == report.totals.misses)
      #expect(report.totals.misses ?? 0 > 0)
      #expect(try HitsFixture.flags(of: server).isEmpty)
    }
  }
}
