import Foundation
import TestHarness
import Testing

/// What tags lose, and when.
@Suite(.overlapping) struct InvalidateTagServerTests {
  @Test("a tag none of whose members is a key stays as it is, and the run says so") func wrongTemplate()
    throws
  {
    try RedisServer.with { server in
      try server.load(text: [["HSET", "zc:k:ID1", "d", "x"], ["SADD", "zc:ti:T1", "ID1"]])
      let tag = ["--tag", "T1", "--tag-key", "zc:ti:{tag}"]
      for arguments in [tag + ["--yes"], tag + ["--dry-run"], tag + ["--yes", "--verify"]] {
        let result = try Rediscache.invalidate(server, arguments)
        #expect(
          result.status == 1 && result.errorText.contains("none of the members of the tag"), "\(result)")
        #expect(
          result.errorText.contains("--member-key") && result.errorText.contains("--prune"), "\(result)")
      }
      #expect(try server.cli("SMEMBERS", "zc:ti:T1") == "ID1" && server.cli("EXISTS", "zc:k:ID1") == "1")
      let report = try Rediscache.removal(server, tag + ["--member-key", "zc:k:{member}", "--verify"])
      #expect(report.counts.removed == 1 && report.counts.absent == 0, "\(report.counts)")
      #expect(try server.size() == 0, "the key is gone, and with it the tag")
    }
  }

  @Test("members whose keys are gone stay in their tag, unless that is asked for") func absentMembers() throws
  {
    try RedisServer.with { server in
      try server.load(text: [["SET", "a", "1"], ["SADD", "tag:t", "a", "gone:1", "gone:2"]])
      try server.load(text: [["ZADD", "tag:z:entries", "1", "gone:3"]])
      let report = try Rediscache.removal(server, ["--tag", "t"])
      #expect(report.counts.removed == 1 && report.counts.absent == 2, "\(report.counts)")
      #expect(try Set(server.cli("SMEMBERS", "tag:t").split(separator: "\n")) == ["gone:1", "gone:2"])
      let pruned = try Rediscache.removal(server, ["--tag", "t", "--tag", "z", "--prune"])
      #expect(pruned.counts.removed == 0 && pruned.counts.absent == 3 && pruned.complete, "\(pruned.counts)")
      #expect(try server.size() == 0)
    }
  }

  @Test("keys that may not be removed are back in their tags, with their scores") func refusedKeys() throws {
    try RedisServer.with { server in
      try server.load(
        text: (0..<30).flatMap { [["SET", "app:\($0)", "1"], ["SADD", "tag:t", "app:\($0)"]] })
      try server.load(text: [
        ["SET", "no:1", "1"], ["SADD", "tag:t", "no:1"], ["ZADD", "tag:z:entries", "7.5", "no:1"],
      ])
      try server.load(text: [
        [
          "ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+@all", "%RW~app:*", "%RW~tag:*",
          "%R~no:*",
        ]
      ])
      let report = try Rediscache.removal(
        server, ["--tag", "t", "--tag", "z", "--user", "limited"], status: 1,
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(report.counts.removed == 30 && report.counts.failed == 1, "\(report.counts)")
      #expect(try server.cli("SMEMBERS", "tag:t") == "no:1")
      #expect(try server.cli("ZSCORE", "tag:z:entries", "no:1") == "7.5")
    }
  }

  @Test("an application that writes keys again meanwhile keeps them in their tags") func orderOfWrites()
    throws
  {
    try RedisServer.with { server in
      let keys = (0..<3_000).map { "p:\($0)" }
      func create(_ keys: [String], _ connection: RawConnection) throws {
        for key in keys {
          for command in [["MULTI"], ["SET", key, "1"], ["SADD", "tag:books", key], ["EXEC"]] {
            _ = try connection.command(command.map { Array($0.utf8) })
          }
        }
      }
      try server.load(text: keys.map { ["SADD", "tag:books", $0] } + keys.map { ["SET", $0, "1"] })
      let running = try Rediscache.command(
        [
          "invalidate", "-s", server.socketPath, "--tag", "books", "--yes", "--json", "--batch", "50",
          "--rate", "3000",
        ]
      ).start()
      try server.waitForCalls(of: "unlink", atLeast: 1)
      try create(keys, try server.connection())
      let result = running.wait()
      #expect(result.status == 0, "\(result)")
      let members = Set(try server.cli("SMEMBERS", "tag:books").split(separator: "\n").map(String.init))
      let live = Set(try server.keys("p:*").map { String(decoding: $0, as: UTF8.self) })
      #expect(
        !live.isEmpty && live.subtracting(members).isEmpty, "\(live.subtracting(members).count) in no tag")
    }
  }

  @Test("a key of another type that has a tag's name is passed over") func otherType() throws {
    try RedisServer.with { server in
      try server.load(text: [["SET", "a", "1"], ["SADD", "tag:t", "a"], ["SET", "tag:t:entries", "text"]])
      let report = try Rediscache.removal(server, ["--tag", "t"])
      #expect(report.counts.removed == 1 && report.warns("tag:t:entries is no tag"), "\(report.warnings)")
      #expect(try server.cli("GET", "tag:t:entries") == "text")
    }
  }

  @Test("a run that died between the tag and its keys is resumed with those keys") func resumed() throws {
    let folder = try TemporaryFolder()
    let journal = folder.file("journal")
    try RedisServer.with { server in
      try server.load(
        text: (0..<40).flatMap { [["SET", "app:\($0)", "1"], ["SADD", "tag:t", "app:\($0)"]] })
      // The key is out of its tag, and its batch was never answered.
      let line =
        #"{"schema":"rediscache.invalidate-journal/1","target":"unix://\#(server.socketPath)?db=0","#
        + #""choice":["--tag","t"],"started_at":"2026-01-31T12:00:00Z"}"#
      let lines = line + "\n" + #"{"sent":["app:0","app:1"]}"# + "\n"
      try folder.write("journal", lines.utf8)
      try server.load(text: [["SREM", "tag:t", "app:0", "app:1"]])
      let report = try Rediscache.removal(server, ["--tag", "t", "--resume", journal])
      #expect(report.counts.removed == 40 && report.complete, "\(report.counts)")
      #expect(try server.size() == 0)
    }
  }
}
