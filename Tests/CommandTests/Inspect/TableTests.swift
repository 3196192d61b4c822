import TestHarness
import Testing

/// The table on terminals of several widths.
@Suite(.overlapping) struct TableTests {
  private static func load(_ server: RedisServer) throws {
    try server.populate(900, prefix: "application-with-a-long-name:v1:user:")
    try server.populate(1_200, prefix: "application-with-a-long-name:v2:user:", ttl: 5_000)
    try server.populate(400, prefix: "session:", ttl: 1_800)
    try server.load(text: (0..<40).map { ["SET", "lock:order:\($0)", "1"] })
    try server.load(text: [["SET", "free text that a user has typed in here", "1"]])
    try server.load(text: [["SET", "big:1", String(repeating: "x", count: 1_200_000)]])
  }

  /// The lines that must fit: all but the commands, which are there to be copied.
  private func lines(_ text: String) -> [Substring] {
    text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("    rediscache ") }
  }

  @Test("no line is wider than the terminal", arguments: [60, 80, 120]) func width(columns: Int) throws {
    try RedisServer.with { server in
      try Self.load(server)
      for arguments in [[], ["--by", "template"], ["--idle"], ["--big", "3"], ["--sample", "100"]] {
        let all = arguments + ["--color", "never"]
        let result = try Rediscache.scanOnTerminal(server, all, columns: columns)
        #expect(result.status == 0)
        let wide = lines(result.text).filter { $0.count > columns }
        #expect(wide.isEmpty, "\(arguments) on \(columns) columns")
        #expect(result.text.contains("KEYS") && result.text.contains("1,200"))

        // COLUMNS counts in a pipe too, and before the terminal's own width.
        let piped = try Rediscache.scan(server, arguments, environment: ["COLUMNS": String(columns)])
        #expect(lines(piped.text).allSatisfy { $0.count <= columns })
      }
    }
  }

  @Test("in a pipe nothing is cut, and a narrow terminal loses the least needed") func columns() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let piped = try Rediscache.scan(server)
      #expect(piped.text.contains("application-with-a-long-name"))
      for title in [
        "NAMESPACE", "VERSION", "KEYS", "SHARE", "NEVER", "TTL p50", "TTL p99", "MEMORY", "MEM%", "AVG",
      ] {
        #expect(piped.text.contains(title), "\(title)")
      }
      let narrow = try Rediscache.scanOnTerminal(server, ["--color", "never"], columns: 60)
      #expect(
        narrow.text.contains("NEVER") && narrow.text.contains("MEMORY") && !narrow.text.contains("AVG"))
      #expect(narrow.text.contains("v1 old"), "the mark of an old version stays on a narrow terminal")
    }
  }

  @Test("more groups than --top become one row") func top() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.scan(server, ["--top", "2"])
      #expect(result.text.contains("4 more") || result.text.contains("3 more"), "\(result.text)")
      let json = try Rediscache.scan(server, ["--top", "2", "--json"]).json()
      #expect((json["groups"] as? [Any])?.count ?? 0 > 2, "--top is about the table only")
    }
  }

  @Test(
    "colours follow --color, NO_COLOR and TERM",
    arguments: [
      ([:], [], true), (["NO_COLOR": "1"], [], false), (["NO_COLOR": ""], [], true),
      (["TERM": "dumb"], [], false),
      ([:], ["--color", "never"], false), (["NO_COLOR": "1"], ["--color", "always"], true),
    ] as [([String: String], [String], Bool)])
  func colours(environment: [String: String], arguments: [String], isColoured: Bool) throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.scanOnTerminal(server, arguments, environment: environment)
      #expect(result.terminal.contains(0x1B) == isColoured, "\(result.text)")
    }
  }

  @Test("a pipe gets colours only where they are asked for") func coloursInPipe() throws {
    try RedisServer.with { server in
      try Self.load(server)
      #expect(try !Rediscache.scan(server).stdout.contains(0x1B))
      let always = try Rediscache.scan(server, ["--color", "always"])
      #expect(always.stdout.contains(0x1B))
      #expect(try !Rediscache.scan(server, ["--color", "always", "--json"]).stdout.contains(0x1B))
    }
  }

  @Test("without UTF-8 everything is ASCII") func plainLocale() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.scan(
        server, ["--sample", "100"], environment: ["LC_ALL": "C", "COLUMNS": "60"])
      #expect(result.stdout.allSatisfy { $0 < 0x80 }, "\(result.text)")
    }
  }
}
