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

  @Test("a list that writes keys as they are leaves out, and names, those that it cannot carry") func lists()
    throws
  {
    try Self.with { server in
      let forms: [([String], end: UInt8, [[UInt8]])] = [
        (["--list"], 0x0A, HostileNames.keys.filter { !$0.isEmpty && !$0.contains(0) && !$0.contains(0x0A) }),
        (["--list", "--print0"], 0, HostileNames.keys.filter { !$0.isEmpty && !$0.contains(0) }),
      ]
      for (arguments, end, carried) in forms {
        let result = try Rediscache.scan(server, arguments)
        #expect(Set(result.stdout.split(separator: end).map(Array.init)) == Set(carried))
        let missing = HostileNames.keys.count - carried.count
        #expect(result.status == 1 && result.errorText.contains("error: \(missing) keys, the first of them"))
        #expect(result.errorText.contains("--format jsonl can carry that one"), "\(result)")
      }
    }
  }

  @Test("JSON lines and CSV hold every key, no two of them alike") func unambiguousLists() throws {
    try Self.with { server in
      let objects = try Rediscache.scan(server, ["--list", "--format", "jsonl"]).jsonLines()
      #expect(Set(objects.compactMap(HostileNames.key)) == Set(HostileNames.keys))
      #expect(
        objects.dropLast().allSatisfy { $0["type"] as? String == "string" && $0["ttl_seconds"] as? Int == -1 }
      )
      #expect(objects.last?["end"] as? Int == Self.count)

      let output = try Rediscache.scan(server, ["--list", "--format", "csv"])
      #expect(String(validating: output.stdout, as: UTF8.self) != nil)
      let rows = output.csv()
      let heading = rows.first.map { $0.map { String(decoding: $0, as: UTF8.self) } }
      #expect(heading == ["key", "type", "ttl_seconds", "memory_bytes", "db", "encoding"])
      let keys = rows.dropFirst().map { row -> [UInt8] in
        guard row.last?.isEmpty ?? true else {
          return Data(base64Encoded: Data(row[0])).map(Array.init) ?? []
        }
        // What a spreadsheet would run has a quote in front, and so has what begins with such quotes.
        let quote = UInt8(ascii: "'")
        let first = row[0].first { $0 != quote }
        let isGuarded = row[0].first == quote && first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        return isGuarded ? Array(row[0].dropFirst()) : row[0]
      }
      #expect(Set(keys) == Set(HostileNames.keys))
    }
  }

  @Test("reports show keys and groups that are not UTF-8 in base64") func namesInReports() throws {
    try RedisServer.with { server in
      let keys: [[UInt8]] = [Array("p:".utf8) + [0xFF], Array(#""p:\xff""#.utf8), [0xFE, 0x3A, 0x31]]
      try server.load(keys.map { [Array("SET".utf8), $0, Array("value".utf8)] })
      let report = try Rediscache.scan(server, ["--by", "template", "--big", "3", "--json"]).json()
      let groups = try #require(report["groups"] as? [[String: Any]])
      let examples = groups.flatMap { $0["examples"] as? [Any] ?? [] }
      #expect(Set(examples.compactMap(HostileNames.key)) == Set(keys))
      let templates = groups.compactMap { group in
        (group["template"] as? String).map { [$0, group["encoding"] as? String ?? ""] }
      }
      #expect(
        Set(templates).count == groups.count && templates.count { $0[1] == "base64" } == 2, "\(templates)")
      let big = try #require(report["big_keys"] as? [[String: Any]])
      #expect(Set(big.compactMap(HostileNames.key)) == Set(keys))

      let removal = try Rediscache.invalidate(server, ["*", "--all", "--dry-run", "--json"]).json()
      let samples = try #require(removal["samples"] as? [Any])
      #expect(Set(samples.compactMap(HostileNames.key)) == Set(keys))

      for arguments in [
        ["scan", "--format", "csv"], ["ttl", "--format", "csv"], ["ttl", "--format", "prometheus"],
      ] {
        let output = try Rediscache.run(arguments + ["--by", "template", "-s", server.socketPath]).stdout
        #expect(String(validating: output, as: UTF8.self) != nil, "\(arguments)")
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
