import Foundation
import TestHarness
import Testing

extension Faults {
  /// Users who may not do what the command does, or no longer.
  @Suite struct AccessTests {
    @Test("fault: NOAUTH", arguments: Verb.allCases) func noPassword(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        trial.environment = [:]
        let result = try trial.run(["-s", server.socketPath])
        try trial.expectBroken(
          result, 77, words: "asks for a password", "REDISCLI_AUTH", server.socketPath, begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }

    @Test("fault: WRONGPASS", arguments: Verb.allCases) func wrongPassword(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        trial.environment = ["REDISCLI_AUTH": "canary-of-another-kind"]
        let result = try trial.run(["-s", server.socketPath])
        try trial.expectBroken(
          result, 77, words: "refused the user or password", server.socketPath, begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
        #expect(!result.errorText.contains("another-kind"), "\(result)")
      }
    }

    @Test("fault: password changed mid-run", arguments: Verb.walking) func changedPassword(_ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        try server.cli("ACL", "SETUSER", "cache", "on", ">\(Rediscache.secret)", "~*", "+@all")
        trial.options = ["--user", "cache"]
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          // The connection ends, and the next one meets the new password.
          try server.cli("ACL", "SETUSER", "cache", "resetpass", ">something else")
          try server.cli("CLIENT", "KILL", "USER", "cache")
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place)
        try trial.expectBroken(result, 77, words: "refused the user or password", "cache")
        proxy.heal()
        try server.cli("ACL", "SETUSER", "cache", "resetpass", ">\(Rediscache.secret)")
        try trial.expectResumed(place)
      }
    }

    @Test("fault: rights withdrawn mid-run", arguments: Verb.walking) func withdrawn(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        try server.cli("ACL", "SETUSER", "cache", "on", ">\(Rediscache.secret)", "~*", "+@all")
        trial.options = ["--user", "cache"]
        let lost = verb.word.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          try server.cli("ACL", "SETUSER", "cache", "-\(lost)")
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place)
        try trial.expectBroken(result, 77, words: "ACL SETUSER cache +\(lost)", "NOPERM")
        proxy.heal()
        try server.cli("ACL", "SETUSER", "cache", "+\(lost)")
        try trial.expectResumed(place)
      }
    }

    @Test("fault: NOPERM for a command", arguments: Verb.allCases) func forbiddenCommand(_ verb: Verb) throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let lost = verb.word.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        try server.cli("ACL", "SETUSER", "cache", "on", ">\(Rediscache.secret)", "~*", "+@all", "-\(lost)")
        trial.options = ["--user", "cache"]
        let place = ["-s", server.socketPath]
        let result = try trial.run(place)
        try trial.expectBroken(
          result, 77, words: "ACL SETUSER cache +\(lost)", server.socketPath, begun: verb.isWriting)
        try server.cli("ACL", "SETUSER", "cache", "+\(lost)")
        try trial.expectResumed(place)
      }
    }

    @Test("fault: NOPERM for one key", arguments: Verb.walking) func forbiddenKey(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        // All but app:v1:7.
        let rules = ["~app:v1:??*", "~app:v1:[0-689]"]
        try server.cli(["ACL", "SETUSER", "cache", "on", ">\(Rediscache.secret)", "+@all"] + rules)
        trial.options = ["--user", "cache"]
        let result = try trial.run(["-s", server.socketPath])
        try trial.expectHarmless(result, at: #_sourceLocation)
        #expect(result.status == 1, "\(result)")
        let text = result.text + result.errorText
        #expect(text.contains("ACL SETUSER cache"), "\(result)")
        switch verb {
        case .scan:
          let report = try Report(result)
          #expect(!report.complete && report.totals.keys == 300, "\(result)")
          #expect(report.coverage.keysMeasured == 299, "\(result)")
        case .invalidate:
          let counts = try RemovalReport(result.stdout).counts
          #expect(counts.removed == 299 && counts.failed == 1 && counts.isBalanced, "\(result)")
          #expect(try trial.chosenNames() == ["app:v1:7"])
        case .warm:
          #expect(try LoadReport(result.stdout).counts == .init(written: 299, failed: 1), "\(result)")
          #expect(try trial.chosenNames().count == 299 && !trial.chosenNames().contains("app:v1:7"))
        case .export: #expect(trial.folder.read("export.jsonl") == Trial.oldExport)
        case .ttl, .stats: #expect(result.text.contains("\"complete\":false"), "\(result)")
        }
        try server.cli("ACL", "SETUSER", "cache", "~*")
        // A journal of a warming that came to the seed's end has nothing left to do.
        if verb != .warm { try trial.expectResumed(["-s", server.socketPath]) }
      }
    }

    @Test("fault: commands renamed away", arguments: Verb.allCases) func renamed(_ verb: Verb) throws {
      let gone = ["CONFIG", "OBJECT", "MEMORY", "CLUSTER"].map { "rename-command \($0) \"\"" }
      try RedisServer.with(Trial.server(gone)) { server in
        let trial = try Trial(verb, on: server)
        if verb == .scan { trial.options = ["--idle"] }
        let result = try trial.run(["-s", server.socketPath])
        try trial.expectWhole(result)
        if verb == .scan {
          for name in ["MEMORY USAGE", "OBJECT IDLETIME"] {
            #expect(result.errorText.contains("\(name) is not available"), "\(result)")
          }
          #expect(try Report(result).totals.memoryBytes == nil)
        }
        if verb == .invalidate { #expect(try RemovalReport(result.stdout).bytesEstimate == nil) }
      }
    }
  }
}
