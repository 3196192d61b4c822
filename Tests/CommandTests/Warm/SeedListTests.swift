import Foundation
import TestHarness
import Testing

/// Several seeds, and the options that say which server is read, and how often it is tried.
@Suite(.overlapping) struct SeedListTests {
  @Test("a seed that is down leads to the next; when all are, each is named") func seeds() throws {
    try RedisServer.with(RedisServer.Options(tcp: true)) { server in
      try server.populate(20, prefix: "app:v1:")
      let dead = [try RedisServer.freePort(), try RedisServer.freePort()]
      let uri = "redis://127.0.0.1:\(dead[0]),127.0.0.1:\(server.port)/0"
      let result = try Rediscache.run(["scan", "-u", uri, "-v"])
      #expect(result.status == 0 && result.text.contains("20 keys"), "\(result)")
      #expect(result.errorText.contains("connected to redis://127.0.0.1:\(server.port)/0"), "\(result)")
      #expect(result.text.contains("--uri \(uri)"), "\(result)")
      let environment = try Rediscache.run(["scan", "-n", "0"], environment: ["REDISCACHE_URI": uri])
      #expect(environment.status == 0, "\(environment)")

      let none = try Rediscache.run(
        ["scan", "-u", "redis://127.0.0.1:\(dead[0]),127.0.0.1:\(dead[1])", "--retry-for", "0s"])
      #expect(none.status == 69 && none.stdout.isEmpty, "\(none)")
      for port in dead {
        #expect(none.errorText.contains("127.0.0.1:\(port)/0: Connection refused"), "\(none)")
      }
    }
  }

  @Test("a wrong password ends the search at the first seed") func wrongPassword() throws {
    let options = RedisServer.Options(
      tcp: true, configuration: ["requirepass other"], login: .init("default", "other"))
    try RedisServer.with(options) { server in
      let next = try ScriptedServer.silent(on: .loopback)
      let uri = "redis://:\(Rediscache.secret)@127.0.0.1:\(server.port),127.0.0.1:\(next.port)"
      let result = try Rediscache.run(["scan", "-u", uri])
      #expect(result.status == 77 && next.connections == 0, "\(result)")
    }
  }

  @Test("where there is no replica, none is read") func noReplica() throws {
    try RedisServer.with { server in
      let result = try Rediscache.scan(server, ["--read-from", "replica", "--retry-for", "0s"])
      #expect(result.status == 69 && result.stdout.isEmpty, "\(result)")
      #expect(result.errorText.contains("no replica") && result.errorText.contains("--read-from primary"))
      #expect(try Rediscache.scan(server, ["--read-from", "primary"]).status == 0)
    }
  }

  @Test(
    "commands that write refuse to do it to a replica",
    arguments: [
      ["invalidate", "app:*", "--yes"], ["invalidate", "app:*", "--dry-run"],
      ["invalidate", "--bump", "generation", "--yes"], ["warm", "--yes", "-"],
    ])
  func refusal(_ arguments: [String]) throws {
    let server = try ScriptedServer.silent()
    let result = try Rediscache.run(arguments + ["-s", server.socketPath, "--read-from", "replica"])
    #expect(result.status == 64 && result.errorText.contains("--read-from replica is for"), "\(result)")
    #expect(server.connections == 0)
  }

  /// Arguments that cannot be meant, and the words of the answer.
  static let refused: [([String], [String])] = [
    (["--read-from", "secondary"], ["--read-from", "primary", "replica"]),
    (["--max-connections", "0"], ["--max-connections", "from 1 to 1000"]),
    (["--max-connections", "1001"], ["--max-connections", "from 1 to 1000"]),
    (["--retry-for", "30"], ["--retry-for", "needs a unit"]),
    (["--sentinel-user", "watch"], ["--sentinel-user", "no sentinels"]),
    (["-u", "redis-sentinel://cache"], ["name of the primary", "/NAME"]),
    (["-u", "redis-sentinel://cache/main/first"], ["database"]),
    (["-u", "redis-sentinel://:\(Rediscache.secret)/main"], ["port", "not valid"]),
    (["-u", "redis://a,,b"], ["list of the URI is empty"]),
    (["-u", "redis://a,b", "-p", "1"], ["--uri and --port"]),
    (["redis-sentinel://:\(Rediscache.secret)@cache/main"], ["a URI is in the place of a pattern"]),
    (["valkeys-sentinel://:\(Rediscache.secret)@cache/main"], ["a URI is in the place of a pattern"]),
  ]

  @Test("arguments that cannot be meant are refused by name", arguments: refused)
  func badInput(_ arguments: [String], _ words: [String]) throws {
    let result = try Rediscache.run(["scan"] + arguments)
    #expect(result.status == 64 && result.stdout.isEmpty, "\(result)")
    for word in words { #expect(result.errorText.contains(word), "\(word) is not in: \(result)") }
  }

  @Test(
    "the same in a profile is a matter of configuration",
    arguments: [
      ("read-from = \"both\"", "primary or replica"), ("max-connections = 0", "from 1 to 1000"),
      ("retry-for = \"30\"", "needs a unit"), ("sentinel-user = \"watch\"", "no sentinels"),
      ("sentinel-password = \"\(Rediscache.secret)\"", "sentinel-password-file"),
      ("retryfor = \"30s\"", "did you mean retry-for?"),
    ])
  func badProfile(_ line: String, _ words: String) throws {
    let folder = try TemporaryFolder()
    try folder.writeConfiguration("[profile.prod]\nhost = \"cache\"\n\(line)")
    let result = try Rediscache.run(["scan", "-P", "prod"], environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(result.status == 78 && result.errorText.contains(words), "\(result)")
  }

  @Test("what to run next keeps the options of the connection") func context() throws {
    try RedisServer.with { server in
      try server.populate(20, prefix: "app:v1:")
      let options = ["--max-connections", "5", "--retry-for", "1m30s", "--read-from", "primary"]
      let result = try Rediscache.scan(server, options)
      #expect(result.status == 0, "\(result)")
      for pair in ["--max-connections 5", "--retry-for 1m30s", "--read-from primary"] {
        #expect(result.text.contains(pair), "\(pair): \(result)")
      }
    }
  }
}
