import Foundation
import TestHarness
import Testing

extension Faults {
  /// Servers that do not keep to the protocol, or speak another.
  @Suite struct MalformedReplyTests {
    /// What comes in place of replies.
    enum Malformation: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case truncated = "truncated bulk"
      case wrongType = "wrong type"
      case absurdLength = "absurd length"
      case absurdCount = "absurd count"
      case nestingBomb = "nesting bomb"
      case replyTooMany = "a reply too many"
      case garbage

      var testDescription: String { rawValue }

      /// What passes in place of a chunk; only the first is damaged where the rest would be swallowed anyway.
      func bytes(_ chunk: [UInt8]) -> [UInt8] {
        switch self {
        case .truncated: Array("$10\r\nabc".utf8)
        case .wrongType: Array(repeating: Array("%1\r\n+a\r\n:7\r\n".utf8), count: 200).flatMap { $0 }
        case .absurdLength: Array("$9223372036854775807\r\n".utf8)
        case .absurdCount: Array("*1000000000\r\n".utf8)
        case .nestingBomb: Array(repeating: Array("*1\r\n".utf8), count: 20_000).flatMap { $0 }
        case .replyTooMany: chunk + Array("+OK\r\n+OK\r\n".utf8)
        case .garbage: [0xFF, 0x00, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x0D, 0x0A] + chunk
        }
      }
    }

    @Test("fault: malformed reply", arguments: Malformation.allCases, Verb.main)
    func malformed(_ malformation: Malformation, _ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { proxy, chunk in
          proxy.setReplies(
            .init(rewrite: { [weak proxy] reply in
              if malformation != .replyTooMany { proxy?.setReplies(.init(rewrite: { _ in [] })) }
              return malformation.bytes(reply)
            }))
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let running = try trial.start(place, ["--timeout", "3s"] + Trial.atOnce)
        let (result, peak) = running.waitWatchingMemory()
        try server.settle()
        // A reply that never ends runs into the timeout.
        try trial.expectBroken(result, malformation == .truncated ? 75 : 69, words: proxy.socketPath)
        #expect(!result.errorText.contains("\u{1B}"), "\(result)")
        if let peak { #expect(peak < 96 << 10, "\(peak) KiB") }
        proxy.heal()
        try trial.expectResumed(place)
      }
    }

    @Test("fault: truncated bulk, then the end", arguments: Verb.walking) func cutOff(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { proxy, chunk in
          // In the middle of a name, a number or a length: no half key is used.
          proxy.setReplies(
            .init(rewrite: { [weak proxy] reply in
              proxy?.setReplies(.init(rewrite: { _ in [] }))
              Wait.later(.milliseconds(50)) { [weak proxy] in proxy?.cut() }
              return Array(reply.prefix(reply.count * 2 / 3))
            }))
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place, Trial.atOnce)
        try server.settle()
        try trial.expectBroken(result, 69, words: "closed the connection", proxy.socketPath)
        proxy.heal()
        try trial.expectResumed(place)
      }
    }

    @Test("fault: names that are no keys of the choice", arguments: [Verb.scan, .ttl, .export, .invalidate])
    func liar(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        // Names of the same length, so that the replies stay well-formed.
        let replies = FaultProxy.Faults(rewrite: { chunk in
          Array(String(decoding: chunk, as: UTF8.self).replacing("app:v1:", with: "APP:v1:").utf8)
        })
        let proxy = try FaultProxy(to: .unix(server.socketPath), replies: replies)
        let result = try trial.run(["-s", proxy.socketPath])
        try trial.expectHarmless(result, at: #_sourceLocation)
        // A name that two chunks share may come through whole.
        #expect(try trial.chosenNames().count > 250)
      }
    }

    // MARK: - Strangers

    @Test("fault: HTTP server", arguments: Verb.allCases) func http(_ verb: Verb) throws {
      let web = try ScriptedServer.http()
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let result = try trial.run(["-u", web.uri])
        try trial.expectBroken(result, 69, words: "is not Redis", "HTTP", web.uri, begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }

    private static let certificates = Result { try Certificates() }

    @Test("fault: plain against TLS", arguments: Verb.allCases) func plainAgainstTLS(_ verb: Verb) throws {
      let certificates = try Self.certificates.get()
      let tls = RedisServer.Options.TLS(certificates.server, authority: certificates.authority)
      try RedisServer.with(Trial.server(tls: tls)) { server in
        let trial = try Trial(verb, on: server)
        let result = try trial.run(["-p", String(server.tlsPort)])
        try trial.expectBroken(result, 69, words: "--tls", ":\(server.tlsPort)", begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }

    @Test("fault: TLS against plain", arguments: Verb.allCases) func tlsAgainstPlain(_ verb: Verb) throws {
      try RedisServer.with(Trial.server(tcp: true)) { server in
        let trial = try Trial(verb, on: server)
        let result = try trial.run(["-u", "rediss://127.0.0.1:\(server.port)", "--connect-timeout", "2s"])
        try trial.expectBroken(
          result, 69, words: "not speak TLS", "without --tls", ":\(server.port)", begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }
  }
}
