import Foundation
import TestHarness
import Testing

/// What the configuration holds, and what profiles say beside the address.
@Suite(.overlapping) struct ProfileCommandTests {
  /// A configuration with a text, and the environment that leads to it.
  private static func configure(_ text: String, in folder: TemporaryFolder) throws -> [String: String] {
    try FileManager.default.createDirectory(
      atPath: folder.file("rediscache"), withIntermediateDirectories: true)
    try folder.write("rediscache/config.toml", text.utf8)
    return ["XDG_CONFIG_HOME": folder.path]
  }

  private static let text = """
    [profile.prod]
    uri = "rediss://audit:\(Rediscache.secret)@cache-1:6390/2"
    protected = true
    schema = ["{namespace}:{version}:{id}", "django"]

    [profile.test]
    host = "cache-2"
    user = "audit"
    password-command = "echo \(Rediscache.secret)"
    pace = "gentle"
    """

  @Test("profiles are listed and shown without their passwords") func shown() throws {
    let folder = try TemporaryFolder()
    let environment = try Self.configure(Self.text, in: folder)
    let list = try Rediscache.run(["profile", "list"], environment: environment)
    #expect(
      list.status == 0
        && list.text == "prod  rediss://cache-1:6390/2  protected\ntest  redis://cache-2:6379/0\n", "\(list)")
    let prod = try Rediscache.run(["profile", "show", "prod"], environment: environment)
    #expect(
      prod.status == 0 && prod.text.hasPrefix("prod\n  address    rediss://cache-1:6390/2\n"), "\(prod)")
    #expect(prod.text.contains("schema     {namespace}:{version}:{id}, django"), "\(prod)")
    let test = try Rediscache.run(["profile", "show", "test"], environment: environment)
    #expect(
      test.text.contains("password-command  (set)") && test.text.contains("pace              gentle"),
      "\(test)")
    let path = try Rediscache.run(["profile", "path"], environment: environment)
    #expect(path.text == folder.file("rediscache/config.toml") + "\n", "\(path)")
  }

  @Test("a table outside of the profiles is named as the slip") func strays() throws {
    let folder = try TemporaryFolder()
    let environment = try Self.configure("db = 1\n[prod]\nhost = \"a\"\n[profile]\nport = 1\n", in: folder)
    let missing = try Rediscache.run(["stats", "-P", "prod"], environment: environment)
    #expect(missing.status == 78 && missing.errorText.contains("write [profile.prod]"), "\(missing)")
    let other = try Rediscache.run(["stats", "-P", "other"], environment: environment)
    #expect(other.errorText.contains("nothing is read: db, prod, profile.port"), "\(other)")
    let list = try Rediscache.run(["profile", "list"], environment: environment)
    #expect(list.status == 0 && list.errorText.contains("nothing is read: db, prod, profile.port"), "\(list)")
  }

  @Test(
    "a setting that cannot be meant is refused",
    arguments: [
      ("schema = []", "list of texts"), ("schema = [1]", "list of texts"), ("schema = \"{oops}\"", "schema"),
      ("separator = \"\"", "must not be empty"), ("pace = \"fast\"", "auto, gentle, full"),
      ("password-command = \"\"", "must not be empty"),
      ("password-command = \"a\"\npassword-file = \"/dev/null\"", "two settings give a password"),
    ])
  func refused(_ lines: String, _ words: String) throws {
    let folder = try TemporaryFolder()
    let environment = try folder.configure("prod", [lines])
    for command in [["scan", "-P", "prod", "-s", "/nonexistent"], ["profile", "show", "prod"]] {
      let result = try Rediscache.run(command, environment: environment)
      #expect(result.status == 78 && result.errorText.contains(words), "\(result)")
    }
  }

  @Test("a profile says how names are read and how fast; an option wins") func reading() throws {
    try RedisServer.with { server in
      try server.cli("MSET", "shop:1:a", "x", "shop:1:b", "x", "shop:2:a", "x")
      let folder = try TemporaryFolder()
      let environment = try folder.configure(
        "django", ["socket = \"\(server.socketPath)\"", "schema = \"django\"", "pace = \"gentle\""])
      func versions(_ options: [String]) throws -> Set<String?> {
        let json = try Rediscache.run(["scan", "-P", "django", "--json"] + options, environment: environment)
          .json()
        let groups = try #require(json["groups"] as? [[String: Any]])
        return Set(groups.map { $0["version"] as? String })
      }
      #expect(try versions([]) == ["1", "2"])
      #expect(try versions(["--schema", "{namespace}:{rest}"]) == [nil])
      let plan = try Rediscache.run(
        ["invalidate", "-P", "django", "--key-version", "1", "--dry-run"], environment: environment)
      #expect(plan.status == 0 && plan.text.contains("pace gentle"), "\(plan)")
      // What is suggested does the same after the profile has changed.
      let command = try #require(plan.command(after: "to run"))
      #expect(command.contains("--schema django") && command.contains("--pace gentle"), "\(command)")
    }
  }

  /// A server that asks for a password, and a script that prints what is in a file and counts its runs.
  private static func withToken(
    _ body: (RedisServer, _ folder: TemporaryFolder, _ command: String) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write("token", Array((Rediscache.secret + "\nsecond line\n").utf8))
    let command = "echo x >> \(folder.file("runs")); cat \(folder.file("token"))"
    try RedisServer.with(RedisServer.Options(configuration: ["requirepass \(Rediscache.secret)"])) { server in
      try body(server, folder, command)
    }
  }

  private static func runs(_ folder: TemporaryFolder) -> Int {
    (try? String(contentsOfFile: folder.file("runs"), encoding: .utf8))?.count { $0 == "x" } ?? 0
  }

  @Test("a command prints the password, once for a run that needs it") func command() throws {
    try Self.withToken { server, folder, command in
      let environment = try folder.configure(
        "prod", ["socket = \"\(server.socketPath)\"", "password-command = \"\(command)\""])
      let result = try Rediscache.run(["scan", "-P", "prod"], environment: environment)
      #expect(result.status == 0 && Self.runs(folder) == 1, "\(result)")
      _ = try Rediscache.run(["profile", "show", "prod"], environment: environment)
      #expect(Self.runs(folder) == 1, "nothing was to be logged in to")
      let typed = try Rediscache.run(["stats", "-s", server.socketPath, "--password-command", command])
      #expect(typed.status == 0 && Self.runs(folder) == 2, "\(typed)")
      let file = try folder.write("wrong", Array("other\n".utf8))
      let option = try Rediscache.run(
        ["stats", "-P", "prod", "--password-file", file], environment: environment)
      #expect(option.status == 77 && Self.runs(folder) == 2, "the option wins: \(option)")
    }
  }

  @Test("a password that is refused is asked for again") func refusedToken() throws {
    try Self.withToken { server, folder, _ in
      // The first answer has expired.
      let marker = folder.file("old")
      let command = "test -e \(marker) && cat \(folder.file("token")) || { touch \(marker); echo expired; }"
      let result = try Rediscache.run(["stats", "-s", server.socketPath, "--password-command", command])
      #expect(result.status == 0, "\(result)")
      let same = try Rediscache.run(
        [
          "stats", "-s", server.socketPath, "--password-command",
          "echo x >> \(folder.file("runs")); echo wrong",
        ])
      #expect(same.status == 77 && same.errorText.contains("refused the user or password"), "\(same)")
      #expect(Self.runs(folder) == 2)
    }
  }

  @Test(
    "a command that prints no password ends the run",
    arguments: [
      ("exit 3", 77, "exit status 3"), ("true", 77, "printed no password"), ("kill -9 $$", 77, "signal 9"),
      ("sleep 30", 75, "within the connect timeout"),
      ("sleep 30 & echo x >/dev/null", 75, "within the connect timeout"),
      ("yes", 77, "more than 64 KiB"),
    ] as [(String, Int32, String)])
  func faults(_ command: String, _ status: Int32, _ words: String) throws {
    let result = try Rediscache.run(
      [
        "stats", "-s", "/nonexistent", "--connect-timeout", "300ms", "--retry-for", "0s",
        "--password-command", command,
      ])
    #expect(result.status == status && result.errorText.contains(words), "\(result)")
  }
}
