import TestHarness
import Testing

/// On a terminal it counts, shows what it found, and asks.
@Suite(.overlapping) struct InvalidateQuestionTests {
  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try server.populate(1_200, prefix: "app:v1:")
      try server.populate(45, prefix: "app:v2:", ttl: 9_000)
      try server.populate(30, prefix: "other:")
      try body(server)
    }
  }

  private static func ask(_ server: RedisServer, _ arguments: [String]) throws -> PseudoTerminal {
    try Rediscache.invalidateOnTerminal(["-s", server.socketPath], arguments)
  }

  @Test("the preview shows groups and ten keys, the question target and count; yes removes") func yes() throws
  {
    try Self.with { server in
      let terminal = try Self.ask(server, ["app:*"])
      #expect(
        terminal.waitForText(
          "Remove 1,245 keys from unix://\(server.socketPath)?db=0? Type yes to continue: "))
      #expect(try server.size() == 1_275)
      let shown = String(decoding: terminal.terminal, as: UTF8.self)
      #expect(shown.contains("target    unix://\(server.socketPath)?db=0\r\n"))
      #expect(shown.contains("matched   1,245 keys, about "))
      #expect(shown.contains("UNLINK in batches of up to 500, pace auto"))
      #expect(
        shown.firstMatch(of: /app v1 +1,200/) != nil && shown.firstMatch(of: /app v2 +45/) != nil, "\(shown)")
      #expect(Set(shown.matches(of: /app:v[12]:\d+/).map { String($0.output) }).count == 10, "\(shown)")
      #expect(!shown.contains("other"))
      terminal.send("  YES \n")
      let result = terminal.wait()
      #expect(result.status == 0, "\(result.text)")
      #expect(result.text.contains("removed   1,245 keys, acknowledged by the server"), "\(result.text)")
      #expect(try server.size() == 30 && server.keys("app:*").isEmpty)
    }
  }

  @Test("anything but yes is no") func no() throws {
    try Self.with { server in
      let writes = try server.writes {
        for answer in ["n\n", "\n", "y\n", "ye\n", "yes please\n", "yes yes\n", "no\n", "\u{4}"] {
          let terminal = try Self.ask(server, ["app:*"])
          #expect(terminal.waitForText("to continue: "))
          terminal.send(answer)
          let result = terminal.wait()
          #expect(result.status == 1, "\(answer.debugDescription): \(result.text)")
          #expect(result.text.contains("error: not confirmed: nothing was removed"), "\(result.text)")
        }
        let stopped = try Self.ask(server, ["app:*"])
        #expect(stopped.waitForText("to continue: "))
        stopped.interrupt()
        let result = stopped.wait()
        #expect(result.status == 130 && result.text.contains("nothing was removed"), "\(result.text)")
      }
      #expect(try writes.isEmpty && server.size() == 1_275, "\(writes)")
    }
  }

  @Test("nothing to remove, nothing to ask") func nothing() throws {
    try Self.with { server in
      let result = try Self.ask(server, ["absent:*"]).wait()
      #expect(result.status == 0 && !result.text.contains("Type yes"), "\(result.text)")
    }
  }

  @Test("an expectation that is not met is told without a question") func unexpected() throws {
    try Self.with { server in
      let result = try Self.ask(server, ["app:*", "--expect", "7"]).wait()
      #expect(result.status == 1 && !result.text.contains("Type yes"), "\(result.text)")
      #expect(try server.size() == 1_275)
    }
  }

  @Test("soft expiry and bumps ask in their own words") func otherQuestions() throws {
    try Self.with { server in
      let soft = try Self.ask(server, ["app:*", "--expire-within", "10m"])
      #expect(soft.waitForText("Let 1,245 keys expire within 10m on unix://"))
      soft.send("no\n")
      #expect(soft.wait().status == 1)
      let bump = try Self.ask(server, ["--bump", "gen"])
      #expect(bump.waitForText("gen  absent -> 1"))
      #expect(bump.waitForText("Count up gen on unix://\(server.socketPath)?db=0? Type yes to continue: "))
      bump.send("no\n")
      let declined = bump.wait()
      #expect(declined.status == 1 && declined.text.contains("nothing was changed"), "\(declined.text)")
      #expect(try server.cli("EXISTS", "gen") == "0" && server.cli("TTL", "app:v1:1") == "-1")
    }
  }

  @Test("hostile keys do no harm in the preview, nor in the report") func hostile() throws {
    try RedisServer.with { server in
      try HostileNames.load(into: server)
      let terminal = try Self.ask(server, ["*", "--all"])
      #expect(terminal.waitForText("to continue: "))
      terminal.send("yes\n")
      let result = terminal.wait()
      #expect(try result.status == 0 && server.size() == 0, "\(result.text)")
      HostileNames.expectHarmless(result.terminal, "preview")
    }
  }
}
