import Foundation
import TestHarness
import TestSupport
import Testing

/// `scan`, `ttl` and `export` on dump files, against the server that wrote them.
@Suite(.overlapping) struct DumpScanTests {
  /// A server with a keyspace of all types, and the path of its dump.
  private static func with(
    _ keys: Int = 300, _ body: (RedisServer, _ dump: String, TemporaryFolder) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with(.init(configuration: [RedisServer.debugging])) { server in
      var random = SeededGenerator(seed: 25)
      try server.load(RoundTripKeyspace(&random, small: keys, large: ["hash", "zset", "stream"]).commands)
      try body(server, try save(server, folder.file("dump.rdb")), folder)
    }
  }

  /// Has a server write its dump, and copies it.
  private static func save(_ server: RedisServer, _ path: String) throws -> String {
    try server.cli("SAVE")
    try FileManager.default.copyItem(atPath: "\(server.folder)/dump.rdb", toPath: path)
    return path
  }

  private static func scan(
    _ files: [String], _ arguments: [String] = [], status: Int32 = 0
  ) throws -> Report {
    let result = try Rediscache.run(["scan"] + files.flatMap { ["--rdb", $0] } + arguments + ["--json"])
    #expect(result.status == status, "\(result)")
    return try Report(result)
  }

  @Test("a dump gives the report that its server gives, and asks no server") func sameAsLive() throws {
    try Self.with { server, dump, _ in
      for grouping in ["version", "type", "template"] {
        let live = try Rediscache.report(server, ["--exact", "--by", grouping])
        let read = try Self.scan([dump], ["--by", grouping])
        #expect(read.target.kind == "rdb" && read.target.server == live.target.server)
        #expect(read.complete && read.coverage.keysMeasured == live.coverage.keysMeasured)
        #expect(read.totals.withoutTtl == live.totals.withoutTtl)
        #expect(read.totals.types == live.totals.types)
        #expect(read.groups.map(\.keys) == live.groups.map(\.keys))
        let real = try #require(live.totals.memoryBytes)
        let estimate = try #require(read.totals.memoryBytes)
        // MEMORY USAGE looks at five elements of a collection only; the estimate, at all of them.
        #expect(abs(Double(estimate) / Double(real) - 1) < 0.15, "\(estimate) of \(real)")
        #expect(read.totals.memoryError == 0.03)
        #expect(Set(read.findings.map(\.id)) == Set(live.findings.map(\.id)))
        // A removal has no server to go to.
        #expect(read.findings.allSatisfy { $0.command?.contains("invalidate") != true })
      }
    }
  }

  @Test("gzip, a pipe and the file itself give one report; shards add up") func sources() throws {
    try Self.with(60) { _, dump, folder in
      let plain = try Self.scan([dump])
      let packed = folder.file("dump.rdb.gz")
      let bytes = try #require(folder.read("dump.rdb"))
      try folder.write("dump.rdb.gz", try Command("gzip", ["-c"], input: .bytes(bytes)).run().stdout)
      #expect(try Self.scan([packed]).groups.map(\.keys) == plain.groups.map(\.keys))
      let piped = try Rediscache.command(["scan", "--rdb", "-", "--json"], input: bytes).run()
      #expect(piped.status == 0)
      #expect(try Report(piped).totals.memoryBytes == plain.totals.memoryBytes)
      let both = try Self.scan([dump, packed], ["--by", "node"])
      #expect(both.totals.keys == 2 * plain.totals.keys && both.groups.count == 2)
    }
  }

  @Test("a namespace comes back from a dump, byte for byte") func comesBack() throws {
    try Self.with { server, dump, folder in
      let before = try server.digests()
      let seed = folder.file("seed.jsonl.gz")
      let result = try Rediscache.run(["export", "--rdb", dump, "-o", seed])
      #expect(result.status == 0 && result.errorText.contains("\(before.count) keys in"), "\(result)")
      try RedisServer.with(.init(configuration: [RedisServer.debugging])) { other in
        let report = try Rediscache.warm(["-s", other.socketPath], file: seed)
        #expect(report.counts == .init(written: before.count))
        let after = try other.digests()
        for (key, old) in before {
          let new = after[key]
          #expect(new?.digest == old.digest && new?.type == old.type)
          #expect((new?.ttl ?? 0 < 0) == (old.ttl < 0))
        }
      }
      let some = try Rediscache.run(["export", "app:v1:*", "--rdb", dump, "--type", "hash"])
      let hashes = before.filter { $0.key.starts(with: Array("app:v1:".utf8)) && $0.value.type == "hash" }
      #expect(some.stdout.count { $0 == 10 } == hashes.count)
    }
  }

  @Test("an export that leaves out databases nobody named is not complete, and says how to take them")
  func otherDatabases() throws {
    try RedisServer.with { server in
      try server.cli("SET", "app:v1:1", "x")
      try server.cli("-n", "3", "SET", "app:v1:2", "x")
      let folder = try TemporaryFolder()
      let dump = try Self.save(server, folder.file("dump.rdb"))
      let rows: [([String], Int32)] = [([], 1), (["--db", "0"], 0), (["--db", "3"], 0)]
      for (arguments, status) in rows {
        let result = try Rediscache.run(["export", "--rdb", dump] + arguments)
        #expect(result.status == status && result.stdout.count { $0 == 10 } == 1, "\(result)")
        #expect(result.errorText.contains("--db N takes those of database N"), "\(result)")
        #expect(!result.errorText.contains("--all-dbs"), "\(result)")
      }
    }
  }

  @Test("a dump that ends early or is damaged is reported as far as it goes") func damaged() throws {
    try Self.with(60) { _, dump, folder in
      let bytes = try #require(folder.read("dump.rdb"))
      let whole = try Self.scan([dump]).totals.keys
      let cut = try folder.write("cut.rdb", bytes.dropLast(100))
      let report = try Self.scan([cut], status: 65)
      #expect(!report.complete && (1..<whole).contains(report.totals.keys))
      #expect(report.warns("the file ends inside a record at byte"))
      var damaged = bytes
      damaged[bytes.count - 1] ^= 1
      let bent = try folder.write("bent.rdb", damaged)
      #expect(try Self.scan([bent], status: 65).warns("checksum"))
      #expect(try Self.scan([bent], ["--no-checksum"]).totals.keys == whole)
      // What the other shards hold is reported all the same.
      #expect(try Self.scan([cut, dump], status: 65).totals.keys > whole)
      let foreign = try folder.write("foreign.rdb", Array("SQLite format 3".utf8))
      let result = try Rediscache.run(["scan", "--rdb", foreign])
      #expect(result.status == 65 && result.errorText.contains("not a dump"), "\(result)")
      #expect(try Rediscache.run(["scan", "--rdb", folder.file("none")]).status == 66)
      let seed = folder.file("seed.jsonl")
      #expect(try Rediscache.run(["export", "--rdb", cut, "-o", seed]).status == 65)
      #expect(folder.read("seed.jsonl") == nil)
    }
  }

  @Test("times to live are those of the dump, or of now") func moments() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.cli("SET", "short", "v", "PX", "5000")
      try server.cli("SET", "long", "v", "EX", "1000")
      try server.cli("SET", "never", "v")
      try server.cli("-n", "3", "SET", "elsewhere", "v")
      let dump = try Self.save(server, folder.file("dump.rdb"))
      let written = try Self.scan([dump])
      #expect(
        written.totals.keys == 3 && written.totals.withoutTtl == 1 && written.coverage.keysVanished == 0)
      #expect(written.warns("1 key of databases other than 0"))
      #expect(try Self.scan([dump], ["--all-dbs"]).totals.keys == 4)
      #expect(try Self.scan([dump], ["-n", "3"]).totals.keys == 1)
      try Wait.for("the end of the short key") {
        try Self.scan([dump], ["--as-of", "now"]).coverage.keysVanished == 1
      }
      let ttl = try Rediscache.run(["ttl", "--rdb", dump])
      #expect(ttl.status == 0 && ttl.text.contains("when the dump was written"), "\(ttl)")
      let list = try Rediscache.run(["scan", "--rdb", dump, "--list", "--ttl-above", "10s"])
      #expect(list.status == 0 && list.text == "long\n", "\(list)")
    }
  }

  @Test("what is larger comes first with --big, and old versions are found in two looks") func choices()
    throws
  {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(50, prefix: "app:v1:")
      try server.populate(70, prefix: "app:v2:")
      try server.cli("RPUSH", "big:list", String(repeating: "x", count: 5_000))
      let dump = try Self.save(server, folder.file("dump.rdb"))
      let old = try Self.scan([dump], ["--superseded"])
      #expect(old.totals.keys == 50 && old.group("app", "v1")?.keys == 50)
      let bytes = try #require(folder.read("dump.rdb"))
      let piped = try Rediscache.command(["scan", "--rdb", "-", "--superseded"], input: bytes).run()
      #expect(piped.status == 64 && piped.errorText.contains("only once"), "\(piped)")
      let big = try Rediscache.run(["scan", "--rdb", dump, "--big", "1", "--json"])
      #expect(big.text.contains(#""big:list""#) && big.text.contains(#""type":"list""#), "\(big)")
    }
  }

  @Test(
    "what only a server can do is refused",
    arguments: [
      ["--uri", "redis://127.0.0.1"], ["-s", "/tmp/x"], ["--rate", "5"], ["--pace", "full"], ["--node-only"],
      ["--sample", "5"], ["--checkpoint", "x"], ["--state", "x"], ["-P", "prod"],
    ])
  func refused(_ arguments: [String]) throws {
    let result = try Rediscache.run(["scan", "--rdb", "dump.rdb"] + arguments)
    #expect(result.status == 64 && result.errorText.contains("leave out"), "\(result)")
  }

  @Test("options of dumps need a dump") func needed() throws {
    for arguments in [["--as-of", "now"], ["--no-checksum"]] {
      #expect(try Rediscache.run(["scan"] + arguments).status == 64)
    }
    #expect(try Rediscache.run(["scan", "--rdb", "-", "--rdb", "-"]).status == 64)
  }
}
