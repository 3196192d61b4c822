import Foundation
import Synchronization
import TestHarness
import TestSupport
import Testing

extension Faults {
  /// Keyspaces that do not hold still.
  @Suite struct ChangingKeyspaceTests {
    // MARK: - Restarts

    /// Under `everysec` a server waits for a slow disk before it hands its log to the system.
    private static let durable = ["appendonly yes", "appendfsync no"]

    @Test("fault: restart", arguments: Verb.walking) func restart(_ verb: Verb) throws {
      try RedisServer.with(Trial.server(Self.durable)) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { proxy, _ in
          server.crash()
          proxy.cut()
          Wait.later(.milliseconds(300)) { try? server.restart() }
          return []
        }
        // Through the proxy a server that is away hangs up instead of refusing.
        let result = try trial.run(["-s", proxy.socketPath])
        // The node is walked again from its beginning: every key is counted once.
        try trial.expectWhole(result, unknown: 0)
      }
    }

    @Test("fault: restart, without a proxy between", arguments: Verb.main) func plainRestart(_ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server(Self.durable)) { server in
        let trial = try Trial(verb, on: server, count: 1_200)
        let calls = verb == .scan ? "scan" : verb == .warm ? "set" : "unlink"
        let before = try server.commandStats()[calls] ?? 0
        let running = try trial.start(["-s", server.socketPath], ["--rate", "500"])
        try server.waitForCalls(of: calls, atLeast: before + 4)
        server.crash()
        usleep(300_000)
        try server.restart()
        let result = running.wait()
        try server.waitUntilLoaded()
        try trial.expectWhole(result, unknown: 20)
      }
    }

    @Test("fault: server gone", arguments: Verb.walking) func gone(_ verb: Verb) throws {
      try RedisServer.with(Trial.server(Self.durable)) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { proxy, _ in
          server.crash()
          proxy.cut()
          return []
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place, ["--retry-for", "700ms"])
        try server.restart()
        try server.waitUntilLoaded()
        try trial.expectBroken(result, 69, 75, words: proxy.socketPath)
        proxy.heal()
        try trial.expectResumed(place)
      }
    }

    // MARK: - Flushes

    /// A command that takes all keys away at once.
    enum Sweep: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case flushAll = "FLUSHALL", flushDatabase = "FLUSHDB", swap = "SWAPDB"
      var testDescription: String { rawValue }
      var words: [String] { self == .swap ? ["SWAPDB", "0", "1"] : [rawValue] }
    }

    @Test(
      "fault: keys swept away mid-run", arguments: Sweep.allCases, [Verb.scan, .ttl, .export, .invalidate])
    func swept(_ sweep: Sweep, _ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          try server.cli(sweep.words)
          return chunk
        }
        let result = try trial.run(["-s", proxy.socketPath])
        #expect([0, 1].contains(result.status), "\(result)")
        #expect(result.errorText.contains("flushed or swapped"), "\(result)")
        if verb == .invalidate {
          let counts = try RemovalReport(result.stdout).counts
          #expect(counts.isBalanced && counts.removed <= 60 && counts.unknown == 0, "\(result)")
        }
        if verb == .scan {
          let coverage = try Report(result).coverage
          #expect(coverage.keysSeen < 300 && coverage.keysMeasured <= coverage.keysSeen, "\(result)")
        }
        // What the other database holds now is what this one held.
        if sweep == .swap {
          let left = try server.size(database: 1)
          #expect(left >= (verb == .invalidate ? 250 : 312), "\(left)")
        }
      }
    }

    @Test("fault: keys swept away mid-run", arguments: Sweep.allCases, [Verb.warm])
    func sweptWarm(_ sweep: Sweep, _ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          try server.cli(sweep.words)
          return chunk
        }
        // What was written and is gone again shows only to those who look.
        let result = try trial.run(["-s", proxy.socketPath], ["--verify"])
        #expect(trial.moment?.hasCome == true, "\(result)")
        let report = try LoadReport(result.stdout)
        #expect(result.status == 1 || result.errorText.contains("flushed or swapped"), "\(result)")
        #expect(report.counts == .init(written: 300) && report.verification?.gone ?? 0 > 0, "\(result)")
      }
    }

    // MARK: - Growing and shrinking

    /// Fills and empties a server around the keys that stay, until told to stop.
    private final class Tide: Sendable {
      private let isOver = Mutex(false)
      private let done = DispatchSemaphore(value: 0)

      init(_ server: RedisServer) throws {
        let connection = try server.connection()
        let fill = "for i = 1, 8000 do redis.call('SET', 'tide:' .. i, i) end"
        let empty = "for i = 1, 8000 do redis.call('UNLINK', 'tide:' .. i) end"
        nonisolated(unsafe) let line = connection
        Thread.detachNewThread { [self] in
          while !isOver.withLock({ $0 }) {
            for script in [fill, empty] { _ = try? line.command("EVAL", script, "0") }
            // The server looks for tables that are too large now and then.
            usleep(20_000)
          }
          done.signal()
        }
      }

      func stop() {
        isOver.withLock { $0 = true }
        done.wait()
      }
    }

    @Test("fault: growing and shrinking rehash", arguments: Verb.walking) func rehash(_ verb: Verb) throws {
      try RedisServer.with(Trial.server(["hz 500"])) { server in
        for _ in 0..<2 {
          // The table that holds the tide is more than ten times too large for the rest, so low water shrinks it.
          let trial = try Trial(verb, on: server, count: 600)
          let tide = try Tide(server)
          let result = Result { try trial.run(["-s", server.socketPath], ["--rate", "600"]) }
          tide.stop()
          try trial.expectWhole(result.get())
          try server.cli("FLUSHALL")
        }
      }
    }

    // MARK: - Keys that go or change between SCAN and measuring

    @Test("fault: key gone or retyped", arguments: Verb.inspecting + [.invalidate]) func retyped(_ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        if verb == .scan { trial.options = ["--exact"] }
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        // Where what a page names is measured, the names are known already.
        let script = """
          for i = 0, 299 do
            local key = 'app:v1:' .. i
            if i % 4 == 0 then redis.call('DEL', key)
            elseif i % 4 == 1 then redis.call('PEXPIRE', key, 1)
            elseif i % 4 == 2 then redis.call('DEL', key) redis.call('HSET', key, 'a', '1')
            end
          end
          """
        trial.moment = proxy.once(verb == .export ? "\r\nSCAN\r\n" : "\r\nPTTL\r\n", at: 2) { _, chunk in
          try server.load(text: [["EVAL", script, "0"]])
          usleep(20_000)
          return chunk
        }
        if verb == .invalidate { trial.options = ["--ttl-above", "1s"] }
        let result = try trial.run(["-s", proxy.socketPath])
        try trial.expectHarmless(result, at: #_sourceLocation)
        #expect(result.status == 0, "\(result)")
        switch verb {
        case .scan:
          let report = try Report(result)
          let coverage = report.coverage
          #expect(report.complete && coverage.keysVanished > 0, "\(result)")
          #expect(coverage.keysSeen == coverage.keysMeasured + coverage.keysVanished, "\(result)")
          #expect(report.totals.keys == coverage.keysMeasured, "\(result)")
          #expect(report.totals.types.values.reduce(0, +) == report.totals.keys, "\(result)")
          #expect((150...300).contains(report.totals.keys), "\(result)")
        case .ttl: #expect(result.text.contains("\"complete\":true"), "\(result)")
        case .export:
          let records = try JSONLines.objects(trial.folder.read("export.jsonl") ?? [])
          #expect((75...300).contains(records.count), "\(records.count): \(result)")
          for record in records {
            let type = record["type"] as? String ?? "string"
            #expect(type == "string" || type == "hash" && record["value"] as? [String: String] == ["a": "1"])
          }
        case .invalidate:
          let counts = try RemovalReport(result.stdout).counts
          #expect(counts.isBalanced && counts.failed == 0 && counts.unknown == 0, "\(result)")
          // Hashes have no TTL; what stays is what was not chosen when it was looked at.
          #expect(try trial.chosenNames().allSatisfy { Int($0.dropFirst(7)).map { $0 % 4 == 2 } == true })
        case .warm, .stats: break
        }
      }
    }
  }
}
