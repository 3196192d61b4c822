import Foundation
import TestHarness
import Testing

/// Findings, the commands that they suggest, and `--fail-on`.
@Suite(.overlapping) struct FindingsTests {
  private static func load(_ server: RedisServer) throws {
    try server.populate(120, prefix: "app:v1:user:")
    try server.populate(200, prefix: "app:v2:user:", ttl: 5_000)
    try server.populate(60, prefix: "o'hara \"x\":v1:")
    try server.populate(70, prefix: "o'hara \"x\":v2:", ttl: 5_000)
    try server.populate(300, prefix: "session:", ttl: 1_800)
    try server.load(text: (0..<40).map { ["SET", "lock:order:\($0)", "1"] })
    try server.load(text: (0..<12).map { ["SET", "search:what a user has typed \($0)", "1", "EX", "900"] })
  }

  /// The findings of a report, as a program sees them.
  private func findings(_ report: [String: Any]) throws -> [[String: Any]] {
    try #require(report["findings"] as? [[String: Any]])
  }

  @Test("what there is to find is found, the worst first") func found() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let all = try findings(Rediscache.scan(server, ["--json"]).json())
      let ids = Set(all.compactMap { $0["id"] as? String })
      for id in ["superseded-version", "no-ttl", "unversioned", "lock-without-ttl", "unbounded-key"] {
        #expect(ids.contains(id), "\(id) is not among \(ids)")
      }
      let ranks = all.map {
        ["critical", "warning", "info"].firstIndex(of: $0["severity"] as? String ?? "") ?? 9
      }
      #expect(ranks == ranks.sorted())
    }
  }

  /// Runs a command as it is printed, the way a shell that it is pasted into does.
  private func runInShell(_ command: String) throws -> Command.Result {
    let folder = URL(fileURLWithPath: Rediscache.executable).deletingLastPathComponent().path
    let environment = Rediscache.environment(["PATH": "\(folder):/usr/bin:/bin"])
    return try Command("/bin/sh", ["-c", command], environment: environment).run()
  }

  @Test("every suggested command runs as it is printed") func commands() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let all = try findings(Rediscache.scan(server, ["--json"]).json())
      let table = try Rediscache.scan(server).text
      for finding in all {
        let command = try #require(finding["command"] as? String)
        let result = try runInShell(command)
        #expect(result.status == 0 && !result.stdout.isEmpty, "\(command): \(result)")
        guard finding["id"] as? String == "superseded-version" else { continue }
        #expect(table.contains("    \(command)\n"))
        let figures = try #require(finding["figures"] as? [String: Any])
        let matched = try runInShell(command + " --json").json()["matched"] as? Int
        #expect(matched == figures["keys"] as? Int, "\(command)")
      }
    }
  }

  @Test("a suggested command chooses its keys whatever the namespace is called") func hostileNamespaces()
    throws
  {
    let namespaces: [[UInt8]] = [
      Array("line\nbreak".utf8), [0x61, 0xFF, 0xFE], Array("a]b^c!".utf8), Array("-rf".utf8),
      Array("it's \"$x\" `y`".utf8), Array("esc\u{1B}[2J".utf8), [0x62, 0, 0x63], Array("back\\x41".utf8),
    ]
    try RedisServer.with { server in
      try server.load(
        namespaces.flatMap { namespace in
          (0..<30).map { [Array("SET".utf8), namespace + Array(":v\($0 % 2 + 1):\($0)".utf8), [0x31]] }
        })
      let all = try findings(Rediscache.scan(server, ["--json"]).json())
        .filter { $0["id"] as? String == "superseded-version" }
      #expect(all.count == namespaces.count)
      for finding in all {
        let command = try #require(finding["command"] as? String)
        HostileNames.expectHarmless(Array(command.utf8), "\(command)")
        let result = try runInShell(command + " --json")
        #expect(try result.status == 0 && result.json()["matched"] as? Int == 15, "\(command): \(result)")
      }
    }
  }

  @Test("suggested commands lead back to the same keys and hold no password") func context() throws {
    let options = RedisServer.Options(
      tcp: true, configuration: ["requirepass \(Rediscache.secret)"],
      login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      try server.load(text: (0..<50).map { ["SET", "app|v1|\($0)", "1"] }, database: 2)
      let uri = "redis://:\(Rediscache.secret)@127.0.0.1:\(server.port)/2"
      let result = try Rediscache.run(["scan", "-u", uri, "--separator", "|", "--json"])
      let commands = try findings(result.json()).compactMap { $0["command"] as? String }
      #expect(!commands.isEmpty)
      for command in commands {
        #expect(command.contains("redis://127.0.0.1:\(server.port)/2") && command.contains("--separator '|'"))
      }
    }
  }

  @Test(
    "--fail-on ends with 2 where something at least as severe is found",
    arguments: [("info", 2), ("warning", 2), ("critical", 0)] as [(String, Int32)])
  func failOn(_ severity: String, _ status: Int32) throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.scan(server, ["--fail-on", severity, "--json"])
      #expect(result.status == status, "\(result.errorText)")
      #expect(try result.json()["complete"] as? Bool == true, "the report is written all the same")
    }
  }

  @Test("--fail-on is content with a cache in which nothing is amiss") func nothingAmiss() throws {
    try RedisServer.with { server in
      try server.populate(50, prefix: "app:v1:user:", ttl: 5_000)
      #expect(try Rediscache.scan(server, ["--fail-on", "warning"]).status == 0)
    }
  }

  @Test("an incomplete scan is never reported as a condition that holds") func failOnIncomplete() throws {
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:user:")
      let bounds = ["--rate", "2000", "--count", "50", "--max-runtime", "2s"]
      #expect(try Rediscache.scan(server, ["--fail-on", "info"] + bounds).status == 75)
    }
  }

  @Test(
    "--list takes nothing that groups or judges",
    arguments: [
      ["--by", "type"], ["--depth", "2"], ["--big", "3"], ["--sample", "5"], ["--fail-on", "info"],
      ["--json"],
      ["--format", "json"], ["--format", "table"], ["--sort", "name"],
    ])
  func listClashes(_ arguments: [String]) throws {
    let result = try Rediscache.run(["scan", "--list"] + arguments)
    #expect(result.status == 64 && result.errorText.contains(arguments[0]), "\(result)")
  }

  @Test("--print0 goes with --list and with no format") func print0Clashes() throws {
    #expect(try Rediscache.run(["scan", "--print0"]).status == 64)
    #expect(try Rediscache.run(["scan", "--list", "--print0", "--format", "csv"]).status == 64)
  }
}
