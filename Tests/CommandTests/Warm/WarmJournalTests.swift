import Foundation
import TestHarness
import Testing

/// Journals of `warm`: who may go on with which, and what is left to do.
@Suite(.overlapping) struct WarmJournalTests {
  private static let count = 3_000
  private static let slow = ["--rate", "400", "--batch", "50"]

  private static func with(_ body: (RedisServer, TemporaryFolder, String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let seed = Seeds.strings(count / 2) + Array("bad\n".utf8) + Seeds.strings(count / 2, "app:v2:")
    let file = try folder.write("seed", seed)
    try RedisServer.with { try body($0, folder, file) }
  }

  private static func steps(_ journal: String) -> Int {
    let bytes = FileManager.default.contents(atPath: journal) ?? Data()
    return bytes.split(separator: UInt8(ascii: "\n")).count { $0.starts(with: Data("{\"line\"".utf8)) }
  }

  /// Starts a run and kills it once some flights are through.
  private static func begin(
    _ server: RedisServer, _ file: String, _ journal: String, _ arguments: [String] = []
  )
    throws
  {
    let running = try Rediscache.command(
      ["warm", "--yes", file, "-s", server.socketPath, "--journal", journal] + arguments + slow
    ).start()
    #expect(Wait.becomesTrue { Self.steps(journal) >= 3 })
    running.signal(SIGKILL)
    #expect(running.wait().signal == SIGKILL)
  }

  @Test("the journal of another seed, target or choice is refused, and the difference shown") func strangers()
    throws
  {
    try Self.with { server, folder, file in
      let journal = folder.file("journal")
      let options = ["--ttl", "2h", "--tag", "a b"]
      try Self.begin(server, file, journal, options)
      let before = folder.read("journal")
      let shorter = try folder.write("shorter", Seeds.strings(Self.count / 2))
      var changed = try #require(folder.read("seed"))
      changed[changed.count - 5] ^= 1
      let other = try folder.write("other", changed)
      let rows: [(String, [String], [String])] = [
        (shorter, options, ["another run", "seed: "]), (other, options, ["digest"]),
        (file, [], ["--ttl"]), (file, ["--ttl", "1h", "--tag", "a b"], ["--ttl 1h"]),
        (file, options + ["--if-missing"], ["--if-missing"]),
        (file, options + ["--jitter", "5%"], ["--jitter 5%"]),
        (file, options + ["--tag", "c"], ["--tag c"]),
        (file, options + ["--refresh-below", "5%"], ["--refresh-below"]),
        (file, options + ["--envelope"], ["--envelope"]),
        (file, options + ["--input-format", "jsonl"], ["--input-format jsonl"]),
        (file, options + ["-n", "1"], ["the journal is of unix://", "?db=0", "this run goes to", "?db=1"]),
      ]
      let writes = try server.writes {
        for (seed, arguments, words) in rows {
          let result = try Rediscache.warm(server, file: seed, arguments + ["--resume", journal])
          #expect(result.status == 64, "\(arguments): \(result)")
          #expect(result.errorText.contains("is the journal of another run"), "\(result)")
          for word in words { #expect(result.errorText.contains(word), "\(word): \(result)") }
        }
      }
      #expect(writes.isEmpty && folder.read("journal") == before, "\(writes)")
      // What only bounds a run may differ.
      let bounds = ["--pace", "full", "--batch", "3", "--verify", "--rejects", folder.file("rejects")]
      let result = try Rediscache.warm(
        server, file: file, options + ["--resume", journal, "--json"] + bounds)
      #expect(try result.load().counts == .init(written: Self.count, rejected: 1), "\(result)")
      #expect(try server.size() == Self.count + 1)
    }
  }

  @Test("a stopped run prints the line to resume with, and the shell understands it") func goingOn() throws {
    try Self.with { server, folder, file in
      let odd = folder.file("it's a $HOME `journal`")
      let rejects = folder.file("rejects")
      let running = try Rediscache.command(
        [
          "warm", "--yes", file, "-u", "unix://\(server.socketPath)?db=3", "--journal", odd, "--rejects",
          rejects,
          "--ttl",
          "90m", "--jitter", "12.5%", "--tag", "it's", "--json",
        ] + Self.slow
      ).start()
      #expect(Wait.becomesTrue { Self.steps(odd) >= 3 })
      running.signal(SIGTERM)
      let result = running.wait()
      #expect(result.status == 143, "\(result)")
      let stopped = try result.load()
      #expect(stopped.counts.unknown == 0 && stopped.counts.isBalanced && stopped.stopped != nil, "\(result)")
      let line = try #require(result.command(after: "to resume "))
      let again = try Rediscache.shell(line + " --json --pace full")
      let report = try again.load()
      #expect(again.status == 1 && report.counts == .init(written: Self.count, rejected: 1), "\(again)")
      #expect(report.earlier == stopped.counts, "\(again)")
      #expect(try server.connection().command("DBSIZE").integer == 0)
      let connection = try server.connection()
      try connection.command("SELECT", "3")
      #expect(try connection.command("SCARD", "tag:it's").integer == Self.count)
      #expect(try Seeds.Reject.lines(folder.read("rejects")).map(\.line) == [Self.count / 2 + 1])
      let finished = try Rediscache.shell(line + " --json")
      let last = try finished.load()
      #expect(finished.status == 1 && last.warns("nothing is left to do") && last.counts == report.counts)
      #expect(last.earlier == last.counts, "\(finished)")
      let table = try Rediscache.shell(line).text
      #expect(
        table.contains("1 rejected by the run before (all are in ") && !table.contains("more"), "\(table)")
      #expect(!table.contains("/s)"), "what was done before has no rate: \(table)")
    }
  }

  @Test("a run without faults finishes with 0, and again with 0") func finished() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let file = try folder.write("seed", Seeds.strings(100))
      let words = ["--rejects", folder.file("rejects"), "--json"]
      let first = try Rediscache.warm(server, file: file, words + ["--journal", folder.file("journal")])
      #expect(first.status == 0 && folder.read("rejects") == nil, "\(first)")
      let writes = try server.writes {
        let again = try Rediscache.warm(server, file: file, words + ["--resume", folder.file("journal")])
        #expect(again.status == 0, "\(again)")
        #expect(try again.load().counts == .init(written: 100), "\(again)")
      }
      #expect(writes.isEmpty)
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file("journal"))[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test("two runs on one journal, or one file of rejects: the second refuses") func twoAtOnce() throws {
    try Self.with { server, folder, file in
      let journal = folder.file("journal")
      let rejects = folder.file("rejects")
      let running = try Rediscache.command(
        ["warm", "--yes", file, "-s", server.socketPath, "--journal", journal, "--rejects", rejects]
          + Self.slow
      ).start()
      #expect(Wait.becomesTrue { Self.steps(journal) >= 1 })
      let second = try Rediscache.warm(server, file: file, ["--resume", journal])
      #expect(second.status == 75 && second.errorText.contains("in use by another run"), "\(second)")
      let other = try Rediscache.warm(
        server, file: file, ["--journal", folder.file("new"), "--rejects", rejects])
      #expect(other.status == 73 && folder.read("new") == nil, "\(other)")
      #expect(running.isRunning)
      running.signal(SIGTERM)
      #expect(running.wait().status == 143)
    }
  }

  @Test("files that are there already, and files that are no journals") func otherFiles() throws {
    try Self.with { server, folder, file in
      let notes = try folder.write("notes", "my notes\nof years\n".utf8)
      let empty = try folder.write("empty", [])
      try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: notes)
      let invalidation = try folder.write(
        "invalidation",
        #"{"schema":"rediscache.invalidate-journal/1","target":"x","choice":[],"started_at":"now"}"#.utf8 + [
          10
        ])
      let rows: [([String], Int32, String)] = [
        (["--journal", notes], 73, "there already"), (["--journal", folder.file("link")], 73, "link"),
        (["--resume", notes], 65, "no journal"), (["--resume", empty], 65, "no journal"),
        (["--resume", invalidation], 65, "no journal"),
        (["--resume", folder.file("missing")], 66, "No such file"),
        (["--resume", folder.file("link")], 73, "link"), (["--resume", folder.path], 73, "directory"),
        (["--rejects", notes], 73, "there already"),
        (["--journal", folder.file("a/b")], 73, "No such file"),
        (["--journal", folder.file("x"), "--resume", notes], 64, "leave out --journal"),
        (["--if-missing", "--refresh-below", "5%"], 64, "choose one"), (["--stale", "5s"], 64, "--envelope"),
        (["--ttl", "0s"], 64, "--ttl"), (["--ttl", "1 month"], 64, "--ttl"),
        (["--jitter", "101%"], 64, "--jitter"),
        (["--refresh-below", "x"], 64, "--refresh-below"), (["--batch", "0"], 64, "--batch"),
        (["--rate", "-1"], 64, "--rate"), (["--tag", ""], 64, "--tag"), (["--tag-key", "t"], 64, "{tag}"),
        (["--input-format", "xml"], 64, "xml"), (["--json", "--format", "table"], 64, "--format"),
      ]
      let writes = try server.writes {
        for (arguments, status, words) in rows {
          let result = try Rediscache.warm(server, file: file, arguments)
          #expect(result.status == status, "\(arguments): \(result)")
          #expect(result.errorText.lowercased().contains(words.lowercased()), "\(arguments): \(result)")
        }
      }
      #expect(writes.isEmpty)
      #expect(folder.read("notes") == Array("my notes\nof years\n".utf8) && folder.read("x") == nil)
    }
  }

  @Test("a file of rejects of another kind is not cut by a run that goes on") func foreignRejects() throws {
    try Self.with { server, folder, file in
      let journal = folder.file("journal")
      let running = try Rediscache.command(
        ["warm", "--yes", file, "-s", server.socketPath, "--journal", journal, "--rate", "800"]
      ).start()
      #expect(Wait.becomesTrue { (folder.read("journal") ?? []).count > 0 && Self.rejected(journal) })
      running.signal(SIGKILL)
      _ = running.wait()
      let notes = try folder.write("notes", "my notes\nof years\nand more\n".utf8)
      let result = try Rediscache.warm(server, file: file, ["--resume", journal, "--rejects", notes])
      #expect(result.status == 64 && result.errorText.contains("of another kind"), "\(result)")
      #expect(folder.read("notes")?.count == 27)
    }
  }

  private static func rejected(_ journal: String) -> Bool {
    let text = String(decoding: FileManager.default.contents(atPath: journal) ?? Data(), as: UTF8.self)
    return text.contains(#""rejected":1"#)
  }

  @Test("a journal whose last line is cut off anywhere is gone on with") func tornJournal() throws {
    try Self.with { server, folder, file in
      let journal = folder.file("journal")
      try Self.begin(server, file, journal)
      let whole = try #require(folder.read("journal"))
      let start = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
      for length in [start, start + 1, (start + whole.count) / 2, whole.count - 1] {
        try server.cli("FLUSHALL")
        try folder.write("journal", whole[..<length])
        let result = try Rediscache.warm(
          server, file: file, ["--resume", journal, "--json", "--pace", "full"])
        let report = try result.load()
        #expect(report.counts == .init(written: Self.count, rejected: 1), "\(length): \(result)")
        #expect(try server.size() == Self.count - (report.earlier?.written ?? 0))
      }
      try folder.write("journal", whole[..<(start - 1)] + Array("x\n".utf8) + whole[start...])
      let broken = try Rediscache.warm(server, file: file, ["--resume", journal])
      #expect(broken.status == 65 && broken.errorText.contains("cannot be read"), "\(broken)")
    }
  }

  @Test("a run whose first record is refused leaves its journal, and goes on once there is room")
  func refusedAtOnce()
    throws
  {
    try RedisServer.with(.init(configuration: ["maxmemory 1", "maxmemory-policy noeviction"])) { server in
      let folder = try TemporaryFolder()
      let (file, journal) = (try folder.write("seed", Seeds.strings(20)), folder.file("journal"))
      let full = try Rediscache.warm(server, file: file, ["--journal", journal])
      #expect(full.status == 1 && full.text.contains("0 written, 20 refused by the server"), "\(full)")
      // What happened is said by the report and by the last line, and nowhere else.
      #expect(full.errorText.matches(of: /OOM command not allowed/).count == 1, "\(full)")
      let line = try #require(full.command(after: "to resume"), "\(full)")
      try server.cli("CONFIG", "SET", "maxmemory", "0")
      let resumed = try Rediscache.shell(line)
      #expect(try resumed.status == 0 && server.size() == 20, "\(resumed)")
    }
  }

  @Test("where the seed must change first, no way to resume is offered") func changedSeed() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let file = try folder.write(
        "seed", Seeds.strings(20) + Array("bad\n".utf8) + Seeds.strings(5, "app:v2:"))
      let strict = try Rediscache.warm(
        server, file: file, ["--strict", "--batch", "5", "--journal", folder.file("journal")])
      #expect(strict.status == 65 && !strict.errorText.contains("to resume"), "\(strict)")
    }
  }

  @Test("where records cannot be noted the run ends, and nothing more is written") func fullDisk() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let file = try folder.write("seed", Seeds.strings(5_000))
      for option in ["--journal", "--rejects"] {
        let bad = try folder.write("bad", Array(repeating: Array("{\n".utf8), count: 5_000).flatMap { $0 })
        // A limit on the size of files stands for a full disk.
        let seed = option == "--journal" ? file : bad
        let line =
          "ulimit -f 1; trap '' XFSZ; exec '\(Rediscache.executable)' warm --yes '\(seed)' -s '\(server.socketPath)' "
          + "--batch 1 \(option) '\(folder.file("full"))'"
        let result = try Command("/bin/bash", ["-c", line], environment: Rediscache.environment()).run()
        #expect(result.status == 73 && result.errorText.contains("full"), "\(option): \(result)")
        #expect(try server.size() < 100)
        try FileManager.default.removeItem(atPath: folder.file("full"))
      }
    }
  }
}
