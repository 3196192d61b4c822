import Foundation
import Synchronization
import TestHarness
import Testing

/// Servers and networks that fail while keys are removed: nothing outside the choice is touched, at most a batch is
/// unknown, and a resumed run reconciles with the server.
@Suite(.overlapping) struct InvalidateFaultTests {
  private static let chosen = 1_000
  private static let others = 150
  private static let batch = 50
  private static let login = ["REDISCLI_AUTH": Rediscache.secret]

  /// A server with a password, the chosen keys and others.
  private static func with(tcp: Bool = false, aof: Bool = false, _ body: (RedisServer) throws -> Void) throws
  {
    // Under `everysec` a server waits for a slow disk before it hands its log to the system.
    let options = RedisServer.Options(
      tcp: tcp,
      configuration: ["requirepass \(Rediscache.secret)"]
        + (aof ? ["appendonly yes", "appendfsync no"] : []),
      login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      try server.populate(chosen, prefix: "app:v1:", ttl: 90_000)
      try server.populate(others, prefix: "app:v2:")
      try body(server)
    }
  }

  private static func start(
    _ place: [String], _ journal: String, _ arguments: [String] = []
  ) throws -> RunningCommand {
    try Rediscache.command(
      [
        "invalidate", "app:v1:*", "--yes", "--json", "--journal", journal, "--batch", String(batch),
        "--count", "60", "--timeout", "3s", "--retry-for", "0s",
      ] + place + arguments, environment: login
    ).start()
  }

  /// Checks a run that was broken off against the server; what is unknown may have been removed or not.
  private static func expectBroken(
    _ result: Command.Result, status: Int32, _ server: RedisServer, _ folder: TemporaryFolder
  ) throws {
    Rediscache.expectSecrecy(result)
    #expect(result.status == status && !result.timedOut, "\(result)")
    #expect(result.errorText.contains("error: "), "\(result)")
    #expect(result.errorText.contains("to resume  rediscache invalidate 'app:v1:*'"), "\(result)")
    let report = try RemovalReport(result.stdout)
    #expect(!report.complete && report.stopped != nil && report.counts.isBalanced, "\(result)")
    #expect(report.counts.unknown <= batch, "\(result)")
    let gone = chosen - (try server.keys("app:v1:*").count)
    #expect(
      (report.counts.removed...report.counts.removed + report.counts.unknown).contains(gone),
      "\(gone): \(result)")
    #expect(try server.keys("app:v2:*").count == others)
    let journal = folder.read("journal") ?? []
    #expect(!String(decoding: journal, as: UTF8.self).contains(Rediscache.secret))
    #expect(journal.last == UInt8(ascii: "\n"))
  }

  /// Goes on with the journal and checks that all is done and counted.
  private static func expectResumed(
    _ place: [String], _ server: RedisServer, _ folder: TemporaryFolder
  ) throws {
    let report = try Rediscache.removal(
      place, ["app:v1:*", "--resume", folder.file("journal"), "--verify"], environment: login)
    #expect(report.complete && report.verification?.keys == 0, "\(report)")
    #expect(report.counts.removed + report.counts.absent == chosen, "\(report.counts)")
    #expect(
      report.counts.unknown == 0 && report.counts.absent <= batch && report.counts.failed == 0,
      "\(report.counts)")
    #expect(try server.keys("app:v1:*").isEmpty && server.size() == others)
  }

  // MARK: - The network

  /// What a proxy does with the third batch.
  enum Breach: String, CaseIterable, Sendable {
    case beforeBatch, duringBatch, afterBatch
  }

  /// A proxy that can be told to hang up from within what it does to the traffic.
  private final class Saboteur: Sendable {
    private struct State {
      var proxy: FaultProxy?
      var batches = 0
      var isDone = false
    }

    private let state = Mutex(State())

    /// Takes hold of the proxy; while it does, proxy and saboteur keep each other alive.
    func take(_ proxy: FaultProxy?) { state.withLock { $0.proxy = proxy } }

    /// True for the third chunk of requests that removes something.
    func isTurn(_ chunk: [UInt8]) -> Bool {
      guard Data(chunk).range(of: Data("UNLINK".utf8)) != nil else { return false }
      return state.withLock { state in
        state.batches += 1
        return state.batches == 3
      }
    }

    func finish() { state.withLock { $0.isDone = true } }
    var isDone: Bool { state.withLock { $0.isDone } }
    func cut() { state.withLock { $0.proxy }?.cut() }
  }

  @Test("a reset before, during and after a batch", arguments: Breach.allCases) func reset(_ breach: Breach)
    throws
  {
    let folder = try TemporaryFolder()
    try Self.with(tcp: true) { server in
      let saboteur = Saboteur()
      defer { saboteur.take(nil) }
      let requests = FaultProxy.Faults { chunk in
        guard saboteur.isTurn(chunk) else { return chunk }
        switch breach {
        case .beforeBatch:
          saboteur.cut()
          return []
        case .duringBatch:
          saboteur.cut()
          return Array(chunk.prefix(chunk.count / 2))
        case .afterBatch:
          saboteur.finish()
          return chunk
        }
      }
      let replies = FaultProxy.Faults { chunk in
        guard saboteur.isDone else { return chunk }
        saboteur.cut()
        return []
      }
      let proxy = try FaultProxy(
        to: .loopback(server.port), on: .loopback, requests: requests, replies: replies)
      saboteur.take(proxy)
      let place = ["-u", proxy.uri]
      let result = try Self.start(place, folder.file("journal")).wait()
      // The server must have carried out what reached it.
      _ = try server.size()
      try Self.expectBroken(result, status: 69, server, folder)
      let report = try RemovalReport(result.stdout)
      #expect(report.counts.unknown > 0 && report.counts.removed >= Self.batch, "\(report.counts)")
      if breach == .afterBatch {
        #expect(
          try Self.chosen - server.keys("app:v1:*").count == report.counts.removed + report.counts.unknown)
      }
      proxy.setRequests(.init())
      proxy.setReplies(.init())
      try Self.expectResumed(place, server, folder)
    }
  }

  @Test("replies split at every byte change nothing") func splitReplies() throws {
    try Self.with { server in
      try server.load(text: (0..<20).map { ["HSET", "app:v1:hash:\($0)", "name", "value"] })
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(pieceSize: 1))
      let whole = try Rediscache.removal(server, ["app:v1:*", "--dry-run"], environment: Self.login)
      let split = try Rediscache.removal(["-s", proxy.socketPath], ["app:v1:*"], environment: Self.login)
      #expect(split.complete && split.counts.removed == Self.chosen + 20)
      #expect(split.counts.matched == whole.counts.matched)
      // A sample, whose keys depend on how the pages came.
      let (one, other) = (Double(split.bytesEstimate ?? 0), Double(whole.bytesEstimate ?? 0))
      #expect(one > 0 && abs(one - other) < 0.1 * other, "\(one), \(other)")
      #expect(try server.size() == Self.others)
    }
  }

  @Test(
    "replies that are no replies end the run",
    arguments: [
      "$10\r\nabc", "*1000000000\r\n", "$9223372036854775807\r\n",
      "+OK\r\n+OK\r\n",
      ":-1\r\n:77777\r\n", "*0\r\n$-1\r\n",
    ])
  func garbage(_ wire: String) throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      let saboteur = Saboteur()
      let requests = FaultProxy.Faults { chunk in
        if saboteur.isTurn(chunk) { saboteur.finish() }
        return chunk
      }
      let replies = FaultProxy.Faults { saboteur.isDone ? Array(wire.utf8) : $0 }
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests, replies: replies)
      let place = ["-s", proxy.socketPath]
      let result = try Self.start(place, folder.file("journal")).wait()
      // Too few replies, or one that never ends, run into the timeout.
      let status: Int32 = result.status == 75 ? 75 : 69
      try Self.expectBroken(result, status: status, server, folder)
      proxy.setRequests(.init())
      proxy.setReplies(.init())
      try Self.expectResumed(place, server, folder)
    }
  }

  @Test("a proxy that names other keys removes none of them") func lyingProxy() throws {
    try Self.with { server in
      try server.load(text: (0..<Self.chosen).map { ["SET", "sys:v1:\($0)", "precious"] })
      let replies = FaultProxy.Faults { chunk in
        // Names of the same length, so that the reply stays well-formed.
        Array(String(decoding: chunk, as: UTF8.self).replacing("app:v1:", with: "sys:v1:").utf8)
      }
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: replies)
      let report = try Rediscache.removal(
        ["-s", proxy.socketPath], ["app:v1:*"], environment: Self.login)
      // A name that two chunks share may come through whole.
      #expect(report.counts.matched < 50 && report.counts.removed == report.counts.matched)
      #expect(try server.keys("sys:*").count == Self.chosen && server.keys("app:v2:*").count == Self.others)
    }
  }

  // MARK: - The server

  @Test("a server that stops answering is given up after --timeout") func stoppedServer() throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      let running = try Self.start(
        ["-s", server.socketPath], folder.file("journal"), ["--rate", "400", "--max-runtime", "15s"])
      try Self.waitForBatches(2, folder)
      server.pause()
      defer { server.resume() }
      let start = ContinuousClock.now
      let result = running.wait()
      #expect(ContinuousClock.now - start < .seconds(8))
      server.resume()
      _ = try server.size()
      try Self.expectBroken(result, status: 75, server, folder)
      #expect(result.errorText.contains("--timeout"), "\(result)")
      try Self.expectResumed(["-s", server.socketPath], server, folder)
    }
  }

  @Test("a server that is killed in the middle, and comes back") func killedServer() throws {
    let folder = try TemporaryFolder()
    try Self.with(aof: true) { server in
      let running = try Self.start(["-s", server.socketPath], folder.file("journal"), ["--rate", "400"])
      try Self.waitForBatches(2, folder)
      server.crash()
      let result = running.wait()
      try server.restart()
      try server.waitUntilLoaded()
      try Self.expectBroken(result, status: 69, server, folder)
      try Self.expectResumed(["-s", server.socketPath], server, folder)
    }
  }

  @Test("--max-runtime ends a run with what it has done") func maximumRuntime() throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      let running = try Self.start(
        ["-s", server.socketPath], folder.file("journal"), ["--rate", "200", "--max-runtime", "2500ms"])
      let result = running.wait()
      try Self.expectBroken(result, status: 75, server, folder)
      #expect(result.errorText.contains("time limit"), "\(result)")
      try Self.expectResumed(["-s", server.socketPath], server, folder)
    }
  }

  @Test("a verification that fails does not swallow the report of the removal") func failedVerification()
    throws
  {
    try Self.with { server in
      try server.load(text: (0..<20).map { ["SADD", "tag:a", "app:v1:\($0)"] })
      let questions = Mutex(0)
      let requests = FaultProxy.Faults { chunk in
        guard Data(chunk).range(of: Data("TYPE\r\n$5\r\ntag:a\r\n".utf8)) != nil else { return chunk }
        return questions.withLock { count in
          count += 1
          return count > 1 ? [] : chunk
        }
      }
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests)
      let report = try Rediscache.removal(
        ["-s", proxy.socketPath], ["--tag", "a", "--verify", "--timeout", "3s"], status: 75,
        environment: Self.login)
      #expect(report.counts.removed == 20 && !report.complete && report.verification == nil)
    }
  }

  private static func waitForBatches(_ count: Int, _ folder: TemporaryFolder) throws {
    try Wait.for("\(count) batches") {
      let lines = (folder.read("journal") ?? []).split(separator: UInt8(ascii: "\n"))
      return lines.count(where: { $0.starts(with: Array("{\"done\"".utf8)) }) >= count
    }
  }
}
