import TestHarness
import TestSupport
import Testing

/// On a sick server the first line names the sickness; on a healthy one there is none.
@Suite(.overlapping) struct SickServersTests {
  /// The cache of all these tests, with lines of its own: bounded, evicting, not written to disk.
  private static func with(
    _ lines: [String] = [], tcp: Bool = false, _ body: (RedisServer) throws -> Void
  ) throws {
    let usual = ["maxmemory 64mb", "maxmemory-policy allkeys-lru", "slowlog-log-slower-than -1"]
    try RedisServer.with(RedisServer.Options(tcp: tcp, configuration: usual + lines), body)
  }

  /// Entries of a cache that expire at moments far from each other.
  private static func fill(_ server: RedisServer, _ count: Int, prefix: String = "product:v7:") throws {
    try server.load(
      text: (0..<count).map { ["SET", "\(prefix)\($0)", "value", "EX", String(3_600 + 37 * ($0 % 2_000))] })
  }

  private static func first(
    _ server: RedisServer, _ arguments: [String] = [], interval: String = "200ms", status: Int32 = 0
  ) throws -> DoctorJSON.Finding {
    let report = try DoctorJSON.examine(server, arguments, interval: interval, status: status)
    return try #require(report.findings.first)
  }

  @Test("a healthy cache under load has nothing above a note") func healthy() throws {
    try Self.with { server in
      try Self.fill(server, 4_000)
      let traffic = Traffic(server) { connection in
        for _ in 0..<20 { try connection.command("GET", "product:v7:\(Int.random(in: 0..<4_100))") }
      }
      defer { traffic.end() }
      let report = try DoctorJSON.examine(
        server,
        // Where other tests take the processor, commands are slow for no fault of the server's.
        [
          "--threshold", "hit-ratio.uptime=0s", "--threshold", "thrashing.uptime=0s",
          "--threshold", "latency.warning=1s", "--threshold", "heavy-commands.average=1s",
        ],
        interval: "400ms")
      #expect(report.findings.allSatisfy { $0.severity == "info" }, "\(report.findings)")
      #expect(report.complete && report.checked > 40, "\(report.notChecked)")
    }
  }

  @Test("full with a volatile policy and no TTL") func volatilePolicy() throws {
    try RedisServer.with { server in
      try server.populate(2_000, prefix: "product:v7:", value: String(repeating: "x", count: 1_000))
      let used = try #require(Int(try server.info("memory")["used_memory"] ?? ""))
      try server.cli("CONFIG", "SET", "maxmemory-policy", "volatile-lru")
      try server.cli("CONFIG", "SET", "maxmemory", String(used - 100_000))
      let found = try Self.first(server)
      #expect(found.rule == "refuses-writes" && found.severity == "critical")
      #expect(found.message.contains("volatile-lru may evict only keys with a TTL"), "\(found)")
    }
  }

  @Test("evicting with superseded versions") func superseded() throws {
    try RedisServer.with { server in
      try server.populate(3_000, prefix: "product:v6:", value: String(repeating: "x", count: 1_000))
      try Self.fill(server, 300)
      let used = try #require(Int(try server.info("memory")["used_memory"] ?? ""))
      try server.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
      try server.cli("CONFIG", "SET", "maxmemory", String(used))
      let traffic = Traffic(server) { connection in
        try connection.command(
          "SET", "product:v7:\(Int.random(in: 300..<9_000))", String(repeating: "y", count: 2_000), "EX",
          String(Int.random(in: 3_600..<90_000)))
      }
      defer { traffic.end() }
      let found = try Self.first(server, interval: "400ms")
      #expect(found.rule == "evicting" && found.severity == "warning", "\(found)")
      #expect(found.why?.contains("product v6 is superseded by v7") == true, "\(found)")
      #expect(found.command?.contains("invalidate") == true && found.command?.contains("--dry-run") == true)
    }
  }

  @Test("KEYS in a loop") func keysLoop() throws {
    try Self.with { server in
      try Self.fill(server, 20_000)
      let traffic = Traffic(server) { connection in try connection.command("KEYS", "nothing:*") }
      defer { traffic.end() }
      let found = try Self.first(server, ["--quick"])
      #expect(found.rule == "keys-command" && found.severity == "critical", "\(found)")
    }
  }

  @Test("values of 2 MB") func bigValues() throws {
    try Self.with { server in
      try Self.fill(server, 500)
      let value = String(repeating: "x", count: 2_000_000)
      try server.load(text: (0..<3).map { ["SET", "product:v7:whole:\($0)", value, "EX", "\(5_000 + $0)"] })
      let found = try Self.first(server)
      #expect(found.rule == "big-key" && found.message.contains("key product:v7:whole:"), "\(found)")
    }
  }

  @Test("a connection for every command") func churn() throws {
    try Self.with { server in
      let socket = server.socketPath
      let traffic = Traffic(server) { _ in try RawConnection(to: .unix(socket)).command("GET", "a") }
      defer { traffic.end() }
      let found = try Self.first(server, ["--quick"], interval: "400ms")
      #expect(found.rule == "connection-churn" && found.severity != "info", "\(found)")
    }
  }

  @Test("the last save failed") func save() throws {
    try Self.with(["enable-protected-configs local"]) { server in
      try server.cli("SET", "a", "1", "EX", "9000")
      try server.cli("CONFIG", "SET", "save", "3600 1")
      // No file can be made there.
      try server.cli("CONFIG", "SET", "dir", "/proc")
      try server.cli("BGSAVE")
      try Wait.for("the save to fail") {
        try server.info("persistence")["rdb_last_bgsave_status"] == "err"
      }
      let found = try Self.first(server, ["--quick"])
      #expect(found.rule == "last-save-failed" && found.severity == "critical", "\(found)")
    }
  }

  @Test("a wave in ten minutes") func wave() throws {
    try Self.with { server in
      try Self.fill(server, 2_000)
      try server.load(text: (0..<1_500).map { ["SET", "product:v7:hot:\($0)", "value", "EX", "600"] })
      let found = try Self.first(server)
      #expect(found.rule == "expiry-wave" && found.message.contains("wave at"), "\(found)")
    }
  }

  @Test("a hit ratio of 40 %") func ratio() throws {
    try Self.with { server in
      try Self.fill(server, 500)
      try server.load(
        text: Array(repeating: ["GET", "product:v7:1"], count: 800)
          + Array(repeating: ["GET", "product:v7:none"], count: 1_200))
      let mature = ["--quick", "--threshold", "hit-ratio.uptime=0s"]
      let found = try Self.first(server, mature)
      #expect(found.rule == "hit-ratio" && found.severity == "critical", "\(found)")
      #expect(found.message.hasPrefix("hit ratio 40.0 %"), "\(found)")
      // A young server is not judged, and that is said.
      let young = try DoctorJSON.examine(server, ["--quick"])
      #expect(young.found("hit-ratio").isEmpty && young.notChecked.contains { $0.rule == "hit-ratio" })
    }
  }

  @Test("no password on a public bind") func password() throws {
    try Self.with(["protected-mode no", "bind 0.0.0.0"], tcp: true) { server in
      let found = try Self.first(server, ["--quick"])
      #expect(found.rule == "no-password" && found.severity == "critical", "\(found)")
      #expect(found.message.contains("listens at every address"), "\(found)")
      // A user with a password does not close the door for others.
      try server.cli("ACL", "SETUSER", "ops", "on", ">\(Rediscache.secret)", "+@all", "~*")
      let named = try Rediscache.run(
        ["doctor", "-s", server.socketPath, "--json", "--only", "no-password", "--user", "ops"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(try DoctorJSON(named.stdout).found("no-password").count == 1, "\(named)")
      try server.cli("CONFIG", "SET", "protected-mode", "yes")
      #expect(try DoctorJSON.examine(server, ["--quick"]).found("no-password").isEmpty)
    }
  }

  @Test("a replica that lags") func lag() throws {
    try Self.with([], tcp: true) { primary in
      try Self.with(["replicaof 127.0.0.1 \(primary.port)"]) { replica in
        try Wait.for("the replica to follow") {
          try primary.info("replication")["slave0"]?.contains("state=online") == true
        }
        replica.pause()
        defer { replica.resume() }
        try primary.load(text: (0..<100).map { ["SET", "product:v7:\($0)", "value", "EX", "9000"] })
        try Wait.for("the lag to show") {
          // Valkey says more after the lag.
          let fields = try primary.info("replication")["slave0"]?.split(separator: ",") ?? []
          let lag = fields.first { $0.hasPrefix("lag=") }.flatMap { Int($0.dropFirst(4)) }
          return (lag ?? 0) >= 1
        }
        // Twenty seconds are too long to wait for: one second is judged as they would be.
        let found = try Self.first(
          primary, ["--quick", "--threshold", "replication-lag.critical=1s"])
        #expect(found.rule == "replication-lag" && found.severity == "critical", "\(found)")
      }
    }
  }
}
