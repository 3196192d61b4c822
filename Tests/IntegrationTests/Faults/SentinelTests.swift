import Foundation
import TestHarness
import Testing

extension Faults {
  /// Sentinels that are silent, ignorant or behind the times. The tests share one set-up, one after the other.
  @Suite(.serialized, .overlappingApart) struct SentinelTests {
    private static let stage = Result { try RedisSentinel(.init(password: Rediscache.secret)) }

    private static func trial(_ verb: Verb, count: Int = 300) throws -> (RedisSentinel, Trial) {
      let stage = try stage.get()
      let primary = { [stage.servers[try stage.primary()]] }
      try primary()[0].cli("FLUSHALL")
      return (stage, try Trial(verb, count, on: primary, load: { try primary()[0].load($0) }))
    }

    @Test("fault: none, by way of a sentinel", arguments: Verb.allCases) func whole(_ verb: Verb) throws {
      let (stage, trial) = try Self.trial(verb)
      try trial.expectWhole(trial.run(["-u", stage.uri()]))
    }

    @Test("fault: Sentinel hung", arguments: Verb.main) func hung(_ verb: Verb) throws {
      let (stage, trial) = try Self.trial(verb)
      stage.sentinels[0].pause()
      defer { stage.sentinels[0].resume() }
      try trial.expectWhole(trial.run(["-u", stage.uri()], ["--connect-timeout", "3s"]))
    }

    @Test("fault: Sentinel dead", arguments: Verb.main) func dead(_ verb: Verb) throws {
      let (stage, trial) = try Self.trial(verb)
      let port = try RedisServer.freePort()
      let uri = stage.uri([2]).replacing("127.0.0.1", with: "127.0.0.1:\(port),127.0.0.1")
      let none = try trial.run(["-u", "redis-sentinel://127.0.0.1:\(port)/main"])
      try trial.expectBroken(none, 69, words: ":\(port)", begun: false)
      #expect(!trial.isJournalled)
      try trial.expectWhole(trial.run(["-u", uri]))
    }

    @Test("fault: Sentinel that does not know the name", arguments: Verb.main) func unknownName(_ verb: Verb)
      throws
    {
      let (stage, trial) = try Self.trial(verb)
      let result = try trial.run(["-u", stage.uri(name: "nosuch")], Trial.atOnce)
      try trial.expectBroken(result, 64, 69, 78, words: "nosuch", begun: false)
      #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
    }

    @Test("fault: Sentinel with a stale answer", arguments: Verb.main) func stale(_ verb: Verb) throws {
      let (stage, trial) = try Self.trial(verb)
      let replica = stage.servers[1 - (try stage.primary())]
      let port = String(RedisSentinel.port(of: replica))
      let liar = try ScriptedServer.replying(on: .loopback) { command in
        switch command.first?.uppercased() {
        case "SENTINEL": .array([.bulk(Array("127.0.0.1".utf8)), .bulk(Array(port.utf8))])
        case "HELLO": .error("ERR unknown command 'HELLO'")
        default: .simple("OK")
        }
      }
      let alone = try trial.run(
        ["-u", "redis-sentinel://127.0.0.1:\(liar.port)/main"],
        ["--retry-for", "500ms", "--connect-timeout", "700ms"])
      try trial.expectBroken(alone, 69, 75, begun: false)
      #expect(!trial.isJournalled)
      let uri = stage.uri().replacing(
        "redis-sentinel://", with: "redis-sentinel://127.0.0.1:\(liar.port),")
      try trial.expectWhole(trial.run(["-u", uri]))
    }
  }
}
