import Foundation
import TestHarness
import Testing

/// Nothing is overwritten without consent, and what is overwritten can be brought back.
@Suite(.overlapping) struct WarmGuardTests {
  /// A seed of five strings, and a server that holds three of their keys: one as a list, one as a set.
  private static let seed = (1...5).map { #"{"key":"k\#($0)","value":"v\#($0)"}"# + "\n" }.joined()

  private static func with(_ body: (RedisServer, TemporaryFolder, String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("seed", Self.seed.utf8)
    try RedisServer.with { server in
      try server.cli("RPUSH", "k1", "a", "b")
      try server.cli("SET", "k2", "old", "EX", "5000")
      try server.cli("SADD", "k3", "member")
      try body(server, folder, file)
    }
  }

  private static func run(_ server: RedisServer, _ arguments: [String]) throws -> Command.Result {
    try Rediscache.run(["warm", "-s", server.socketPath] + arguments)
  }

  @Test("where no one can be asked, --yes is needed") func consent() throws {
    try Self.with { server, folder, file in
      let writes = try server.writes {
        for arguments in [[file], [file, "--if-missing"], [file, "--journal", folder.file("j")]] {
          let result = try Self.run(server, arguments)
          #expect(result.status == 64, "\(result)")
          #expect(result.errorText.contains("--yes is not given: nothing was written"), "\(result)")
        }
        #expect(folder.read("j") == nil)
      }
      #expect(writes.isEmpty, "\(writes)")
    }
  }

  @Test("a dry run counts what is there and what changes its type, and prints the run") func dryRun() throws {
    try Self.with { server, _, file in
      let writes = try server.writes {
        let report = try Self.run(server, [file, "--dry-run", "--json"]).json()
        #expect(report["planned"] as? Int == 5 && report["replaced"] as? Int == 3, "\(report)")
        #expect(report["retyped"] as? Int == 2, "\(report)")
        let spared = try Self.run(server, [file, "--dry-run", "--json", "--if-missing"]).json()
        #expect(spared["planned"] as? Int == 2 && spared["replaced"] as? Int == 0, "\(spared)")
      }
      #expect(writes.isEmpty, "\(writes)")
      let shown = try Self.run(server, [file, "--dry-run"])
      #expect(shown.text.contains("target    unix://\(server.socketPath)?db=0"), "\(shown)")
      #expect(shown.text.contains("3 of them are there already and would be replaced"), "\(shown)")
      #expect(
        shown.text.contains("2 keys would change type: list to string 1, set to string 1"), "\(shown)")
      let command = try #require(shown.command(after: "to run"))
      #expect(command.hasSuffix("--expect 5 --yes"), "\(command)")
      let run = try Rediscache.shell(command)
      #expect(try run.status == 0 && server.cli("GET", "k1") == "v1", "\(run)")
    }
  }

  @Test("--dry-run can be added to a complete command, and prints it without itself") func added() throws {
    try Self.with { server, folder, file in
      let whole = [
        file, "--yes", "--expect", "5", "--journal", folder.file("j"), "--backup", folder.file("b"),
        "--rejects",
        folder.file("r"), "--verify",
      ]
      let writes = try server.writes {
        let result = try Self.run(server, whole + ["--dry-run"])
        #expect(result.status == 0, "\(result)")
        let command = try #require(result.command(after: "to run"))
        for word in ["--journal", "--backup", "--rejects", "--verify", "--expect 5 --yes"] {
          #expect(command.contains(word), "\(command)")
        }
        #expect(!command.contains("--dry-run"), "\(command)")
        for name in ["j", "b", "r"] { #expect(folder.read(name) == nil) }
        let other = try Self.run(server, [file, "--yes", "--expect", "4", "--dry-run"])
        #expect(other.status == 1 && other.errorText.contains("--expect says 4"), "\(other)")
        #expect(other.command(after: "to run") == nil)
      }
      #expect(writes.isEmpty, "\(writes)")
    }
  }

  @Test("the count must be as expected, and within the bound") func counts() throws {
    try Self.with { server, folder, file in
      let writes = try server.writes {
        let other = try Self.run(server, [file, "--yes", "--expect", "6"])
        #expect(other.status == 1, "\(other)")
        #expect(
          other.errorText.contains("5 keys would be written and --expect says 6: nothing was written"),
          "\(other)")
        let look = try Self.run(server, [file, "--dry-run", "--max-keys", "4"])
        #expect(look.status == 1 && look.errorText.contains("--max-keys allows 4"), "\(look)")
        let none = try Self.run(server, [file, "--yes", "--max-keys", "0"])
        #expect(none.status == 1 && none.text.contains("as many as --max-keys allows"), "\(none)")
      }
      // An empty transaction finds out whether the server takes any.
      #expect(writes.keys.allSatisfy { ["multi", "exec"].contains($0) }, "\(writes)")
      let bounded = try Self.run(
        server, [file, "--yes", "--max-keys", "2", "--journal", folder.file("j"), "--json"])
      #expect(try bounded.status == 1 && bounded.load().counts.written == 2, "\(bounded)")
      #expect(try server.cli("GET", "k2") == "v2" && server.cli("TYPE", "k3") == "set")
      // Keys that are there already do not count.
      let spare = try Self.run(server, [file, "--yes", "--max-keys", "2", "--if-missing", "--json"])
      #expect(try spare.status == 0 && spare.load().counts.written == 2, "\(spare)")
      let rest = try Self.run(server, [file, "--yes", "--resume", folder.file("j"), "--json"])
      #expect(try rest.status == 0 && rest.load().counts.written == 5, "\(rest)")
      #expect(try server.cli("TYPE", "k3") == "string")
      let agreed = try Self.run(server, [file, "--yes", "--expect", "5", "--max-keys", "5", "--json"])
      #expect(try agreed.status == 0 && agreed.load().counts.written == 5, "\(agreed)")
    }
  }

  @Test("on a terminal it counts, shows what it would replace, and asks") func question() throws {
    try Self.with { server, _, file in
      let arguments = ["warm", file, "-s", server.socketPath, "--no-progress", "--color", "never"]
      for (answer, isMeant) in [("no", false), ("yes", true)] {
        let terminal = try Rediscache.terminal(arguments, columns: 120)
        #expect(
          terminal.waitForText(
            "Write 5 keys to unix://\(server.socketPath)?db=0, in place of 3 that are there? Type yes to continue: "
          ))
        #expect(try server.cli("TYPE", "k1") == "list")
        terminal.send(answer + "\n")
        let result = terminal.wait()
        #expect(result.status == (isMeant ? 0 : 1), "\(result.text)")
        #expect(result.text.contains("2 keys would change type"), "\(result.text)")
        #expect(isMeant || result.text.contains("not confirmed: nothing was written"), "\(result.text)")
        #expect(try server.cli("TYPE", "k1") == (isMeant ? "string" : "list"))
      }
    }
  }

  @Test("a protected target asks for its name") func protected() throws {
    try Self.with { server, folder, file in
      let environment = try folder.configure(
        "prod", ["socket = \"\(server.socketPath)\"", "protected = true"])
      let run = { (arguments: [String]) in
        try Rediscache.run(["warm", file, "-P", "prod"] + arguments, environment: environment)
      }
      let writes = try server.writes {
        let bare = try run(["--yes"])
        #expect(bare.status == 64 && bare.errorText.contains("--confirm prod"), "\(bare)")
        let wrong = try run(["--yes", "--confirm", "Prod"])
        #expect(wrong.status == 64 && wrong.errorText.contains("the target is prod"), "\(wrong)")
        let look = try run(["--dry-run"])
        #expect(
          look.command(after: "to run")?.contains("--confirm prod --expect 5 --yes") == true, "\(look)")
      }
      #expect(writes.isEmpty, "\(writes)")
      let named = try run(["--yes", "--confirm", "prod"])
      #expect(try named.status == 0 && server.cli("GET", "k1") == "v1", "\(named)")
    }
  }

  @Test("what is replaced is saved first, once, and the printed command brings it back") func backup() throws
  {
    try Self.with { server, folder, _ in
      let twice = try folder.write("twice", (Self.seed + Self.seed).utf8)
      let before = try ["k1", "k2", "k3"].map { try server.cli("DUMP", $0) }
      let result = try Self.run(
        server, [twice, "--yes", "--backup", folder.file("b"), "--batch", "2"])
      #expect(result.status == 0 && result.text.contains("saved 3 keys to the backup"), "\(result)")
      #expect(folder.read("b").map { $0.split(separator: UInt8(ascii: "\n")).count } == 3)
      let again = try Self.run(server, [twice, "--yes", "--backup", folder.file("b")])
      #expect(again.status == 73, "\(again)")
      let undone = try Rediscache.shell(try #require(result.command(after: "to undo")))
      #expect(undone.status == 0, "\(undone)")
      #expect(try ["k1", "k2", "k3"].map { try server.cli("DUMP", $0) } == before)
      let left = try #require(Int(try server.cli("TTL", "k2")))
      #expect((4_900...5_000).contains(left))
    }
  }

  @Test("a run that resumes does not save what the run before has written") func resumedBackup() throws {
    try Self.with { server, folder, file in
      let rest = ["--yes", "--backup", folder.file("b"), "--batch", "1"]
      let first = try Self.run(server, [file, "--max-keys", "2", "--journal", folder.file("j")] + rest)
      #expect(first.status == 1, "\(first)")
      // The journal ends before the last batch, as where a run is killed.
      let lines = try #require(folder.read("j")).split(separator: UInt8(ascii: "\n"))
      try folder.write("j", lines.dropLast().flatMap { $0 + [UInt8(ascii: "\n")] })
      let second = try Self.run(server, [file, "--resume", folder.file("j")] + rest)
      #expect(second.status == 0, "\(second)")
      let saved = try #require(folder.read("b")).split(separator: UInt8(ascii: "\n"))
      #expect(saved.count == 3, "\(saved.count)")
      _ = try Self.run(server, [folder.file("b"), "--yes"])
      #expect(try server.cli("LRANGE", "k1", "0", "-1") == "a\nb" && server.cli("GET", "k2") == "old")
    }
  }

  @Test("a stream cannot be counted first") func stream() throws {
    try Self.with { server, _, _ in
      for arguments in [["--expect", "5"], []] {
        let yes = arguments.isEmpty ? [] : ["--yes"]
        let result = try Rediscache.command(
          ["warm", "-", "-s", server.socketPath] + yes + arguments, input: Array(Self.seed.utf8)
        ).run()
        #expect(result.status == 64 && result.errorText.contains("nothing was written"), "\(result)")
      }
      let look = try Rediscache.command(
        ["warm", "-", "-s", server.socketPath, "--dry-run"], input: Array(Self.seed.utf8)
      ).run()
      #expect(look.status == 0 && look.command(after: "to run") == nil, "\(look)")
    }
  }
}
