import Foundation
import TestHarness
import Testing

/// What `invalidate` refuses, it refuses before the first write.
@Suite(.overlapping) struct InvalidateRefusalTests {
  /// Arguments, the exit code, and words of the explanation.
  struct Row: Sendable {
    var arguments: [String]
    var status: Int32
    var words: [String]

    init(_ arguments: [String], _ status: Int32, _ words: String...) {
      self.arguments = arguments
      self.status = status
      self.words = words
    }
  }

  private static let choices = [
    Row(["", "--yes"], 64, "the pattern is empty"), Row(["--yes"], 64, "say which keys"),
    Row(["--all", "--yes"], 64, "say which keys"), Row(["*", "--yes"], 64, "every key", "--all"),
    Row(["**", "--yes"], 64, "--all"), Row(["?*", "--yes"], 64, "--all"), Row(["*?*", "--yes"], 64, "--all"),
    Row(["\\x2a", "--yes", "--expect", "1"], 1, "0 keys match"),
    Row(["--exclude", "app:*", "--yes"], 64, "--all"),
    Row(["*", "--exclude", "app:*", "--yes"], 64, "--all"),
    Row([String(repeating: "*a", count: 65), "--yes"], 64, "the limit is 64"),
    Row(["app:*", "other", "--yes"], 64, "other"), Row(["--type", "nosuch", "--yes"], 64, "nosuch"),
    Row(["app:*"], 64, "--yes", "--dry-run"), Row(["app:*", "--no-input"], 64, "--yes"),
    Row(["app:*", "--yes", "--delete", "--expire-within", "5m"], 64, "choose one"),
    Row(["app:*", "--yes", "--expire-within", "0s"], 64, "1ms to ten years"),
    Row(["app:*", "--yes", "--expire-within", "5m", "--backup", "/nonexistent/b"], 64, "removes nothing"),
    Row(["app:*", "--yes", "--journal", "/nonexistent/j", "--resume", "/nonexistent/j"], 64, "--journal"),
    Row(["app:*", "--yes", "--batch", "0"], 64, "from 1 to 10000"),
    Row(["app:*", "--yes", "--batch", "10001"], 64, "from 1 to 10000"),
    Row(["app:*", "--yes", "--max-keys", "-1"], 64, "--max-keys"),
    Row(["app:*", "--yes", "--expect", "many"], 64, "--expect"),
    Row(["app:*", "--yes", "--json", "--format", "table"], 64, "--json"),
    Row(["app:*", "--yes", "--confirm", "prod"], 64, "--confirm says prod"),
    Row(["app:*", "--yes", "-o", "/tmp"], 73, "directory"),
  ]

  private static let bounds = [
    Row(
      ["app:*", "--yes", "--expect", "299"], 1, "300 keys match and --expect says 299: nothing was removed"),
    Row(["app:*", "--yes", "--expect", "350±10%"], 1, "350±10%: nothing was removed"),
    Row(["app:*", "--yes", "--max-keys", "299"], 1, "--max-keys allows 299: nothing was removed"),
    Row(["app:*", "--yes", "--max-keys", "0"], 1, "--max-keys allows 0: nothing was removed"),
    Row(["app:*", "--max-keys", "0", "--dry-run", "--expect", "300"], 1, "--max-keys allows 0"),
    Row(["app:*", "--dry-run", "--expect", "299"], 1, "300 keys match and --expect says 299"),
    Row(["app:*", "--dry-run", "--expect", "300"], 0),
  ]

  private static let sources = [
    Row(["-tmp:*", "--yes"], 64, "-- '-tmp:*'"),
    Row(["app:*", "--exclude", "-tmp:*", "--yes"], 64, "--exclude='-tmp:*'"),
    Row(["--tag", "", "--yes"], 64, "--tag must not be empty"),
    Row(["app:*", "--tag-key", "t:{tag}", "--yes"], 64, "--tag-key needs --tag"),
    Row(["--tag", "a", "--tag-key", "t", "--yes"], 64, "{tag} once"),
    Row(["--tag", "a", "--keys-from", "/dev/null", "--yes"], 64, "exclude each other"),
    Row(["--tag", "text", "--yes"], 64, "tag:text is no tag", "type string"),
    Row(["--bump", "", "--yes"], 64, "--bump must name a key"),
    Row(["--bump", "gen", "app:*", "--yes"], 64, "removes nothing"),
    Row(["--bump", "gen", "--expect", "1", "--yes"], 64, "removes nothing"),
    Row(["--bump", "gen"], 64, "--yes"),
    Row(["--bump", "app:1", "--yes"], 64, "app:1 holds no whole number"),
    Row(["--bump", "list", "--yes"], 64, "list is no generation key"),
    Row(["app:*", "--member-key", "p:{member}", "--yes"], 64, "--member-key needs --tag"),
    Row(["app:*", "--prune", "--yes"], 64, "--prune needs --tag"),
    Row(["--tag", "a", "--member-key", "p", "--yes"], 64, "{member} once"),
    Row(["--keys-from", "/nonexistent/list", "--yes"], 66, "/nonexistent/list", "No such file"),
    Row(["--keys-from", "/tmp", "--yes"], 66, "/tmp", "directory"),
    Row(["--keys-from", "/dev/zero", "--yes"], 66, "/dev/zero", "no file of keys"),
    Row(["--keys-from", "-", "--yes"], 66, "standard input"),
  ]

  /// A server with 300 keys that the rows aim at, and others.
  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try server.populate(300, prefix: "app:")
      try server.populate(40, prefix: "other:", ttl: 9_000)
      try server.load(text: [["SET", "tag:text", "value"], ["RPUSH", "list", "value"]])
      try body(server)
    }
  }

  /// Runs the rows and checks that the server was left alone.
  private static func expectRefused(_ rows: [Row], _ server: RedisServer) throws {
    let size = try server.size()
    let writes = try server.writes {
      for row in rows {
        let result = try Rediscache.invalidate(server, row.arguments)
        #expect(result.status == row.status, "\(row.arguments): \(result)")
        for word in row.words {
          #expect(result.errorText.contains(word), "\(row.arguments): \(word) is not in: \(result)")
        }
        guard row.status != 0 else { continue }
        #expect(result.errorText.contains("error: "), "\(row.arguments): \(result)")
        #expect(!result.errorText.contains("Fatal"), "\(row.arguments): \(result)")
      }
    }
    #expect(writes.isEmpty, "\(writes)")
    #expect(try server.size() == size)
  }

  @Test("choices that cannot be meant are refused") func choices() throws {
    try Self.with { try Self.expectRefused(Self.choices, $0) }
  }

  @Test("bounds that do not hold are refused, counted first") func bounds() throws {
    try Self.with { server in
      try Self.expectRefused(Self.bounds, server)
      let report = try Rediscache.invalidate(server, ["app:*", "--yes", "--expect", "7", "--json"]).removal()
      #expect(report.counts.matched == 300 && report.counts.removed == 0 && report.batches == 0)
      #expect(!report.complete && report.stopped?.contains("--expect says 7") == true)
    }
  }

  @Test("tags, lists and bumps that cannot be meant are refused") func sources() throws {
    try Self.with { try Self.expectRefused(Self.sources, $0) }
  }

  @Test("lists that are no lists of keys are refused by name") func lists() throws {
    let folder = try TemporaryFolder()
    let files: [(String, [UInt8], String)] = [
      ("empty", [], "names no key"), ("blank", Array("\n\n\r\n".utf8), "names no key"),
      ("nul", [0, 0], "names no key"), ("little", [0xFF, 0xFE, 0x61, 0], "UTF-16"),
      ("big", [0xFE, 0xFF, 0, 0x61], "UTF-16"), ("mark", [0xEF, 0xBB, 0xBF], "names no key"),
    ]
    let rows = try files.map { name, bytes, word in
      Row(["--keys-from", try folder.write(name, bytes), "--yes"], 65, name, word)
    }
    try Self.with { try Self.expectRefused(rows, $0) }
  }

  @Test("files that are there already, links and strangers are left alone") func files() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", "precious\n".utf8)
    let empty = try folder.write("empty", [])
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    let new = folder.file("new")
    try Self.with { server in
      let rows = [
        Row(["app:*", "--yes", "--journal", file], 73, "there already", "--resume continues"),
        Row(["app:*", "--yes", "--journal", link], 73, "link"),
        Row(["app:*", "--yes", "--journal", "/nonexistent/j"], 73, "No such file"),
        Row(["app:*", "--yes", "--backup", file], 73, "there already"),
        Row(["app:*", "--yes", "--backup", link], 73, "link"),
        Row(["app:*", "--yes", "--journal", new, "--backup", file], 73, "there already"),
        Row(["app:*", "--yes", "--journal", new, "--expect", "7"], 1, "--expect says 7"),
        Row(["app:*", "--yes", "--backup", new, "--expect", "7"], 1, "--expect says 7"),
        Row(["app:*", "--yes", "--resume", file], 65, "no journal of this command"),
        Row(["app:*", "--yes", "--resume", empty], 65, "no journal of this command"),
        Row(["app:*", "--yes", "--resume", link], 73, "symbolic link"),
        Row(["app:*", "--yes", "--resume", folder.path], 73, "directory"),
        Row(["app:*", "--yes", "--resume", new], 66, "No such file"),
      ]
      try Self.expectRefused(rows, server)
    }
    #expect(folder.read("file") == Array("precious\n".utf8))
    // A run that was refused leaves nothing behind that would stand in the way of the next.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["empty", "file", "link"])
  }

  @Test("nobody there, a wrong password and missing rights") func access() throws {
    let refused = try Rediscache.run(
      ["invalidate", "-s", "/nonexistent/redis.sock", "app:*", "--yes"])
    #expect(refused.status == 69 && refused.errorText.contains("/nonexistent/redis.sock"), "\(refused)")
    let options = RedisServer.Options(
      configuration: ["requirepass \(Rediscache.secret)"], login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      try server.populate(300, prefix: "app:")
      try server.cli(
        "ACL", "SETUSER", "reader", "on", ">\(Rediscache.secret)", "~*", "+@all", "-unlink", "-del", "-incr")
      let rows: [([String], [String: String], String)] = [
        (["app:*", "--yes"], [:], "asks for a password"),
        (["app:*", "--yes"], ["REDISCLI_AUTH": "something else"], "refused the user or password"),
        (
          ["app:*", "--yes", "--user", "reader"], ["REDISCLI_AUTH": Rediscache.secret],
          "ACL SETUSER reader +unlink"
        ),
        (
          ["app:*", "--yes", "--user", "reader", "--delete"], ["REDISCLI_AUTH": Rediscache.secret],
          "ACL SETUSER reader +del"
        ),
        (
          ["--bump", "gen", "--yes", "--user", "reader"], ["REDISCLI_AUTH": Rediscache.secret],
          "ACL SETUSER reader +incr"
        ),
      ]
      let writes = try server.writes {
        for (arguments, environment, word) in rows {
          let result = try Rediscache.invalidate(server, arguments, environment: environment)
          #expect(result.status == 77 && result.errorText.contains(word), "\(arguments): \(result)")
        }
      }
      #expect(try writes.isEmpty && server.size() == 300, "\(writes)")
      // A run that fails while it counts has no plan.
      try server.cli("ACL", "SETUSER", "blind", "on", ">\(Rediscache.secret)", "~*", "+@all", "-scan")
      let blind = try Rediscache.invalidate(
        server, ["app:*", "--yes", "--expect", "300", "--user", "blind"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(
        blind.status == 77
          && blind.text.contains("counted   0 keys before the run stopped: nothing was removed"))
      #expect(!blind.text.contains("plan") && !blind.text.contains("matched"), "\(blind)")
      #expect(!blind.errorText.contains("to resume"), "\(blind)")
      #expect(blind.errorText.matches(of: /answered SCAN with/).count == 1, "\(blind)")
    }
  }
}
