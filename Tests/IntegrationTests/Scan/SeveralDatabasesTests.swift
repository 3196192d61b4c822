import Foundation
import TestHarness
import TestSupport
import Testing

/// A key is its name and its database: no output leaves one of them out, and no judgement mixes them.
@Suite(.overlapping) struct SeveralDatabasesTests {
  /// Half a megabyte was kept for each database that had been walked.
  @Test("the memory of a scan does not grow with the databases") func manyDatabases() throws {
    try RedisServer.with(.init(configuration: ["databases 160"])) { server in
      let script = "for i = 0, 159 do redis.call('SELECT', i) redis.call('SET', 'app:v1:' .. i, 'v') end"
      _ = try server.cli("EVAL", script, "0")
      let running = try Rediscache.command(["scan", "-s", server.socketPath, "--all-dbs", "--json"]).start()
      let (result, peak) = running.waitWatchingMemory()
      #expect(try result.status == 0 && (result.json()["totals"] as? [String: Any])?["keys"] as? Int == 160)
      if let peak { #expect(peak < 75 << 10, "\(peak) KiB") }
    }
  }

  /// Version 1 is the newest in database 0, and superseded in database 3.
  private static func load(_ server: RedisServer) throws {
    try server.load(text: (0..<30).map { ["SET", "app:v1:\($0)", "value"] })
    try server.load(text: (0..<20).map { ["SET", "app:v1:\($0)", "value", "EX", "900"] }, database: 3)
    try server.load(
      text: (0..<10).map { ["SET", "app:v2:\($0)", String(repeating: "x", count: 5000)] }, database: 3)
  }

  @Test("a list of several databases names each key's, and a form without room for it is refused")
  func lists() throws {
    try RedisServer.with { server in
      try Self.load(server)
      for form in [[], ["--print0"]] {
        let refused = try Rediscache.scan(server, ["--all-dbs", "--list"] + form)
        #expect(refused.status == 64 && refused.stdout.isEmpty, "\(refused)")
        #expect(refused.errorText.contains("--format jsonl or csv"), "\(refused)")
      }
      let lines = try Rediscache.scan(server, ["--all-dbs", "--list", "--format", "jsonl"]).keyLines()
      #expect(Dictionary(grouping: lines) { $0["db"] as? Int }.mapValues(\.count) == [0: 30, 3: 30])
      let rows = try Rediscache.scan(server, ["--all-dbs", "--list", "--format", "csv"]).csv()
      let column = try #require(rows.first?.firstIndex(of: Array("db".utf8)))
      #expect(rows.count == 61 && rows.filter { $0[column] == Array("3".utf8) }.count == 30)
      let one = try Rediscache.scan(server, ["-n", "3", "--list", "--format", "jsonl"]).keyLines()
      #expect(one.allSatisfy { $0["db"] as? Int == 3 } && one.count == 30)
      let superseded = try Rediscache.scan(
        server, ["--all-dbs", "--superseded", "--list", "--format", "jsonl"]
      ).keyLines()
      #expect(superseded.count == 20 && superseded.allSatisfy { $0["db"] as? Int == 3 })
    }
  }

  @Test("groups, findings, largest keys and what to do about them are of one database each")
  func judgements() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.scan(server, ["--all-dbs", "--json", "--big", "12"])
      #expect(result.status == 0, "\(result)")
      let report = try Report(result)
      #expect(report.totals.keys == 60 && report.groups.count == 3)
      #expect(report.groups.filter(\.superseded).map(\.db) == [3])
      #expect(abs(report.groups.reduce(0) { $0 + $1.share } - 1) < 0.000_01)
      let findings = report.findings.filter { $0.id == "superseded-version" }
      let command = try #require(findings.first?.command)
      #expect(
        findings.count == 1 && command.contains("--db 3") && !command.contains("--all-dbs"), "\(command)")
      #expect(command.contains("invalidate") && findings[0].message.hasPrefix("db 3: "))
      let big = try #require(try result.json()["big_keys"] as? [[String: Any]])
      #expect(big.count == 12 && big.prefix(10).allSatisfy { $0["db"] as? Int == 3 })
      let words = command.split(separator: " ").dropFirst().map(String.init)
      let removal = try Rediscache.run(words + ["--json"])
      #expect(try removal.status == 0 && removal.json()["matched"] as? Int == 20, "\(removal)")

      let table = try Rediscache.scan(server, ["--all-dbs"])
      #expect(table.text.contains("DB  NAMESPACE"), "\(table)")
      let ttl = try Rediscache.run(["ttl", "--all-dbs", "--json", "-s", server.socketPath]).json()
      let groups = try #require(ttl["groups"] as? [[String: Any]])
      #expect(groups.compactMap { $0["db"] as? Int }.sorted() == [0, 3, 3])
    }
  }

  @Test("--by db has a row for each database") func byDatabase() throws {
    try RedisServer.with { server in
      try Self.load(server)
      for measuring in [["--exact"], ["--sample", "7"]] {
        let report = try Rediscache.report(server, ["--all-dbs", "--by", "db"] + measuring)
        #expect(Dictionary(uniqueKeysWithValues: report.groups.map { ($0.db, $0.keys) }) == [0: 30, 3: 30])
      }
      let one = try Rediscache.report(server, ["-n", "3", "--by", "db"])
      #expect(one.groups.map(\.db) == [3] && one.totals.keys == 30)
      let table = try Rediscache.scan(server, ["--all-dbs", "--by", "db"])
      #expect(table.text.split(separator: "\n").contains { $0.hasPrefix("3 ") }, "\(table)")
      let csv = try Rediscache.run(
        ["ttl", "--all-dbs", "--by", "db", "--format", "csv", "-s", server.socketPath]
      ).csv()
      let column = try #require(csv.first?.firstIndex(of: Array("db".utf8)))
      #expect(Set(csv.dropFirst().map { $0[column] }) == [Array("0".utf8), Array("3".utf8)])
    }
  }

  @Test("a checkpoint keeps the databases apart") func checkpoint() throws {
    try RedisServer.with { server in
      for database in [0, 2, 5] {
        try server.load(
          text: (0..<4000).map { ["SET", "app:v\(database):\($0)", "value"] }, database: database)
      }
      let folder = try TemporaryFolder()
      let arguments = [
        "--all-dbs", "--json", "--exact", "--checkpoint", folder.file("saved"), "--rate", "4000", "--count",
        "50",
      ]
      let first = try Rediscache.scan(server, arguments + ["--max-runtime", "1800ms"])
      #expect(first.status == 75, "\(first)")
      let second = try Rediscache.report(server, arguments)
      #expect(second.warns("went on from a checkpoint"))
      let counts = Dictionary(uniqueKeysWithValues: second.groups.map { ($0.db, $0.keys) })
      #expect(counts == [0: 4000, 2: 4000, 5: 4000] && !second.groups.contains(where: \.superseded))
    }
  }
}

extension Command.Result {
  /// The lines of a list that are of keys; the last says how many there are.
  fileprivate func keyLines() throws -> [[String: Any]] {
    try jsonLines().filter { $0["end"] == nil }
  }
}
