import Foundation
import TestHarness
import Testing

/// Choices that are easily taken for another one.
@Suite(.overlapping) struct InvalidateChoiceTests {
  @Test("with a schema, keys that fit none are left alone and counted") func schema() throws {
    try RedisServer.with { server in
      try server.load(text: [["MSET", "shop:1:a", "1", "shop:eu:1:a", "1", "plain", "1"]])
      let choice = ["--schema", "django", "--namespace", "shop"]
      let report = try Rediscache.removal(server, choice)
      #expect(report.counts.removed == 1 && report.counts.matched == 1, "\(report.counts)")
      #expect(report.warns("1 key left out: it fits no schema"), "\(report.warnings)")
      #expect(try server.cli("EXISTS", "shop:1:a", "shop:eu:1:a", "plain") == "2")
      let list = try Rediscache.scan(server, choice + ["--list"])
      #expect(list.text.isEmpty && list.errorText.contains("1 key left out"), "\(list)")
      let scan = try Rediscache.scan(server, ["--schema", "django", "--json"]).json()
      let findings = try #require(scan["findings"] as? [[String: Any]])
      #expect(findings.contains { $0["id"] as? String == "schema-mismatch" }, "\(findings)")
    }
  }

  @Test("a pattern without a wildcard asks for one key") func literal() throws {
    try RedisServer.with { server in
      try server.populate(5_000, prefix: "product:v6:")
      try server.load(text: [["SET", "a*b", "1"], ["SET", "axb", "1"]])
      let before = try server.commandStats()["scan"] ?? 0
      for arguments in [["scan"], ["scan", "--list"], ["ttl"], ["invalidate", "--dry-run"]] {
        let result = try Rediscache.run(arguments + ["product:v6:7", "-s", server.socketPath])
        #expect(result.status == 0 && !result.errorText.contains("matches"), "\(result)")
      }
      let report = try Rediscache.removal(server, [#"a\*b"#])
      #expect(report.counts.removed == 1)
      #expect(try server.cli("EXISTS", "axb", "product:v6:7") == "2")
      #expect(try (server.commandStats()["scan"] ?? 0) == before, "the database is not walked")
      let typed = try Rediscache.removal(server, ["axb", "--type", "hash"])
      #expect(typed.counts.matched == 0)
    }
  }

  @Test("where nothing matches, the report says what may have been meant") func hints() throws {
    try RedisServer.with { server in
      try server.populate(5_000, prefix: "product:v6:")
      let removal = try Rediscache.removal(server, ["product:v6"])
      #expect(removal.counts.matched == 0 && removal.complete)
      #expect(removal.warns("5,000 keys begin with it: 'product:v6:*'"), "\(removal.warnings)")
      let pattern = try Rediscache.removal(server, ["produkt:*"])
      #expect(pattern.warns("database 0 has 5,000 keys"), "\(pattern.warnings)")
      let scan = try Rediscache.scan(server, ["product:v6"])
      #expect(scan.status == 0 && scan.errorText.contains("'product:v6:*'"), "\(scan)")
    }
  }

  @Test("both halves of a slot that is moving are chosen by a pattern with its tag") func halfMigrated()
    throws
  {
    try RedisCluster.with { cluster in
      let slot = try #require(Int(try cluster.nodes[0].server.cli("CLUSTER", "KEYSLOT", "{m}")))
      let owner = try #require(
        (0..<3).first { index in
          (try? cluster.nodes[index].server.cli("SET", "{m}:0", "1")) == "OK"
        })
      let target = (owner + 1) % 3
      let node = cluster.nodes[owner].server
      try node.load(text: (1..<20).map { ["SET", "{m}:\($0)", "1"] })
      try cluster.beginMigration(of: slot, from: owner, to: target)
      try cluster.moveKeys(of: slot, from: owner, to: target, atMost: 10)
      let place = ["-p", String(cluster.nodes[owner].port)]
      let scan = try Rediscache.run(["scan", "{m}*", "--json"] + place).json()
      let totals = try #require(scan["totals"] as? [String: Any])
      #expect(totals["keys"] as? Int == 20)
      // The keys of the shards that are asked are not called those of the cluster.
      let heading = try Rediscache.run(["scan", "{m}*"] + place).text.split(separator: "\n").prefix(2)
      #expect(heading.joined().contains("cluster, 1 of 3 shards asked"), "\(heading)")
      #expect(!heading.joined().contains("chosen of"), "\(heading)")
      let report = try Rediscache.removal(place, ["{m}*", "--expect", "20", "--verify"])
      #expect(report.counts.removed == 20 && report.verification?.keys == 0, "\(report.counts)")
      for index in [owner, target] {
        #expect(try cluster.nodes[index].server.cli("CLUSTER", "COUNTKEYSINSLOT", String(slot)) == "0")
      }
    }
  }

  @Test("a generation key that holds another type is no generation key") func bump() throws {
    try RedisServer.with { server in
      try server.load(text: [["RPUSH", "list", "value"]])
      let result = try Rediscache.invalidate(server, ["--bump", "list", "--yes"])
      #expect(result.status == 64 && result.errorText.contains("holds another type"), "\(result)")
    }
  }

  @Test("a server without UNLINK is said to have been given DEL") func unlinkFallback() throws {
    try RedisServer.with(.init(configuration: ["rename-command UNLINK \"\""])) { server in
      try server.populate(10, prefix: "app:")
      let result = try Rediscache.invalidate(server, ["app:*", "--yes", "--json"])
      #expect(try result.json()["action"] as? String == "DEL", "\(result)")
    }
  }

  @Test("after a removal the command that undoes it is printed, and does so") func undo() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(10, prefix: "app:")
      let backup = folder.file("backup.jsonl")
      let result = try Rediscache.invalidate(server, ["app:*", "--yes", "--backup", backup])
      let command = try #require(result.command(after: "to undo"), "\(result)")
      #expect(try server.size() == 0)
      #expect(try Rediscache.shell(command).status == 0 && server.size() == 10)
      let without = try Rediscache.invalidate(server, ["app:*", "--yes"])
      #expect(without.errorText.contains("no undo") && without.errorText.contains("--backup"), "\(without)")
      let dry = try Rediscache.invalidate(server, ["app:*", "--dry-run"])
      #expect(!dry.errorText.contains("undo"), "\(dry)")
      let packed = try Rediscache.invalidate(server, ["app:*", "--yes", "--backup", folder.file("b.gz")])
      #expect(packed.status == 64 && packed.errorText.contains(".gz"), "\(packed)")
    }
  }

  @Test("a suggested command names the server that the environment named") func environment() throws {
    try RedisServer.with { server in
      try server.populate(10, prefix: "app:")
      let uri = "unix://\(server.socketPath)"
      for variable in ["REDISCACHE_URI", "REDIS_URL"] {
        let dry = try Rediscache.run(["invalidate", "app:*", "--dry-run"], environment: [variable: uri])
        let command = try #require(dry.command(after: "to run"), "\(dry)")
        #expect(command.contains("--uri '\(uri)?db=0'"), "\(command)")
      }
      let dry = try Rediscache.run(["invalidate", "app:*", "--dry-run"], environment: ["REDIS_URL": uri])
      #expect(try Rediscache.shell(dry.command(after: "to run") ?? "false").status == 0)
      #expect(try server.size() == 0)
    }
  }

  @Test("no command repeats a list that came in on standard input") func standardInput() throws {
    try RedisServer.with { server in
      try server.populate(10, prefix: "app:")
      var command = Rediscache.command([
        "invalidate", "-s", server.socketPath, "--keys-from", "-", "--dry-run",
      ])
      command.input = .bytes(Array("app:1\n".utf8))
      let result = try command.run()
      #expect(result.status == 0 && result.command(after: "to run") == nil, "\(result)")
    }
  }
}
