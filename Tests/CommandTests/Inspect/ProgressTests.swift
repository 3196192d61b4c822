import Foundation
import TestHarness
import Testing

/// Progress, and the separation of data from what is said beside it.
@Suite(.overlapping) struct ProgressTests {
  /// The percentages that a terminal has shown.
  private static func percentages(_ text: String) -> [Int] {
    text.matches(of: /(\d+)%/).compactMap { Int($0.output.1) }
  }

  @Test("a terminal sees keys, rate, share and the time left; the data stays apart") func progress() throws {
    try RedisServer.with { server in
      try server.populate(1_500, prefix: "app:v1:", ttl: 900)
      let result = try Rediscache.terminal(
        ["scan", "-s", server.socketPath, "--rate", "400", "--json"], pipesOutput: true
      ).wait()
      Rediscache.expectSecrecy(result.terminal + result.stdout)
      #expect(result.status == 0, "\(result.text)")
      #expect(result.text.contains("keys  ") && result.text.contains("/s") && result.text.contains("ETA "))
      let shares = Self.percentages(result.text)
      #expect(shares.count > 2 && shares == shares.sorted() && shares.allSatisfy { $0 <= 100 }, "\(shares)")
      // The line is taken away before the summary.
      let last = try #require(result.text.split(separator: "\u{1B}[K").last)
      #expect(last.wholeMatch(of: /1,500 keys in .*\r\n/) != nil, "\(last.debugDescription)")
      #expect(try JSONSerialization.jsonObject(with: Data(result.stdout)) is [String: Any])
    }
  }

  @Test("the share never exceeds 100 %, whatever SCAN repeats") func neverBeyond() throws {
    let server = try ScriptedServer.replying { command in
      switch command.first {
      case "INFO": .bulk(Array("redis_version:7.0.15\ndb0:keys=100,expires=0".utf8))
      case "CLIENT": .simple("OK")
      case "SCAN":
        // A cursor that leads ever on, and twenty times the keys that INFO told of.
        .array([
          .bulk(Array(command[1] == "39" ? "0".utf8 : "\((Int(command[1]) ?? 0) + 1)".utf8)),
          .array((0..<50).map { .bulk(Array("key:\($0)".utf8)) }),
        ])
      case "PTTL": .integer(-1)
      case "MEMORY": .integer(56)
      case "TYPE": .simple("string")
      default: .error("ERR unknown command")
      }
    }
    let result = try Rediscache.terminal(
      ["scan", "-s", server.socketPath, "--rate", "600", "--count", "50", "--json"], pipesOutput: true
    ).wait()
    #expect(result.status == 0, "\(result.text)")
    let shares = Self.percentages(result.text)
    #expect(!shares.isEmpty && shares.allSatisfy { $0 <= 100 }, "\(shares)")
  }

  @Test("the line fits a narrow terminal", arguments: [24, 40]) func narrow(columns: Int) throws {
    try RedisServer.with { server in
      try server.populate(900, prefix: "app:v1:")
      let result = try Rediscache.terminal(
        ["scan", "-s", server.socketPath, "--rate", "250", "--json"], columns: columns, pipesOutput: true
      ).wait()
      let shown = result.text.split(separator: "\r\u{1B}[K").dropLast()
      #expect(shown.count > 2 && shown.allSatisfy { $0.count < columns }, "\(shown)")
    }
  }

  @Test(
    "no progress where nobody watches or it is not wanted",
    arguments: [["--quiet"], ["--no-progress"]])
  func silence(_ arguments: [String]) throws {
    try RedisServer.with { server in
      try server.populate(900, prefix: "app:v1:")
      let slow = ["scan", "-s", server.socketPath, "--rate", "600", "--json"]
      let piped = try Rediscache.run(slow)
      #expect(!piped.errorText.contains("%") && !piped.errorText.contains("\r"), "\(piped.errorText)")
      let terminal = try Rediscache.terminal(slow + arguments, pipesOutput: true).wait()
      #expect(!terminal.text.contains("%") && !terminal.text.contains("\u{1B}"), "\(terminal.text)")
      #expect(arguments != ["--quiet"] || terminal.terminal.isEmpty, "\(terminal.text)")
    }
  }

  @Test("data goes to standard output, the summary to standard error") func separation() throws {
    try RedisServer.with { server in
      try server.populate(300, prefix: "app:v1:")
      let table = try Rediscache.scan(server)
      #expect(!table.text.contains(" keys in "))
      #expect(table.errorText.wholeMatch(of: /300 keys in .*\n/) != nil, "\(table.errorText)")
      let quiet = try Rediscache.scan(server, ["-q"])
      // The memory in use is another each time.
      let lines = [table, quiet].map { run in
        run.text.split(separator: "\n").filter { !$0.hasPrefix("memory") }
      }
      #expect(quiet.stderr.isEmpty && lines[0] == lines[1])
      let list = try Rediscache.scan(server, ["--list"])
      #expect(list.text.split(separator: "\n").count == 300)
      let verbose = try Rediscache.scan(server, ["-v"])
      #expect(verbose.errorText.contains("connected to") && verbose.errorText.contains("RESP"))
    }
  }
}
