import TestSupport
import Testing

@testable import RedisClient

@Suite struct PushParserTests {
  static let channels = ["__keyevent@0__:keymiss", "__keyevent@0__:expired"].map { Array($0.utf8) }

  /// What comes out of some bytes, as text: `miss a`, `read 0 a`, `reply …`, `refusal …`.
  static func items(_ bytes: [UInt8], pieces: Int = .max) throws -> [String] {
    var parser = PushParser(channels: channels, keys: CommandKeyTable())
    var batch = PushBatch()
    for start in stride(from: 0, to: bytes.count, by: min(pieces, bytes.count)) {
      let end = min(bytes.count, start + min(pieces, bytes.count))
      try parser.take(bytes.span.extracting(start..<end), into: &batch)
    }
    return batch.items.map { item in
      let name = batch.text(of: item)
      return switch item.kind {
      case .message(let channel): "\(channel == 0 ? "miss" : "expired") \(name)"
      case .key(let use, let database): "\(use) \(database) \(name)"
      case .reply: "reply \(name)"
      case .refusal: "refusal \(name)"
      }
    }
  }

  static func message(_ channel: String, _ name: String, sigil: String = ">") -> String {
    "\(sigil)3\r\n$7\r\nmessage\r\n$\(channel.utf8.count)\r\n\(channel)\r\n$\(name.utf8.count)\r\n\(name)\r\n"
  }

  static let conversation =
    ">3\r\n$9\r\nsubscribe\r\n$22\r\n__keyevent@0__:keymiss\r\n:1\r\n+PONG\r\n"
    + message("__keyevent@0__:keymiss", "nope") + "+1796036253.88 [0 unix:/tmp/a] x] \"get\" \"nope\"\r\n"
    + "=9\r\ntxt:a:1\r\n\r\n" + message("__keyevent@0__:expired", "b\r\nc")
    + "+1796036254.06 [3 lua] \"MGET\" \"x\\\"y\\\\\" \"\\x00\\xff\\n\"\r\n-NOPERM no\r\n$-1\r\n"

  static let expected = [
    "reply PONG", "miss nope", "read 0 nope", "reply a:1\r\n", "expired b\r\nc", "read 3 x\"y\\",
    "read 3 \0\u{fffd}\n", "refusal NOPERM no", "reply ",
  ]

  @Test func readsMessagesLinesAndReplies() throws {
    #expect(try Self.items(Array(Self.conversation.utf8)) == Self.expected)
  }

  @Test func splitsAtEveryByteChangeNothing() throws {
    for pieces in 1...40 {
      #expect(try Self.items(Array(Self.conversation.utf8), pieces: pieces) == Self.expected, "\(pieces)")
    }
  }

  @Test func olderProtocolsPushArrays() throws {
    #expect(try Self.items(Array(Self.message("__keyevent@0__:keymiss", "k", sigil: "*").utf8)) == ["miss k"])
  }

  @Test func passesOverWhatIsNoMessageOfOurs() throws {
    let text =
      Self.message("__keyevent@1__:keymiss", "other")
      + ">2\r\n$10\r\ninvalidate\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"
      + "%1\r\n$1\r\na\r\n#t\r\n" + Self.message("__keyevent@0__:keymiss", "")
    #expect(try Self.items(Array(text.utf8)) == ["miss "])
  }

  @Test(arguments: [
    "!3\r\nabc\r\n", "$x\r\n", "$9999999999999\r\n", "*99999999999\r\n", "$1048577\r\n",
    String(repeating: ">1\r\n", count: 40), "+" + String(repeating: "a", count: 70_000),
  ])
  func refusesWhatNoServerSends(_ text: String) {
    #expect(throws: ProtocolFault.self) { try Self.items(Array(text.utf8)) }
  }

  @Test func cutsNamesThatAreLongerThanAnyShouldBe() throws {
    let long = String(repeating: "k", count: 100_000)
    let text = Self.message("__keyevent@0__:keymiss", long) + "+1.0 [0 a:1] \"get\" \"\(long)\"\r\n"
    let items = try Self.items(Array(text.utf8))
    #expect(items.map(\.count) == [5 + PushParser.longestName, 7 + PushParser.longestName])
  }
}
