import Testing

@testable import RedisClient

@Suite struct ReplyDecodingTests {
  static func reply(_ wire: String) throws -> Reply {
    let reader = try ReplyReaderTests.reader()
    let buffer = ReplyBuffer()
    #expect(reader.feed(Array(wire.utf8)))
    try #require(try reader.parse(upTo: 1, into: buffer) == 1)
    return buffer[0]
  }

  static func fault<Value: ReplyDecodable>(_ wire: String, _: Value.Type) throws -> String {
    let reply = try reply(wire)
    do throws(DecodeError) {
      _ = try Value(reply: reply)
      return "decoded"
    } catch {
      return error.description
    }
  }

  @Test func strings() throws {
    #expect(try Self.reply("$3\r\nabc\r\n").decode(String.self) == "abc")
    #expect(try Self.reply("+OK\r\n").decode(String.self) == "OK")
    #expect(try Self.reply("=7\r\ntxt:abc\r\n").decode(String.self) == "abc")
    #expect(try Self.reply("$2\r\n\r\n\r\n").decode(ReplyBytes.self).bytes == [13, 10])
    #expect(try Self.reply("$-1\r\n").decode(String?.self) == nil)
    #expect(try Self.reply("$1\r\na\r\n").decode(String?.self) == "a")
  }

  @Test func numbers() throws {
    #expect(try Self.reply(":-2\r\n").decode(Int64.self) == -2)
    #expect(try Self.reply("$4\r\n1234\r\n").decode(Int64.self) == 1234)
    #expect(try Self.reply(",1.5\r\n").decode(Double.self) == 1.5)
    #expect(try Self.reply("$3\r\n1.5\r\n").decode(Double.self) == 1.5)
    #expect(try Self.reply(":3\r\n").decode(Double.self) == 3)
    #expect(try Self.reply("#t\r\n").decode(Bool.self))
    #expect(try !Self.reply(":0\r\n").decode(Bool.self))
  }

  @Test func collections() throws {
    #expect(try Self.reply("*2\r\n:1\r\n$1\r\n2\r\n").decode([Int64].self) == [1, 2])
    #expect(try Self.reply("~1\r\n+a\r\n").decode([String].self) == ["a"])
    #expect(try Self.reply("*2\r\n$-1\r\n+a\r\n").decode([String?].self) == [nil, "a"])
    #expect(try Self.reply("*2\r\n*1\r\n:1\r\n*0\r\n").decode([[Int64]].self) == [[1], []])
    #expect(try Self.reply("%1\r\n+k\r\n+v\r\n").decode([String].self) == ["k", "v"])
  }

  @Test func fields() throws {
    let asMap = try Self.reply("%3\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n+c\r\n$1\r\nx\r\n").decode(
      ReplyFields.self)
    let asArray = try Self.reply("*6\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n+c\r\n$1\r\nx\r\n").decode(
      ReplyFields.self)
    #expect(asMap.values == ["a": "1", "c": "x"])
    #expect(asMap == asArray)
  }

  @Test func whatDoesNotFitIsNamed() throws {
    #expect(try Self.fault(":1\r\n", String.self) == "expected a string, the server sent integer")
    #expect(try Self.fault("+1\r\n", Int64.self) == "expected an integer, the server sent status")
    #expect(try Self.fault("$2\r\n1x\r\n", Int64.self) == "expected an integer, the server sent string")
    #expect(try Self.fault(":2\r\n", Bool.self) == "expected a boolean, the server sent integer")
    #expect(try Self.fault("+x\r\n", Double.self) == "expected a number, the server sent status")
    #expect(try Self.fault("$-1\r\n", [String].self) == "expected an array, the server sent null")
    #expect(
      try Self.fault("*3\r\n+a\r\n+b\r\n+c\r\n", ReplyFields.self)
        == "expected a map, the server sent array of 3")
    #expect(
      try Self.fault("-ERR a\u{1B}[2Jb\r\n", String.self)
        == "expected a string, the server sent the error ERR a\\x1b[2Jb")
  }

  @Test func aPageOfKeysIsReadAsRanges() throws {
    let page = try Self.reply("*2\r\n$2\r\n17\r\n*3\r\n$1\r\na\r\n$0\r\n\r\n$2\r\nbc\r\n").children[1]
    var ranges: [Range<Int>] = [0..<1]
    #expect(page.appendTextRanges(to: &ranges))
    #expect(
      ranges.dropFirst().map { String(decoding: page.buffer.bytes[$0], as: UTF8.self) } == ["a", "", "bc"])
    #expect(ranges[0] == 0..<1)
  }

  @Test(arguments: [
    "*2\r\n+a\r\n:1\r\n", "*2\r\n+a\r\n*1\r\n+b\r\n", ":1\r\n", "*2\r\n+a\r\n-ERR x\r\n",
    "%1\r\n+a\r\n+b\r\n",
  ])
  func whatIsNoPageLeavesNoRanges(wire: String) throws {
    var ranges = [0..<1]
    #expect(try !Self.reply(wire).appendTextRanges(to: &ranges))
    #expect(ranges == [0..<1])
  }

  static let codes: [(line: String, code: String)] = [
    ("ERR unknown command", "ERR"), ("NOAUTH Authentication required.", "NOAUTH"), ("MOVED 1 h:1", "MOVED"),
    ("LOADING", "LOADING"), ("Error in script", "ERR"), ("", "ERR"), (" LOADING", "ERR"), ("ERRx y", "ERR"),
    ("ÉTÉ x", "ERR"), ("NOPROTO sorry", "NOPROTO"),
  ]

  @Test(arguments: codes.indices) func errorCodes(index: Int) {
    let (line, code) = Self.codes[index]
    let error = ServerError(line: line)
    #expect(error.code == code)
    #expect(error.message == line)
  }

  @Test func hostileErrorsAreShownHarmlessly() {
    let error = ServerError(line: "ERR \u{1B}]0;x\u{7}\u{202E}" + String(repeating: "é", count: 400))
    let shown = ClientError(error, to: "GET", at: Endpoint(address: .unix(path: "/s"))).message
    #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" && $0 != "\u{7F}" })
    #expect(shown.count < 400)
  }
}
