import TestHarness
import Testing

@Suite(.overlapping) struct FileClashTests {
  /// A report that took the place of a backup would lose what nobody has any more.
  @Test("no file has two parts in one run") func twoParts() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<5).map { ["SET", "app:\($0)", "1"] })
      let folder = try TemporaryFolder()
      let file = folder.file("same")
      for options in [
        ["--backup", file, "-o", file], ["--journal", file, "--backup", folder.path + "/./same"],
      ] {
        let result = try Rediscache.run(
          ["invalidate", "app:*", "--yes", "-s", server.socketPath] + options)
        #expect(result.status == 64 && result.errorText.contains("name the same file"), "\(result)")
      }
      #expect(try server.connection().command("DBSIZE").integer == 5)
    }
  }

  @Test(
    "a URI in the place of a pattern is refused, and its password not repeated",
    arguments: [
      "scan", "ttl", "export", "invalidate", "warm",
    ])
  func misplacedURI(command: String) throws {
    let result = try Rediscache.run([command, "redis://user:\(Rediscache.secret)@127.0.0.1:1/0"])
    #expect(result.status == 64 && result.errorText.contains("--uri"), "\(result)")
    #expect(!result.errorText.contains(Rediscache.secret) && result.stdout.isEmpty)
  }
}
