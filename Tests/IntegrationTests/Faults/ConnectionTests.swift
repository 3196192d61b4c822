import Foundation
import TestHarness
import Testing

extension Faults {
  /// Connections that break, crawl or come in pieces.
  @Suite struct ConnectionTests {
    // MARK: - One byte a second

    /// The bound that has to end a run against a server that drips.
    enum Bound: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case timeout = "--timeout", maxRuntime = "--max-runtime"
      var testDescription: String { rawValue }
    }

    @Test("fault: one byte a second", arguments: Verb.walking) func drip(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        for bound in Bound.allCases {
          let trial = try Trial(verb, on: server)
          let proxy = try FaultProxy(to: .unix(server.socketPath))
          trial.moment = proxy.once(verb.word, at: 3) { proxy, chunk in
            proxy.setReplies(.init(pieceSize: 1, piecePause: .milliseconds(400)))
            return chunk
          }
          let running = try trial.start(
            ["-s", proxy.socketPath], [bound.rawValue, bound == .timeout ? "2s" : "3s"] + Trial.atOnce)
          let (result, peak) = running.waitWatchingMemory()
          try server.settle()
          try trial.expectBroken(result, 75, words: bound.rawValue)
          if let peak { #expect(peak < 96 << 10, "\(peak) KiB") }
          proxy.heal()
          try trial.expectResumed(["-s", proxy.socketPath])
          try server.cli("FLUSHALL")
        }
      }
    }

    @Test("fault: one byte a second, from the start", arguments: Verb.allCases)
    func dripFromTheStart(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(
          to: .unix(server.socketPath), replies: .init(pieceSize: 1, piecePause: .milliseconds(400)))
        let result = try trial.run(
          ["-s", proxy.socketPath], ["--connect-timeout", "700ms"] + Trial.atOnce)
        try trial.expectBroken(result, 75, words: "--connect-timeout", begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }

    // MARK: - Resets

    /// Where in the third batch the connection is reset.
    enum Breach: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case before = "before a batch"
      case during = "during a batch"
      case after = "after a batch"
      var testDescription: String { rawValue }
    }

    /// Breaks the connection once.
    private static func sabotage(_ proxy: FaultProxy, _ breach: Breach, _ trial: Trial) {
      trial.moment = proxy.once(trial.verb.word, at: 3) { proxy, chunk in
        switch breach {
        case .before:
          proxy.cut()
          return []
        case .during:
          proxy.cut()
          return Array(chunk.prefix(chunk.count / 2))
        case .after:
          proxy.setReplies(
            .init(rewrite: { [weak proxy] _ in
              proxy?.heal()
              proxy?.cut()
              return []
            }))
          return chunk
        }
      }
    }

    @Test("fault: reset", arguments: Breach.allCases, Verb.main) func reset(_ breach: Breach, _ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server(tcp: true)) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .loopback(server.port), on: .loopback)
        Self.sabotage(proxy, breach, trial)
        let place = ["-u", proxy.uri]
        let result = try trial.run(place, Trial.atOnce)
        try server.settle()
        try trial.expectBroken(result, 69, words: proxy.uri, "connection")
        // A warming has several flights under way.
        #expect(try !verb.isWriting || (1...200).contains(trial.unknown(result)), "\(result)")
        proxy.heal()
        try trial.expectResumed(place)
      }
    }

    @Test("fault: reset, and a new connection helps", arguments: Breach.allCases, Verb.walking)
    func resetOnce(_ breach: Breach, _ verb: Verb) throws {
      try RedisServer.with(Trial.server(tcp: true)) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .loopback(server.port), on: .loopback)
        Self.sabotage(proxy, breach, trial)
        let result = try trial.run(["-u", proxy.uri])
        // What did not reach the server is still there, and is tried again.
        try trial.expectWhole(result, unknown: breach == .before ? 0 : 20)
        if verb == .invalidate, breach == .after { #expect(try trial.unknown(result) > 0, "\(result)") }
        #expect(proxy.connections == 2)
      }
    }

    @Test("fault: reset, again and again", arguments: Verb.walking) func resetForEver(_ verb: Verb) throws {
      try RedisServer.with(Trial.server(tcp: true)) { server in
        let trial = try Trial(verb, on: server)
        // Enough for a greeting and a first look, never enough for the whole.
        let proxy = try FaultProxy(to: .loopback(server.port), on: .loopback)
        trial.moment = proxy.once(verb.word, at: 2) { proxy, _ in
          proxy.setReplies(.init(limit: 0, ending: .reset))
          proxy.cut()
          return []
        }
        let start = ContinuousClock.now
        let result = try trial.run(["-u", proxy.uri], ["--retry-for", "1s"])
        #expect(ContinuousClock.now - start >= .milliseconds(700), "it tried for a while: \(result)")
        #expect((2...60).contains(proxy.connections), "and not without end: \(proxy.connections)")
        try server.settle()
        try trial.expectBroken(result, 69, 75, words: proxy.uri)
        proxy.heal()
        try trial.expectResumed(["-u", proxy.uri])
      }
    }

    // MARK: - Pieces

    @Test("fault: replies split at every byte", arguments: Verb.allCases) func split(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        if !verb.isWriting { try trial.expectWhole(trial.run(["-s", server.socketPath])) }
        let whole = verb == .scan ? try Report(trial.run(["-s", server.socketPath])) : nil
        let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(pieceSize: 1))
        let result = try trial.run(["-s", proxy.socketPath])
        try trial.expectWhole(result)
        if let whole {
          let report = try Report(result)
          #expect(report.totals.memoryBytes == whole.totals.memoryBytes)
          #expect(report.totals.types == whole.totals.types && report.warnings == whole.warnings)
        }
      }
    }

    @Test("fault: requests split at every byte", arguments: Verb.main) func splitRequests(_ verb: Verb) throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath), requests: .init(pieceSize: 1))
        try trial.expectWhole(trial.run(["-s", proxy.socketPath]))
      }
    }
  }
}
