import Foundation
import TestHarness
import TestSupport
import Testing

/// What `export` chooses and writes, and what it leaves alone.
@Suite(.overlapping) struct ExportTests {
  private static func load(_ server: RedisServer) throws {
    try server.load(text: [
      ["SET", "app:v1:a", "text", "EX", "2000"], ["SET", "app:v1:b", "text"],
      ["SET", "app:v2:a", "1", "EX", "9000"],
      ["HSET", "app:v2:h", "f", "1", "g", "2"], ["RPUSH", "app:v2:l", "b", "a"], ["SADD", "app:v2:s", "m"],
      ["ZADD", "app:v2:z", "1.5", "m", "-inf", "n"], ["XADD", "app:v2:x", "5-1", "f", "v"],
      ["SET", "other", String(repeating: "x", count: 5_000), "EX", "900"],
    ])
  }

  private static func names(_ records: [[String: Any]]) -> Set<String> {
    Set(records.compactMap { $0["key"] as? String })
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let keys: Set<String>

    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: [String], _ keys: String...) {
      self.arguments = arguments
      self.keys = Set(keys)
    }
  }

  private static let rows = [
    Row(["app:v1:*"], "app:v1:a", "app:v1:b"),
    Row(["app:*", "--exclude", "app:v2:*"], "app:v1:a", "app:v1:b"),
    Row(["--namespace", "app", "--key-version", "v1"], "app:v1:a", "app:v1:b"),
    Row(["--superseded"], "app:v1:a", "app:v1:b"),
    Row(["--type", "string"], "app:v1:a", "app:v1:b", "app:v2:a", "other"),
    Row(["--type", "stream"], "app:v2:x"),
    Row(["--type", "zset", "--dump"], "app:v2:z"),
    Row(["--no-ttl", "--type", "string"], "app:v1:b"),
    Row(["--ttl-below", "1000s"], "other"),
    Row(["--ttl-above", "1h", "app:v2:*", "--type", "string"], "app:v2:a"),
    Row(["--larger-than", "4KiB", "--type", "string"], "other"),
    Row(["--min-ttl", "1000s", "--type", "string"], "app:v1:a", "app:v1:b", "app:v2:a"),
    Row(["--min-ttl", "10h", "--type", "string"], "app:v1:b"),
    Row(["nothing:*"]),
  ]

  @Test("every way to choose", arguments: rows) func selection(_ row: Row) throws {
    try RedisServer.with { server in
      try Self.load(server)
      for more in [[], ["--hot", "1000", "--count", "1"]] {
        let (records, _) = try Rediscache.exported(server, row.arguments + more)
        #expect(Self.names(records) == row.keys && records.count == row.keys.count, "\(more)")
      }
    }
  }

  @Test("records stand in the form that help seed-format promises") func form() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let (records, result) = try Rediscache.exported(server)
      #expect(result.errorText.contains("9 keys in"), "\(result)")
      let byKey = Dictionary(records.map { ($0["key"] as? String ?? "", $0) }) { $1 }
      let hash = try #require(byKey["app:v2:h"])
      #expect(
        hash["type"] as? String == "hash" && hash["value"] as? [String: String] == ["f": "1", "g": "2"])
      #expect(hash["ttl"] as? Int == -1)
      #expect(byKey["app:v2:l"]?["value"] as? [String] == ["b", "a"])
      #expect(byKey["app:v2:s"]?["value"] as? [String] == ["m"])
      let ttl = try #require(byKey["app:v1:a"]?["ttl"] as? Int)
      #expect((1_000...2_000).contains(ttl))
      let (dumps, _) = try Rediscache.exported(server, ["--dump", "app:v1:a"])
      #expect(dumps.first?["type"] as? String == "dump")
    }
  }

  @Test("nothing is written, in any way of exporting") func harmless() throws {
    try RedisServer.with { server in
      try server.load([[Array("FLUSHALL".utf8)]])
      var random = SeededGenerator(seed: 7)
      try server.load(
        RoundTripKeyspace(&random, small: 200, large: ["hash", "stream", "list", "zset"]).commands)
      let writes = try server.writes {
        for arguments in [
          [], ["--dump"], ["--hot", "20"], ["--superseded"], ["--type", "hash", "--min-ttl", "1s"],
        ] {
          _ = try Rediscache.run(["export", "-s", server.socketPath] + arguments)
        }
      }
      #expect(writes.isEmpty, "\(writes)")
    }
  }

  @Test("a user who may only read can export, and what is forbidden is told") func permissions() throws {
    try RedisServer.with { server in
      try Self.load(server)
      try server.cli(
        "ACL", "SETUSER", "reader", "on", ">\(Rediscache.secret)", "~app:*", "+@read", "+info", "+time")
      let result = try Rediscache.run(
        ["export", "-s", server.socketPath, "--user", "reader"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 1, "\(result)")
      let records = try JSONLines.objects(result.stdout)
      #expect(records.count == 8 && !Self.names(records).contains("other"), "\(result)")
      #expect(result.errorText.contains("1 key"), "\(result)")
    }
  }

  // MARK: - The hottest

  @Test("--hot under an LFU policy goes by the counter") func mostFrequent() throws {
    try RedisServer.with(.init(configuration: ["maxmemory-policy allkeys-lfu", "lfu-log-factor 0"])) {
      server in
      try server.populate(300, prefix: "cold:")
      let hot = (1...5).map { "hot:\($0)" }
      for (index, key) in hot.enumerated() {
        try server.load(text: [["SET", key, "v", "EX", "900"]])
        try server.load(text: (0..<20 * (index + 1)).map { _ in ["GET", key] })
      }
      let (records, _) = try Rediscache.exported(server, ["--hot", "5"])
      #expect(records.compactMap { $0["key"] as? String } == hot.reversed())
      #expect(records.allSatisfy { (890...900).contains($0["ttl"] as? Int ?? 0) })
      let (few, _) = try Rediscache.exported(server, ["--hot", "2"])
      #expect(few.compactMap { $0["key"] as? String } == ["hot:5", "hot:4"])
    }
  }

  @Test("--hot under any other policy goes by the idle time") func leastIdle() throws {
    try RedisServer.with(.init(configuration: ["maxmemory-policy allkeys-lru"])) { server in
      let values = (0..<300).map { ["SET", "key:\($0)", "v"] }
      try server.load(text: values)
      // RESTORE says for how long a key is to have been idle.
      let payload = try #require(try server.connection().command("DUMP", "key:0").bytes)
      try server.load(
        (0..<300).map { number in
          ["RESTORE", "key:\(number)", "0"].map { Array($0.utf8) } + [payload]
            + ["REPLACE", "IDLETIME", "\((number * 37) % 300 * 100)"].map { Array($0.utf8) }
        })
      let expected = (0..<300).sorted { ($0 * 37) % 300 < ($1 * 37) % 300 }.prefix(20).map { "key:\($0)" }
      let (records, _) = try Rediscache.exported(server, ["--hot", "20"])
      #expect(records.compactMap { $0["key"] as? String } == expected)
    }
  }

  // MARK: - Keys that move

  @Test("keys that vanish meanwhile are left out, and nothing else") func vanishing() throws {
    try RedisServer.with { server in
      try server.populate(2_000, prefix: "stay:")
      try server.populate(2_000, prefix: "go:")
      let running = try Rediscache.command(["export", "-s", server.socketPath, "--rate", "2000"]).start()
      let connection = try server.connection()
      for number in stride(from: 0, to: 2_000, by: 4) {
        try connection.send((0..<4).map { [Array("DEL".utf8), Array("go:\(number + $0)".utf8)] })
        for _ in 0..<4 { _ = try connection.receive() }
        usleep(300)
      }
      let result = running.wait()
      #expect(result.status == 0, "\(result)")
      let names = Self.names(try JSONLines.objects(result.stdout))
      #expect(names.filter { $0.hasPrefix("stay:") }.count == 2_000)
      #expect(names.count < 4_000)
    }
  }

  @Test("keys that change their type meanwhile are whole, as one or the other") func retyped() throws {
    try RedisServer.with { server in
      try server.populate(1_500, prefix: "k:")
      let running = try Rediscache.command(["export", "-s", server.socketPath, "--rate", "2000"]).start()
      let connection = try server.connection()
      for number in 0..<1_500 {
        let key = Array("k:\(number)".utf8)
        let commands = [
          [Array("MULTI".utf8)], [Array("DEL".utf8), key],
          [Array("RPUSH".utf8), key, Array("v".utf8)], [Array("EXEC".utf8)],
        ]
        try connection.send(commands)
        for _ in commands { _ = try connection.receive() }
        usleep(100)
      }
      let result = running.wait()
      #expect(result.status == 0, "\(result)")
      let records = try JSONLines.objects(result.stdout)
      #expect(Self.names(records).count == 1_500)
      #expect(
        records.allSatisfy { record in
          record["type"] as? String == "list"
            ? record["value"] as? [String] == ["v"] : record["value"] as? String == "v"
        })
    }
  }

  @Test("what has no natural form becomes a dump record, and nothing else does") func unknownTypes() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(100, prefix: "app:")
      try server.load(text: [["XADD", "empty", "5-1", "a", "b"], ["XDEL", "empty", "5-1"]])
      // A module's type, as a server with the module has it.
      let replies = FaultProxy.Faults { chunk in
        Array(Data(chunk).replacing(Data("+stream\r\n".utf8), with: Data("+ReJSON-RL\r\n".utf8)))
      }
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: replies)
      for place in [server.socketPath, proxy.socketPath] {
        let seed = folder.file("seed.jsonl")
        let result = try Rediscache.run(["export", "-s", place, "-o", seed])
        #expect(result.status == 0 && result.errorText.contains("written as dumps"), "\(result)")
        let records = try JSONLines.objects(try #require(folder.read("seed.jsonl")))
        #expect(records.count { $0["type"] as? String == "dump" } == 1 && records.count == 101)
        try server.cli("FLUSHALL")
        _ = try Rediscache.warm(["-s", server.socketPath], file: seed)
        #expect(try server.content("empty") == "stream " && server.size() == 101)
      }
    }
  }

  // MARK: - Faults

  @Test("replies split at every byte change nothing") func splitReplies() throws {
    try RedisServer.with { server in
      var random = SeededGenerator(seed: 11)
      try server.load(RoundTripKeyspace(&random, small: 100, large: ["set"]).commands)
      let whole = try Rediscache.run(["export", "-s", server.socketPath])
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(pieceSize: 1))
      let split = try Rediscache.run(["export", "-s", proxy.socketPath])
      #expect(whole.status == 0 && split.status == 0, "\(split.errorText)")
      // In any order, for a table that still grows is read in another; times to live may pass a second meanwhile.
      let records = { (result: Command.Result) in
        try JSONLines.objects(result.stdout).map { "\($0["key"] ?? "") \($0["type"] ?? "")" }.sorted()
      }
      #expect(try records(split) == records(whole) && records(whole).count == 106)
    }
  }

  @Test(
    "a failure on the way leaves the old file, and what there is beside it",
    arguments: [2_000, 30_000, 90_000])
  func brokenConnection(limit: Int) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(2_000, prefix: "app:", value: String(repeating: "v", count: 60))
      let old = try folder.write("seed.jsonl.gz", "old".utf8)
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(limit: limit))
      let result = try Rediscache.run(["export", "-s", proxy.socketPath, "-o", old, "--retry-for", "0s"])
      #expect(result.status == 69, "\(result)")
      #expect(folder.read("seed.jsonl.gz") == Array("old".utf8))
      let others = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
        $0 != "seed.jsonl.gz"
      }
      #expect(others.isEmpty || others == ["seed.jsonl.gz.partial"])
      if !others.isEmpty {
        let part = try Rediscache.warm(server, file: old + ".partial", ["--json", "--dry-run"])
        #expect(try part.status == 0 && (part.load().planned ?? 0) > 0, "\(part)")
      }
    }
  }

  @Test("a server that stops answering is given up") func stoppedServer() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(4_000, prefix: "app:")
      let running = try Rediscache.command([
        "export", "-s", server.socketPath, "-o", folder.file("seed"), "--rate", "1000", "--timeout", "3s",
        "--retry-for", "0s",
      ]).start()
      try server.waitForCalls(of: "scan", atLeast: 3)
      server.pause()
      defer { server.resume() }
      let result = running.wait()
      #expect(result.status == 75, "\(result)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["seed.partial"])
    }
  }
}
