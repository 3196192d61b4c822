import Foundation
import TestHarness
import Testing

/// Hostile keys are counted, listed and shown harmlessly in every format.
@Suite(.overlapping) struct HostileNamesTests {
  private static let count = HostileNames.keys.count

  /// A server with the hostile keys.
  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try HostileNames.load(into: server)
      try body(server)
    }
  }

  @Test("reports count every key and parse back") func reports() throws {
    try Self.with { server in
      for level in ["namespace", "version", "entity", "template", "type"] {
        let report = try Rediscache.scan(server, ["--by", level, "--json"]).json()
        let totals = try #require(report["totals"] as? [String: Any])
        #expect(totals["keys"] as? Int == Self.count)
        let groups = try #require(report["groups"] as? [[String: Any]])
        #expect(groups.reduce(0) { $0 + ($1["keys"] as? Int ?? 0) } == Self.count, "\(level)")

        let lines = try Rediscache.scan(server, ["--by", level, "--format", "jsonl"]).jsonLines()
        #expect(lines.count { $0["record"] as? String == "group" } == groups.count)

        let rows = try Rediscache.scan(server, ["--by", level, "--format", "csv"]).csv()
        #expect(rows.count == groups.count + 1)
        #expect(Set(rows.map(\.count)).count == 1, "rows of different lengths")
      }
    }
  }

  @Test("the table in a pipe is harmless") func tableInPipe() throws {
    try Self.with { server in
      for level in ["namespace", "version", "entity", "template", "type"] {
        let result = try Rediscache.scan(server, ["--by", level, "--big", "30"])
        #expect(result.status == 0)
        HostileNames.expectHarmless(result.stdout, "\(level), standard output")
        HostileNames.expectHarmless(result.stderr, "\(level), standard error")
      }
    }
  }

  @Test("lists for programs hold every key byte for byte") func lists() throws {
    try Self.with { server in
      let lines = try Rediscache.scan(server, ["--list"]).stdout
      let zeros = try Rediscache.scan(server, ["--list", "--print0"]).stdout
      let bytes = HostileNames.keys.reduce(0) { $0 + $1.count + 1 }
      #expect(lines.count == bytes && zeros.count == bytes)
      for key in HostileNames.keys {
        #expect(Data(lines).range(of: Data(key + [0x0A])) != nil)
        #expect(Data(zeros).range(of: Data(key + [0])) != nil)
      }

      let objects = try Rediscache.scan(server, ["--list", "--format", "jsonl"]).jsonLines()
      let names = objects.compactMap { $0["key"] as? String }
      #expect(names.sorted() == HostileNames.keys.map(HostileNames.json).sorted())
      #expect(objects.allSatisfy { $0["type"] as? String == "string" && $0["ttl"] as? Int == -1 })

      let rows = try Rediscache.scan(server, ["--list", "--format", "csv"]).csv()
      let cells = Set(rows.dropFirst().map { $0[0] })
      #expect(
        rows.first.map { $0.map { String(decoding: $0, as: UTF8.self) } } == ["key", "type", "ttl", "bytes"])
      for key in HostileNames.keys {
        // What a spreadsheet would run gets a quote in front.
        let isFormula = key.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        #expect(cells.contains(isFormula ? [UInt8(ascii: "'")] + key : key))
      }
    }
  }

  @Test(
    "on a terminal every form is harmless",
    arguments: [
      [], ["--by", "template"], ["--by", "entity", "--big", "30"], ["--json"], ["--format", "jsonl"],
      ["--format", "csv", "--by", "template"], ["--list"], ["--list", "--format", "jsonl"],
      ["--list", "--format", "csv"], ["--list", "-o", "/dev/tty"], ["--list", "-o", "/dev/stdout"],
      ["--format", "csv", "--by", "template", "-o", "/dev/tty"],
      ["--list", "--format", "csv", "-o", "/dev/tty"],
    ])
  func terminal(_ arguments: [String]) throws {
    try Self.with { server in
      let result = try Rediscache.scanOnTerminal(server, arguments + ["--color", "never"], columns: 100)
      #expect(result.status == 0, "\(result.text)")
      HostileNames.expectHarmless(result.terminal, "\(arguments)")
      if arguments == ["--list"] {
        #expect(
          result.text.contains("\"app:v1:new\\nline\"")
            && result.text.contains("\"app:v1:bad\\xff\\xfe\\xc3\""))
        #expect(result.text.contains("日本語🍣"))
        // One line a key, and the summary.
        #expect(result.text.split(separator: "\r\n").count == Self.count + 1)
      }
    }
  }

  @Test("raw keys are not written to a terminal") func rawOnTerminal() throws {
    try Self.with { server in
      let result = try Rediscache.scanOnTerminal(server, ["--list", "--print0", "--color", "never"])
      #expect(result.status == 64 && result.text.contains("terminal"), "\(result.text)")
      HostileNames.expectHarmless(result.terminal, "--print0")
    }
  }

  @Test("a hostile server does no harm either") func hostileServer() throws {
    let server = try ScriptedServer.replying { command in
      switch command.first {
      case "INFO":
        .bulk(
          Array("redis_version:\u{1B}[2J7\nrole:\u{202E}master\nmaxmemory_policy:\u{9B}31m\nmaxmemory:1".utf8)
        )
      case "CLIENT": .simple("OK")
      case "SCAN": .array([.bulk([0x30]), .array([.bulk(Array("key:1".utf8))])])
      case "PTTL": .integer(-1)
      case "TYPE": .simple("str\u{1B}[31ming")
      default: .error("ERR \u{1B}]0;owned\u{7} unknown command")
      }
    }
    for arguments in [[], ["--by", "type"], ["--json"], ["--idle"]] {
      let place = ["scan", "-s", server.socketPath, "--no-progress", "--color", "never"]
      let result = try Rediscache.terminal(place + arguments).wait()
      HostileNames.expectHarmless(result.terminal, "\(arguments)")
    }
  }
}
