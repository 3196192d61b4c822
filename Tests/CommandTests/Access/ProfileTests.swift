import Foundation
import TestHarness
import Testing

/// Named targets of the configuration file.
@Suite(.overlapping) struct ProfileTests {
  /// A folder with a configuration; it goes with the last reference to it.
  private struct Configuration {
    let folder: TemporaryFolder

    init(_ text: String) throws {
      folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder.file("rediscache"), withIntermediateDirectories: false)
      try folder.write("rediscache/config.toml", text.utf8)
    }

    /// Runs the tool with the configuration.
    func run(_ arguments: [String]) throws -> Command.Result {
      try Rediscache.run(arguments, environment: ["XDG_CONFIG_HOME": folder.path])
    }

    /// Moves it to where it stands without XDG_CONFIG_HOME, and returns the home folder.
    func moveHome() throws -> String {
      let files = FileManager.default
      try files.createDirectory(atPath: folder.file(".config"), withIntermediateDirectories: false)
      try files.moveItem(atPath: folder.file("rediscache"), toPath: folder.file(".config/rediscache"))
      return folder.path
    }
  }

  @Test("a profile names the server, and reports name the profile") func profile() throws {
    try RedisServer.with(RedisServer.Options(configuration: ["requirepass \(Rediscache.secret)"])) { server in
      let configuration = try Configuration(
        """
        [profile.prod]
        socket = "\(server.socketPath)"
        db = 2
        password-file = "\(server.folder)/secret"
        timeout = "3s"
        protected = true
        """)
      let secret = "\(server.folder)/secret"
      try Data(Rediscache.secret.utf8).write(to: URL(fileURLWithPath: secret))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
      let table = try configuration.run(["scan", "-P", "prod"])
      #expect(
        table.status == 0 && table.text.hasPrefix("prod  unix://\(server.socketPath)?db=2  "), "\(table)")
      #expect(!table.errorText.contains("warning"))

      // The configuration stands under HOME too, and an option wins over it.
      let home = try configuration.moveHome()
      let json = try Rediscache.run(
        ["scan", "-P", "prod", "-n", "5", "--json"], environment: ["HOME": home])
      #expect(json.status == 0, "\(json)")
      let target = try #require(try json.json()["target"] as? [String: Any])
      #expect((target["uri"] as? String)?.hasSuffix("?db=5") == true)
    }
  }

  /// A configuration, and the words of the answer to `-P prod`.
  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    let words: [String]
    var testDescription: String { words.joined(separator: ", ") }

    init(_ text: String, _ words: String...) {
      self.text = text
      self.words = words
    }
  }

  /// Freed table by table, this key overflows the stack.
  private static let deepKey = Array(repeating: "a", count: 200_000).joined(separator: ".")

  @Test(
    "a configuration that cannot be meant is refused by file, profile and key",
    arguments: [
      Row("[profile.prod]\nhots = \"cache\"", "prod", "hots", "did you mean host?"),
      Row("[profile.prod]\ndatabase = 1", "prod", "database", "no such setting"),
      Row("[profile.prod]\npassword = \"\(Rediscache.secret)\"", "password", "password-file"),
      Row("[profile.prod]\ndb = \"one\"", "db", "number"),
      Row("[profile.prod]\ntls = \"yes\"", "tls", "true or false"),
      Row("[profile.prod]\ntimeout = \"10\"", "timeout", "needs a unit"),
      Row("[profile.prod]\nport = 70000", "prod", "70000", "1 to 65535"),
      Row("[profile.prod]\nuri = \"redis://:\(Rediscache.secret)@a@b\"", "prod", "uri", "%40"),
      Row("[profile.prod]\nuser = \"audit\"", "audit", "without a password"),
      Row("[profile.prod]\npassword-file = \"\(Rediscache.secret)", "TOML"),
      Row("[profile.prod]\nhost = 1\nhost = 2", "TOML", "redefine", "line 3, column 8"),
      Row("[profile.prod]\n\(deepKey) = 1", "TOML", "more than 256 dots in a line", "line 2, column 514"),
      Row("[profile.staging]\n[profile.test]", "prod", "it has staging, test"),
      Row("", "prod", "no profiles"),
      Row("profile = 3", "prod", "no profiles"),
    ])
  func refused(_ row: Row) throws {
    let configuration = try Configuration(row.text)
    let result = try configuration.run(["scan", "-P", "prod"])
    #expect(result.status == 78 && result.stdout.isEmpty, "\(result)")
    for word in row.words {
      #expect(result.errorText.contains(word), "\(word): \(result)")
    }
  }

  @Test("nobody who names no profile is troubled by the configuration") func unused() throws {
    let configuration = try Configuration("this is no TOML")
    try RedisServer.with { server in
      let result = try configuration.run(["scan", "-s", server.socketPath])
      #expect(result.status == 0, "\(result)")
    }
  }
}
