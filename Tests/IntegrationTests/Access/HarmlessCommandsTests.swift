import RedisClient
import TestHarness
import Testing

/// Scanning must leave no trace but connections.
@Suite(.overlapping) struct HarmlessCommandsTests {
  /// Every way to scan that sends commands of its own.
  static let variants: [[String]] = [
    [], ["--exact"], ["--sample", "10"], ["--idle"], ["--big", "3"], ["--depth", "2"],
    ["--by", "namespace"], ["--by", "entity"], ["--by", "template"], ["--by", "type"], ["--by", "node"],
    ["--list"], ["--list", "--print0"], ["--list", "--format", "csv"],
    ["--list", "--format", "jsonl", "--idle"], ["--superseded"], ["--superseded", "--list"],
    ["--no-ttl"], ["--no-ttl", "--list"], ["--ttl-below", "1h"], ["--ttl-above", "1m"],
    ["--larger-than", "1KB", "--list"], ["--idle-above", "1s"], ["--type", "hash"],
    ["--namespace", "app"], ["--key-version", "<v2"], ["app:*", "--exclude", "*:1*"],
    ["--all-dbs"], ["-n", "3"], ["--schema", "django"], ["--pace", "gentle"], ["--pace", "full"],
    ["--count", "7"], ["--rate", "100000"], ["--json"], ["--format", "jsonl"], ["--format", "csv"],
    ["--node-only"], ["--fail-on", "critical"],
  ]

  static let allowed: Set = [
    "scan", "pttl", "memory|usage", "type", "object|idletime", "info", "time", "hello", "auth", "select",
    "client|setname", "client|no-touch",
  ]

  @Test("no variant of scan sends a command that writes, nor KEYS") func commands() throws {
    try RedisServer.with(Self.server) { server in
      try Self.load(server)
      let before = try Self.state(of: server)
      try server.cli("CONFIG", "RESETSTAT")
      let own = try Set(server.commandStats().keys)
      for variant in Self.variants {
        let result = try Rediscache.scan(server, variant)
        #expect(result.status == 0, "\(variant): \(result)")
      }
      let sent = try Set(server.commandStats().keys).subtracting(own).subtracting(Self.allowed)
      // The harness itself asks for the statistics.
      #expect(sent.subtracting(["info"]).isEmpty, "\(sent)")
      #expect(try server.commandStats()["scan"] ?? 0 >= Self.variants.count)
      #expect(try Self.state(of: server) == before)
    }
  }

  @Test("inspecting keys sends what reads only") func inspecting() throws {
    let reading: Set = [
      "object|encoding", "object|freq", "strlen", "hlen", "llen", "scard", "zcard", "xlen", "getrange",
      "hscan",
      "lrange", "sscan", "zrange", "xrange", "sismember", "zscore",
    ]
    try RedisServer.with(Self.server) { server in
      try Self.load(server)
      try server.load(text: [
        ["RPUSH", "l", "a"], ["SADD", "tag:s", "l"], ["ZADD", "tag:z:entries", "1", "l"],
        ["XADD", "x", "1-1", "f", "v"],
      ])
      let before = try Self.state(of: server)
      try server.cli("CONFIG", "RESETSTAT")
      let own = try Set(server.commandStats().keys)
      let keys = ["app:v1:user:1", "session:1", "l", "tag:s", "tag:z:entries", "x", "absent"]
      for options in [[], ["--value"], ["--tag-key", "tag:{tag}"], ["--json", "--value"]] {
        let result = try Rediscache.run(["inspect", "-s", server.socketPath] + keys + options)
        #expect(result.status == 0, "\(result)")
      }
      let sent = try Set(server.commandStats().keys).subtracting(own).subtracting(Self.allowed)
      #expect(sent.subtracting(["info"]).subtracting(reading).isEmpty, "\(sent)")
      #expect(sent.isSuperset(of: ["strlen", "getrange", "sismember"]), "\(sent)")
      #expect(try Self.state(of: server) == before)
    }
  }

  @Test("a doctor asks, and changes nothing") func examining() throws {
    let asking: Set = ["config|get", "client|list", "slowlog|get", "latency|latest", "latency|histogram"]
    try RedisServer.with(Self.server) { server in
      try Self.load(server)
      let before = try Self.state(of: server)
      try server.cli("CONFIG", "RESETSTAT")
      let own = try Set(server.commandStats().keys)
      for options in [[], ["--quick"], ["--format", "prometheus"], ["--only", "big-key"]] {
        let result = try Rediscache.run(
          ["doctor", "-s", server.socketPath, "--interval", "100ms"] + options)
        #expect(result.status == 0, "\(result)")
      }
      let sent = try Set(server.commandStats().keys).subtracting(own).subtracting(Self.allowed)
      #expect(sent.subtracting(asking).subtracting(["info"]).isEmpty, "\(sent)")
      #expect(sent.isSuperset(of: asking), "\(sent)")
      #expect(try Self.state(of: server) == before)
    }
  }

  @Test("a database that does not exist is explained with CONFIG GET alone") func databaseLimit() throws {
    try RedisServer.with { server in
      try server.cli("CONFIG", "RESETSTAT")
      #expect(try Rediscache.scan(server, ["-n", "99"]).status == 64)
      let sent = try Set(server.commandStats().keys).subtracting(Self.allowed)
      #expect(sent.subtracting(["config|resetstat"]) == ["config|get"])
    }
  }

  @Test("the times since the last use stay as they were") func idleTimes() async throws {
    try await RedisServer.with { server in
      try server.populate(500, prefix: "app:v1:", ttl: 9_000)
      let loaded = ContinuousClock.now
      // The server counts idle time in whole seconds.
      try await Task.sleep(until: loaded + .milliseconds(2_200), clock: .continuous)
      for variant in [
        ["--exact", "--idle"], ["--big", "5"], ["--by", "type"], ["--list", "--format", "csv"],
      ] {
        #expect(try Rediscache.scan(server, variant).status == 0)
      }
      let replies = try server.pipeline(
        (0..<500).map { index in
          ["OBJECT", "IDLETIME", "app:v1:\(index)"].map { Array($0.utf8) }
        })
      #expect(replies.allSatisfy { ($0.integer ?? 0) >= 2 })
    }
  }

  private static let server = RedisServer.Options(configuration: ["enable-debug-command local"])

  private static func load(_ server: RedisServer) throws {
    try server.populate(600, prefix: "app:v1:user:")
    try server.populate(900, prefix: "app:v2:user:", ttl: 5_000)
    try server.load(text: (0..<200).map { ["HSET", "session:\($0)", "name", "value"] })
    try server.load(text: [["SET", "big:1", String(repeating: "x", count: 5_000)]])
    try server.load(text: (0..<50).map { ["SET", "other:\($0)", "value"] }, database: 3)
  }

  private static func state(of server: RedisServer) throws -> [String] {
    [try server.cli("DBSIZE"), try server.cli("-n", "3", "DBSIZE"), try server.cli("DEBUG", "DIGEST")]
  }
}
