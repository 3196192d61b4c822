import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` where events are lost: what is missing is said, and how long the time was.
@Suite(.overlapping) struct HitsGapTests {
  /// A server that gives up a listener soon.
  private static let impatient = RedisServer.Options(configuration: [
    "notify-keyspace-events Emxeg", "client-output-buffer-limit pubsub 64kb 64kb 1",
  ])

  private static func listeners(_ server: RedisServer) throws -> Int {
    let clients = try server.connection().command("CLIENT", "LIST").text ?? ""
    return clients.split(separator: "\n").filter { $0.contains("name=rediscache") && !$0.contains(" sub=0 ") }
      .count
  }

  @Test("a listener that was cut off for a full buffer lacks all that happened since its last reading")
  func overrun() throws {
    try RedisServer.with(Self.impatient) { server in
      let run = try HitsFixture(server, ["--json", "--no-monitor", "--no-memory"])
      run.running.signal(SIGSTOP)
      let stopped = ContinuousClock.now
      for _ in 0..<20 { try HitsFixture.get(server, (0..<1000).map { "app:item:\($0)" }) }
      try Wait.for("the listener to be cut off") { try Self.listeners(server) == 0 }
      usleep(300_000)
      let silent = ContinuousClock.now - stopped
      run.running.signal(SIGCONT)
      try Wait.for("hits to listen again") { try Self.listeners(server) == 1 }
      usleep(100_000)
      try HitsFixture.get(server, (0..<50).map { "app:item:\($0)" })
      let report = try run.stop()
      #expect(report.totals.misses == 20_050)
      #expect(report.coverage.missesSeen < 15_000 && !report.complete)
      let gap = report.warnings.first { $0.contains("did not come") } ?? ""
      let seconds = try Self.seconds(in: gap)
      #expect(seconds >= silent / .seconds(1) - 0.06, "\(gap), in truth \(silent)")
      #expect(report.warnings.contains { $0.contains("PARTIAL") }, "\(report.warnings)")
    }
  }

  @Test("a user without any right: nothing is known, and nothing is called a gap") func withoutRights() throws
  {
    try RedisServer.with { server in
      try server.cli("ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)")
      let result = try Rediscache.run(
        ["hits", "-s", server.socketPath, "--user", "limited", "--for", "100ms", "--retry-for", "0s"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 77 && result.errorText.contains("+info"), "\(result)")
      #expect(!result.errorText.contains("did not come") && !result.text.contains("no reads"), "\(result)")
      #expect(!result.text.contains("Keys used"), "none has answered")
    }
  }

  /// The time that a warning names.
  private static func seconds(in warning: String) throws -> Double {
    let text = try #require(warning.firstMatch(of: /misses of ([0-9.]+) (ms|s) did/), "\(warning)")
    return (Double(text.1) ?? 0) / (text.2 == "ms" ? 1000 : 1)
  }
}
