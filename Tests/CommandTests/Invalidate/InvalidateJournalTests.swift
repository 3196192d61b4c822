import Foundation
import TestHarness
import Testing

/// Journals: who may go on with which, and what is left to do.
@Suite(.overlapping) struct InvalidateJournalTests {
  private static let slow = ["--rate", "500", "--batch", "50"]

  private static func with(_ body: (RedisServer, TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(4_000, prefix: "app:v1:")
      try server.populate(300, prefix: "app:v2:", ttl: 9_000)
      try body(server, folder)
    }
  }

  /// Starts a run and kills it once some batches are through.
  private static func begin(
    _ server: RedisServer, _ arguments: [String], _ journal: String
  ) throws {
    let running = try Rediscache.command(
      ["invalidate", "-s", server.socketPath, "--yes", "--journal", journal] + arguments + slow
    ).start()
    #expect(Wait.becomesTrue { Self.batches(journal) >= 3 })
    running.signal(SIGKILL)
    #expect(running.wait().signal == SIGKILL)
  }

  /// How many batches a journal tells the end of.
  static func batches(_ journal: String) -> Int {
    let bytes = FileManager.default.contents(atPath: journal) ?? Data()
    return bytes.split(separator: UInt8(ascii: "\n")).count { $0.starts(with: Data("{\"done\"".utf8)) }
  }

  @Test("the journal of another target or choice is refused, and the difference shown") func strangers()
    throws
  {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      try Self.begin(server, ["app:v1:*", "--exclude", "app:v1:1"], journal)
      let before = folder.read("journal")
      let choice = ["app:v1:*", "--exclude", "app:v1:1"]
      let rows: [([String], [String])] = [
        (["app:v1:*"], ["the journal chose", "app:v1:1", "this run chooses", "another run"]),
        (["app:v2:*", "--exclude", "app:v1:1"], ["the journal chose", "'app:v2:*'"]),
        (choice + ["--delete"], ["this run chooses", "--delete"]),
        (choice + ["--expire-within", "5m"], ["this run chooses", "--expire-within 5m"]),
        (choice + ["--type", "hash"], ["--type hash"]), (choice + ["--separator", "/"], ["--separator /"]),
        (choice + ["-n", "1"], ["the journal is of unix://", "?db=0", "this run goes to", "?db=1"]),
      ]
      let writes = try server.writes {
        for (arguments, words) in rows {
          let result = try Rediscache.invalidate(server, arguments + ["--yes", "--resume", journal])
          #expect(result.status == 64 && result.errorText.contains("the journal of another run"), "\(result)")
          for word in words { #expect(result.errorText.contains(word), "\(word): \(result)") }
        }
      }
      #expect(writes.isEmpty && folder.read("journal") == before, "\(writes)")
    }
  }

  @Test("two runs on one journal: the second refuses") func twoAtOnce() throws {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      let backup = folder.file("backup")
      let running = try Rediscache.command(
        [
          "invalidate", "-s", server.socketPath, "app:v1:*", "--yes", "--journal", journal, "--backup",
          backup,
        ]
          + Self.slow
      ).start()
      #expect(Wait.becomesTrue { Self.batches(journal) >= 1 })
      let second = try Rediscache.invalidate(server, ["app:v1:*", "--yes", "--resume", journal])
      #expect(second.status == 75 && second.errorText.contains("in use by another run"), "\(second)")
      let other = try Rediscache.invalidate(
        server, ["app:v2:*", "--yes", "--journal", folder.file("other"), "--backup", backup])
      #expect(other.status == 73, "\(other)")
      #expect(try server.keys("app:v2:*").count == 300)
      #expect(running.isRunning)
      running.signal(SIGTERM)
      #expect(running.wait().status == 143)
    }
  }

  @Test("a killed run goes on, its counts are those of both, and then nothing is left to do") func resumed()
    throws
  {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      try Self.begin(server, ["app:v1:*"], journal)
      let left = try server.keys("app:v1:*").count
      #expect(left < 4_000 && left > 0)
      let result = try Rediscache.invalidate(
        server, ["app:v1:*", "--yes", "--resume", journal, "--json", "--verify", "--expect", "4000"])
      let report = try result.removal()
      #expect(result.status == 0 && report.complete && report.counts.isBalanced, "\(result)")
      #expect(report.counts.removed + report.counts.absent == 4_000, "\(result)")
      #expect(
        report.counts.unknown == 0 && report.counts.absent <= 50 && report.earlier?.removed ?? 0 > 0,
        "\(result)")
      #expect(report.verification?.keys == 0)
      #expect(try server.keys().count == 300)
      let writes = try server.writes {
        let again = try Rediscache.invalidate(
          server, ["app:v1:*", "--yes", "--resume", journal, "--json"])
        let last = try again.removal()
        #expect(again.status == 0 && last.warns("nothing is left to do"), "\(again)")
        #expect(last.counts == report.counts && last.batches == 0, "\(again)")
      }
      #expect(writes.isEmpty)
    }
  }

  @Test("a journal whose last line was cut off goes on; one that is damaged inside does not") func damaged()
    throws
  {
    try Self.with { server, folder in
      let journal = folder.file("journal")
      try Self.begin(server, ["app:v1:*"], journal)
      let bytes = try #require(folder.read("journal"))
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      try folder.write(
        "damaged", (lines[0] + [0x0A]) + Array("{\"done\":7}\n".utf8) + bytes.dropFirst(lines[0].count + 1))
      let refused = try Rediscache.invalidate(
        server, ["app:v1:*", "--yes", "--resume", folder.file("damaged")])
      #expect(refused.status == 65 && refused.errorText.contains("line 2 cannot be read"), "\(refused)")
      try folder.write("journal", bytes + Array("{\"sent\":[\"app:v2:1\",\"app:v2".utf8))
      let result = try Rediscache.invalidate(server, ["app:v1:*", "--yes", "--resume", journal])
      #expect(result.status == 0, "\(result)")
      #expect(try server.keys().count == 300)
      #expect(folder.read("journal").map { String(decoding: $0, as: UTF8.self) }?.contains("app:v2") == false)
    }
  }

  @Test("the journal and the backup are for their owner alone") func modes() throws {
    try Self.with { server, folder in
      let result = try Rediscache.invalidate(
        server,
        ["app:v2:*", "--yes", "--journal", folder.file("journal"), "--backup", folder.file("backup")])
      #expect(result.status == 0, "\(result)")
      for name in ["journal", "backup"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
      }
      let lines = folder.read("backup")?.split(separator: UInt8(ascii: "\n")) ?? []
      #expect(lines.count == 300)
      let first = try #require(
        try JSONSerialization.jsonObject(with: Data(lines[0])) as? [String: Any])
      #expect(first["type"] as? String == "dump" && first["expires_at"] is Int, "\(first)")
    }
  }
}
