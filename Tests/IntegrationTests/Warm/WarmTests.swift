import Foundation
import TestHarness
import TestSupport
import Testing

/// What `warm` makes of good records.
@Suite(.overlapping) struct WarmTests {
  /// A record, and what the server must hold afterwards, as redis-cli would tell it.
  struct Row: Sendable, CustomTestStringConvertible {
    let record: String
    let content: String

    var testDescription: String { record }

    init(_ record: String, _ content: String) {
      self.record = record
      self.content = content
    }
  }

  private static let rows = [
    Row(#"{"key":"k","value":"text"}"#, "string text"),
    Row(#"{"key":"k","value":""}"#, "string "),
    Row(#"{"key":"k","type":"string","value":"äöü \u0000 \ud83d\ude00"}"#, "string äöü \0 😀"),
    Row(#"{"key":"k","json":{"a": [1, 2.50, null], "b":"x y"}}"#, #"string {"a":[1,2.50,null],"b":"x y"}"#),
    Row(#"{"key":"k","json":17}"#, "string 17"),
    Row(#"{"key":"aw==","value":"AP8=","encoding":"base64"}"#, "string \0\u{FFFD}"),
    Row(#"{"key":"k","type":"hash","value":{"name":"Ann","age":"7"}}"#, "hash name Ann age 7"),
    Row(#"{"key":"k","type":"hash","value":[["a","1"],["a","2"]]}"#, "hash a 2"),
    Row(#"{"key":"k","type":"hash","value":[["a","1"],["b","2"]]}"#, "hash a 1 b 2"),
    Row(#"{"key":"k","type":"list","value":["c","a","a"]}"#, "list c a a"),
    Row(#"{"key":"k","type":"set","value":["c","a","a"]}"#, "set a c"),
    Row(#"{"key":"k","type":"zset","value":[["b",2],["a","-inf"],["c",1.5e3]]}"#, "zset a -inf b 2 c 1500"),
    Row(
      #"{"key":"k","type":"stream","value":[["5-1",{"f":"v"}],["6",{"g":"w"}]]}"#,
      "stream [5-1 [f v]] [6-0 [g w]]"),
    Row(
      #"{"db":0,"key":"k","ttl":-1,"type":"string","value":"redis-dump","size":10}"#, "string redis-dump"),
  ]

  @Test("every type replaces every other", arguments: rows) func types(_ row: Row) throws {
    try RedisServer.with { server in
      let report = try Rediscache.warm(server, row.record, ["--verify"])
      #expect(report.counts == .init(written: 1) && report.verification?.different == 0)
      #expect(try server.content("k") == row.content && server.remaining("k") == -1)
      let place = Self.rows.firstIndex { $0.record == row.record } ?? 0
      for other in [3, 6, 9].map({ Self.rows[(place + $0) % Self.rows.count] }) {
        // The first line tells the format.
        _ = try Rediscache.warm(server, other.record + "\n" + row.record, ["--ttl", "60s"])
        #expect(try server.content("k") == row.content, "\(other)")
        let left = try server.remaining("k")
        #expect(row.record.contains(#""ttl":-1"#) ? left == -1 : (50_000...60_000).contains(left))
      }
      #expect(try server.size() == 1)
    }
  }

  @Test("a dump is restored, and a damaged one fails alone") func dumps() throws {
    try RedisServer.with { server in
      try server.load(text: [["RPUSH", "list", "a", "b"]])
      let payload = try #require(try server.connection().command("DUMP", "list").bytes)
      var damaged = payload
      damaged[1] ^= 0x40
      let seed = try JSONLines.text([
        ["key": "copy", "type": "dump", "value": Data(payload).base64EncodedString(), "ttl": 90],
        ["key": "bad", "type": "dump", "value": Data(damaged).base64EncodedString()],
        ["key": "last", "value": "x"],
      ])
      let report = try Rediscache.warm(server, seed, status: 1)
      #expect(report.counts == .init(written: 2, failed: 1), "\(report)")
      #expect(report.warns("line 2") && report.warns("checksum"), "\(report.warnings)")
      #expect(try server.content("copy") == "list a b" && server.names() == ["copy", "last", "list"])
      #expect(try (80_000...90_000).contains(server.remaining("copy")))
    }
  }

  @Test("CSV, RESP, redis-dump and JSON lines by their content, and by --input-format") func formats() throws
  {
    let seeds: [(format: String, seed: String)] = [
      ("jsonl", "\u{FEFF}\r\n" + #"{"key":"k","value":"v","ttl":100}"# + "\r\n\r\n"),
      ("csv", "\u{FEFF}ttl,key,value,type\r\n100,k,v,string\r\n"),
      ("csv", "key,value,ttl\n\"k\",\"v\",100"),
      ("resp", "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n$2\r\nEX\r\n$3\r\n100\r\n"),
      ("redis-dump", #"{"db":0,"key":"k","ttl":100,"type":"string","value":"v","size":1}"# + "\n"),
    ]
    try RedisServer.with { server in
      for (format, seed) in seeds {
        for arguments in [[], ["--input-format", format]] {
          try server.cli("FLUSHALL")
          let report = try Rediscache.warm(server, seed, arguments)
          #expect(report.counts == .init(written: 1) && report.ttl?.p50 == 100, "\(format)")
          #expect(try server.content("k") == "string v", "\(format)")
          #expect(try (95_000...100_000).contains(server.remaining("k")), "\(format)")
        }
      }
      let report = try Rediscache.warm(server, "key,value\n", ["--input-format", "jsonl"], status: 1)
      #expect(report.counts == .init(rejected: 1) && report.rejections.first?.reason.contains("JSON") == true)
    }
  }

  /// Records of two databases in each format that names them.
  static let elsewhere: [(format: String, seed: String)] = [
    ("resp", "SET a 1\r\nSELECT 3\r\nSET b 2\r\nSADD s x\r\nSELECT 0\r\nSET c 3\r\n"),
    (
      "jsonl",
      #"{"key":"a","value":"1"}"# + "\n" + #"{"key":"b","value":"2","db":3}"# + "\n"
        + #"{"key":"s","type":"set","value":["x"],"db":3}"# + "\n" + #"{"key":"c","value":"3","db":0}"#
    ),
    (
      "redis-dump",
      #"{"key":"a","value":"1"}"# + "\n"
        + #"{"db":3,"key":"b","ttl":-1,"type":"string","value":"2","size":1}"# + "\n"
        + #"{"db":3,"key":"s","ttl":-1,"type":"set","value":["x"],"size":1}"# + "\n"
        + #"{"db":0,"key":"c","ttl":-1,"type":"string","value":"3","size":1}"#
    ),
  ]

  @Test("a record of another database is rejected by number, or goes to its own", arguments: elsewhere)
  func databases(format: String, seed: String) throws {
    try RedisServer.with { server in
      let own = try Rediscache.warm(server, seed, status: 1)
      #expect(own.counts == .init(written: 2, rejected: 2), "\(format)")
      #expect(
        own.rejections.allSatisfy { $0.reason.contains("database 3") && $0.reason.contains("--all-dbs") })
      #expect(try server.cli("GET", "b") == "" && server.cli("-n", "3", "DBSIZE") == "0")
      let each = try Rediscache.warm(server, seed, ["--all-dbs", "--verify"])
      #expect(each.counts == .init(written: 4) && each.verification?.different == 0, "\(format)")
      #expect(each.verification?.gone == 0)
      #expect(try server.cli("-n", "3", "GET", "b") == "2" && server.cli("-n", "3", "TYPE", "s") == "set")
      #expect(try server.cli("DBSIZE") == "2")
      let all = try Rediscache.warm(server, seed, ["--ignore-db"])
      #expect(try all.counts == .init(written: 4) && server.cli("DBSIZE") == "4")
    }
  }

  @Test("a backup names its database, and is not restored into another") func backupOfDatabase() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.cli("-n", "3", "SET", "k", "v")
      try server.cli("SET", "k", "other")
      let place = ["-s", server.socketPath, "-n", "3"]
      let removed = try Rediscache.run(
        ["invalidate", "k"] + place + ["--yes", "--backup", folder.file("b")])
      #expect(removed.status == 0, "\(removed)")
      let wrong = try Rediscache.warm(server, file: folder.file("b"))
      #expect(try wrong.status == 1 && wrong.text.contains("database 3") && server.cli("GET", "k") == "other")
      let right = try Rediscache.run(["warm", folder.file("b"), "--yes"] + place)
      #expect(try right.status == 0 && server.cli("-n", "3", "GET", "k") == "v", "\(right)")
    }
  }

  @Test("a parallel dump is loaded whole") func parallelDump() throws {
    try RedisServer.with { server in
      var lines: [String] = []
      for number in 0..<2_000 {
        lines.append("RPUSH k:\(number) a")
        if number >= 7 { lines += ["RPUSH k:\(number - 7) b", "EXPIRE k:\(number - 7) 900"] }
      }
      let report = try Rediscache.warm(server, lines.joined(separator: "\n"))
      #expect(report.counts == .init(written: 2_000))
      #expect(
        try server.cli("LRANGE", "k:5", "0", "-1") == "a\nb"
          && server.info("keyspace")["db0"]?.contains("expires=1993") == true)
    }
  }

  @Test("a large value is not sent where the key is there") func cheapCheckFirst() throws {
    try RedisServer.with { server in
      try server.cli("SET", "big", "mine")
      let elements = (0..<50_000).map { "\"element \($0)\"" }.joined(separator: ",")
      let seed =
        #"{"key":"big","type":"list","value":[\#(elements)]}"# + "\n"
        + #"{"key":"text","value":"\#(String(repeating: "x", count: 5_000))"}"#
      let writes = try server.writes {
        let report = try Rediscache.warm(server, seed, ["--if-missing"])
        #expect(report.counts == .init(written: 1, skipped: 1))
      }
      // An empty transaction finds out whether the server takes any.
      #expect(writes.keys.allSatisfy { ["set", "multi", "exec"].contains($0) }, "\(writes)")
      #expect(try server.cli("GET", "big") == "mine")
    }
  }

  @Test("a later record of the same key wins, and is counted") func duplicates() throws {
    try RedisServer.with { server in
      let seed = JSONLines.strings(700, "app:") + JSONLines.strings(300, "app:", length: 3)
      let report = try Rediscache.warm(server, seed, ["--pace", "full"])
      #expect(
        report.counts == .init(written: 1_000) && report.warns("300 records repeat a key of an earlier line"))
      #expect(report.warns("the last one wins"), "\(report.warnings)")
      #expect(try server.content("app:17") == "string 17 vvv" && server.size() == 700)
      try server.cli("FLUSHALL")
      let first = try Rediscache.warm(server, seed, ["--if-missing", "--verify"])
      #expect(first.counts == .init(written: 700, skipped: 300) && first.verification?.different == 0)
      #expect(try server.content("app:17") == "string 17 " + String(repeating: "v", count: 20))
    }
  }

  @Test("an empty seed is bad data") func empty() throws {
    try RedisServer.with { server in
      for seed in ["", "\n", "\u{FEFF}", "key,value\n", "\r\n \n"] {
        let report = try Rediscache.warm(server, seed, status: 65)
        #expect(report.counts == .init() && report.ttl == nil && report.line == 0)
      }
    }
  }

  // MARK: - Times to live

  @Test("the record's TTL goes before --ttl, -1 is none, and what has expired is left out") func lifetimes()
    throws
  {
    try RedisServer.with { server in
      let now = Int(Date().timeIntervalSince1970 * 1000)
      let seed = try JSONLines.text([
        ["key": "own", "value": "v", "ttl": 30], ["key": "default", "value": "v"],
        ["key": "never", "value": "v", "ttl": -1],
        ["key": "moment", "value": "v", "expires_at": now + 500_000],
        ["key": "past", "value": "v", "expires_at": now - 1],
        ["key": "longest", "type": "set", "value": ["m"], "ttl": 99_999_999_999],
        ["key": "hash", "type": "hash", "value": ["a": "b"], "expires_at": now + 600_000],
      ])
      try server.load(text: [["SET", "past", "old"]])
      let report = try Rediscache.warm(server, seed, ["--ttl", "2h", "--verify"])
      #expect(report.counts == .init(written: 6, skipped: 1) && report.warns("expired already"))
      let left = try server.remaining(["own", "default", "never", "moment", "longest", "hash", "past"])
      #expect((25_000...30_000).contains(left[0]) && (7_190_000...7_200_000).contains(left[1]), "\(left)")
      #expect(left[2] == -1 && (490_000...500_000).contains(left[3]), "\(left)")
      #expect((590_000...600_000).contains(left[5]), "\(left)")
      #expect(left[4] > 99_999_999_000_000 && left[6] == -1, "\(left)")
      #expect(report.ttl?.min == 30)
      let without = try Rediscache.warm(server, seed)
      #expect(try without.counts.written == 6 && server.remaining("default") == -1)
    }
  }

  @Test("jitter goes both ways, stays within bounds, and a rerun draws the same") func jitter() throws {
    try RedisServer.with { server in
      let seed = JSONLines.strings(2_000)
      let keys = (0..<2_000).map { "app:v2:\($0)" }
      let arguments = ["--ttl", "100000s", "--jitter", "10%"]
      let report = try Rediscache.warm(server, seed, arguments)
      let start = ContinuousClock.now
      let first = try server.remaining(keys).map { Double($0) / 1000 }
      #expect(first.allSatisfy { (89_980...110_000).contains($0) })
      #expect(first.count { $0 < 95_000 } > 400 && first.count { $0 > 105_000 } > 400)
      let mean = first.reduce(0, +) / 2_000
      #expect(abs(mean - 100_000) < 500, "\(mean)")
      let ttl = try #require(report.ttl)
      #expect(ttl.min >= 90_000 && ttl.min < 90_200 && ttl.max <= 110_000 && ttl.max > 109_800, "\(ttl)")
      #expect(abs(ttl.p50 - 100_000) < 1_500, "\(ttl)")
      // By way of other flights and over what is there.
      _ = try Rediscache.warm(server, seed, arguments + ["--batch", "7"])
      let second = try server.remaining(keys).map { Double($0) / 1000 }
      let passed = (ContinuousClock.now - start) / .seconds(1)
      #expect(zip(first, second).allSatisfy { $1 <= $0 + passed && $1 >= $0 - passed - 0.1 })
    }
  }

  @Test("a moment is a moment, whatever the jitter") func jitterOfMoments() throws {
    try RedisServer.with { server in
      let moment = Int(Date().timeIntervalSince1970 * 1000) + 1_000_000
      let seed = JSONLines.strings(50, members: #""expires_at":\#(moment)"#)
      _ = try Rediscache.warm(server, seed, ["--jitter", "50%"])
      let left = try server.remaining((0..<50).map { "app:v2:\($0)" })
      #expect(left.allSatisfy { (980_000...1_000_100).contains($0) }, "\(left)")
    }
  }

  // MARK: - What is there already

  /// Keys of every type in the server, and records of another type with their names.
  private static func occupied(_ server: RedisServer) throws -> String {
    try server.load(text: [
      ["SET", "s", "old"], ["HSET", "h", "old", "1"], ["RPUSH", "big", "old"], ["ZADD", "d", "1", "old"],
      ["PEXPIRE", "s", "500000"], ["PEXPIRE", "h", "500000"], ["PEXPIRE", "big", "500000"],
    ])
    let payload = try #require(try server.connection().command("DUMP", "h").bytes)
    let members = (0..<2_500).map { "m\($0)" }
    return try JSONLines.text(
      [("s", "1"), ("h", "2"), ("big", "3"), ("d", "4")].flatMap { name, number -> [[String: Any]] in
        [
          ["key": name, "value": "new"],
          ["key": name, "type": "set", "value": ["a", "b"]],
          ["key": name, "type": "list", "value": members],
          ["key": name, "type": "dump", "value": Data(payload).base64EncodedString()],
          ["key": "\(name)\(number)", "type": "list", "value": members, "ttl": 60],
        ]
      })
  }

  @Test("--if-missing leaves alone what is there, of any type") func ifMissing() throws {
    try RedisServer.with(.init(configuration: [RedisServer.debugging])) { server in
      let seed = try Self.occupied(server)
      let before = try server.digests()
      for pace in ["auto", "full", "gentle"] {
        let report = try Rediscache.warm(
          server, seed, ["--if-missing", "--ttl", "9s", "--pace", pace, "--verify"])
        #expect(report.counts == .init(written: pace == "auto" ? 4 : 0, skipped: pace == "auto" ? 16 : 20))
        #expect(report.verification?.different == 0)
        let after = try server.digests()
        for (key, old) in before {
          let new = try #require(after[key])
          #expect(new.digest == old.digest && new.type == old.type && new.expiresAt == old.expiresAt)
        }
        #expect(try server.names() == ["s", "h", "big", "d", "s1", "h2", "big3", "d4"])
        #expect(try (50_000...60_000).contains(server.remaining("big3")))
        #expect(try server.connection().command("LLEN", "big3").integer == 2_500)
      }
    }
  }

  @Test("--refresh-below rewrites what is about to expire, and nothing else") func refreshBelow() throws {
    try RedisServer.with { server in
      try server.load(text: [
        ["SET", "fresh", "old", "EX", "900"], ["SET", "stale", "old", "EX", "100"], ["SET", "never", "old"],
        ["RPUSH", "list", "old"], ["EXPIRE", "list", "499"], ["SET", "own", "old", "EX", "900"],
        ["SET", "endless", "old", "EX", "900"],
      ])
      let seed = try JSONLines.text([
        ["key": "fresh", "value": "new"], ["key": "stale", "value": "new"], ["key": "never", "value": "new"],
        ["key": "list", "type": "hash", "value": ["a": "new"]], ["key": "missing", "value": "new"],
        ["key": "own", "value": "new", "ttl": 2_000], ["key": "endless", "value": "new", "ttl": -1],
      ])
      let arguments = ["--refresh-below", "50%", "--ttl", "1000s"]
      let dry = try Rediscache.warm(server, seed, arguments + ["--dry-run"])
      #expect(dry.planned == 5 && dry.counts.skipped == 2 && dry.counts.records == 7)
      let report = try Rediscache.warm(server, seed, arguments)
      #expect(report.counts == .init(written: 5, skipped: 2), "\(report)")
      #expect(try server.content("fresh") == "string old" && server.content("never") == "string old")
      #expect(try server.content("stale") == "string new" && server.content("list") == "hash a new")
      #expect(try server.content("own") == "string new" && server.content("missing") == "string new")
      #expect(try server.remaining("endless") == -1 && server.remaining("stale") > 990_000)
      let again = try Rediscache.warm(server, seed, arguments)
      #expect(again.counts == .init(skipped: 7), "\(again)")
    }
  }

  @Test("of records with one key, the first is fresh enough for the second") func refreshedTwice() throws {
    try RedisServer.with { server in
      let seed = JSONLines.strings(5, "app:") + JSONLines.strings(5, "app:", length: 1)
      for batch in ["1", "3", "1000"] {
        try server.cli("FLUSHALL")
        let arguments = ["--refresh-below", "50%", "--ttl", "1000s", "--batch", batch]
        let dry = try Rediscache.warm(server, seed, arguments + ["--dry-run"])
        #expect(dry.planned == 5 && dry.counts.skipped == 5, "\(dry)")
        #expect(try Rediscache.warm(server, seed, arguments).counts == .init(written: 5, skipped: 5))
        #expect(try server.content("app:4").count > 20)
      }
    }
  }
}
