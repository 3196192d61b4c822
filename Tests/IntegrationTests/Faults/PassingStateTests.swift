import Foundation
import TestHarness
import Testing

extension Faults {
  /// States of a server that pass: a run waits for their end, and not for ever.
  @Suite struct PassingStateTests {
    /// A state that a server can be brought into and out of.
    enum State: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case busy = "BUSY", masterDown = "MASTERDOWN"
      var testDescription: String { rawValue }

      static let configuration = [
        "lua-time-limit 50", "replica-serve-stale-data no", "replica-read-only no",
      ]

      func begin(on server: RedisServer) throws {
        switch self {
        case .busy:
          try server.connection().send([["EVAL", "while true do end", "0"].map { Array($0.utf8) }])
        case .masterDown: try server.cli("REPLICAOF", "127.0.0.1", "1")
        }
        try Wait.for(rawValue) {
          try server.connection().command("DBSIZE").errorText?.hasPrefix(rawValue) == true
        }
      }

      func end(on server: RedisServer) throws {
        switch self {
        case .busy: try server.cli("SCRIPT", "KILL")
        case .masterDown: try server.cli("REPLICAOF", "NO", "ONE")
        }
      }
    }

    @Test("fault: a state that passes", arguments: State.allCases, Verb.walking)
    func passes(_ state: State, _ verb: Verb) throws {
      try RedisServer.with(Trial.server(State.configuration)) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          try state.begin(on: server)
          Wait.later(.milliseconds(400)) { try? state.end(on: server) }
          return chunk
        }
        // A refusal is an answer: no key is unknown for it.
        try trial.expectWhole(trial.run(["-s", proxy.socketPath]), unknown: 0)
      }
    }

    @Test("fault: a state that does not pass", arguments: State.allCases, Verb.main)
    func stays(_ state: State, _ verb: Verb) throws {
      try RedisServer.with(Trial.server(State.configuration)) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          try state.begin(on: server)
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place, ["--retry-for", "300ms"])
        try state.end(on: server)
        try trial.expectBroken(result, 75, words: state.rawValue, proxy.socketPath)
        // What was under way when another command was refused may have no answer of its own yet.
        #expect(try trial.unknown(result) <= (verb == .warm ? 200 : 20), "\(result)")
        proxy.heal()
        try trial.expectResumed(place, unknown: 0)
      }
    }

    @Test("fault: a state from the start", arguments: State.allCases, Verb.main)
    func fromTheStart(_ state: State, _ verb: Verb) throws {
      try RedisServer.with(Trial.server(State.configuration)) { server in
        let trial = try Trial(verb, on: server)
        let place = ["-s", server.socketPath]
        try state.begin(on: server)
        let result = try trial.run(place, ["--retry-for", "300ms"])
        Wait.later(.milliseconds(300)) { try? state.end(on: server) }
        // What has begun a journal goes on with it.
        let patient = try trial.run(place, goingOn: trial.isJournalled)
        #expect(result.status == 75 && result.errorText.contains(state.rawValue), "\(result)")
        try trial.expectWhole(patient)
      }
    }

    /// A server that takes a while to load the keys that it holds; it has just been started.
    private static func withLoading(
      _ verb: Verb, delay: Int, _ body: (RedisServer, Trial) throws -> Void
    ) throws {
      // The delay is in microseconds a key; between so many bytes the server looks after its clients.
      var options = Trial.server(["key-load-delay \(delay)", "loading-process-events-interval-bytes 1024"])
      options.acceptsLoading = true
      try RedisServer.with(options) { server in
        let trial = try Trial(verb, on: server)
        try server.populate(1_000 - server.size(), prefix: "ballast:")
        try server.cli("SAVE")
        try server.restart()
        try body(server, trial)
      }
    }

    private static func dropBallast(_ server: RedisServer) throws {
      let script = "for _, key in ipairs(redis.call('KEYS', 'ballast:*')) do redis.call('DEL', key) end"
      try server.load(text: [["EVAL", script, "0"]])
    }

    @Test("fault: LOADING", arguments: Verb.walking) func loading(_ verb: Verb) throws {
      try Self.withLoading(verb, delay: 1_000) { server, trial in
        let result = try trial.run(["-s", server.socketPath])
        try server.waitUntilLoaded()
        try Self.dropBallast(server)
        try trial.expectWhole(result)
      }
    }

    @Test("fault: LOADING for long", arguments: Verb.walking) func loadingForLong(_ verb: Verb) throws {
      try Self.withLoading(verb, delay: 6_000) { server, trial in
        let result = try trial.run(["-s", server.socketPath], ["--retry-for", "200ms"])
        // Enough of six seconds of loading.
        try server.cli("CONFIG", "SET", "key-load-delay", "0")
        try server.waitUntilLoaded()
        try Self.dropBallast(server)
        try trial.expectBroken(result, 75, words: "LOADING", server.socketPath, begun: false)
        try trial.expectResumed(["-s", server.socketPath])
      }
    }
  }
}
