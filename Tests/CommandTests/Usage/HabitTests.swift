import Foundation
import TestHarness
import TestSupport
import Testing

@testable import rediscache

/// What people type by habit, from redis-cli and elsewhere, is met with what does the same here.
@Suite(.overlapping) struct HabitTests {
  /// Words that are typed, and what the answer must say.
  struct Row: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let words: [String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ line: String, _ words: String...) {
      arguments = line.split(separator: " ").map(String.init)
      self.words = words
    }
  }

  @Test(
    "a habit is explained, and nothing is run",
    arguments: [
      Row("scan -h 127.0.0.1", "-h shows help", "rediscache scan -H 127.0.0.1"),
      Row("stats -h cache-1 -p 6380", "-H cache-1"), Row("-h localhost scan", "rediscache scan -H localhost"),
      Row("-h localhost:6380", "-H localhost -p 6380"),
      Row("scan -a x", "no option -a", "--askpass", "--password-file"),
      Row("scan --pass x", "no option --pass", "--askpass"),
      Row("ttl -k", "no option -k", "--insecure", "--key"),
      Row("scan --bigkeys", "--big 20"), Row("scan --pattern x", "the pattern is an argument"),
      Row("stats -c", "--node-only"), Row("keys", "scan --list"), Row("KEYS *", "scan --list"),
      Row("delete x", "invalidate"), Row("del x", "invalidate"), Row("FLUSHALL", "invalidate"),
      Row("info", "rediscache stats"), Row("dump", "rediscache export"), Row("restore x", "rediscache warm"),
      Row("cache-1:6379", "rediscache scan -H cache-1 -p 6379"),
      Row(
        "scan localhost:6399", "localhost:6399 is an address", "-H localhost -p 6399", "'localhost\\x3a6399'"),
      Row("ttl 10.0.0.1:6379", "-H 10.0.0.1 -p 6379"), Row("stats localhost:1", "-H localhost -p 1"),
      Row("invalidate redis:6379 --yes", "-H redis -p 6379"),
      Row("export [::1]:6379 -o x", "-H '[::1]' -p 6379"),
      Row("scan -o json", "--output takes a file", "--format json", "./json"),
      Row("stats --output nagios", "--format nagios"),
      Row("scan -P prod -P test", "--profile (-P) is given twice", "run once for each"),
      Row("scan -H a --host=b", "--host (-H) is given twice"),
      Row("invalidate --key-version v1 --key-version v2", "--key-version is given twice"),
      Row("stats --state - -p 1", "--state needs a file of its own"),
      Row("invalidate -lead --yes", "say which keys", "behind two: -- -lead"),
      Row("invalidate -lead:* --yes", "behind two: -- '-lead:*'"), Row("scan -lead", "behind two: -- -lead"),
      Row("invalidate x --backup - --yes -p 1", "--backup needs a file of its own"),
      Row("invalidate x --journal - --yes -p 1", "--journal needs a file of its own"),
    ])
  func explained(_ row: Row) throws {
    let folder = try TemporaryFolder()
    var command = Rediscache.command(row.arguments)
    command.directory = folder.path
    let result = try command.run()
    #expect(result.status == 64 && result.stdout.isEmpty, "\(result)")
    for word in row.words { #expect(result.errorText.contains(word), "\(word): \(result)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(
    "what may be a key or a file is one",
    arguments: [
      "user:6379", "user:42", "app:v2:user:1", "10.0.0.1:443", "a.b:c", "localhost", "localhost:x", "x:0",
    ])
  func names(_ word: String) { #expect(TypedAddress(word) == nil) }

  @Test("a check of Nagios learns of a slip in its own way") func nagios() throws {
    let result = try Rediscache.run(["stats", "--format", "nagios", "-h", "cache-1"])
    #expect(result.status == 3 && result.text.hasPrefix("REDISCACHE UNKNOWN"), "\(result)")
  }

  @Test("- is standard output, and no file") func dash() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      for arguments in [["scan", "--json"], ["scan", "--list"], ["stats"], ["ttl"], ["export"]] {
        var command = Rediscache.command(arguments + ["-s", server.socketPath, "-o", "-"])
        command.directory = folder.path
        let result = try command.run()
        #expect(result.status == 0, "\(result)")
        if arguments != ["export"], arguments != ["scan", "--list"] {
          #expect(!result.stdout.isEmpty, "\(result)")
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("a leftover password is named as what it is") func leftover() throws {
    try RedisServer.with { open in
      try RedisServer.with(RedisServer.Options(configuration: ["requirepass other"])) { closed in
        for (server, words) in [(open, "has no password set"), (closed, "refused the user or password")] {
          let cases: [(options: [String], variables: [String: String], name: String)] = [
            (["-s", server.socketPath], ["REDISCLI_AUTH": Rediscache.secret], "REDISCLI_AUTH"),
            (["-s", server.socketPath], ["VALKEYCLI_AUTH": Rediscache.secret], "VALKEYCLI_AUTH"),
            ([], ["REDIS_URL": "unix://:\(Rediscache.secret)@\(server.socketPath)"], "REDIS_URL"),
          ]
          for (options, variables, name) in cases {
            let result = try Rediscache.run(["stats"] + options, environment: variables)
            #expect(result.status == 77 && result.errorText.contains(words), "\(result)")
            #expect(result.errorText.contains("came from the environment variable \(name)"), "\(result)")
          }
          let typed = try Rediscache.run(["stats", "-u", "unix://:\(Rediscache.secret)@\(server.socketPath)"])
          #expect(typed.status == 77 && !typed.errorText.contains("environment variable"), "\(typed)")
        }
      }
    }
  }

  @Test("where no address was given, the ways to give one are named") func unplaced() throws {
    let folder = try TemporaryFolder()
    let environment = try folder.configure("bare", ["db = 1", "connect-timeout = \"1s\""])
    // A server of this machine may listen at the default port; then there is nothing to see.
    let bare = try Rediscache.run(["stats"])
    if bare.status != 0 {
      #expect(bare.status == 69 && bare.errorText.contains("no address was given"), "\(bare)")
      #expect(bare.errorText.contains("-s") && bare.errorText.contains("REDIS_URL"), "\(bare)")
      let profile = try Rediscache.run(["stats", "-P", "bare"], environment: environment)
      #expect(profile.errorText.contains("the profile bare names no uri, host or socket"), "\(profile)")
    }
    let placed = try Rediscache.run(["stats", "-p", "1"])
    #expect(placed.status == 69 && !placed.errorText.contains("no address was given"), "\(placed)")
  }
}
