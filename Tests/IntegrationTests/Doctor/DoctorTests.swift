import TestHarness
import Testing

/// What `doctor` shows, and what it never shows.
@Suite(.overlapping) struct DoctorTests {
  @Test("neither arguments, nor values, nor passwords are in any output") func secrets() throws {
    let secret = "CANARY-7f3a9c"
    let options = RedisServer.Options(
      configuration: [
        "requirepass \(secret)-pass", "masterauth \(secret)-master", "slowlog-log-slower-than 0",
        "latency-monitor-threshold 1", "notify-keyspace-events Em",
      ], login: .init("default", "\(secret)-pass"))
    try RedisServer.with(options) { server in
      try server.load(text: [
        ["SET", "app:v1:user:1", "\(secret)-value"], ["SET", "app:v1:user:2", "\(secret)-value", "EX", "50"],
        ["EVAL", "return '\(secret)-script'", "0"], ["ECHO", "\(secret)-echo"],
        ["HSET", "app:v1:cart:9", "\(secret)-field", "\(secret)-value"],
      ])
      _ = try? server.cli("AUTH", "nobody", "\(secret)-wrong")
      for format in ["table", "json", "prometheus", "nagios"] {
        let result = try Rediscache.run(
          [
            "doctor", "-s", server.socketPath, "--interval", "100ms", "--format", format,
            "--threshold", "slow-commands.longest=0s", "-v",
          ], environment: ["REDISCLI_AUTH": "\(secret)-pass"])
        #expect(!result.text.contains("CANARY") && !result.errorText.contains("CANARY"), "\(format)")
        #expect(!result.stdout.isEmpty)
        if format == "table" { #expect(result.text.contains("was slow"), "\(result)") }
      }
    }
  }

  @Test("a right that is missing is named, and the report is not complete") func rights() throws {
    try RedisServer.with { server in
      try server.cli(
        "ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "~*", "+@all", "-config", "-client|list",
        "-@dangerous", "+info", "+slowlog|get")
      let result = try Rediscache.run(
        ["doctor", "-s", server.socketPath, "--user", "limited", "--json", "--interval", "100ms"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 1, "\(result)")
      let report = try DoctorJSON(result.stdout)
      #expect(!report.complete)
      let rights = Set(report.notChecked.compactMap(\.right))
      #expect(rights == ["+config|get", "+client|list", "+latency|latest"], "\(rights)")
      #expect(result.errorText.contains("+config|get"), "\(result)")
      let without = report.notChecked.filter { $0.right != nil }.flatMap { ["--disable", $0.rule] }
      let settled = try Rediscache.run(
        ["doctor", "-s", server.socketPath, "--user", "limited", "--json", "--interval", "100ms"] + without,
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(settled.status == 0, "\(settled)")
    }
  }

  @Test("rules are chosen, left out and set; severities become exit codes") func choosing() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<300).map { ["SET", "app:v1:user:\($0)", "value"] })
      let only = try DoctorJSON.examine(server, ["--only", "no-maxmemory"])
      #expect(only.rules == ["no-maxmemory"] && only.findings.map(\.rule) == ["no-maxmemory"])
      #expect(only.findings.first?.severity == "info")
      let set = ["--only", "no-maxmemory", "--threshold", "no-maxmemory.size=1KB"]
      #expect(try DoctorJSON.examine(server, set).findings.first?.severity == "warning")
      #expect(try DoctorJSON.examine(server, set + ["--fail-on", "warning"], status: 2).complete)
      #expect(try DoctorJSON.examine(server, set + ["--fail-on", "critical"]).complete)
      let left = try DoctorJSON.examine(server, ["--disable", "no-maxmemory", "--disable", "no-ttl"])
      #expect(left.found("no-maxmemory").isEmpty && left.found("no-ttl").isEmpty && left.checked > 40)
      let quiet = ["doctor", "-s", server.socketPath, "-q", "--interval", "100ms", "--only", "no-maxmemory"]
      let silent = try Rediscache.run(quiet + ["--fail-on", "warning"])
      #expect(silent.status == 0 && silent.stdout.isEmpty && silent.stderr.isEmpty, "\(silent)")
      for words in [["--only", "nothing"], ["--threshold", "hit-ratio=5"], ["--threshold", "peak.info=x"]] {
        #expect(try Rediscache.run(["doctor", "-s", server.socketPath] + words).status == 64, "\(words)")
      }
    }
  }

  @Test("a profile leaves rules out and sets thresholds; options come after it") func profile() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let lines = [
        "socket = \"\(server.socketPath)\"", "[profile.prod.rules]", "no-tls = false", "peak.info = 3",
        "no-maxmemory.size = \"1KB\"",
      ]
      let environment = try folder.configure("prod", lines)
      let arguments = ["doctor", "-P", "prod", "--json", "--quick", "--interval", "100ms"]
      let result = try Rediscache.run(arguments, environment: environment)
      let report = try DoctorJSON(result.stdout)
      #expect(!report.rules.contains("no-tls") && report.rules.contains("peak"), "\(report.rules)")
      #expect(report.found("no-maxmemory").first?.severity == "warning", "\(report.findings)")
      let option = ["--threshold", "no-maxmemory.size=1GB"]
      let later = try DoctorJSON(try Rediscache.run(arguments + option, environment: environment).stdout)
      #expect(later.found("no-maxmemory").first?.severity == "info", "\(later.findings)")
      let wrong = try folder.configure(
        "prod", [lines[0], "[profile.prod.rules]", "hit-ratoi.warning = \"1%\""])
      let refused = try Rediscache.run(arguments, environment: wrong)
      #expect(refused.status == 78 && refused.errorText.contains("hit-ratio.warning"), "\(refused)")
    }
  }

  @Test("the next run judges what happened since, and not what the last one looked up") func state() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let arguments = ["--state", folder.file("state"), "--threshold", "hit-ratio.uptime=0s"]
      try StatsTraffic.look(server, hits: 3_000, misses: 0)
      #expect(try DoctorJSON.examine(server, arguments).found("hit-ratio").isEmpty)
      try StatsTraffic.look(server, hits: 700, misses: 1_300)
      let found = try DoctorJSON.examine(server, arguments + ["--quick"]).found("hit-ratio")
      #expect(found.first?.message.hasPrefix("hit ratio 35.0 %") == true, "\(found)")
    }
  }

  @Test("the worst comes first, with its number and a command, however narrow the terminal") func page()
    throws
  {
    try RedisServer.with { server in
      try server.load(text: (0..<300).map { ["SET", "app:v1:user:\($0)", "value"] })
      let result = try Rediscache.run(
        ["doctor", "-s", server.socketPath, "--interval", "100ms"], environment: ["COLUMNS": "60"])
      let severities = result.text.split(separator: "\n").compactMap { line in
        ["CRITICAL", "WARNING", "INFO"].firstIndex { line.contains("  \($0)  ") }
      }
      #expect(severities == severities.sorted() && !severities.isEmpty, "\(result)")
      #expect(result.text.contains("not checked") && result.text.contains("rules checked"))
    }
  }

  @Test("each node of a cluster is named") func cluster() throws {
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      let result = try Rediscache.run(
        ["doctor", "-p", "\(cluster.nodes[0].port)", "--json", "--quick", "--interval", "100ms"])
      let report = try DoctorJSON(result.stdout)
      let nodes = Set(report.found("no-maxmemory").compactMap(\.node))
      #expect(result.status == 0 && nodes.count == 3, "\(result)")
    }
  }
}
