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
      let pruned = try Rediscache.removal(server, ["--tag", "t", "--tag", "z", "--prune", "--expect", "0"])
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
      #expect(report.refused?.map(\.key) == ["no:1"] && report.refused?[0].reason.contains("NOPERM") == true)
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
      try folder.write("journal", Seeds.journal([line, #"{"sent":["app:0","app:1"]}"#]))
      try server.load(text: [["SREM", "tag:t", "app:0", "app:1"]])
      let report = try Rediscache.removal(server, ["--tag", "t", "--resume", journal])
      #expect(report.counts.removed == 40 && report.complete, "\(report.counts)")
      #expect(try server.size() == 0)
    }
  }

  /// What the tags hold, scores and times included.
  private static func tags(_ server: RedisServer) throws -> [String] {
    try [
      server.cli("SORT", "tag:t", "ALPHA"), server.cli("ZRANGE", "tag:t:entries", "0", "-1", "WITHSCORES"),
      server.cli("SMEMBERS", "tag:u"), server.cli("SORT", "page-tag:t", "ALPHA"),
    ]
  }

  @Test("a backup brings keys and their places in tags back, with scores and the tags' TTLs")
  func restoredTags() throws {
    let folder = try TemporaryFolder()
    let backup = folder.file("backup")
    try RedisServer.with { server in
      try server.load(
        text: (0..<700).flatMap {
          [["SET", "k:\($0)", "v", "EX", "9000"], ["SADD", "tag:t", "k:\($0)"]]
        })
      try server.load(text: [
        ["ZADD", "tag:t:entries", "1798000000.25", "k:1", "-1", "k:2", "inf", "k:3", "-0.1", "none"],
        ["SADD", "tag:u", "k:7"], ["EXPIRE", "tag:t", "50000"],
      ])
      try server.load([
        [Array("SET".utf8), [0xFF, 0x0A], [0xFE]], [Array("SADD".utf8), Array("tag:t".utf8), [0xFF, 0x0A]],
      ])
      let before = try Self.tags(server)
      let removed = try Rediscache.removal(
        server, ["--tag", "t", "--tag", "u", "--prune", "--backup", backup, "--batch", "90"])
      #expect(removed.counts.removed == 701 && removed.counts.absent == 1, "\(removed.counts)")
      #expect(try server.size() == 0)

      let plan = try Rediscache.run(["warm", backup, "-s", server.socketPath, "--dry-run", "--json"])
      #expect(plan.text.contains(#""planned":701"#) && plan.text.contains(#""memberships":705"#), "\(plan)")
      let load = ["warm", backup, "-s", server.socketPath, "--yes", "--verify", "--json"]
      let restored = try Rediscache.run(load)
      #expect(restored.status == 0 && restored.text.contains(#""memberships":705"#), "\(restored)")
      // A member without a key is nothing that a record could bring back.
      try server.load(text: [["ZADD", "tag:t:entries", "-0.1", "none"]])
      #expect(try Self.tags(server) == before)
      #expect((40_000_000...50_000_000).contains(try server.remaining("tag:t")))
      #expect(try server.remaining("tag:t:entries") == -1)

      // A set that is there keeps its TTL.
      try server.load(text: [["EXPIRE", "tag:t", "100"]])
      #expect(try Rediscache.run(load).status == 0)
      #expect(try server.remaining("tag:t") <= 100_000)
    }
  }

  @Test("members that stand for names come back as members, and --verify misses one that does not")
  func restoredMembers() throws {
    let folder = try TemporaryFolder()
    let backup = folder.file("backup")
    try RedisServer.with { server in
      try server.load(text: [
        ["HSET", "page:1", "f", "v"], ["SET", "page:2", "v"], ["SADD", "page-tag:t", "1", "2"],
      ])
      let before = try Self.tags(server)
      let choice = ["--tag", "t", "--tag-key", "page-tag:{tag}", "--member-key", "page:{member}"]
      _ = try Rediscache.removal(server, choice + ["--backup", backup])
      try server.load(text: [["ACL", "SETUSER", "default", "-sadd"]])
      let arguments = ["warm", backup, "-s", server.socketPath, "--yes", "--verify"]
      let lost = try Rediscache.run(arguments)
      #expect(lost.status == 1 && lost.text.contains("2 of 2 keys differ"), "\(lost)")
      try server.load(text: [["ACL", "SETUSER", "default", "+sadd"]])
      let restored = try Rediscache.run(arguments)
      #expect(restored.status == 0 && restored.text.contains("2 memberships in tags restored"), "\(restored)")
      #expect(try Self.tags(server) == before)
    }
  }

  @Test("a tag of which no key lives is emptied only where that is expected") func deadTag() throws {
    try RedisServer.with { server in
      try server.load(text: [["MSET", "k:1", "a", "k:2", "b"], ["SADD", "tag:x", "k:1", "k:2"]])
      let wrong = ["--tag", "x", "--member-key", "shop:{member}", "--prune"]
      for arguments in [wrong + ["--yes"], wrong + ["--dry-run"]] {
        let result = try Rediscache.invalidate(server, arguments)
        #expect(result.status == 1 && result.errorText.contains("--prune --expect 0"), "\(result)")
      }
      #expect(try server.cli("SCARD", "tag:x") == "2" && server.cli("EXISTS", "k:1", "k:2") == "2")
      let plan = try Rediscache.run(
        ["invalidate", "-s", server.socketPath] + wrong + ["--expect", "0", "--dry-run", "--json"])
      #expect(plan.status == 0 && plan.text.contains(#""pruned":2"#), "\(plan)")
      #expect(try server.cli("SCARD", "tag:x") == "2")
      let result = try Rediscache.invalidate(server, wrong + ["--expect", "0", "--yes"])
      #expect(result.status == 0 && result.text.contains("their members were taken out"), "\(result)")
      #expect(try server.cli("EXISTS", "tag:x", "k:1") == "1")
      let mixed = try Rediscache.invalidate(server, wrong + ["--expire-within", "1h", "--yes"])
      #expect(mixed.status == 64 && mixed.errorText.contains("--expire-within"), "\(mixed)")
    }
  }

  @Test("a user who may not put members back takes none out") func noWayBack() throws {
    try RedisServer.with { server in
      try server.load(
        text: (0..<5).flatMap { [["SET", "app:\($0)", "1"], ["SADD", "tag:t", "app:\($0)"]] })
      try server.load(text: [
        ["ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+@all", "-sadd", "~*"]
      ])
      let report = try Rediscache.removal(
        server, ["--tag", "t", "--user", "limited"], status: 1,
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(report.counts.removed == 5 && report.warns("sadd"), "\(report.warnings)")
      #expect(try server.cli("SCARD", "tag:t") == "5")
    }
  }

  @Test("keys that were refused and have lost their tag are met again by the run that resumes")
  func refusedThenResumed()
    throws
  {
    let folder = try TemporaryFolder()
    let journal = folder.file("journal")
    try RedisServer.with { server in
      try server.load(text: [["SET", "app:0", "1"], ["SADD", "tag:t", "app:0", "app:1"]])
      let line =
        #"{"schema":"rediscache.invalidate-journal/1","target":"unix://\#(server.socketPath)?db=0","#
        + #""choice":["--tag","t"],"started_at":"2026-01-31T12:00:00Z"}"#
      let counts = #"{"removed":1,"absent":0,"kept":0,"failed":1,"unknown":0}"#
      try folder.write(
        "journal",
        Seeds.journal([
          line, #"{"sent":["app:0","app:1"]}"#, #"{"done":\#(counts)}"#, #"{"open":["app:0"]}"#,
        ]))
      try server.load(text: [["DEL", "tag:t"]])
      let report = try Rediscache.removal(server, ["--tag", "t", "--resume", journal])
      #expect(report.counts.removed == 2 && report.complete, "\(report.counts)")
      #expect(try server.size() == 0)
    }
  }
}
