import Foundation
import TestHarness
import Testing

/// The forms of `stats` as other programs take them.
@Suite(.overlapping) struct StatsFormatTests {
  /// The real parser of the format that can be run here: prometheus_client from PyPI, or promtool.
  private static let parser: Command? = {
    let script = """
      import sys
      from prometheus_client.parser import text_string_to_metric_families as families
      for family in families(sys.stdin.read()):
          for sample in family.samples:
              assert sample.timestamp is None
              print(family.type, sample.name, sorted(sample.labels), float(sample.value))
      """
    let pythons = [
      ProcessInfo.processInfo.environment["REDISCACHE_TEST_PYTHON"], "python3", "/usr/bin/python3",
    ]
    .compactMap { $0 }
    for python in pythons {
      let probe = try? Command(python, ["-c", "import prometheus_client"]).run()
      if probe?.status == 0 { return Command(python, ["-c", script]) }
    }
    return Tool.path(of: "promtool").map { Command($0, ["check", "metrics"]) }
  }()

  @Test(
    "Prometheus' own parser takes the metrics",
    .enabled(
      if: parser != nil, "neither prometheus_client (pip install prometheus_client) nor promtool is installed"
    ))
  func prometheus() throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      let folder = try TemporaryFolder()
      let file = folder.file("cache.prom")
      let result = try Rediscache.run([
        "stats", "-s", server.socketPath, "--format", "prometheus", "--interval", "100ms", "-o", file,
      ])
      #expect(result.status == 0 && result.stdout.isEmpty, "\(result)")
      // node_exporter runs as a user of its own.
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o644)
      var command = try #require(Self.parser)
      command.input = .bytes(try #require(folder.read("cache.prom")))
      let parsed = try command.run()
      #expect(parsed.status == 0, "\(parsed)")
      guard command.arguments.first == "-c" else { return }
      #expect(
        parsed.text.contains("counter rediscache_keyspace_hits_total ['db', 'node', 'target'] 90.0\n"),
        "\(parsed.text)")
      #expect(parsed.text.contains("gauge rediscache_hit_ratio ['db', 'node', 'target', 'window'] 0.9\n"))
      #expect(parsed.text.contains("gauge rediscache_stats_complete ['db', 'target'] 1.0\n"))
      #expect(parsed.text.contains("gauge rediscache_up ['command', 'db', 'target'] 1.0\n"))
      #expect(!parsed.text.contains("unknown"))
    }
  }

  @Test(
    "Prometheus' own parser takes the histogram of TTLs",
    .enabled(
      if: parser != nil, "neither prometheus_client (pip install prometheus_client) nor promtool is installed"
    ))
  func prometheusHistogram() throws {
    try RedisServer.with { server in
      try server.populate(40, prefix: "app:v1:", ttl: 900)
      let result = try Rediscache.run(["ttl", "-s", server.socketPath, "--format", "prometheus"])
      #expect(result.status == 0)
      var command = try #require(Self.parser)
      command.input = .bytes(result.stdout)
      let parsed = try command.run()
      #expect(parsed.status == 0, "\(parsed)")
      guard command.arguments.first == "-c" else { return }
      #expect(
        parsed.text.contains(
          "histogram rediscache_ttl_seconds_count ['db', 'namespace', 'target', 'version'] 40.0\n"),
        "\(parsed.text)")
      #expect(!parsed.text.contains("unknown"))
    }
  }

  @Test(
    "a check ends with 0 to 3, whatever happens",
    arguments: [
      (["--critical", "lifetime.hit_ratio < 50%"], 0, "OK - hit ratio 90.0 % since start"),
      (
        ["--warning", "lifetime.hit_ratio < 95%"], 1,
        "WARNING - lifetime.hit_ratio < 95%: lifetime.hit_ratio is 0.9"
      ),
      (
        ["--warning", "lifetime.hit_ratio < 95%", "--critical", "lifetime.hit_ratio < 91%"], 2,
        "CRITICAL - lifetime.hit_ratio < 91%"
      ),
      // The quiet second that is judged has no ratio.
      (["--critical", "hit_ratio < 99%"], 0, "OK"),
      (["--warning", "hit_ratoi < 95%"], 3, "UNKNOWN"), (["--nosuch"], 3, "UNKNOWN"),
      (["--fail-if", "hits > 1"], 3, "UNKNOWN"), (["-n", "99"], 3, "UNKNOWN"),
      (["--state", "/nonexistent/state"], 3, "UNKNOWN"),
    ] as [([String], Int32, String)])
  func nagios(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      let result = try Rediscache.run(["stats", "-s", server.socketPath, "--format", "nagios"] + arguments)
      #expect(result.status == status, "\(result)")
      #expect(result.text.hasPrefix("REDISCACHE \(words)"), "\(result)")
      #expect(result.text.split(separator: "\n").count == 1)
      if status < 3 { #expect(result.text.contains(" | hits=90c misses=10c ")) }
    }
  }

  @Test("a check of a server that is away is UNKNOWN") func nagiosUnreachable() throws {
    let result = try Rediscache.run(["stats", "-s", "/nonexistent.sock", "--format", "nagios"])
    #expect(result.status == 3 && result.text.hasPrefix("REDISCACHE UNKNOWN - cannot reach"), "\(result)")
  }

  @Test(
    "a condition that holds ends with 2, an open one does not pass for success",
    arguments: [
      (["lifetime.hit_ratio < 0.8"], 0), (["lifetime.hit_ratio < 0.95"], 2),
      (["lifetime.hit_ratio < 0.8", "lifetime.hits == 90"], 2), (["lifetime.hits > 0.1/h"], 2),
      (["lifetime.hit_ratio < 0.95 and evicted_keys > 0"], 0), (["interval.hits > 0"], 0),
      // The second that is sampled has too few lookups for a ratio.
      (["hit_ratio < 0.95"], 0),
      // No limit and no replication are known facts, and not a lack of the server's.
      (["memory_ratio > 0.9"], 0), (["replication_lag_seconds > 10"], 0),
      (["maxmemory_policy == noeviction"], 2),
    ] as [([String], Int32)])
  func failIf(_ conditions: [String], _ status: Int32) throws {
    try RedisServer.with { server in
      try StatsTraffic.look(server, hits: 90, misses: 10)
      let options = conditions.flatMap { ["--fail-if", $0] }
      let result = try Rediscache.run(["stats", "-s", server.socketPath, "--json"] + options)
      #expect(result.status == status, "\(result)")
      #expect(try StatsJSON(result.stdout).totals.lifetime.hits == 90)
      #expect(result.errorText.contains("holds: ") == (status == 2))
    }
  }

  @Test("an interval without lookups holds no condition on its ratio") func noLookups() throws {
    try RedisServer.with { server in
      let result = try Rediscache.run([
        "stats", "-s", server.socketPath, "--interval", "100ms", "--fail-if", "hit_ratio < 0.8",
      ])
      #expect(result.status == 0 && result.errorText.contains("there were no lookups"), "\(result)")
    }
  }
}
