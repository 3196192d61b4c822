import Foundation
import TestHarness
import Testing

/// `stats` on servers that lack something.
@Suite(.overlapping) struct StatsServersTests {
  @Test("without CONFIG, OBJECT and LATENCY everything but the histogram is there") func renamedAway() throws
  {
    let renamed = ["CONFIG", "OBJECT", "LATENCY"].map { "rename-command \($0) \"\"" }
    try RedisServer.with(.init(configuration: renamed)) { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      let report = try StatsJSON.read(server)
      #expect(report.totals.lifetime.hits == 90 && report.totals.lifetime.misses == 10)
      #expect(
        report.warnings == [
          "LATENCY HISTOGRAM is not available here: latencies are approximated from INFO latencystats"
        ])
      #expect(report.totals.latencySource == "latencystats" && (report.totals.latencyP99Seconds ?? 0) > 0)
      let twice = try StatsJSON.read(server, ["--interval", "200ms"])
      #expect(twice.totals.interval?.hits == 0 && twice.totals.latencySource == "latencystats")
    }
  }

  @Test("a user who may run INFO alone gets its figures and the rule that is missing") func permissions()
    throws
  {
    let user = "user audit on >\(Rediscache.secret) -@all +info +hello +client|setname +select"
    try RedisServer.with(.init(configuration: [user])) { server in
      let result = try Rediscache.run(
        ["stats", "-s", server.socketPath, "--user", "audit", "--json"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 0, "\(result)")
      let report = try StatsJSON(result.stdout)
      #expect(report.warnings.contains { $0.contains("ACL SETUSER audit +latency|histogram") })
      #expect(report.totals.usedMemoryBytes != nil && report.totals.latencySource == "latencystats")
    }
  }

  @Test("where INFO is forbidden there is nothing to tell") func noInfo() throws {
    let user = "user audit on >\(Rediscache.secret) +@all -info"
    try RedisServer.with(.init(configuration: [user])) { server in
      let result = try Rediscache.run(
        ["stats", "-s", server.socketPath, "--user", "audit"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 77 && result.errorText.contains("+info"), "\(result)")
    }
  }

  /// A server that answers INFO with a few fields, and everything else with an error.
  private static func frugal(_ info: String) throws -> ScriptedServer {
    try ScriptedServer { peer in
      while let chunk = peer.read() {
        let text = String(decoding: chunk, as: UTF8.self).uppercased()
        var answer = ""
        // Each command of the tool's begins with its name as the first bulk string.
        for part in text.components(separatedBy: "\r\n") {
          switch part {
          case "INFO": answer += "$\(info.utf8.count)\r\n\(info)\r\n"
          case "HELLO", "CLIENT", "LATENCY", "SELECT", "AUTH": answer += "-ERR unknown command '\(part)'\r\n"
          default: break
          }
        }
        guard peer.write(Array(answer.utf8)) else { return }
      }
    }
  }

  @Test("few fields are few figures: absent is null, and what lacks is listed") func fewFields() throws {
    let server = try Self.frugal(
      "redis_version:5.0.0\r\nkeyspace_hits:9\r\nkeyspace_misses:1\r\nused_memory:1000\r\n")
    let result = try Rediscache.run([
      "stats", "-s", server.socketPath, "--json", "--fail-if", "keys > 5", "--fail-if", "hit_ratio < 0.5",
    ])
    // The first condition cannot be decided here, which is no success.
    #expect(result.status == 1, "\(result)")
    #expect(result.errorText.contains("cannot be decided: keys > 5: keys is not known here"))
    let report = try StatsJSON(result.stdout)
    #expect(report.totals.lifetime.hitRatio == 0.9 && report.totals.lifetime.evictedKeys == nil)
    #expect(
      report.totals.keys == nil && report.totals.maxmemoryBytes == nil && report.totals.latencySource == nil)
    let warning = try #require(report.warnings.first { $0.contains("does not report") })
    #expect(
      warning.contains("evicted_keys") && warning.contains("keyspace") && !warning.contains("keyspace_hits"))
    let nagios = try Rediscache.run([
      "stats", "-s", server.socketPath, "--format", "nagios", "--critical", "keys > 5",
    ])
    #expect(nagios.status == 3 && nagios.text.hasPrefix("REDISCACHE UNKNOWN - keys > 5"), "\(nagios)")
  }

  @Test("stats sends nothing but what reads statistics, and looks up no key") func harmless() throws {
    try RedisServer.with { server in
      try server.populate(100)
      try server.cli("CONFIG", "RESETSTAT")
      let own = try Set(server.commandStats().keys)
      let folder = try TemporaryFolder()
      for variant in [
        [], ["--interval", "200ms"], ["--state", folder.file("state")], ["--json"],
        ["--format", "prometheus"],
        ["--format", "nagios"], ["--format", "csv"],
      ] {
        #expect(try Rediscache.run(["stats", "-s", server.socketPath] + variant).status == 0, "\(variant)")
      }
      let sent = try Set(server.commandStats().keys).subtracting(own)
      #expect(
        sent.subtracting(["info", "latency|histogram", "hello", "client|setname", "client|no-touch"]).isEmpty,
        "\(sent)")
      #expect(try server.info("stats")["keyspace_hits"] == "0")
    }
  }

  @Test("the end of a state that passes is waited for, within its time") func busy() throws {
    try RedisServer.with(.init(configuration: ["lua-time-limit 50"])) { server in
      let connection = try server.connection()
      try connection.send([["EVAL", "while true do end", "0"].map { Array($0.utf8) }])
      try Wait.for("BUSY") {
        try server.connection().command("DBSIZE").errorText?.hasPrefix("BUSY") == true
      }
      let refused = try Rediscache.run(["stats", "-s", server.socketPath, "--retry-for", "100ms"])
      #expect(refused.status == 75 && refused.errorText.contains("BUSY"), "\(refused)")
      let done = Wait.later(.milliseconds(300)) { _ = try? server.cli("SCRIPT", "KILL") }
      #expect(try StatsJSON.read(server).complete)
      done()
    }
  }
}
