import TestSupport
import Testing

@testable import RedisClient

/// Lines of MONITOR, which any client can fill with anything.
@Suite struct MonitoredCommandTests {
  static let secret = "canary-71fd"

  /// The batch that some lines make, given as what stands behind the time and the client.
  static func batch(_ lines: [String], pieces: Int = .max) throws -> PushBatch {
    let bytes = Array(lines.map { "+1796036253.814844 [0 [::1]:60866] \($0)\r\n" }.joined().utf8)
    var parser = PushParser(channels: [], keys: CommandKeyTable())
    var batch = PushBatch()
    for start in stride(from: 0, to: bytes.count, by: min(pieces, bytes.count)) {
      try parser.take(
        bytes.span.extracting(start..<min(bytes.count, start + min(pieces, bytes.count))), into: &batch)
    }
    return batch
  }

  static func keys(_ line: String) throws -> [String] {
    let batch = try batch([line])
    return batch.items.compactMap { item in
      guard case .key(let use, _) = item.kind else { return nil }
      let marks: [KeyUse: String] = [.read: "", .fill: "=", .write: "-", .inspection: "?"]
      let mark = marks[use] ?? "!"
      return mark + batch.text(of: item)
    }
  }

  @Test(arguments: [
    (#""get" "a""#, ["a"]), (#""GeT" "a""#, ["a"]), (#""mget" "a" "b" "c""#, ["a", "b", "c"]),
    (#""hmget" "h" "f" "g""#, ["h"]), (#""exists" "a" "a""#, ["a", "a"]),
    (#""set" "a" "canary-71fd" "EX" "5""#, ["=a"]),
    (#""mset" "a" "canary-71fd" "b" "canary-71fd""#, ["=a", "=b"]),
    (#""del" "a" "b""#, ["-a", "-b"]), (#""pttl" "a""#, ["?a"]), (#""object" "encoding" "a""#, ["?a"]),
    (#""zunionstore" "d" "2" "a" "b" "weights" "1" "2""#, ["=d", "a", "b"]),
    (#""sintercard" "2" "a" "b" "limit" "3""#, ["a", "b"]), (#""zdiff" "1" "a""#, ["a"]),
    (#""sunionstore" "d" "a" "b""#, ["=d", "a", "b"]), (#""bitop" "and" "d" "a" "b""#, ["=d", "a", "b"]),
    (#""xread" "COUNT" "2" "Streams" "a" "b" "0" "canary-71fd""#, ["a", "b"]),
    (#""xreadgroup" "group" "g" "c" "streams" "a" ">""#, ["a"]), (#""lcs" "a" "b" "len""#, ["a", "b"]),
    (#""copy" "a" "b""#, ["a", "=b"]), (#""ping""#, []), (#""nosuch" "canary-71fd""#, []),
    (#""eval" "canary-71fd" "1" "a""#, []), (#""publish" "c" "canary-71fd""#, []),
    (#""get" "a\r\n\t\a\b\"\\\x41""#, ["a\r\n\t\u{7}\u{8}\"\\A"]), (#""get" """#, [""]),
  ])
  func findsTheKeysOfACommand(_ line: String, _ expected: [String]) throws {
    #expect(try Self.keys(line) == expected)
    for pieces in [1, 3, 7] { #expect(try Self.batch([line], pieces: pieces).items.count == expected.count) }
  }

  @Test(arguments: [
    #""get" "a"#, #""get" "a\xg0""#, #""zunion" "99999999999999999999" "a""#, #""zunion" "x" "a""#,
    #""xread" "streams""#,
    #""" "a""#, #"get a"#, #"" "#, #""xread" "streams" "a""#, #""bitop" "and""#,
  ])
  func aBrokenLineBreaksNothing(_ line: String) throws {
    let batch = try Self.batch([line, #""get" "next""#])
    #expect(batch.commands == 2)
    #expect(batch.items.last.map { batch.text(of: $0) } == "next")
  }

  @Test func keepsNoByteOfAnyValue() throws {
    let value = String(repeating: Self.secret, count: 20)
    let lines = [
      #""set" "k" "\#(value)""#, #""hset" "h" "f" "\#(value)""#, #""\#(value)" "k""#,
      #""lpush" "l" "\#(value)""#,
      #""mset" "a" "\#(value)" "b" "\#(value)""#, #""eval" "\#(value)" "1" "k""#, #""getex" "g" "\#(value)""#,
      #""zunion" "\#(value)" "a""#, #""xread" "\#(value)" "streams" "s" "0-1""#,
    ]
    var parser = PushParser(channels: [], keys: CommandKeyTable())
    var batch = PushBatch()
    for line in lines {
      let bytes = Array("+1.0 [0 a:1] \(line)\r\n".utf8)
      for start in stride(from: 0, to: bytes.count, by: 11) {
        try parser.take(bytes.span.extracting(start..<min(bytes.count, start + 11)), into: &batch)
        let kept = String(decoding: parser.kept, as: UTF8.self)
        #expect(!kept.contains("canary"), "in the middle of \(line.prefix(20)): \(kept)")
      }
      #expect(parser.kept.isEmpty, "nothing outlives the line")
    }
    #expect(!String(decoding: batch.bytes, as: UTF8.self).contains("canary"))
    #expect(batch.items.count == 8)
  }

  @Test func noTwoCommandsShareAHash() {
    let names = [
      "get", "set", "mget", "mset", "hget", "hset", "del", "unlink", "exists", "expire", "pexpire", "ttl",
      "pttl", "type",
      "object", "eval", "evalsha", "publish", "subscribe", "ping", "info", "client", "config", "monitor",
      "multi", "exec",
      "lpush", "rpush", "lpop", "rpop", "llen", "lrange", "sadd", "srem", "smembers", "zadd", "zrem",
      "zrange", "zscore",
      "xadd", "xread", "xlen", "incr", "decr", "append", "strlen", "getrange", "setrange", "scan", "hscan",
      "sscan", "zscan",
    ]
    #expect(Set(names.map { CommandKeyTable.Name($0) }).count == names.count)
    #expect(CommandKeyTable.Name("HGETALL") == CommandKeyTable.Name("hgetall"))
  }

  @Test func aServerAddsTheCommandsOfItsModules() throws {
    let reply = ReplyBuffer()
    let entry = { (name: String, flag: String, first: Int, last: Int) in
      "*6\r\n$\(name.utf8.count)\r\n\(name)\r\n:-2\r\n*1\r\n+\(flag)\r\n:\(first)\r\n:\(last)\r\n:1\r\n"
    }
    let text =
      "*4\r\n" + entry("json.get", "readonly", 1, 1) + entry("json.mget", "readonly", 1, -2)
      + entry("json.set", "write", 1, 1) + entry("get", "write", 3, 3)
    let reader = try #require(ReplyReader(maximumReplyBytes: 1 << 20))
    #expect(reader.feed(Array(text.utf8)))
    #expect(try reader.parse(upTo: 1, into: reply) == 1)
    var table = CommandKeyTable()
    table.learn(from: reply[0])
    var parser = PushParser(channels: [], keys: table)
    var batch = PushBatch()
    let lines =
      #"+1.0 [0 a:1] "json.mget" "a" "b" "$.canary""# + "\r\n" + #"+1.0 [0 a:1] "JSON.SET" "c" "." "1""#
      + "\r\n"
    try parser.take(Array(lines.utf8).span, into: &batch)
    #expect(batch.items.map { batch.text(of: $0) } == ["a", "b", "c"])
    #expect(table["get"] == CommandKeyTable()["get"], "what is known is not replaced")
  }
}
