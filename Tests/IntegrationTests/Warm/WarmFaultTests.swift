import Foundation
import Synchronization
import TestHarness
import TestSupport
import Testing

/// Servers and networks that fail while a cache is warmed: what nobody answered counts as unknown, and a run that goes
/// on ends as if nothing had been.
@Suite(.overlapping) struct WarmFaultTests {
  private static let strings = 1_500

  private struct Whole {
    let text: String
    let lines: Int
    /// What an unbroken run leaves.
    let contents: [[UInt8]: [UInt8]]
  }

  /// The seed, loaded once.
  private static let whole = Result {
    let (text, lines, _) = try seed()
    return Whole(text: text, lines: lines, contents: try expected(text))
  }

  /// A seed of all types, with lines that are no records.
  private static func seed() throws -> (text: String, lines: Int, rejected: Int) {
    let collections: [[String: Any]] = (0..<60).map { number in
      switch number % 4 {
      case 0: ["key": "hash:\(number)", "type": "hash", "value": ["a": "\(number)"], "ttl": 9_000]
      case 1: ["key": "list:\(number)", "type": "list", "value": (0..<40).map { "\($0)" }]
      case 2: ["key": "big:\(number)", "type": "set", "value": (0..<1_300).map { "m\($0)" }, "ttl": 9_000]
      default: ["key": "tagged:\(number)", "value": "v", "tags": ["t"], "ttl": 900]
      }
    }
    let pieces = try [
      JSONLines.strings(strings / 2), "not a record\n", JSONLines.text(collections), #"{"key":"x"}"# + "\n",
      JSONLines.strings(strings / 2, "app:v3:"),
    ]
    return (pieces.joined(), strings + 62, 2)
  }

  /// The state that an unbroken run leaves: what each key holds, and whether it expires.
  private static func expected(_ text: String) throws -> [[UInt8]: [UInt8]] {
    try RedisServer.with { server in
      _ = try Rediscache.warm(server, text, status: 1)
      return try server.sortedContents()
    }
  }

  private static func expectResumed(
    _ server: RedisServer, _ folder: TemporaryFolder, _ expected: [[UInt8]: [UInt8]], lines: Int
  ) throws {
    let report = try Rediscache.warm(
      ["-s", server.socketPath], file: folder.file("seed"),
      ["--resume", folder.file("journal"), "--rejects", folder.file("rejects")], status: 1)
    #expect(report.counts.records == lines && report.counts.rejected == 2, "\(report)")
    #expect(report.counts.failed == 0 && report.counts.unknown == 0, "\(report)")
    #expect(try server.sortedContents(besides: "*:rediscache:*") == expected)
    #expect(try JSONLines.objects(folder.read("rejects") ?? []).count == 2)
  }

  /// After how many bytes of a direction the connection breaks.
  struct Breach: Sendable, CustomTestStringConvertible {
    var requests: Int?
    var replies: Int?
    var testDescription: String { requests.map { "\($0) bytes sent" } ?? "\(replies ?? 0) bytes received" }
  }

  private static let breaches =
    [30_000, 60_000, 150_000, 250_000].map { Breach(requests: $0) }
    + [13_000, 15_000, 17_000].map { Breach(replies: $0) }

  @Test("the connection breaks after any number of bytes, sent or received", arguments: breaches)
  func broken(_ breach: Breach) throws {
    let folder = try TemporaryFolder()
    let whole = try Self.whole.get()
    let (lines, expected) = (whole.lines, whole.contents)
    let file = try folder.write("seed", whole.text.utf8)
    try RedisServer.with { server in
      let proxy = try FaultProxy(
        to: .unix(server.socketPath), requests: .init(limit: breach.requests, ending: .reset),
        replies: .init(limit: breach.replies, ending: .reset))
      // So few that the first flight is answered before the connection breaks, also where the way seems long because the
      // machine stands still, and up to eight more are under way.
      let arguments = ["--rejects", folder.file("rejects"), "--batch", "25"]
      let result = try Rediscache.run(
        ["warm", "--yes", file, "-s", proxy.socketPath, "--json", "--journal", folder.file("journal")]
          + ["--retry-for", "0s"] + arguments)
      #expect(result.status == 69 && result.errorText.contains("to resume  rediscache warm"), "\(result)")
      let report = try LoadReport(result.stdout)
      #expect(!report.complete && report.stopped != nil && report.counts.isBalanced, "\(result)")
      #expect(report.counts.unknown > 0 && report.counts.records < lines, "\(result)")

      proxy.setRequests(.init())
      proxy.setReplies(.init())
      let rest = try Rediscache.warm(
        ["-s", proxy.socketPath], file: file, ["--resume", folder.file("journal")] + arguments, status: 1)
      #expect(rest.counts == .init(written: lines - 2, rejected: 2), "\(rest)")
      #expect(rest.earlier?.written ?? 0 > 0 && rest.earlier?.unknown == 0, "\(rest)")
      let contents = try server.sortedContents(besides: "*:rediscache:*")
      let others = Set(contents.keys).union(expected.keys).filter { contents[$0] != expected[$0] }
      #expect(others.isEmpty, "\(others.map { String(decoding: $0, as: UTF8.self) }.sorted())")
      #expect(try JSONLines.objects(folder.read("rejects") ?? []).count == 2)
    }
  }

  @Test("where nothing was begun there is nothing to resume with", arguments: [0, 300, 2_000])
  func brokenAtOnce(limit: Int) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      let file = try folder.write("seed", JSONLines.strings(100).utf8)
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(limit: limit))
      let words = [
        "warm", "--yes", file, "-s", proxy.socketPath, "--journal", folder.file("journal"), "--retry-for",
        "0s",
      ]
      for _ in 0..<2 {
        let result = try Rediscache.run(words)
        #expect(result.status == 69 && !result.errorText.contains("to resume"), "\(result)")
        #expect(folder.read("journal") == nil)
      }
    }
  }

  @Test("replies split at every byte change nothing") func splitReplies() throws {
    let whole = try Self.whole.get()
    try RedisServer.with { server in
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(pieceSize: 1))
      let report = try Rediscache.warm(
        ["-s", proxy.socketPath], file: "-", ["--verify"], status: 1, input: Array(whole.text.utf8))
      #expect(report.counts == .init(written: whole.lines - 2, rejected: 2))
      #expect(report.verification?.different == 0)
      #expect(try server.sortedContents() == whole.contents)
    }
  }

  @Test(
    "replies that are no replies end the run",
    arguments: ["$10,abc", "*1000000000,", "HTTP/1.1 400 Bad Request,", "*2,+OK,+OK,", "_,"])
  func garbage(_ lines: String) throws {
    let wire = lines.replacing(",", with: "\r\n")
    try RedisServer.with { server in
      let isArmed = Flag()
      let requests = FaultProxy.Faults { chunk in
        if Data(chunk).range(of: Data("HSET".utf8)) != nil { isArmed.raise() }
        return chunk
      }
      let replies = FaultProxy.Faults { isArmed.isUp ? Array(wire.utf8) : $0 }
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests, replies: replies)
      let seed = try JSONLines.text([["key": "k", "type": "hash", "value": ["a": "b"]]])
      let (result, peak) = try Rediscache.command(
        ["warm", "--yes", "-", "-s", proxy.socketPath, "--json", "--timeout", "3s"], input: Array(seed.utf8)
      ).start().waitWatchingMemory()
      #expect(!result.timedOut && [69, 75].contains(result.status), "\(result)")
      let report = try LoadReport(result.stdout)
      #expect(report.counts.records == 1 && report.counts.written == 0 && !report.complete, "\(result)")
      if let peak { #expect(peak < 64 << 10) }
    }
  }

  @Test("a server that stops answering is given up after --timeout") func stoppedServer() throws {
    let folder = try TemporaryFolder()
    let whole = try Self.whole.get()
    let (lines, expected) = (whole.lines, whole.contents)
    let file = try folder.write("seed", whole.text.utf8)
    try RedisServer.with { server in
      let running = try Rediscache.command([
        "warm", "--yes", file, "-s", server.socketPath, "--json", "--journal", folder.file("journal"),
        "--rejects",
        folder.file("rejects"), "--timeout", "3s", "--rate", "1000", "--retry-for", "0s",
      ]).start()
      try Wait.for("100 keys") { try server.size() >= 100 }
      server.pause()
      defer { server.resume() }
      let start = ContinuousClock.now
      let result = running.wait()
      #expect(ContinuousClock.now - start < .seconds(8))
      #expect(result.status == 75 && result.errorText.contains("--timeout"), "\(result)")
      let report = try LoadReport(result.stdout)
      #expect(
        report.counts.isBalanced && report.counts.unknown > 0 && report.counts.written >= 50, "\(result)")
      server.resume()
      try Self.expectResumed(server, folder, expected, lines: lines)
    }
  }

  @Test("a server that is killed is told, with what was acknowledged") func killedServer() throws {
    try RedisServer.with { server in
      let running = try Rediscache.command(
        ["warm", "--yes", "-", "-s", server.socketPath, "--json", "--rate", "2000", "--retry-for", "0s"],
        input: Array(JSONLines.strings(20_000).utf8)
      ).start()
      try Wait.for("300 keys") { try server.size() >= 300 }
      server.crash()
      let result = running.wait()
      #expect(result.status == 69, "\(result)")
      let report = try LoadReport(result.stdout)
      #expect((100..<20_000).contains(report.counts.written) && report.counts.isBalanced, "\(result)")
    }
  }

  @Test("--max-runtime ends a run, even one that waits for its input") func maximumRuntime() throws {
    try RedisServer.with { server in
      let rows = [
        (seed: JSONLines.strings(30_000), rest: ["--rate", "2000"]), (JSONLines.strings(3), []),
      ]
      for (seed, rest) in rows {
        var command = Rediscache.command(
          ["warm", "--yes", "-", "-s", server.socketPath, "--json", "--max-runtime", "6s"] + rest)
        command.input = .open
        let running = try command.start()
        // A thread of its own: those of the global queue may all be waiting for other tests.
        Thread.detachNewThread { running.write(Array(seed.utf8)) }
        let result = running.wait()
        #expect(result.status == 75 && result.errorText.contains("--max-runtime"), "\(result)")
        #expect(try LoadReport(result.stdout).counts.written >= 3, "\(result)")
      }
    }
  }

  @Test("what a slow source has brought is loaded at once, and its moments stay true") func slowSource()
    throws
  {
    try RedisServer.with { server in
      var command = Rediscache.command(["warm", "--yes", "-", "-s", server.socketPath, "--json"])
      command.input = .open
      let running = try command.start()
      let moment = Int(Date().timeIntervalSince1970 * 1000) + 500_000
      let line = { (key: String) in
        Array(#"{"key":"\#(key)","value":"v","expires_at":\#(moment)}"#.utf8) + [10]
      }
      running.write(line("first") + Array(#"{"key":"#.utf8))
      try Wait.for("the first key") { try server.size() >= 1 }
      #expect(try server.names() == ["first"])
      usleep(6_000_000)
      running.write(Array(line("second").dropFirst(7)))
      running.closeInput()
      let result = running.wait()
      #expect(try result.status == 0 && LoadReport(result.stdout).counts == .init(written: 2), "\(result)")
      for key in ["first", "second"] {
        let expiry = try #require(try server.connection().command("PEXPIRETIME", key).integer)
        #expect(abs(expiry - moment) < 600, "\(key)")
      }
    }
  }

  /// A flag that threads share.
  private final class Flag: Sendable {
    private let state = Mutex(false)
    var isUp: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
  }
}
