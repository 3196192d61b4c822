import Testing

@testable import SeedFormat

@Suite struct SeedRESPTests {
  static let readable: [(String, SeedRecord)] = [
    ("SET k v", SeedRecord("k", .text("v"))),
    ("set k v ex 5", SeedRecord("k", .text("v"), .after(milliseconds: 5000))),
    ("SET k v PX 5", SeedRecord("k", .text("v"), .after(milliseconds: 5))),
    ("SET k v EXAT 5", SeedRecord("k", .text("v"), .at(milliseconds: 5000))),
    ("SET k v PXAT 5", SeedRecord("k", .text("v"), .at(milliseconds: 5))),
    ("SETEX k 7 v", SeedRecord("k", .text("v"), .after(milliseconds: 7000))),
    ("PSETEX k 7 v", SeedRecord("k", .text("v"), .after(milliseconds: 7))),
    ("HSET k a 1 b 2", SeedRecord("k", .texts(hash: ["a": "1", "b": "2"]))),
    ("HMSET k a 1", SeedRecord("k", .texts(hash: ["a": "1"]))),
    ("RPUSH k a b", SeedRecord("k", .texts(list: "a", "b"))),
    ("LPUSH k a b", SeedRecord("k", .texts(list: "b", "a"))),
    ("SADD k a b", SeedRecord("k", .texts(set: "a", "b"))),
    ("ZADD k 1.5 a -inf b", SeedRecord("k", .texts(sortedSet: ["a": "1.5", "b": "-inf"]))),
    ("XADD k 5-1 f v g w", SeedRecord("k", .texts(stream: ["5-1": ["f": "v", "g": "w"]]))),
    ("RESTORE k 0 payload", SeedRecord("k", .dump(Array("payload".utf8)), .never)),
    ("RESTORE k 5 payload REPLACE", SeedRecord("k", .dump(Array("payload".utf8)), .after(milliseconds: 5))),
    (
      "RESTORE k 5 payload absttl replace",
      SeedRecord("k", .dump(Array("payload".utf8)), .at(milliseconds: 5))
    ),
  ]

  @Test(arguments: readable) func reads(command: String, expected: SeedRecord) {
    let items = SeedDraining.items(SeedDraining.resp(command))
    #expect(items == [.record(expected, SeedPosition(line: 1, offset: 0))])
  }

  @Test func commandsThatAddToAKeyBecomeOneRecord() {
    let file = SeedDraining.resp(
      "RPUSH l c", "LPUSH l b", "LPUSH l x a", "RPUSH l d", "EXPIRE l 9", "HSET h a 1", "HMSET h b 2",
      "HSET h a 3",
      "SADD s a", "SADD s b", "PEXPIREAT s 77", "ZADD z 1 a", "ZADD z 2 b", "XADD x 1-0 f v",
      "XADD x 1-1 f w",
      "SET t 1", "SET t 2", "PEXPIRE t 8", "EXPIREAT t 8")
    #expect(
      SeedDraining.records(file) == [
        SeedRecord("l", .texts(list: "a", "x", "b", "c", "d"), .after(milliseconds: 9000)),
        SeedRecord("h", .texts(hash: ["a": "1", "b": "2", "a": "3"])),
        SeedRecord("s", .texts(set: "a", "b"), .at(milliseconds: 77)),
        SeedRecord("z", .texts(sortedSet: ["a": "1", "b": "2"])),
        SeedRecord("x", .texts(stream: ["1-0": ["f": "v"], "1-1": ["f": "w"]])),
        SeedRecord("t", .text("1")), SeedRecord("t", .text("2"), .at(milliseconds: 8000)),
      ])
    #expect(SeedDraining.items(file).map(\.position.line) == [1, 6, 9, 12, 14, 16, 17])
  }

  @Test(arguments: ["EXPIRE k 0", "EXPIRE k -0", "PEXPIRE k -5", "EXPIREAT k 0"])
  func aTimeThatHasPassedRemovesAsOnTheServer(command: String) {
    let records = SeedDraining.records(SeedDraining.resp("SET k 1", command, "SET l 2"))
    #expect(records == [SeedRecord("k", .text("1"), .at(milliseconds: 1)), SeedRecord("l", .text("2"))])
    // Written as JSON, such a record is read back: "expires_at" takes no 0.
    let lines = records.reduce(into: [UInt8]()) { SeedWriter.append($1, to: &$0) }
    #expect(SeedDraining.items(lines).compactMap(\.record) == records)
  }

  @Test(arguments: [
    ("SET k", "SET takes"), ("SET k v KEEPTTL", "EX, PX, EXAT and PXAT"),
    ("SET k v EX 5 NX", "no other option"),
    ("SET k v NX 5", "no other option"), ("SET k v EX 0", "above 0"), ("SET k v EX soon", "got \"soon\""),
    ("SET k v PX 9223372036854775807", "at most 9200000000000000 seconds"),
    ("SET k v EX 99999999999999999999", "at most"), ("SETEX k v", "SETEX takes"), ("SETEX k 0 v", "above 0"),
    ("HSET k a", "HSET has an odd"), ("HSET k", "too few"), ("RPUSH k", "too few"), ("SADD k", "too few"),
    ("ZADD k", "too few"), ("ZADD k NX 1 a", "flags are not loaded"), ("ZADD k 1 a 2", "odd number"),
    ("ZADD k nan a", "wants a score"), ("XADD k * f v", "wants an id"),
    ("XADD k MAXLEN 5 * f v", "wants an id"),
    ("XADD k 0-0 f v", "wants an id"), ("XADD k 1-1 f", "odd number"), ("XADD k 1-1", "too few"),
    ("RESTORE k 0", "RESTORE takes"), ("RESTORE k 0 p IDLETIME 5", "no other option"),
    ("RESTORE k -1 p", "above 0"), ("EXPIRE other 5", "must follow"),
    ("SET k v EXAT 1700000000000", "can only be in milliseconds"),
    ("SET k v PXAT 1700000000", "can only be in seconds"), ("ZADD k 1e400 a", "a double can hold"),
    ("ZADD k 1e-400 a", "a double can hold"),
    ("DEL k", "DEL is not loaded; only SET"),
    ("FLUSHALL", "FLUSHALL is not loaded"), ("SETNX k v", "not loaded"),
  ]) func rejects(command: String, words: String) throws {
    let items = SeedDraining.items(SeedDraining.resp("SET before 1", command, "SET after 2"))
    try #require(items.count == 3)
    #expect(items[0].record == SeedRecord("before", .text("1")))
    let rejection = try #require(items[1].rejection)
    #expect(rejection.reason.contains(words), "\(rejection.reason)")
    #expect(rejection.position == SeedPosition(line: 2, offset: SeedDraining.resp("SET before 1").utf8.count))
    #expect(rejection.bytes == Array(SeedDraining.resp(command).utf8))
    #expect(items[2].record == SeedRecord("after", .text("2")))
  }

  /// What follows a SELECT belongs to that database.
  @Test func recordsNameTheirDatabase() throws {
    let file = SeedDraining.resp(
      "SET before 1", "SELECT 3", "RPUSH l a", "SELECT 0", "RPUSH l b", "SELECT 3", "RPUSH l c")
    #expect(
      SeedDraining.records(file) == [
        SeedRecord("before", .text("1")),
        SeedRecord("l", .texts(list: "a", "c"), database: 3),
        SeedRecord("l", .texts(list: "b"), database: 0),
      ])
    let wrong = SeedDraining.items(SeedDraining.resp("SELECT x", "SET a 1"))
    #expect(wrong.first?.rejection?.reason.contains("number of a database") == true)
  }

  /// A parallel dump writes the commands of one key with those of others between them.
  @Test func commandsOfAKeyMayStandApart() throws {
    let file = SeedDraining.resp("SADD s a", "SET x 1", "SADD s b", "SET y 2", "EXPIRE x 9", "EXPIRE s 8")
    #expect(
      SeedDraining.items(file) == [
        .record(
          SeedRecord("s", .texts(set: "a", "b"), .after(milliseconds: 8000)), SeedPosition(line: 1, offset: 0)
        ),
        .record(
          SeedRecord("x", .text("1"), .after(milliseconds: 9000)),
          SeedPosition(line: 2, offset: SeedDraining.resp("SADD s a").utf8.count)),
        .record(
          SeedRecord("y", .text("2")),
          SeedPosition(line: 4, offset: SeedDraining.resp("SADD s a", "SET x 1", "SADD s b").utf8.count)),
      ])
  }

  /// Half a key would look whole: it is rejected with the commands that can be loaded.
  @Test(arguments: [
    ("SET k v", "EXPIRE k soon"), ("SET k v", "PEXPIREAT k 1700000000"), ("ZADD k 1 a", "ZADD k 1e400 b"),
    ("XADD k 2-0 f v", "XADD k 1-0 f v"), ("HSET k f v", "HSET k g"), ("SET k v", "EXPIRE k 5 NX"),
    ("HSET k f v g w", "HDEL k f"), ("SET k 1", "INCR k"), ("SET k v", "DEL x k"), ("SET k v", "RENAME k x"),
    ("SET k v", "MSET x 1 k 2"), ("XADD k 1-0 f v", "XGROUP CREATE k g 0"),
  ]) func aKeyIsRejectedWhole(first: String, wrong: String) throws {
    let items = SeedDraining.items(SeedDraining.resp("SET before 1", first, "SET after 2", wrong))
    try #require(items.count == 3)
    #expect(items[0].record?.key == Array("before".utf8) && items[2].record?.key == Array("after".utf8))
    let rejection = try #require(items[1].rejection)
    #expect(rejection.position.line == 2 && rejection.reason.hasPrefix("command 4 of the same key: "))
    #expect(rejection.bytes == Array(SeedDraining.resp(wrong).utf8))
  }

  /// What is held is bounded; an addition that comes later than that would replace the key.
  @Test func additionsThatComeTooLateAreRejected() throws {
    var reader = SeedRESPReader(longestValue: 1 << 20, longestRecord: 1 << 20, window: 100)
    var buffer = SeedBuffer()
    let rest = (0..<9).map { "SET x\($0) 1" }
    buffer.append(
      Array(
        (SeedDraining.resp("SADD s a") + rest.map { SeedDraining.resp($0) }.joined()
          + SeedDraining.resp("SADD s b", "EXPIRE x8 5")).utf8))
    buffer.complete()
    var items: [SeedItem] = []
    while let item = reader.next(&buffer) { items.append(item) }
    #expect(items.count == 11 && items[0].record == SeedRecord("s", .texts(set: "a")))
    #expect(items[9].record == SeedRecord("x8", .text("1"), .after(milliseconds: 5000)))
    #expect(items[10].rejection?.reason.contains("one behind the other") == true)
  }

  @Test func readsLinesOfWordsAsRedisDoes() throws {
    let file = "SET a \"x \\x41\\n\"\r\nset b 'it\\'s \\n'\n" + SeedDraining.resp("SET c 3") + "EXPIRE a 7"
    #expect(
      SeedDraining.records(file) == [
        SeedRecord("a", .text("x A\n"), .after(milliseconds: 7000)), SeedRecord("b", .text("it's \\n")),
        SeedRecord("c", .text("3")),
      ])
    #expect(
      SeedDraining.items("PING\r\n", format: .resp).first?.rejection?.reason.contains("not loaded") == true)
    for broken in ["SET a \"x\n", "SET a \"x\"y\n", "a,b\n"] {
      #expect(
        SeedDraining.items(broken, format: .resp).first?.refusal?.reason.contains("a line of words") == true)
    }
  }

  @Test(
    arguments: [
      ("*2\r\n+OK\r\n", "expected \"$\"", 4), ("+OK\r\n", "expected \"*\"", 0),
      ("*x\r\n", "not a number", 0),
      ("*0\r\n", "not a number", 0), ("*-1\r\n", "not a number", 0),
      ("*99999999999999999999999\r\n", "not a number", 0),
      ("*1\r\n$-1\r\n", "not a length", 4), ("*1\r\n$2\r\nabc\r\n", "not as long", 10),
      ("*1\r\n$9999999\r\n", "not a length", 4), ("*1\n$1\r\na\r\n", "not a number", 0),
      ("*3\r\n$3\r\nSET\r\n$1\r\nk", "truncated", nil), ("*3\r\n", "truncated", nil), ("*", "truncated", nil),
    ] as [(String, String, Int?)]) func aBrokenFrameEndsTheFile(broken: String, words: String, place: Int?)
    throws
  {
    let start = SeedDraining.resp("SET before 1")
    let items = SeedDraining.items(
      start + broken + SeedDraining.resp("SET after 1").prefix(place == nil ? 0 : 99))
    try #require(items.count == 2)
    #expect(items[0].record?.key == Array("before".utf8))
    let refusal = try #require(items[1].refusal)
    #expect(refusal.reason.contains(words), "\(refusal.reason)")
    #expect(refusal.position.offset == start.utf8.count)
    if let place {
      #expect(refusal.reason.hasSuffix("at byte \(start.utf8.count + place)"), "\(refusal.reason)")
    }
  }

  @Test func passesOverEmptyLinesBetweenCommands() {
    let file = "\r\n" + SeedDraining.resp("SET a 1") + "\r\n\n" + SeedDraining.resp("SET b 2") + "\r\n"
    #expect(
      SeedDraining.records(file, format: .resp) == [SeedRecord("a", .text("1")), SeedRecord("b", .text("2"))])
  }

  @Test func limitsTheSizeOfWhatIsMerged() {
    let file = SeedDraining.resp("RPUSH l a", "RPUSH l b", "RPUSH l c", "RPUSH l d")
    let items = SeedDraining.items(Array(file.utf8), longestRecord: 60)
    #expect(items.contains { $0.rejection?.reason.contains("would become longer") == true })
  }

  @Test func manyCommandsOnOneKeyTakeLinearTime() {
    let file = (0..<60_000).map { SeedDraining.resp($0 % 2 == 0 ? "LPUSH l a" : "RPUSH l b") }.joined()
    let items = SeedDraining.items(Array(file.utf8), chunk: 65_536, longestRecord: 1 << 24)
    guard case .list(let elements) = items.first?.record?.value else {
      Issue.record("no list")
      return
    }
    #expect(items.count == 1)
    #expect(elements.count == 60_000)
  }
}
