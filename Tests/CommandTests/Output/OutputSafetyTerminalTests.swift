import Foundation
import TestHarness
import TestSupport
import Testing

/// Whatever a server, a key or a file is called, nothing raw reaches a terminal, nor standard error or a table in a pipe.
@Suite(.overlapping) struct OutputSafetyTerminalTests {
  /// Text that clears the screen, renames the window, turns what follows around, or forges a line.
  static let evil = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}\u{2066}\u{7F}\u{8}\u{200B}\r\nforged\t"

  /// Every command, in the forms that show text of a server's.
  private static let commands: [[String]] = [
    ["scan", "-v"], ["scan", "--by", "type", "--big", "3"], ["scan", "--by", "node"], ["scan", "--json"],
    ["scan", "--format", "csv", "--by", "type"], ["scan", "--list", "--format", "csv"], ["scan", "--idle"],
    ["ttl"], ["ttl", "--by", "type", "--format", "csv"], ["ttl", "--json"],
    ["stats", "-v"], ["stats", "--json"], ["stats", "--format", "prometheus"],
    ["stats", "--format", "nagios"],
    ["stats", "--format", "csv"], ["stats", "--fail-if", "hit_ratio < 1"],
    ["invalidate", "*", "--all", "--dry-run"], ["invalidate", "*", "--all", "--yes", "--json", "--verify"],
    ["invalidate", "--tag", "t", "--yes"], ["invalidate", "--bump", "b", "--yes"],
    ["invalidate", "*", "--all", "--yes", "--backup", "@backup"],
    ["warm", "--yes", "@seed", "--verify"], ["warm", "--yes", "@seed", "--json"],
    ["export", "*", "-o", "@o"],
    ["export", "*", "--hot", "2", "--dump", "-o", "@o"],
  ]

  /// Runs every command on a socket, in pipes and on a terminal.
  ///
  /// `step` leaves out all but one in so many, beginning with the place `first`.
  private static func runAll(_ socket: String, every step: Int = 1, from first: Int = 0) throws {
    for number in stride(from: first % step, to: commands.count, by: step) {
      let command = commands[number]
      for isOnTerminal in [false, true] {
        let folder = try TemporaryFolder()
        try folder.write("seed", Array("{\"key\":\"a:1\",\"value\":\"x\"}\n".utf8))
        let arguments =
          command.map { $0.hasPrefix("@") ? folder.file(String($0.dropFirst())) : $0 }
          + ["-s", socket, "--timeout", "200ms", "--max-runtime", "200ms"]
        if isOnTerminal {
          let place = arguments + ["--no-progress", "--color", "never"]
          let result = try Rediscache.terminal(place, columns: 100).wait()
          HostileNames.expectHarmless(result.terminal, "\(command) on a terminal")
        } else {
          let result = try Rediscache.run(arguments)
          HostileNames.expectHarmless(result.stderr, "\(command), standard error")
          // Programs are given keys as they are; CSV is theirs.
          if !command.contains("csv") {
            HostileNames.expectHarmless(result.stdout, "\(command), standard output")
          }
        }
      }
    }
  }

  private static let info = """
    redis_version:7\(line)
    server_name:\u{1B}[5m\u{202E}valkey
    run_id:\u{9B}31m
    role:\u{202E}master\u{1B}[1m
    master_host:\u{1B}c\u{7F}
    master_port:1\u{1B}[0m
    maxmemory_policy:\u{9B}31mallkeys-lru\u{2066}
    used_memory:1000
    maxmemory:1000
    evicted_keys:7
    keyspace_hits:1
    keyspace_misses:9
    connected_slaves:1
    slave0:ip=\u{1B}[2J,port=\u{202E}1,state=online,offset=1,lag=900
    master_repl_offset:99999999999
    lazyfree_pending_objects:1
    cluster_enabled:0
    db0:keys=3,expires=\u{1B}[2J0
    cmdstat_get\u{1B}[2J:calls=1,usec=1
    latency_percentiles_usec_get\u{202E}:p50=1,p99=\u{9B}2
    """

  /// What stays one line of the protocol.
  private static let line = evil.filter { $0 != "\r\n" }

  private static func server(errors: String = evil) throws -> ScriptedServer {
    try ScriptedServer.replying { command in
      switch command[0] {
      case "INFO": .bulk(Array(Self.info.utf8))
      case "HELLO": .error("ERR \(errors)unknown command")
      case "CLIENT", "SET", "MULTI": .simple("OK")
      case "SCAN", "SSCAN":
        .array([.bulk([0x30]), .array([.bulk(Array("a:1".utf8)), .bulk(Array("b\(Self.evil):2".utf8))])])
      case "PTTL": .integer(-1)
      case "MEMORY": .integer(90)
      case "TYPE": .simple(command[1] == "tag:t" ? "set" : "str\u{1B}[31m\u{202E}ing")
      case "SCARD": .integer(2)
      default: .error("ERR \(command[0]) \(errors)")
      }
    }
  }

  @Test("values of INFO, types and errors") func information() throws {
    let server = try Self.server()
    try Self.runAll(server.socketPath)
  }

  @Test("metrics on a terminal, where labels hold values of INFO") func metrics() throws {
    let server = try Self.server(errors: Self.line)
    let words = ["stats", "--format", "prometheus", "-s", server.socketPath, "--color", "never"]
    let shown = try Rediscache.terminal(words, columns: 100).wait()
    #expect(shown.text.contains("rediscache_server_info{"), "\(shown)")
    HostileNames.expectHarmless(shown.terminal, "metrics on a terminal")
    let piped = try Rediscache.run(words)
    #expect(piped.text.contains("rediscache_server_info{") && piped.text.contains("\u{202E}"), "\(piped)")
  }

  @Test("errors of every kind") func errors() throws {
    let codes = [
      "ERR", "NOPERM", "NOAUTH", "WRONGTYPE", "LOADING", "MOVED 1", "ASK 1", "OOM", "READONLY", "MISCONF",
      "CLUSTERDOWN", "DENIED", "", "ERR max number of clients",
    ]
    for (number, code) in codes.enumerated() {
      // An error ends with its line.
      let text = "\(code) " + Self.evil.filter { !$0.isNewline } + "\rforged"
      let bytes = Array("-\(text)\r\n".utf8)
      let server = try ScriptedServer.answering { _, _ in bytes }
      try Self.runAll(server.socketPath, every: 6, from: number)
    }
  }

  @Test("nodes of a cluster") func nodes() throws {
    let evil = "\u{1B}[2J\u{202E}host\u{7F}"
    @Sendable func bulk(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }
    let node = RESPValue.array([
      bulk("id"), bulk("a\(evil)"), bulk("port"), .integer(1), bulk("ip"), bulk(evil), bulk("endpoint"),
      bulk(evil),
      bulk("hostname"), bulk(evil), bulk("role"), bulk("master"), bulk("replication-offset"), .integer(1),
      bulk("health"),
      bulk("online"),
    ])
    let shards = RESPValue.array([
      .array([bulk("slots"), .array([.integer(0), .integer(16_383)]), bulk("nodes"), .array([node])])
    ])
    let slots = RESPValue.array([
      .array([.integer(0), .integer(16_383), .array([bulk(evil), .integer(1), bulk("id")])])
    ])
    for (number, knowsShards) in [true, false].enumerated() {
      let server = try ScriptedServer.replying { command in
        switch command[0] {
        case "INFO": bulk("redis_version:7.0.15\r\nrole:master\r\ncluster_enabled:1\r\n")
        case "CLUSTER" where command[1] == "SHARDS":
          knowsShards ? shards : .error("ERR unknown subcommand '\(evil)'")
        case "CLUSTER": slots
        case "CLIENT": .simple("OK")
        default: .error("MOVED 1 \(evil):1")
        }
      }
      try Self.runAll(server.socketPath, every: 2, from: number)
    }
  }

  @Test("keys, members and fields, in what all commands show") func keys() throws {
    try RedisServer.with { server in
      let evil = Self.evil
      func load() throws {
        try server.cli("FLUSHALL")
        try HostileNames.load(into: server)
        try server.load(text: [
          ["SADD", "tag:\(evil)", "app:\(evil)"], ["SET", "app:\(evil)", "x"],
          ["SET", "n\(evil)", "not a number"],
          ["XGROUP", "CREATE", "empty\(evil)", "g", "$", "MKSTREAM"],
        ])
      }
      let folder = try TemporaryFolder()
      let seed = try folder.write(
        "seed",
        Array(
          "{\"key\":\"app:v1:\\u001b[2J\",\"value\":\"x\",\"\\u001b[31mfield\\u202e\":1}".utf8)
          + Array("\n{\"key\":\"k\u{1B}[2J\",\"value\":1}\n\u{9B}31m\u{202E}{}\n".utf8))
      let commands: [[String]] = [
        ["invalidate", "*", "--all", "--dry-run"], ["invalidate", "*", "--all", "--dry-run", "--json"],
        ["invalidate", "--tag", evil, "--dry-run"], ["invalidate", "--tag", "none\(evil)", "--dry-run"],
        ["invalidate", "--bump", "n\(evil)", "--yes"], ["invalidate", evil, "--yes"], ["scan", evil],
        ["ttl", "*\(evil)*"],
        ["scan", "--namespace", evil], ["scan", "--exclude", evil, "--schema", "{namespace}\(evil){rest}"],
        ["scan", "--separator", evil], ["warm", "--yes", seed], ["warm", "--yes", seed, "--strict"],
        ["warm", "--yes", seed, "--json"],
        ["export", "*"], ["export", "empty*"], ["scan", "--superseded", "--json"],
        ["stats", "--fail-if", evil],
        ["scan", "--sort", evil], ["scan", evil, evil], ["scan", "--\(evil)"], [evil], ["help", evil],
        ["scan", "--key-version", evil], ["scan", "--version-pattern", "(\(evil)"],
        ["warm", "--yes", seed, "--tag", evil],
      ]
      for command in commands {
        try load()
        let arguments =
          command + (command.count == 1 || command[0] == "help" ? [] : ["-s", server.socketPath])
        let piped = try Rediscache.run(arguments)
        HostileNames.expectHarmless(piped.stderr, "\(command), standard error")
        // A seed holds values as they are.
        if command[0] != "export" { HostileNames.expectHarmless(piped.stdout, "\(command), standard output") }
        try load()
        let shown = try Rediscache.terminal(
          arguments, environment: ["NO_COLOR": "1"], columns: 100
        ).wait()
        HostileNames.expectHarmless(shown.terminal, "\(command) on a terminal")
      }
    }
  }

  @Test("names of files, sockets, hosts, users and profiles") func names() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      // A path cannot hold a line end here: what remains is enough.
      let evil = Self.evil.filter { !$0.isNewline }
      let file = folder.file("f\(evil)")
      let config = "[profile.\"p\\u001b[2J\\u202e\"]\nhost = \"h\\u001b[2J\"\n\"k\\u001b[2J\" = 1\n"
      try FileManager.default.createDirectory(
        atPath: folder.file("rediscache"), withIntermediateDirectories: true)
      try folder.write("rediscache/config.toml", Array(config.utf8))
      let place = ["-s", server.socketPath]
      let rows: [[String]] = [
        ["scan", "-o", file] + place, ["scan", "-o", "\(file)/x"] + place,
        ["stats", "--state", file] + place,
        ["stats", "--state", "\(file)/x"] + place,
        [
          "invalidate", "app:*", "--yes", "--journal", "\(file).j", "--backup", "\(file).b", "--max-runtime",
          "1ms",
        ]
          + place,
        ["invalidate", "app:*", "--yes", "--journal", file] + place,
        ["invalidate", "app:*", "--yes", "--resume", file] + place,
        ["invalidate", "--keys-from", file, "--yes"] + place,
        ["invalidate", "--keys-from", "\(file).none", "--yes"] + place, ["warm", "--yes", file] + place,
        ["warm", "--yes", "\(file).none"] + place, ["warm", "--yes", file, "--rejects", file] + place,
        ["export", "*", "-o", "\(file)/x"] + place, ["scan", "--password-file", "\(file).none"] + place,
        ["scan", "--password-file", file] + place, ["scan", "-s", "\(file).sock"],
        ["scan", "-H", "h\(evil)"],
        ["scan", "-p", evil], ["scan", "--user", evil] + place, ["scan", "-P", evil],
        ["scan", "-P", "p\u{1B}[2J\u{202E}"],
        ["scan", "--tls", "--cacert", "\(file).pem", "-p", "1"], ["scan", "--tls", "--sni", evil, "-p", "1"],
        ["scan", "-u", "redis://h\(evil)/"], ["scan", "-u", "unix://\(file).sock"],
      ]
      for row in rows {
        let environment = ["XDG_CONFIG_HOME": folder.path]
        let piped = try Rediscache.run(row + ["--connect-timeout", "500ms"], environment: environment)
        HostileNames.expectHarmless(piped.stdout + piped.stderr, "\(row)")
        let shown = try Rediscache.terminal(
          row + ["--connect-timeout", "500ms", "--no-progress", "--color", "never"], environment: environment
        ).wait()
        HostileNames.expectHarmless(shown.terminal, "\(row) on a terminal")
      }
    }
  }
}
