import TestHarness
import Testing

/// Several databases, and servers that are part of a cluster.
@Suite(.overlapping) struct DatabaseTests {
  @Test("-n chooses one database, --all-dbs takes every one") func databases() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<30).map { ["SET", "app:v1:\($0)", "value"] })
      try server.load(text: (0..<20).map { ["SET", "app:v1:\($0)", "value", "EX", "900"] }, database: 3)
      try server.load(text: (0..<7).map { ["SET", "other:\($0)", "value"] }, database: 9)
      #expect(try Rediscache.report(server).totals.keys == 30)
      let third = try Rediscache.report(server, ["-n", "3"])
      #expect(third.totals.keys == 20 && third.totals.withoutTtl == 0)
      #expect(third.target.uri.hasSuffix("?db=3"))
      for variant in [["--exact"], ["--sample", "5"]] {
        let all = try Rediscache.report(server, ["--all-dbs"] + variant)
        #expect(all.totals.keys == 57 && all.totals.withoutTtl == 37, "\(variant)")
        #expect(Dictionary(all.groups.map { ($0.db, $0.keys) }) { $0 + $1 } == [0: 30, 3: 20, 9: 7])
        #expect(all.group("app", "v1")?.keys == 30 && all.group("other", nil)?.db == 9)
      }
      let list = try Rediscache.scan(server, ["--all-dbs", "--list", "--format", "jsonl"])
      // The last line says how many there are.
      #expect(list.text.split(separator: "\n").count == 57 + 1)
    }
  }

  @Test("a database beyond the last one is named with the server's limit", arguments: [1, 20])
  func limit(databases: Int) throws {
    let options = RedisServer.Options(configuration: ["databases \(databases)"])
    try RedisServer.with(options) { server in
      let result = try Rediscache.scan(server, ["-n", "99"])
      #expect(result.status == 64 && result.stdout.isEmpty)
      let words = databases == 1 ? "1 database, 0" : "20 databases, 0 to 19"
      #expect(result.errorText.contains("no database 99") && result.errorText.contains(words), "\(result)")
    }
  }

  @Test("a node of a cluster stands for the whole, unless --node-only says otherwise") func clusterNode()
    throws
  {
    let options = RedisServer.Options(tcp: true, configuration: ["cluster-enabled yes"])
    try RedisServer.with(options) { server in
      try server.cli("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
      try Wait.for("the slots to be served") {
        try server.cli("CLUSTER", "INFO").contains("cluster_state:ok")
      }
      try server.load(text: (0..<80).map { ["SET", "{app}:v1:\($0)", "value"] })

      let whole = try Rediscache.report(server)
      #expect(whole.complete && whole.totals.keys == 80 && whole.warnings.isEmpty)
      #expect(whole.target.kind == "cluster" && whole.target.nodes.count == 1)
      let list = try Rediscache.scan(server, ["--list"])
      #expect(list.status == 0 && list.text.split(separator: "\n").count == 80)
      try server.cli("CONFIG", "SET", "cluster-require-full-coverage", "no")
      try server.cli("CLUSTER", "DELSLOTSRANGE", "0", "99")
      let part = try Rediscache.report(server, status: 1)
      #expect(!part.complete && part.warns("0-99"))
      try server.cli("CLUSTER", "ADDSLOTSRANGE", "0", "99")

      let node = try Rediscache.report(server, ["--node-only"])
      #expect(node.complete && node.warnings.isEmpty && node.totals.keys == 80)
      // The braces of a hash tag are no part of the name.
      #expect(node.group("app", "v1")?.keys == 80)
      let other = try Rediscache.scan(server, ["--node-only", "-n", "1"])
      #expect(other.status == 64 && other.errorText.contains("a cluster has database 0 only"), "\(other)")
    }
  }
}
