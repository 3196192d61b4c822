import Foundation
import TestHarness
import TestSupport
import Testing

/// Keys that cannot be measured: they are counted, and no figure pretends to know them.
@Suite(.overlapping) struct UnmeasuredKeysTests {
  /// Every sum of a scan's report holds.
  private static func expectSums(_ report: Report) {
    let coverage = report.coverage
    #expect(
      coverage.keysSeen == coverage.keysMeasured + coverage.keysVanished + coverage.keysUnmeasured,
      "\(coverage)")
    #expect(report.totals.keys == coverage.keysSeen - coverage.keysVanished)
    for group in report.groups + [report.totals] {
      #expect(group.types.values.reduce(0, +) + group.unmeasured == group.keys, "\(group)")
      #expect(group.withoutTtl ?? 0 <= group.keys - group.unmeasured, "\(group)")
    }
    #expect(report.groups.reduce(0) { $0 + $1.unmeasured } == report.totals.unmeasured)
    #expect(report.groups.reduce(0) { $0 + ($1.withoutTtl ?? 0) } == report.totals.withoutTtl ?? 0)
    #expect(report.groups.reduce(0) { $0 + ($1.memoryBytes ?? 0) } == report.totals.memoryBytes ?? 0)
  }

  @Test("keys that may not be read enter no sum and no average") func forbidden() throws {
    try RedisServer.with { server in
      try server.load(text: [
        ["SET", "app:1", "value"], ["SET", "app:2", "value"], ["SET", "secret:1", "value", "EX", "900"],
        ["SET", "secret:2", "value"],
      ])
      try server.cli("ACL", "SETUSER", "reader", "on", ">" + Rediscache.secret, "%R~app:*", "+@all")
      let result = try Rediscache.scan(
        server, ["--user", "reader", "--json"], environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 1, "\(result)")
      let report = try Report(result)
      Self.expectSums(report)
      #expect(report.totals.keys == 4 && report.totals.unmeasured == 2 && report.totals.withoutTtl == 2)
      #expect(report.totals.withoutTtlError == 2 && report.totals.memoryError == nil)
      let size = try #require(server.connection().command("MEMORY", "USAGE", "app:1").integer)
      #expect(report.totals.avgBytes == size && report.totals.memoryBytes == 2 * size)
      let secret = try #require(report.group("secret", nil))
      #expect(secret.unmeasured == 2 && secret.withoutTtl == nil && secret.memoryBytes == nil)
      #expect(secret.avgBytes == nil && secret.withoutTtlError == nil && secret.types.isEmpty)
      let table = try Rediscache.scan(
        server, ["--user", "reader"], environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(table.text.contains("UNMEASURED") && table.text.contains("2 keys could not be measured"))
      let types = try Rediscache.scan(
        server, ["--user", "reader", "--json", "--by", "type"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      let byType = try Report(types)
      Self.expectSums(byType)
      #expect(byType.groups.first { $0.type == nil }?.unmeasured == 2)
    }
  }

  @Test(
    "an error for some keys leaves those unmeasured, whichever command it answers",
    arguments: ["PTTL", "TYPE", "MEMORY USAGE"], [["--exact"], ["--sample", "50"]])
  func failing(command: String, measuring: [String]) throws {
    try RedisServer.with { server in
      try server.load(text: (0..<200).map { ["SET", "app:v1:\($0)", "value", "EX", "900"] })
      let refused = Set((0..<100).map { "app:v1:\(2 * $0)" })
      let proxy = try EditingProxy(to: server, [.refuse(command, with: "ODD not today", keys: refused)])
      let result = try Rediscache.run(["scan", "-u", proxy.uri, "--json"] + measuring)
      #expect(result.status == 1, "\(result)")
      let report = try Report(result)
      #expect(report.totals.keys == 200 && report.warns("could not be measured"))
      if measuring == ["--exact"] {
        Self.expectSums(report)
        #expect(report.totals.unmeasured == 100 && report.totals.withoutTtl == 0)
        #expect(report.totals.withoutTtlError == 100 && report.totals.memoryError == nil)
      } else {
        // Half of the sample stands for half of the keys.
        #expect((60...140).contains(report.totals.unmeasured), "\(report.totals)")
      }
      #expect(!report.findings.contains { $0.id == "mixed-ttl-policy" })
      #expect(
        report.findings.filter { $0.id == "expiry-wave" }.allSatisfy { !$0.message.contains("200 keys") })
    }
  }

  @Test("buckets, never and unmeasured add up to the keys of each group and of all") func buckets() throws {
    try RedisServer.with { server in
      var commands: [[String]] = []
      for index in 0..<301 {
        let expiry = index % 3 == 0 ? [] : ["EX", String(60 * (index % 7 + 1))]
        commands.append(["SET", "app:v\(index % 3):\(index)", "value"] + expiry)
      }
      try server.load(text: commands)
      let refused = Set((0..<301).filter { $0 % 5 == 0 }.map { "app:v\($0 % 3):\($0)" })
      for edits in [[], [ReplyEdit.refuse("PTTL", with: "ODD no", keys: refused)]] {
        let proxy = try EditingProxy(to: server, edits)
        for variant in [["--exact"], ["--sample", "33"], ["--sample", "7", "--buckets", "1m,2m,3m"]] {
          let result = try Rediscache.run(["ttl", "-u", proxy.uri, "--json"] + variant)
          #expect(result.status == (edits.isEmpty ? 0 : 1), "\(result)")
          let report = try result.json()
          let groups = try #require(report["groups"] as? [[String: Any]])
          let totals = try #require(report["totals"] as? [String: Any])
          for group in groups + [totals] {
            let buckets = try #require(group["buckets"] as? [[String: Any]]).compactMap { $0["keys"] as? Int }
            let never = group["without_ttl"] as? Int ?? 0
            let unmeasured = try #require(group["unmeasured"] as? Int)
            #expect(
              buckets.reduce(0, +) + never + unmeasured == group["keys"] as? Int, "\(variant): \(group)")
          }
          for member in ["keys", "without_ttl", "unmeasured"] {
            #expect(
              groups.reduce(0) { $0 + ($1[member] as? Int ?? 0) } == totals[member] as? Int, "\(member)")
          }
        }
      }
    }
  }

  @Test("a living key that MEMORY USAGE answers with null has not vanished") func sizeless() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<20).map { ["SET", "app:v1:\($0)", "value"] })
      let proxy = try EditingProxy(to: server, [.answer("MEMORY USAGE", with: .null, keys: ["app:v1:3"])])
      let scan = try Rediscache.run(["scan", "-u", proxy.uri, "--json"])
      let report = try Report(scan)
      #expect(scan.status == 1 && report.coverage.keysVanished == 0, "\(scan)")
      #expect(report.totals.keys == 20 && report.totals.unmeasured == 1)
      #expect(report.warns("MEMORY USAGE answers null for a key that is there"))
      // Whether it is larger is unknown: it is neither taken for smaller nor for gone.
      let large = try Rediscache.run(["scan", "-u", proxy.uri, "--json", "--larger-than", "1"])
      #expect(try large.status == 1 && Report(large).totals.keys == 19, "\(large)")
      let removal = try Rediscache.run([
        "invalidate", "--larger-than", "1", "--all", "--yes", "-u", proxy.uri,
      ])
      #expect(removal.status == 1, "\(removal)")
      #expect(try server.names() == ["app:v1:3"])
    }
  }

  @Test("the largest keys cannot be listed without their sizes") func biggest() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<10).map { ["SET", "app:v1:\($0)", "value"] })
      let unknown = "ERR unknown command 'MEMORY', with args beginning with: 'USAGE'"
      let proxy = try EditingProxy(to: server, [.refuse("MEMORY", with: unknown)])
      let listed = try Rediscache.run(["scan", "--big", "3", "-u", proxy.uri])
      #expect(listed.status == 69 && listed.errorText.contains("MEMORY USAGE is not available"), "\(listed)")
      let plain = try Report(try Rediscache.run(["scan", "-u", proxy.uri, "--json"]))
      #expect(
        plain.totals.memoryBytes == nil && plain.totals.memoryError == nil && plain.totals.withoutTtl == 10)
      // A rule that cannot be tried has not passed.
      let judged = try Rediscache.run(["scan", "-u", proxy.uri, "--fail-on", "critical"])
      #expect(judged.status == 1 && judged.errorText.contains("cannot be decided"), "\(judged)")
    }
  }

  @Test("where SCAN takes no type, each key is asked for its own") func types() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<30).map { ["SET", "app:v1:\($0)", "value"] })
      try server.load(text: (0..<12).map { ["RPUSH", "list:v1:\($0)", "value"] })
      let proxy = try EditingProxy(
        to: server, [.answer("SCAN", with: .error("ERR syntax error")) { $0.contains("TYPE") }])
      for variant in [["--exact"], ["--sample", "5"]] {
        let result = try Rediscache.run(["scan", "--type", "list", "-u", proxy.uri, "--json"] + variant)
        #expect(try result.status == 0 && Report(result).totals.keys == 12, "\(result)")
      }
      let list = try Rediscache.run(["scan", "--type", "list", "--list", "-u", proxy.uri])
      #expect(list.status == 0 && list.text.split(separator: "\n").count == 12, "\(list)")
      let ttl = try Rediscache.run(["ttl", "--type", "list", "-u", proxy.uri, "--json"])
      #expect(ttl.status == 0 && ttl.text.contains("\"keys_seen\":12"), "\(ttl)")
      let export = try Rediscache.run(["export", "--type", "list", "-u", proxy.uri])
      #expect(export.status == 0 && export.text.split(separator: "\n").count == 12, "\(export)")
      let removal = try Rediscache.run(["invalidate", "--type", "list", "--yes", "-u", proxy.uri])
      #expect(removal.status == 0, "\(removal)")
      #expect(try server.size() == 30)
    }
  }
}
