import TestHarness
import TestSupport
import Testing

/// The proxy that edits replies: what other tests rely on.
@Suite(.overlapping) struct EditingProxyTests {
  @Test("edits, refusals and passing replies keep the order of the commands") func order() throws {
    try RedisServer.with { server in
      let proxy = try EditingProxy(
        to: server,
        [
          .refuse("GET", with: "NOPERM no", keys: ["b"]),
          .answer("memory usage", with: .null),
          .answer("PTTL", with: .integer(7)) { $0.last == "a" },
          .change("STRLEN") { .integer(($0.integer ?? 0) + 100) },
          .info(["run_id": nil, "redis_version": "5.0.0"]),
        ])
      let connection = try RawConnection(to: proxy.address)
      let commands = [
        "SET a one", "GET b", "GET a", "MEMORY USAGE a", "STRLEN a", "PTTL a", "PTTL b", "UNLINK c",
        "ECHO end",
      ]
      try connection.send(commands.map { $0.split(separator: " ").map { Array($0.utf8) } })
      let replies = try commands.map { _ in try connection.receive() }
      #expect(
        replies == [
          .simple("OK"), .error("NOPERM no"), .bulk(Array("one".utf8)), .null, .integer(103), .integer(7),
          .integer(-2), .integer(0), .bulk(Array("end".utf8)),
        ])
      let info = try #require(try connection.command("INFO").text)
      #expect(info.contains("redis_version:5.0.0\r\n") && !info.contains("run_id:"))
      #expect(info.contains("# Keyspace"))
      proxy.set([])
      #expect(try connection.command("GET", "b") == .null)
      #expect(proxy.commands["GET"] == 3 && proxy.commands["INFO"] == 1)
    }
  }

  @Test("a reply that is dropped holds up all behind it; a hang-up ends the connection in its place")
  func dropped() throws {
    try RedisServer.with { server in
      let proxy = try EditingProxy(to: server, [.silence("PTTL"), .hangUp("TYPE", keys: ["a"])])
      let silent = try RawConnection(to: proxy.address)
      try silent.send(["GET", "PTTL", "GET"].map { [Array($0.utf8), Array("a".utf8)] })
      #expect(try silent.receive() == .null)
      #expect(throws: HarnessFailure.self) { try silent.receive(timeout: .milliseconds(200)) }
      let ending = try RawConnection(to: proxy.address)
      try ending.send(["TYPE b", "TYPE a"].map { $0.split(separator: " ").map { Array($0.utf8) } })
      #expect(try ending.receive() == .simple("none"))
      #expect(throws: HarnessFailure.self) { try ending.receive() }
      // What was refused or cut off has not reached the server.
      #expect(try server.commandStats()["type"] == 1)
    }
  }
}
