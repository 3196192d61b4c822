import Foundation
import TestHarness
import Testing

/// The commands by way of sentinels, with a real primary and replica behind them.
@Suite(.overlapping) struct SentinelCommandTests {
  /// Runs `scan` once, without trying again.
  private static func scan(_ uri: String, _ arguments: [String] = []) throws -> Command.Result {
    try Rediscache.run(["scan", "-u", uri, "-v", "--retry-for", "0s"] + arguments)
  }

  /// How often a server has run a command.
  private static func calls(_ command: String, of server: RedisServer) throws -> Int {
    try server.commandStats()[command] ?? 0
  }

  /// A sentinel that names one server, whatever it is by now.
  private static func sentinel(naming port: Int) throws -> ScriptedServer {
    try ScriptedServer.replying(on: .loopback) { command in
      command[0] == "SENTINEL"
        ? .array([.bulk(Array("127.0.0.1".utf8)), .bulk(Array(String(port).utf8))])
        : .error("ERR unknown command '\(command[0])'")
    }
  }

  @Test("the primary is found, a replica on request, and the new primary after a failover") func finding()
    throws
  {
    try RedisSentinel.with { made in
      let (first, second) = (made.servers[0], made.servers[1])
      // Two versions: there is something to suggest removing.
      try first.populate(280, prefix: "app:v1:")
      try first.populate(20, prefix: "app:v2:")
      let found = try Self.scan(made.uri())
      #expect(found.status == 0 && found.text.contains("300 keys"), "\(found)")
      #expect(found.errorText.contains("connected to redis://127.0.0.1:\(first.port)/0"), "\(found)")
      // What to run next goes by way of the sentinels too.
      #expect(found.text.contains("--uri \(made.uri())/0"), "\(found)")

      try made.waitForLink()
      try Self.expectReplicaIsRead(made)

      #expect(try made.failover() == 1)
      made.sentinels[0].pause()
      let again = try Self.scan(made.uri(), ["--connect-timeout", "2s"])
      #expect(again.status == 0 && again.text.contains("300 keys"), "\(again)")
      #expect(again.errorText.contains("127.0.0.1:\(second.port)/0"), "\(again)")
      made.sentinels[0].resume()

      try Self.expectNothingIsWrittenToAReplica(made)
      let removal = try Rediscache.run(["invalidate", "-u", made.uri(), "app:*", "--yes"])
      #expect(removal.status == 0, "\(removal)")
      #expect(try second.size() == 0)
    }
  }

  private static func expectReplicaIsRead(_ made: RedisSentinel) throws {
    let (primary, replica) = (made.servers[0], made.servers[1])
    let places = [
      ["-u", made.uri()], ["-p", String(primary.port)], ["-s", primary.socketPath],
      ["-u", "redis://127.0.0.1:\(primary.port),127.0.0.1:1"],
    ]
    for place in places {
      let before = (try calls("scan", of: primary), try calls("scan", of: replica))
      let result = try Rediscache.run(["scan", "--read-from", "replica"] + place)
      #expect(result.status == 0 && result.text.contains("300 keys"), "\(result)")
      #expect(try calls("scan", of: primary) == before.0, "\(place)")
      #expect(try calls("scan", of: replica) > before.1, "\(place)")
      // Looking closer reads the replica as well; removing goes to the primary.
      let next = result.text.split(separator: "\n").filter { $0.contains("rediscache ") }
      #expect(next.contains { $0.contains("rediscache invalidate") } && next.count > 1, "\(result)")
      for line in next {
        #expect(line.contains("--read-from replica") != line.contains("rediscache invalidate"), "\(line)")
      }
    }
  }

  /// One sentinel alone, cut off from the rest, takes the old primary for the primary still.
  private static func expectNothingIsWrittenToAReplica(_ made: RedisSentinel) throws {
    let replica = made.servers[0]
    let stale = try sentinel(naming: replica.port)
    let uri = "redis-sentinel://127.0.0.1:\(stale.port)/main"
    let writes = try replica.writes {
      let commands = [
        ["invalidate", "app:v1:*", "--yes"], ["invalidate", "--bump", "generation", "--yes"],
      ]
      for command in commands {
        let result = try Rediscache.run(
          command + ["-u", uri, "--connect-timeout", "2s", "--retry-for", "0s"])
        #expect(result.status == 75, "\(result)")
        #expect(result.errorText.contains("127.0.0.1:\(replica.port)/0 is not the primary"), "\(result)")
      }
    }
    #expect(!writes.keys.contains { ["unlink", "del", "incr", "scan"].contains($0) }, "\(writes)")
  }

  @Test("sentinels have a password of their own, and never get the server's") func passwords() throws {
    let options = RedisSentinel.Options(password: Rediscache.secret, sentinelPassword: "watch-me")
    try RedisSentinel.with(options) { made in
      try made.servers[0].populate(10, prefix: "app:v1:")
      let folder = try TemporaryFolder()
      let (right, wrong) = (
        try folder.write("right", "watch-me\n".utf8), try folder.write("wrong", "no".utf8)
      )
      for file in [right, wrong] { chmod(file, 0o600) }
      let auth = ["REDISCLI_AUTH": Rediscache.secret]
      let scan = ["scan", "-u", made.uri(), "--retry-for", "0s"]

      let missing = try Rediscache.run(scan, environment: auth)
      #expect(missing.status == 77 && missing.errorText.contains("--sentinel-password-file"), "\(missing)")
      let refused = try Rediscache.run(scan + ["--sentinel-password-file", wrong], environment: auth)
      #expect(refused.status == 77 && refused.errorText.contains("--sentinel-user"), "\(refused)")

      let given = try Rediscache.run(scan + ["--sentinel-password-file", right], environment: auth)
      #expect(given.status == 0 && given.text.contains("10 keys"), "\(given)")
      #expect(given.text.contains("--sentinel-password-file \(right)"), "\(given)")
      let both = auth.merging(["REDISCACHE_SENTINEL_AUTH": "watch-me"]) { $1 }
      #expect(try Rediscache.run(scan, environment: both).status == 0)
      let server = try Rediscache.run(scan, environment: ["REDISCACHE_SENTINEL_AUTH": "watch-me"])
      #expect(server.status == 77 && server.errorText.contains("--password-file"), "\(server)")

      try folder.writeConfiguration(
        """
        [profile.prod]
        uri = "\(made.uri())"
        sentinel-password-file = "\(right)"
        read-from = "replica"
        retry-for = "0s"
        """)
      let environment = auth.merging(["XDG_CONFIG_HOME": folder.path]) { $1 }
      let profile = try Rediscache.run(["scan", "-P", "prod", "-v"], environment: environment)
      #expect(profile.status == 0, "\(profile)")
      #expect(profile.errorText.contains("connected to redis://127.0.0.1:\(made.servers[1].port)/0"))
      // Writing goes to the primary, whatever the profile reads.
      let removal = try Rediscache.run(
        ["invalidate", "-P", "prod", "app:*", "--yes"], environment: environment)
      #expect(removal.status == 0, "\(removal)")
      #expect(try made.servers[0].size() == 0)
    }
  }

  @Test("the server's password is not sent to sentinels") func secrecy() throws {
    let sentinel = try Self.sentinel(naming: try RedisServer.freePort())
    let port = sentinel.port
    for place in [
      "redis-sentinel://127.0.0.1:\(port)", "redis-sentinel://:\(Rediscache.secret)@127.0.0.1:\(port)",
    ] {
      let result = try Rediscache.run(
        ["scan", "-u", "\(place)/main", "-v", "--connect-timeout", "2s", "--retry-for", "0s"],
        environment: place.contains("@") ? [:] : ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 69, "\(result)")
    }
    #expect(sentinel.connections > 1 && !sentinel.hasReceived(Rediscache.secret))
    #expect(!sentinel.hasReceived("AUTH"))
  }

  @Test("a name that no sentinel knows is a matter of usage") func unknownName() throws {
    let sentinel = try ScriptedServer.replying(on: .loopback) { command in
      switch command.dropFirst().first {
      case "MASTERS": .array([.array(["name", "cache\u{1B}[2J"].map { .bulk(Array($0.utf8)) })])
      case "GET-MASTER-ADDR-BY-NAME": .null
      default: .error("ERR unknown command")
      }
    }
    let result = try Self.scan("redis-sentinel://127.0.0.1:\(sentinel.port)/mian")
    #expect(result.status == 64 && result.errorText.contains("\"mian\""), "\(result)")
    #expect(result.errorText.contains("they know \"cache") && !result.errorText.contains("\u{1B}[2J"))
  }
}

extension TemporaryFolder {
  /// Writes the configuration that `XDG_CONFIG_HOME` leads to where it names this folder.
  func writeConfiguration(_ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: file("rediscache"), withIntermediateDirectories: true)
    try write("rediscache/config.toml", text.utf8)
  }
}
