import Foundation
import TestHarness
import Testing

/// A password that was typed, or written, where none belongs is not repeated by the error.
@Suite(.overlapping) struct SecrecyMisplacedTests {
  private static let uri = "redis://user:\(Rediscache.secret)@127.0.0.1:1/0"

  @Test(
    "a URI in the wrong place of the command line",
    arguments: [
      [uri], ["help", uri], ["stats", uri], ["stats", uri, "--format", "nagios"], ["scan", "app:*", uri],
      ["scan", "--sort", uri], ["scan", "--sort=\(uri)"], ["scan", "--connect-timeout", uri],
      ["invalidate", "x", "--expect", uri], ["invalidate", "--keys-from", uri, "--yes"],
      ["invalidate", "x", "--keys-from", uri], ["invalidate", "x", "--resume", uri, "--yes"],
      ["warm", "--yes", uri], ["warm", "--yes", "-", "--resume", uri], ["export", "x", "-o", uri],
      ["scan", "-P", uri],
      ["scan", "--password-file", uri], ["scan", "-s", uri], ["scan", "-H", uri],
      ["scan", "-p", uri], ["scan", "--user", uri], ["scan", "--cacert", uri, "--tls"],
      ["scan", "--exlude", uri],
      ["scan", uri, uri], ["scan", "-u", uri, "-u"], ["scan", "-u", uri + "@"], ["scan", "-u", uri + "/x"],
      ["scan", "-u\(uri)", "--db", "x"], ["scan", "--schema", uri], ["scan", "--version-pattern", "[\(uri)"],
      ["stats", "--fail-if", uri], ["stats", "--state", uri, "-p", "1"],
    ])
  func typed(_ arguments: [String]) throws {
    let result = try Rediscache.run(arguments, environment: ["HOME": "/nonexistent"])
    #expect(result.status != 0, "\(result)")
    #expect(!result.stderr.isEmpty)
  }

  @Test(
    "redis-cli's options for passwords",
    arguments: [
      ["-a", Rediscache.secret], ["-a\(Rediscache.secret)"], ["--pass", Rediscache.secret],
      ["--pass=\(Rediscache.secret)"], ["--password", Rediscache.secret], ["--password=\(Rediscache.secret)"],
      ["--auth=\(Rediscache.secret)"], ["--askpass=\(Rediscache.secret)"], ["--askpass", Rediscache.secret],
    ])
  func habits(_ words: [String]) throws {
    for command in ["scan", "stats", "invalidate", "export"] {
      let result = try Rediscache.run([command] + words + ["-p", "1"])
      #expect(result.status == 64, "\(result)")
    }
  }

  @Test(
    "a configuration that cannot be used",
    arguments: [
      "uri = redis://:S@h", "uri = \"redis://:S@h\nhost = 1", "password = \"S\"", "passwort = \"S\"",
      "uri = \"redis://:S@@h\"", "uri = \"redis://:S@h\" trailing", "uri = \"redis://:S@h:99999\"",
      "uri = [\"redis://:S@h\"]", "uri = \"redis://:S/@h\"", "host = \"redis://:S@h\"", "db = \"S\"", "S",
      "uri = \"S\"",
      "uri = 'http://:S@h'", "port = 1\nuri = \"redis://:%zzS@h\"",
    ])
  func profiles(_ lines: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("rediscache"), withIntermediateDirectories: true)
    let text = "[profile.target]\n" + lines.replacing("S", with: Rediscache.secret) + "\n"
    try folder.write("rediscache/config.toml", Array(text.utf8))
    for command in [["scan"], ["stats", "--format", "nagios"], ["warm", "--yes", "-"]] {
      let result = try Rediscache.run(
        command + ["-P", "target"], environment: ["XDG_CONFIG_HOME": folder.path])
      #expect(result.status != 0, "\(result)")
    }
  }

  @Test(
    "variables that cannot be used",
    arguments: [
      "redis://:S@@h", "redis://:S/@h", "S", "http://:S@h", "redis://:S@h:99999", "redis://:S@h/x",
      "redis://S@",
      "unix://:S@", "redis://user:S %@h", "redis:S@h",
    ])
  func variables(_ value: String) throws {
    for name in ["REDISCACHE_URI", "REDIS_URL"] {
      let uri = value.replacing("S", with: Rediscache.secret)
      let result = try Rediscache.run(["scan", "-v"], environment: [name: uri])
      #expect(result.status != 0, "\(result)")
    }
  }
}
