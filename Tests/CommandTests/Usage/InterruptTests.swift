import Foundation
import TestHarness
import Testing

/// Ctrl-C, SIGTERM, and readers who leave.
@Suite(.overlapping) struct InterruptTests {
  private static let slow = ["--rate", "1000", "--count", "50"]

  /// A server with keys enough for 20 seconds at the slow rate.
  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:", ttl: 9_000)
      try body(server)
    }
  }

  private static func expectPartial(_ json: [UInt8]) throws {
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    #expect(report["complete"] as? Bool == false)
    let totals = try #require(report["totals"] as? [String: Any])
    let keys = try #require(totals["keys"] as? Int)
    #expect(keys > 0 && keys < 20_000)
  }

  @Test("Ctrl-C ends after the page with a partial report") func interrupt() throws {
    try Self.with { server in
      let terminal = try Rediscache.terminal(
        ["scan", "-s", server.socketPath, "--json"] + Self.slow, pipesOutput: true)
      #expect(terminal.waitForText("ETA"))
      terminal.interrupt()
      let start = ContinuousClock.now
      let result = terminal.wait()
      #expect(result.status == 130 && ContinuousClock.now - start < .seconds(8), "\(result.text)")
      #expect(result.text.contains("stopping (Ctrl-C again: at once)"))
      try Self.expectPartial(result.stdout)
    }
  }

  @Test("the table of an interrupted scan says INCOMPLETE") func interruptedTable() throws {
    try Self.with { server in
      let terminal = try Rediscache.terminal(["scan", "-s", server.socketPath] + Self.slow)
      #expect(terminal.waitForText("ETA"))
      terminal.interrupt()
      let result = terminal.wait()
      #expect(result.status == 130)
      #expect(result.text.contains("NAMESPACE") && result.text.contains("INCOMPLETE"), "\(result.text)")
    }
  }

  @Test(
    "SIGTERM, SIGHUP and SIGQUIT end with 143 and a partial report, SIGINT with 130",
    arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGINT])
  func signals(_ number: Int32) throws {
    try Self.with { server in
      let running = try Rediscache.command(["scan", "-s", server.socketPath, "--json", "-v"] + Self.slow)
        .start()
      try server.waitForCalls(of: "scan", atLeast: 3)
      running.signal(number)
      let result = running.wait()
      #expect(result.status == (number == SIGINT ? 130 : 143), "\(result)")
      try Self.expectPartial(result.stdout)
    }
  }

  /// timeout(1) sends its signal to the process and to its group, and a closing terminal sends two kinds: seven of twelve
  /// reports were lost.
  @Test(
    "signals that come together are one wish", arguments: [[SIGTERM, SIGTERM], [SIGHUP, SIGTERM, SIGHUP]])
  func signalsTogether(_ numbers: [Int32]) throws {
    try Self.with { server in
      let running = try Rediscache.command(["scan", "-s", server.socketPath, "--json"] + Self.slow).start()
      try server.waitForCalls(of: "scan", atLeast: 3)
      for number in numbers { running.signal(number) }
      let result = running.wait()
      #expect(result.status == 143, "\(result)")
      try Self.expectPartial(result.stdout)
    }
  }

  @Test("timeout gets the report of what was seen") func timeout() throws {
    try Self.with { server in
      let script = "exec timeout 4 \"$0\" scan -s \"$1\" --json --rate 1000 --count 50"
      let result = try Command(
        "/bin/sh", ["-c", script, Rediscache.executable, server.socketPath],
        environment: Rediscache.environment()
      ).run()
      #expect(result.status == 124, "\(result)")
      try Self.expectPartial(result.stdout)
    }
  }

  @Test("under nohup a run survives the end of its terminal") func nohup() throws {
    try Self.with { server in
      let script = "trap '' HUP; exec \"$0\" scan -s \"$1\" --json --rate 1000 --max-runtime 1s"
      let running = try Command(
        "/bin/sh", ["-c", script, Rediscache.executable, server.socketPath],
        environment: Rediscache.environment()
      ).start()
      try server.waitForCalls(of: "scan", atLeast: 2)
      running.signal(SIGHUP)
      let result = running.wait()
      #expect(result.status == 75, "\(result)")
      try Self.expectPartial(result.stdout)
    }
  }

  @Test(
    "a signal at the question for a password gives the terminal its echo back",
    arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func echo(_ number: Int32) throws {
    let terminal = try Rediscache.terminal(["scan", "--askpass"])
    #expect(terminal.waitForText("Password: "))
    try Wait.for("the echo to end") { !terminal.echoes }
    terminal.signal(number)
    let result = terminal.wait()
    #expect(result.status == (number == SIGINT ? 130 : 143) && terminal.echoes, "\(result)")
  }

  @Test("a second Ctrl-C ends at once, although the server does not answer") func secondInterrupt() throws {
    try Self.with { server in
      let terminal = try Rediscache.terminal(["scan", "-s", server.socketPath] + Self.slow)
      #expect(terminal.waitForText("ETA"))
      server.pause()
      defer { server.resume() }
      terminal.interrupt()
      #expect(terminal.waitForText("stopping (Ctrl-C"))
      // Sooner it would be taken for the same wish.
      usleep(250_000)
      let start = ContinuousClock.now
      terminal.interrupt()
      let result = terminal.wait()
      // One that waited for the replies of the page in flight would take two seconds.
      #expect(result.status == 130 && ContinuousClock.now - start < .seconds(1), "\(result.text)")
      #expect(!result.text.contains("NAMESPACE"))
    }
  }

  @Test("Ctrl-C while connecting ends as well") func interruptedConnecting() throws {
    let server = try ScriptedServer.silent()
    let running = try Rediscache.command(["scan", "-s", server.socketPath]).start()
    try Wait.for("the tool to connect") { server.connections > 0 }
    running.signal(SIGINT)
    let result = running.wait()
    #expect(result.status == 130 && result.stdout.isEmpty, "\(result)")
  }

  @Test("an interrupted scan leaves no temporary file behind") func temporaryFiles() throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      let file = try folder.write("keys", "the old list\n".utf8)
      let running = try Rediscache.command(
        ["scan", "-s", server.socketPath, "--list", "-o", file, "-v"] + Self.slow
      ).start()
      try server.waitForCalls(of: "scan", atLeast: 3)
      running.signal(SIGTERM)
      #expect(running.wait().status == 143)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["keys"])
      #expect(folder.read("keys") == Array("the old list\n".utf8))
    }
  }

  @Test(
    "a reader who leaves ends the list quietly",
    arguments: [["--list"], ["--list", "--print0"], ["--list", "--format", "jsonl"]])
  func closedPipe(_ arguments: [String]) throws {
    try Self.with { server in
      var command = Rediscache.command(["scan", "-s", server.socketPath] + arguments)
      command.outputLimit = 10
      let result = try command.run()
      #expect(result.status == 1 && result.stderr.isEmpty, "\(result)")
    }
  }

  @Test("`| head -1` gets its line and nothing else is said") func head() throws {
    try Self.with { server in
      let script = "\"$0\" scan -s \"$1\" --list | head -1"
      let result = try Command(
        "/bin/sh", ["-c", script, Rediscache.executable, server.socketPath],
        environment: Rediscache.environment()
      ).run()
      #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
      #expect(result.text.wholeMatch(of: /app:v1:\d+\n/) != nil)
    }
  }
}
