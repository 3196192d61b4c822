import Foundation
import TestHarness
import Testing

/// `stats` as typed: what is refused, and what a watch looks like.
@Suite(.overlapping) struct StatsCommandTests {
  @Test(
    "what cannot be meant is refused before any server is asked",
    arguments: [
      (["--fail-if", "hit_ratoi < 1"], ["hit_ratoi", "did you mean hit_ratio"]),
      (["--fail-if", "zzzzzzzzzzzz < 1"], ["zzzzzzzzzzzz", "there are", "hit_ratio"]),
      (["--fail-if", "hit_ratio <"], ["missing after '<'"]), (["--fail-if", ""], ["begins with a field"]),
      (["--fail-if", "used_memory_bytes > 80%"], ["measured in bytes"]),
      (["--fail-if", "memory_ratio > 95"], ["write 95%"]),
      (["--interval", "0s"], ["--interval", "100ms"]), (["--interval", "soon"], ["not a duration"]),
      (["--state", "x", "--interval", "1s"], ["--state", "--interval"]),
      (["--state", "x", "--watch"], ["--state"]),
      (["--warning", "hits > 1"], ["--format nagios"]), (["--watch", "--json"], ["jsonl"]),
      (["--watch", "--format", "prometheus"], ["--watch"]),
      (["--watch", "--fail-if", "hits > 1"], ["--watch"]),
      (["--json", "--format", "csv"], ["--json", "--format"]),
      (["--format", "xml"], ["prometheus", "nagios"]),
      (["--interval", "10s", "--max-runtime", "5s"], ["--max-runtime"]),
    ] as [([String], [String])])
  func refused(_ arguments: [String], _ words: [String]) throws {
    let result = try Rediscache.run(["stats", "-s", "/nonexistent.sock"] + arguments)
    #expect(result.status == 64 && result.stdout.isEmpty, "\(result)")
    for word in words { #expect(result.errorText.contains(word), "\(result)") }
  }

  @Test("a watch prints rows until Ctrl-C, then a summary", arguments: [80, 130]) func watch(columns: Int)
    throws
  {
    try RedisServer.with { server in
      let terminal = try Rediscache.terminal(
        ["stats", "-s", server.socketPath, "--watch", "--interval", "100ms"], columns: columns)
      #expect(terminal.waitForText("TIME"))
      let connection = try server.connection()
      _ = try connection.command("SET", "there", "1")
      for _ in 0..<150 {
        _ = try connection.command("GET", "there")
        usleep(2_000)
      }
      // The terminal has 24 lines: after 22 rows the heading comes again.
      var rows = 0
      for _ in 0..<100 where rows < 26 {
        usleep(100_000)
        rows = String(decoding: terminal.terminal, as: UTF8.self).matches(of: /\d\d:\d\d:\d\d\s/).count
      }
      terminal.interrupt()
      let result = terminal.wait()
      #expect(result.status == 0, "\(result.text)")
      let headings = result.text.matches(of: /TIME +HIT RATIO/).count
      #expect(headings == 1 + (result.text.matches(of: /\d\d:\d\d:\d\d\s/).count - 1) / 22, "\(result.text)")
      #expect(result.text.contains("100.0%") && result.text.contains("█"))
      #expect(result.text.contains("last ") && result.text.contains("since start"))
      let lines = result.text.split(separator: "\r\n").filter { $0.contains(/^\d\d:\d\d:\d\d/) }
      #expect(lines.allSatisfy { $0.count <= columns })
    }
  }

  @Test("a watch in a pipe has one heading, no sparklines, and survives a restart") func watchPiped() throws {
    try RedisServer.with { server in
      let running = try Rediscache.command([
        "stats", "-s", server.socketPath, "--watch", "--interval", "200ms",
      ])
      .start()
      #expect(running.waitForLines(2))
      try server.restart()
      #expect(running.waitForError("was restarted"))
      try server.waitForCalls(of: "latency|histogram", atLeast: 4)
      running.signal(SIGINT)
      let result = running.wait()
      #expect(result.status == 0, "\(result)")
      #expect(result.text.matches(of: /TIME/).count == 1 && !result.text.contains("▁"))
      #expect(result.text.contains("since start"))
    }
  }

  @Test("a watch writes CSV and JSON lines", arguments: ["csv", "jsonl"]) func watchForms(_ form: String)
    throws
  {
    try RedisServer.with { server in
      let running = try Rediscache.command([
        "stats", "-s", server.socketPath, "--watch", "--interval", "100ms", "--format", form,
      ]).start()
      #expect(running.waitForLines(4))
      running.signal(SIGTERM)
      let result = running.wait()
      #expect(result.status == 143, "\(result)")
      if form == "csv" {
        let rows = result.csv()
        #expect(rows.count > 2 && rows.allSatisfy { $0.count == rows[0].count })
      } else {
        let lines = try result.jsonLines()
        #expect(lines.count > 1 && lines.allSatisfy { $0["schema"] as? String == "rediscache.stats/1" })
      }
    }
  }

  @Test("Ctrl-C before the second reading gives the first, marked incomplete") func interruptedInterval()
    throws
  {
    try RedisServer.with { server in
      let running = try Rediscache.command([
        "stats", "-s", server.socketPath, "--json", "--interval", "1m",
      ])
      .start()
      // What a reading asks for last.
      try server.waitForCalls(of: "latency|histogram", atLeast: 1)
      running.signal(SIGINT)
      let result = running.wait()
      #expect(result.status == 130, "\(result)")
      let json = try result.json()
      #expect(json["complete"] as? Bool == false)
      #expect((json["totals"] as? [String: Any])?["interval"] == nil)
    }
  }

  @Test("a state file is a plain file, and not one that another run holds") func stateFile() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      func run(_ path: String) throws -> Command.Result {
        try Rediscache.run(["stats", "-s", server.socketPath, "--state", path])
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("link"), withDestinationPath: folder.file("x"))
      let link = try run(folder.file("link"))
      #expect(link.status == 73 && link.errorText.contains("symbolic link"), "\(link)")
      #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
      #expect(try run(folder.file("pipe")).status == 73)
      #expect(try run(folder.path).status == 73)
      #expect(try run(folder.file("no/such")).status == 73)
      // A failure leaves no empty state behind.
      let away = try Rediscache.run(["stats", "-s", "/nonexistent.sock", "--state", folder.file("new")])
      #expect(away.status == 69 && folder.read("new") == nil)
      #expect(try run(folder.file("held")).status == 0)
      let held = open(folder.file("held"), O_RDWR)
      defer { close(held) }
      #expect(flock(held, LOCK_EX) == 0)
      let busy = try run(folder.file("held"))
      #expect(busy.status == 75 && busy.errorText.contains("another run"), "\(busy)")
    }
  }

  @Test("two runs at once take turns, and each interval is counted once") func concurrentRuns() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let arguments = ["stats", "-s", server.socketPath, "--json", "--state", folder.file("state")]
      #expect(try Rediscache.run(arguments).status == 0)
      let connection = try server.connection()
      _ = try connection.command("SET", "there", "1")
      for _ in 0..<25 { _ = try connection.command("GET", "there") }
      let running = try (0..<4).map { _ in try Rediscache.command(arguments).start() }
      let hits = try running.map { run in
        let result = run.wait()
        #expect(result.status == 0, "\(result)")
        let totals = try result.json()["totals"] as? [String: Any]
        return (totals?["interval"] as? [String: Any])?["hits"] as? Int ?? -1
      }
      #expect(hits.sorted() == [0, 0, 0, 25])
    }
  }
}
