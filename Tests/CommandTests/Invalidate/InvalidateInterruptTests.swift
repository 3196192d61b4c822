import Foundation
import TestHarness
import Testing

/// A run that is stopped accounts for its batch and says how to resume.
@Suite(.overlapping) struct InvalidateInterruptTests {
  private static let count = 6_000
  private static let slow = ["--rate", "750", "--batch", "60"]

  private static func with(_ body: (RedisServer, TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(count, prefix: "app:v1:")
      try server.populate(200, prefix: "app:v2:")
      try body(server, folder)
    }
  }

  /// Checks a stopped run's report against the server, and returns the command that goes on.
  private static func expectStopped(
    _ result: Command.Result, _ status: Int32, _ server: RedisServer
  ) throws -> String {
    Rediscache.expectSecrecy(result.stdout + result.stderr)
    #expect(result.status == status, "\(result)")
    let report = try result.removal()
    #expect(
      !report.complete && report.stopped == "stopped by the user" && report.counts.isBalanced, "\(result)")
    #expect(report.counts.unknown == 0 && report.counts.removed > 0, "\(result)")
    #expect(try server.size() == count + 200 - report.counts.removed)
    return try #require(result.command(after: "to resume "), "\(result)")
  }

  @Test(
    "SIGINT ends with 130 and SIGTERM with 143; the printed command goes on", arguments: [SIGINT, SIGTERM])
  func journalled(_ signal: Int32) throws {
    try Self.with { server, folder in
      let journal = folder.file("the journal")
      let running = try Rediscache.command(
        [
          "invalidate", "-s", server.socketPath, "app:v1:*", "--yes", "--json", "--journal", journal,
          "--backup", folder.file("backup"),
        ] + Self.slow
      ).start()
      #expect(Wait.becomesTrue { InvalidateJournalTests.batches(journal) >= 3 })
      running.signal(signal)
      let line = try Self.expectStopped(running.wait(), 128 + signal, server)
      #expect(line.contains("--resume '\(journal)'") && line.contains("--backup"), "\(line)")
      let result = try Rediscache.shell(line + " --json")
      let report = try result.removal()
      #expect(result.status == 0 && report.complete && report.counts.isBalanced, "\(result)")
      #expect(report.counts.removed == Self.count && report.counts.unknown == 0, "\(result)")
      #expect(try server.size() == 200)
      // A key that SCAN names twice is saved twice.
      let lines = Set((folder.read("backup") ?? []).split(separator: UInt8(ascii: "\n")))
      #expect(lines.count >= Self.count)
    }
  }

  @Test("without a journal the same run is the way to resume") func bare() throws {
    try Self.with { server, _ in
      let running = try Rediscache.command(
        ["invalidate", "-s", server.socketPath, "app:v1:*", "--yes", "--json", "--pace", "gentle"] + Self.slow
      ).start()
      #expect(try Wait.becomesTrue { try server.size() < Self.count })
      running.signal(SIGTERM)
      let line = try Self.expectStopped(running.wait(), 143, server)
      #expect(!line.contains("--resume"), "\(line)")
      #expect(try Rediscache.shell(line).status == 0)
      #expect(try server.size() == 200)
    }
  }

  @Test("a count that is stopped leaves what was expected in the way to resume") func expected() throws {
    try Self.with { server, _ in
      let running = try Rediscache.command(
        ["invalidate", "-s", server.socketPath, "app:v1:*", "--yes", "--json", "--expect", "10"] + Self.slow
      ).start()
      try server.waitForCalls(of: "scan", atLeast: 3)
      running.signal(SIGINT)
      let result = running.wait()
      #expect(result.status == 130, "\(result)")
      let line = try #require(result.command(after: "to resume "), "\(result)")
      let again = try Rediscache.shell(line)
      #expect(again.status == 1 && again.errorText.contains("--expect says 10"), "\(line)")
      #expect(try server.size() == Self.count + 200)
    }
  }

  @Test("Ctrl-C on a terminal: the report, then the way to resume") func terminal() throws {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      let terminal = try Rediscache.invalidateOnTerminal(
        ["-s", server.socketPath], ["app:v1:*", "--yes", "--journal", journal] + Self.slow)
      #expect(Wait.becomesTrue { InvalidateJournalTests.batches(journal) >= 3 })
      terminal.interrupt()
      let result = terminal.wait()
      #expect(result.status == 130, "\(result.text)")
      #expect(result.text.contains("stopping (Ctrl-C again: at once)"), "\(result.text)")
      #expect(result.text.contains("stopped   by the user"), "\(result.text)")
      #expect(result.text.contains("to resume  rediscache invalidate 'app:v1:*'"), "\(result.text)")
      let resumed = try Rediscache.invalidate(server, ["app:v1:*", "--yes", "--resume", journal, "--json"])
      #expect(try resumed.removal().counts.removed == Self.count && server.size() == 200, "\(resumed)")
    }
  }

  @Test("a stop before the first batch leaves no journal, and the same run is the way to resume") func early()
    throws
  {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      let running = try Rediscache.command(
        ["invalidate", "-s", server.socketPath, "app:v2:*", "--yes", "--json", "--journal", journal]
          + ["--rate", "100", "--count", "10", "--expect", "200"]
      ).start()
      #expect(Wait.becomesTrue { FileManager.default.fileExists(atPath: journal) })
      running.signal(SIGINT)
      let result = running.wait()
      #expect(result.status == 130, "\(result)")
      #expect(!FileManager.default.fileExists(atPath: journal))
      // Where the run had not come far enough for a report, the user's own command is all there is.
      if let line = result.command(after: "to resume ") {
        #expect(line.contains("--journal \(journal)") && !line.contains("--resume"), "\(line)")
      }
      #expect(try server.size() == Self.count + 200)
    }
  }

  @Test("a server that does not answer cannot hold a stop up; its batch is unknown") func deafServer() throws
  {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      let running = try Rediscache.command(
        ["invalidate", "-s", server.socketPath, "app:v1:*", "--yes", "--json", "--journal", journal]
          + Self.slow
      ).start()
      #expect(Wait.becomesTrue { InvalidateJournalTests.batches(journal) >= 3 })
      server.pause()
      defer { server.resume() }
      usleep(100_000)
      running.signal(SIGINT)
      let start = ContinuousClock.now
      let result = running.wait()
      #expect(result.status == 130 && ContinuousClock.now - start < .seconds(8), "\(result)")
      let report = try result.removal()
      #expect(report.counts.isBalanced && report.counts.unknown <= 60, "\(result)")
      server.resume()
      let resumed = try Rediscache.invalidate(server, ["app:v1:*", "--yes", "--resume", journal, "--json"])
      let last = try resumed.removal()
      #expect(last.counts.removed + last.counts.absent == Self.count, "\(resumed)")
      #expect(try server.size() == 200)
    }
  }
}
