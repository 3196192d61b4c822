import Foundation
import TestHarness
import Testing

extension Faults {
  /// Servers that are not there, or there and silent.
  @Suite struct UnreachableTests {
    @Test("fault: refused", arguments: Verb.allCases) func refused(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let dead = try RedisServer()
        dead.crash()
        let port = try RedisServer.freePort()
        let places = [
          (["-p", String(port)], ":\(port)"), (["-s", dead.socketPath], dead.socketPath),
          (["-s", "/nonexistent/redis.sock"], "/nonexistent/redis.sock"),
        ]
        for (place, name) in places {
          let start = ContinuousClock.now
          let result = try trial.run(place)
          // A place where nobody has ever answered is not waited for.
          #expect(ContinuousClock.now - start < .seconds(8))
          try trial.expectBroken(result, 69, words: "cannot reach", name, begun: false)
          #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
        }
      }
    }

    @Test("fault: connect hang", arguments: Verb.allCases) func connectHang(_ verb: Verb) throws {
      let full = try FullBacklog()
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let result = try trial.run(
          ["-u", full.address.description], ["--connect-timeout", "1s"] + Trial.atOnce)
        try trial.expectBroken(
          result, 69, 75, words: "no answer from", full.address.description, begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }

    @Test("fault: dead peer", arguments: Verb.walking) func deadPeer(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { proxy, chunk in
          proxy.setReplies(.init(rewrite: { _ in [] }))
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place, ["--timeout", "2s"] + Trial.atOnce)
        try server.settle()
        try trial.expectBroken(result, 75, words: "--timeout", proxy.socketPath)
        #expect(try !verb.isWriting || trial.unknown(result) > 0, "\(result)")
        proxy.heal()
        try trial.expectResumed(place)
      }
    }

    @Test("fault: dead peer, and a new connection helps", arguments: Verb.walking)
    func replacedPeer(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath), faultyConnections: 1)
        trial.moment = proxy.once(verb.word, at: 3) { proxy, chunk in
          proxy.setReplies(.init(rewrite: { _ in [] }))
          return chunk
        }
        let result = try trial.run(["-s", proxy.socketPath], ["--timeout", "2s"])
        try trial.expectWhole(result, unknown: 20)
        #expect(proxy.connections >= 2)
      }
    }

    @Test("fault: stopped server", arguments: Verb.walking) func stoppedServer(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          server.pause()
          return chunk
        }
        defer { server.resume() }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place, ["--timeout", "2s"] + Trial.atOnce)
        server.resume()
        try server.settle()
        try trial.expectBroken(result, 75, words: "--timeout", proxy.socketPath)
        proxy.heal()
        try trial.expectResumed(place)
      }
    }

    @Test("fault: stopped server, from the start", arguments: Verb.allCases) func deafServer(_ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        server.pause()
        let result = try trial.run(
          ["-s", server.socketPath], ["--connect-timeout", "1s"] + Trial.atOnce)
        server.resume()
        try trial.expectBroken(result, 75, words: "--connect-timeout", server.socketPath, begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }

    @Test("fault: stopped server, for a moment", arguments: Verb.walking) func pausedServer(_ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          server.pause()
          Wait.later(.seconds(5)) { server.resume() }
          return chunk
        }
        defer { server.resume() }
        let result = try trial.run(
          ["-s", proxy.socketPath], ["--timeout", "2s", "--connect-timeout", "2s"])
        try trial.expectWhole(result, unknown: 20)
      }
    }
  }
}

extension RedisServer {
  /// Waits until the server has carried out what has reached it before.
  func settle() throws {
    for _ in 0..<3 { _ = try size() }
  }
}
