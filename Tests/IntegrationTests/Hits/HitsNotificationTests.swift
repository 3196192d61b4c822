import Foundation
import TestHarness
import Testing

/// `hits --enable-notifications`: the server is as it was, however the run ends.
@Suite(.overlapping) struct HitsNotificationTests {
  private static let options = ["--enable-notifications", "--json", "--no-monitor", "--no-memory"]

  @Test("after success", arguments: ["", "Kx", "AK", "KEA"]) func success(_ before: String) throws {
    try RedisServer.with(RedisServer.Options(configuration: ["notify-keyspace-events \"\(before)\""])) {
      server in
      let original = try HitsFixture.flags(of: server)
      let run = try HitsFixture(server, Self.options + ["--for", "3s"])
      let during = try HitsFixture.flags(of: server)
      // KEA and the like are written as A.
      #expect(Set(during).isSuperset(of: "Em") && Set(during).isSuperset(of: Set(original)))
      try HitsFixture.get(server, (0..<20).map { "app:\($0)" })
      let report = try run.report()
      #expect(report.group("app")?.misses == 20)
      #expect(try HitsFixture.flags(of: server) == original)
    }
  }

  @Test("after Ctrl-C and SIGTERM", arguments: [SIGINT, SIGTERM]) func stopped(_ signal: Int32) throws {
    try RedisServer.with { server in
      let run = try HitsFixture(server, Self.options + ["--for", "60s"])
      #expect(try !HitsFixture.flags(of: server).isEmpty)
      try HitsFixture.get(server, (0..<7).map { "app:\($0)" })
      run.running.signal(signal)
      let result = run.running.wait()
      #expect(result.status == 128 + signal, "\(result)")
      let report = try HitsJSON(result.stdout)
      #expect(!report.complete && report.group("app")?.misses == 7, "the report so far: \(result)")
      #expect(try HitsFixture.flags(of: server).isEmpty)
    }
  }

  @Test("after an error: the report cannot be written") func error() throws {
    try RedisServer.with { server in
      var command = Rediscache.command(["hits", "-s", server.socketPath, "--for", "300ms"] + Self.options)
      command.outputLimit = 1
      let result = try command.run()
      #expect(result.status != 0 || result.stdout.count <= 1, "\(result)")
      #expect(result.errorText.contains("switched on for this run"), "\(result)")
      #expect(try HitsFixture.flags(of: server).isEmpty)
    }
  }

  @Test("after the user has gone who has set them, the command that sets them back is named")
  func withdrawn() throws {
    try RedisServer.with { server in
      try server.cli("ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+@all", "allchannels", "~*")
      let run = try HitsFixture(
        server, Self.options + ["--user", "limited", "--for", "60s", "--retry-for", "100ms"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      try server.cli("ACL", "DELUSER", "limited")
      let result = run.running.wait()
      #expect(result.status != 0 && result.errorText.contains("could not be set back"), "\(result)")
      #expect(result.errorText.contains("notify-keyspace-events"), "what to run: \(result)")
      #expect(!result.errorText.contains(Rediscache.secret))
    }
  }

  @Test("after a lost connection, over another one") func lostConnections() throws {
    try RedisServer.with { server in
      let run = try HitsFixture(server, Self.options + ["--for", "3s"])
      try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
      try server.cli("CLIENT", "KILL", "TYPE", "pubsub")
      let result = run.running.wait()
      #expect(result.stdout.isEmpty == false, "\(result)")
      #expect(try HitsFixture.flags(of: server).isEmpty)
      #expect(try HitsJSON(result.stdout).warnings.contains { $0.contains("did not come") }, "\(result)")
    }
  }

  @Test("after a killed server there is nothing to set back; it says what it knows") func killed() throws {
    try RedisServer.with { server in
      let run = try HitsFixture(server, Self.options + ["--for", "2s", "--retry-for", "100ms"])
      server.crash()
      let result = run.running.wait()
      #expect(result.status != 0 && result.errorText.contains("could not be set back"), "\(result)")
      try server.restart()
      #expect(try HitsFixture.flags(of: server).isEmpty)
    }
  }

  @Test("what somebody else sets meanwhile stays, and is named") func changed() throws {
    try RedisServer.with { server in
      let run = try HitsFixture(server, Self.options + ["--for", "3s"])
      try server.cli("CONFIG", "SET", "notify-keyspace-events", "Kg")
      let result = run.running.wait()
      #expect(HitsFixture.areSame(try HitsFixture.flags(of: server), "gK"))
      #expect(result.errorText.contains("were changed"), "\(result)")
    }
  }

  @Test("before SIGKILL the command that sets them back is printed, and works") func sigkill() throws {
    try RedisServer.with(RedisServer.Options(configuration: ["notify-keyspace-events \"Kx\""])) { server in
      let original = try HitsFixture.flags(of: server)
      let run = try HitsFixture(server, Self.options + ["--for", "60s"])
      let text = String(decoding: run.running.stderr, as: UTF8.self)
      let start = try #require(text.range(of: "redis-cli")).lowerBound
      let line = text[start...].prefix { $0 != "\n" }
      run.running.signal(SIGKILL)
      _ = run.running.wait()
      #expect(try HitsFixture.flags(of: server) != original)
      let shell = Command(
        "/bin/sh", ["-c", String(line)], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
      #expect(try shell.run().status == 0)
      #expect(try HitsFixture.flags(of: server) == original)
    }
  }

  @Test("a user who may not set them is told, and nothing is left") func forbidden() throws {
    try RedisServer.with { server in
      try server.cli(
        "ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+info", "+subscribe", "+config|get",
        "allchannels")
      let result = try Rediscache.run(
        ["hits", "-s", server.socketPath, "--user", "limited", "--for", "300ms"] + Self.options,
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 77 && result.errorText.contains("+config|set"), "\(result)")
      #expect(try HitsFixture.flags(of: server).isEmpty)
    }
  }
}
