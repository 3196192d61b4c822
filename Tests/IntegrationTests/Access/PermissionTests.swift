import TestHarness
import Testing

/// Users with few rights, and servers that lack commands.
@Suite(.overlapping) struct PermissionTests {
  /// The rights that the documentation asks for.
  private static let rights = [
    "+scan", "+pttl", "+memory|usage", "+type", "+info", "+time", "+hello", "+client|setname",
    "+client|no-touch",
    "+select",
  ]

  /// Makes a user, leaving out what this server does not know (CLIENT NO-TOUCH came with 7.2).
  private static func makeUser(_ server: RedisServer, _ rights: [String], keys: String = "~*") throws {
    try server.cli("ACL", "SETUSER", "audit", "on", ">\(Rediscache.secret)", "resetkeys", keys, "-@all")
    for right in rights {
      let reply = try server.connection().command("ACL", "SETUSER", "audit", right)
      #expect(reply.errorText == nil || right == "+client|no-touch", "\(right): \(reply)")
    }
  }

  private static let login = ["REDISCLI_AUTH": Rediscache.secret]

  @Test("the rights that are asked for suffice") func sufficientRights() throws {
    try RedisServer.with { server in
      try Self.makeUser(server, Self.rights)
      try server.populate(300, prefix: "app:v1:", ttl: 900)
      try server.populate(20, prefix: "plain", ttl: 900)
      for variant in [["--exact"], ["--sample", "5"], ["--big", "2"], ["--by", "type"]] {
        let report = try Rediscache.report(server, ["--user", "audit"] + variant, environment: Self.login)
        #expect(report.complete && report.totals.keys == 320 && report.warnings.isEmpty, "\(report.warnings)")
        #expect(report.totals.memoryBytes ?? 0 > 0)
      }
      let other = try Rediscache.report(server, ["--user", "audit", "-n", "2"], environment: Self.login)
      #expect(other.totals.keys == 0)
    }
  }

  @Test("keys that may not be read are counted, told, and make the run partial") func forbiddenKeys() throws {
    try RedisServer.with { server in
      try Self.makeUser(server, Self.rights, keys: "~app:*")
      try server.populate(40, prefix: "app:v1:", ttl: 900)
      try server.populate(25, prefix: "secret:v1:")
      let report = try Rediscache.report(
        server, ["--user", "audit"], status: 1, environment: Self.login)
      #expect(!report.complete)
      #expect(report.group("app", "v1")?.keys == 40)
      #expect(report.group("secret", "v1")?.keys == 25)
      #expect(report.coverage.keysSeen == 65 && report.coverage.keysMeasured == 40)
      #expect(report.warns("25 keys") && report.warns("could not be measured"), "\(report.warnings)")
      #expect(report.warns("ACL SETUSER audit"))
    }
  }

  @Test("without MEMORY the bytes are null and the reason is told") func missingMemory() throws {
    try RedisServer.with { server in
      try Self.makeUser(server, Self.rights.filter { !$0.contains("memory") })
      try server.populate(30, prefix: "app:v1:", ttl: 900)
      let report = try Rediscache.report(server, ["--user", "audit"], environment: Self.login)
      #expect(report.totals.keys == 30 && report.totals.memoryBytes == nil)
      #expect(report.group("app", "v1")?.ttlSeconds != nil)
      #expect(report.warns("+memory|usage"), "\(report.warnings)")
    }
  }

  @Test("without SCAN the run ends with the rule that would suffice") func missingScan() throws {
    try RedisServer.with { server in
      try Self.makeUser(server, Self.rights.filter { $0 != "+scan" })
      let result = try Rediscache.scan(server, ["--user", "audit"], environment: Self.login)
      #expect(result.status == 77)
      #expect(result.errorText.contains("ACL SETUSER audit +scan"))
    }
  }

  @Test("what a provider has renamed away is not available, and the rest is reported") func renamed() throws {
    let gone = ["CONFIG", "OBJECT", "MEMORY", "INFO", "CLIENT", "HELLO", "TIME"]
    let options = RedisServer.Options(configuration: gone.map { "rename-command \($0) \"\"" })
    try RedisServer.with(options) { server in
      try server.populate(50, prefix: "app:v1:", ttl: 900)
      try server.load(text: [["SET", "app:v2:1", "value"]])
      let report = try Rediscache.report(server, ["--idle"])
      #expect(report.totals.keys == 51 && report.totals.withoutTtl == 1)
      #expect(report.totals.memoryBytes == nil)
      #expect(report.target.server == nil)
      for word in [
        "MEMORY USAGE is not available", "OBJECT IDLETIME is not available", "INFO is not available",
      ] {
        #expect(report.warns(word), "\(word): \(report.warnings)")
      }
      let table = try Rediscache.scan(server)
      #expect(table.status == 0 && table.text.contains("app"))
      #expect(table.errorText.contains("MEMORY USAGE is not available"))
      #expect(try Rediscache.scan(server, ["-n", "99"]).errorText.contains("fewer databases"))
    }
  }

  @Test("without PTTL nothing is said of times to live") func missingPTTL() throws {
    let options = RedisServer.Options(configuration: ["rename-command PTTL \"\""])
    try RedisServer.with(options) { server in
      try server.populate(50, prefix: "app:v1:", ttl: 900)
      let report = try Rediscache.report(server, status: 1)
      #expect(report.totals.withoutTtl == nil && report.totals.ttlSeconds == nil)
      #expect(!report.complete && report.totals.keys == 50 && report.totals.unmeasured == 50)
      #expect(report.warns("PTTL is not available"))
      #expect(!report.findings.contains { $0.id == "no-ttl" })
      let table = try Rediscache.scan(server, ["--fail-on", "info"])
      #expect(
        table.status == 1 && table.text.contains("INCOMPLETE: 50 keys counted, none could be measured."))
      #expect(table.text.contains("not all checked for problems"), "\(table)")
      // One code for what the server lacks, whichever verb needs it.
      let folder = try TemporaryFolder()
      let seed = folder.file("seed.jsonl")
      for arguments in [
        ["ttl"], ["scan", "--no-ttl"], ["export", "-o", seed], ["invalidate", "app:*", "--no-ttl", "--yes"],
        ["invalidate", "app:*", "--expire-within", "5s", "--yes"],
        ["invalidate", "app:*", "--yes", "--backup", seed + ".backup"],
      ] {
        let result = try Rediscache.run(arguments + ["-s", server.socketPath])
        #expect(result.status == 69 && result.errorText.contains("PTTL"), "\(arguments): \(result)")
        #expect(!result.errorText.contains("to resume"), "\(result)")
      }
      #expect(try server.size() == 50)
    }
  }

  @Test("an LFU server keeps no idle times, and that is said once") func idleUnderLFU() throws {
    try RedisServer.with(RedisServer.Options(configuration: ["maxmemory-policy allkeys-lfu"])) { server in
      try server.populate(50, prefix: "app:v1:", ttl: 900)
      let report = try Rediscache.report(server, ["--idle"])
      #expect(report.warnings.filter { $0.contains("LFU") }.count == 1, "\(report.warnings)")
      #expect(report.totals.memoryBytes != nil)
    }
  }
}
