import Foundation
import RedisClient
import TestHarness
import Testing

/// Servers and networks that fail while a scan runs.
@Suite(.overlapping) struct FaultTests {
  /// Starts a slow scan of 20,000 keys and waits until it is under way.
  private static func slowScan(
    _ server: RedisServer, _ arguments: [String] = ["--json"]
  ) throws -> RunningCommand {
    let running = try Rediscache.command(
      [
        "scan", "-s", server.socketPath, "--rate", "2000", "--count", "100", "--timeout", "2s", "--retry-for",
        "0s", "-v",
      ]
        + arguments
    ).start()
    // A page is asked for when the one before has come.
    try server.waitForCalls(of: "scan", atLeast: 3)
    return running
  }

  /// What a scan that was broken off must have said: a part, marked as such.
  private static func expectPartial(_ result: Command.Result, status: Int32) throws {
    Rediscache.expectSecrecy(result)
    #expect(result.status == status, "\(result)")
    let report = try Report(result)
    #expect(!report.complete)
    #expect(report.totals.keys > 0 && report.totals.keys < 20_000, "\(report.totals.keys)")
    #expect(report.totals.keys == report.coverage.keysSeen)
  }

  @Test("a server that stops answering is given up after --timeout") func stoppedServer() throws {
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:", ttl: 900)
      let running = try Self.slowScan(server)
      server.pause()
      defer { server.resume() }
      let start = ContinuousClock.now
      let result = running.wait()
      #expect(ContinuousClock.now - start < .seconds(8))
      try Self.expectPartial(result, status: 75)
      #expect(result.errorText.contains("within the timeout") && result.errorText.contains("--timeout"))
    }
  }

  @Test("a server that is stopped from the start is given up after --connect-timeout") func deafServer()
    throws
  {
    try RedisServer.with { server in
      server.pause()
      defer { server.resume() }
      let start = ContinuousClock.now
      let result = try Rediscache.scan(server, ["--connect-timeout", "500ms"])
      #expect(ContinuousClock.now - start < .seconds(8))
      #expect(result.status == 75 && result.stdout.isEmpty && result.errorText.contains("--connect-timeout"))
    }
  }

  @Test("a server that dies in the middle leaves a partial report") func killedServer() throws {
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:", ttl: 900)
      let running = try Self.slowScan(server)
      server.crash()
      let result = running.wait()
      try Self.expectPartial(result, status: 69)
      #expect(result.errorText.contains("closed the connection"), "\(result.errorText)")
    }
  }

  @Test("a list that breaks off does not take the place of a whole one") func brokenList() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("keys", "the old list\n".utf8)
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:", ttl: 900)
      let running = try Self.slowScan(server, ["--list", "-o", file])
      server.crash()
      #expect(running.wait().status == 69)
      #expect(folder.read("keys") == Array("the old list\n".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["keys"])
    }
  }

  @Test("--max-runtime ends a scan with what it has") func maximumRuntime() throws {
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:", ttl: 900)
      let start = ContinuousClock.now
      let result = try Rediscache.scan(
        server, ["--json", "--rate", "2000", "--count", "100", "--max-runtime", "2s"])
      #expect(ContinuousClock.now - start < .seconds(8))
      try Self.expectPartial(result, status: 75)
      #expect(result.errorText.contains("time limit"))
    }
  }

  @Test("a reset connection ends the scan with what it has") func resetConnection() throws {
    try RedisServer.with(RedisServer.Options(tcp: true)) { server in
      try server.populate(20_000, prefix: "app:v1:", ttl: 900)
      let proxy = try FaultProxy(
        to: .loopback(server.port), on: .loopback, replies: .init(limit: 300_000, ending: .reset))
      let result = try Rediscache.run([
        "scan", "-u", proxy.uri, "--json", "--count", "100", "--retry-for", "0s",
      ])
      try Self.expectPartial(result, status: 69)
    }
  }

  @Test("a first connection that is lost while servers introduce themselves is made again")
  func lostGreeting()
    throws
  {
    try RedisServer.with { server in
      try server.populate(300, prefix: "app:v1:", ttl: 900)
      let verbs = [["scan"], ["ttl"], ["stats", "--interval", "100ms"], ["invalidate", "none:*", "--yes"]]
      for (index, limit) in [320, 900, 1_800, 2_700, 3_600, 4_500, 5_200].enumerated() {
        let proxy = try FaultProxy(
          to: .unix(server.socketPath), replies: .init(limit: limit), faultyConnections: 1)
        let verb = verbs[index % verbs.count]
        let result = try Rediscache.run(verb + ["-s", proxy.socketPath])
        #expect(result.status == 0 && proxy.connections > 1, "\(limit) \(verb): \(result)")
        // Who hangs up on everybody is told so at once.
        let deaf = try FaultProxy(to: .unix(server.socketPath), replies: .init(limit: limit))
        let start = ContinuousClock.now
        let lost = try Rediscache.run(verb + ["-s", deaf.socketPath])
        #expect(lost.status == 69 && lost.errorText.contains("closed the connection"), "\(lost)")
        #expect(ContinuousClock.now - start < .seconds(8))
      }
    }
  }

  @Test("replies split at every byte change nothing") func splitReplies() throws {
    try RedisServer.with { server in
      try server.populate(300, prefix: "app:v1:", ttl: 90_000)
      try server.load(text: (0..<100).map { ["HSET", "session:\($0)", "name", "value"] })
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(pieceSize: 1))
      let whole = try Rediscache.report(server)
      let result = try Rediscache.run(["scan", "-s", proxy.socketPath, "--json"])
      #expect(result.status == 0, "\(result)")
      let split = try Report(result)
      #expect(split.complete && split.coverage.keysMeasured == whole.coverage.keysMeasured)
      #expect(split.groups.map(\.keys) == whole.groups.map(\.keys))
      #expect(split.groups.map(\.memoryBytes) == whole.groups.map(\.memoryBytes))
      #expect(split.groups.map(\.withoutTtl) == whole.groups.map(\.withoutTtl))
    }
  }

  @Test("nobody there, a web server, and a server that hangs up are told apart") func strangers() throws {
    let port = try RedisServer.freePort()
    let refused = try Rediscache.run(["scan", "-p", String(port)])
    #expect(refused.status == 69 && refused.errorText.contains("Connection refused"), "\(refused)")
    let web = try ScriptedServer.http()
    let result = try Rediscache.run(["scan", "-u", web.uri])
    #expect(result.status == 69 && result.errorText.contains("is not Redis: it speaks HTTP"), "\(result)")
    let closing = try ScriptedServer.closing(after: 5)
    let closed = try Rediscache.run(["scan", "-s", closing.socketPath])
    #expect(closed.status == 69 && closed.errorText.contains("without an answer"), "\(closed)")
  }

  @Test("a server that drips a byte at a time cannot outlast the deadline") func drip() throws {
    let dripping = try ScriptedServer.dripping(
      Array(repeating: UInt8(ascii: "+"), count: 100), every: .milliseconds(50))
    let start = ContinuousClock.now
    let result = try Rediscache.run(["scan", "-s", dripping.socketPath, "--connect-timeout", "700ms"])
    #expect(ContinuousClock.now - start < .seconds(8))
    #expect(result.status == 75, "\(result)")
  }

  @Test("keys that expire between SCAN and measuring count as vanished") func vanishingKeys() throws {
    try RedisServer.with { server in
      try server.populate(3_000, prefix: "app:v1:", ttl: 900)
      try server.load(text: (0..<3_000).map { ["SET", "brief:\($0)", "value", "PX", "700"] })
      let report = try Rediscache.report(server, ["--rate", "4000", "--count", "1000", "--exact"])
      let coverage = report.coverage
      #expect(coverage.keysSeen == coverage.keysMeasured + coverage.keysVanished)
      #expect(report.totals.keys == coverage.keysSeen - coverage.keysVanished)
      #expect(report.group("app", "v1")?.keys == 3_000)
    }
  }
}
