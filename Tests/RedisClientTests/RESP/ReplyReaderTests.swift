import Testing

@testable import RedisClient

/// hiredis's reader with our functions, fed directly.
@Suite struct ReplyReaderTests {
  static func reader(maximum: Int = 1 << 20) throws -> ReplyReader {
    try #require(ReplyReader(maximumReplyBytes: maximum))
  }

  /// What is read when the bytes come in these pieces.
  static func read(_ pieces: [[UInt8]], upTo limit: Int = .max) throws -> [ReplyShape] {
    let reader = try reader()
    let buffer = ReplyBuffer()
    for piece in pieces {
      #expect(reader.feed(piece))
      _ = try reader.parse(upTo: limit, into: buffer)
    }
    return ReplyShape.all(in: buffer)
  }

  @Test(arguments: ReplySamples.all.indices) func everyTypeSplitAtEveryOffset(index: Int) throws {
    let (wire, shape) = ReplySamples.all[index]
    let bytes = Array(wire.utf8)
    for offset in 0...bytes.count {
      let found = try Self.read([Array(bytes[..<offset]), Array(bytes[offset...])])
      #expect(found == [shape], "split at \(offset)")
    }
    #expect(try Self.read(bytes.map { [$0] }) == [shape])
  }

  @Test func aStreamOfAllSplitAtEveryOffset() throws {
    let shapes = ReplySamples.all.map(\.shape)
    let stream = ReplySamples.stream
    for offset in 0...stream.count {
      let found = try Self.read([Array(stream[..<offset]), Array(stream[offset...])])
      #expect(found == shapes, "split at \(offset)")
    }
    #expect(try Self.read(stream.map { [$0] }) == shapes)
  }

  @Test func noMoreThanAskedForIsParsed() throws {
    let reader = try Self.reader()
    let first = ReplyBuffer()
    let second = ReplyBuffer()
    #expect(reader.feed(Array("+a\r\n+b\r\n>1\r\n+c\r\n+d\r\n+e".utf8)))
    #expect(try reader.parse(upTo: 1, into: first) == 1)
    #expect(try reader.parse(upTo: 2, into: second) == 2)
    #expect(ReplyShape.all(in: first) == [.status("a")])
    #expect(ReplyShape.all(in: second) == [.status("b"), .status("d")])
    #expect(throws: ProtocolFault.self) { try reader.expectNoReply() }
  }

  @Test func pushesTakeNoMemory() throws {
    let reader = try Self.reader(maximum: 1000)
    let buffer = ReplyBuffer()
    for _ in 0..<100 {
      #expect(reader.feed(Array((ReplySamples.pushes.joined() + ">1\r\n$900\r\n").utf8)))
      #expect(reader.feed([UInt8](repeating: 0, count: 900) + [13, 10]))
      #expect(try reader.parse(upTo: 1, into: buffer) == 0)
    }
    #expect(buffer.nodes.isEmpty && buffer.bytes.isEmpty)
  }

  /// Whole or cut pushes may lie behind the last reply; a cut one goes on with the next flight's buffer.
  @Test(arguments: 0...23) func pushesBehindTheLastReply(cut: Int) throws {
    let push = Array(">2\r\n+a\r\n*2\r\n:1\r\n$1\r\nb\r\n".utf8)
    #expect(cut <= push.count)
    let reader = try Self.reader()
    let buffer = ReplyBuffer()
    #expect(reader.feed(Array("+x\r\n".utf8) + push[..<cut]))
    #expect(try reader.parse(upTo: 1, into: buffer) == 1)
    try reader.expectNoReply()
    buffer.removeAll()
    #expect(reader.feed(push[cut...] + Array("*1\r\n:5\r\n".utf8)))
    #expect(try reader.parse(upTo: 1, into: buffer) == 1)
    #expect(ReplyShape.all(in: buffer) == [.array([.integer(5)])])
    try reader.expectNoReply()
  }

  static let strays = [
    "+x\r\n", "+", "$3\r\na", "*2\r\n+a\r\n", ">1\r\n+a\r\n:", ">0\r\n+x\r\n", ":1\r\n>1\r\n",
  ]

  @Test(arguments: strays) func aReplyTooMany(stray: String) throws {
    let reader = try Self.reader()
    #expect(reader.feed(Array(stray.utf8)))
    #expect(throws: ProtocolFault(text: "a reply that answers no command")) { try reader.expectNoReply() }
  }

  static let faults: [(wire: String, text: String)] = [
    ("HTTP/1.1 400 Bad Request\r\n", "got \"H\""),
    ("\u{15}\u{3}\u{3}", "got \"\\x15\""),
    ("SSH-2.0-OpenSSH\r\n", "got \"S\""),
    ("$9223372036854775807\r\n", "a string of 9223372036854775807 bytes"),
    ("$1048577\r\nabc", "a string of 1048577 bytes"),
    ("$99999999999999999999\r\n", "Bad bulk string length"),
    ("$11111111111111111111111", "bytes is announced"),
    ("$-2\r\n", "Bulk string length out of range"),
    ("$abc\r\n", "Bad bulk string length"),
    ("*4294967295\r\n", "Multi-bulk length out of range"),
    ("*67108865\r\n", "Multi-bulk length out of range"),
    ("*-2\r\n", "Multi-bulk length out of range"),
    ("%67108865\r\n", "Multi-bulk length out of range"),
    (":12a\r\n", "Bad integer value"),
    (":99999999999999999999\r\n", "Bad integer value"),
    ("#x\r\n", "Bad bool value"),
    (",abc\r\n", "Bad double value"),
    ("(12x\r\n", "Bad bignum value"),
    ("=3\r\nabc\r\n", "Verbatim"),
    (String(repeating: "*1\r\n", count: 17), "nested more than 16 deep"),
    (String(repeating: "*1\r\n", count: 100_000), "nested more than 16 deep"),
    (String(repeating: "%1\r\n", count: 40), "nested more than 16 deep"),
    ("+" + String(repeating: "a", count: 70_000), "a line of more than 65536 bytes"),
    ("*" + String(repeating: "1", count: 70_000), "a line of more than 65536 bytes"),
  ]

  @Test(arguments: faults.indices) func faultsAreNamed(index: Int) throws {
    let (wire, text) = Self.faults[index]
    // Split anywhere, the outcome is the same.
    for offset in [0, 1, 2, 3, wire.utf8.count / 2] where offset < wire.utf8.count {
      let reader = try Self.reader()
      let buffer = ReplyBuffer()
      var fault: ProtocolFault?
      do {
        #expect(reader.feed(Array(wire.utf8.prefix(offset))))
        _ = try reader.parse(upTo: 1, into: buffer)
        #expect(reader.feed(Array(wire.utf8.dropFirst(offset))))
        _ = try reader.parse(upTo: 1, into: buffer)
      } catch {
        fault = error
      }
      #expect(fault?.text.contains(text) == true, "\(fault?.text ?? "no fault")")
      #expect(buffer.count == 0)
      #expect(buffer.nodes.count <= 17)
    }
  }

  @Test func nestingUpToTheLimitIsRead() throws {
    let found = try Self.read([Array((String(repeating: "*1\r\n", count: 16) + ":1\r\n").utf8)])
    var expected = ReplyShape.integer(1)
    for _ in 0..<16 { expected = .array([expected]) }
    #expect(found == [expected])
  }

  /// Elements arrive one by one, each of them small: only their sum is too much.
  @Test(arguments: [":1\r\n", "$4\r\nabcd\r\n", "_\r\n", "*0\r\n"]) func endlessArraysAreBounded(
    element: String
  ) throws {
    let reader = try Self.reader(maximum: 100_000)
    let buffer = ReplyBuffer()
    #expect(reader.feed(Array("*60000000\r\n".utf8)))
    let piece = Array(String(repeating: element, count: 1000).utf8)
    #expect(throws: ProtocolFault(text: "replies of more than 100000 bytes")) {
      for _ in 0..<100 {
        #expect(reader.feed(piece))
        _ = try reader.parse(upTo: 1, into: buffer)
      }
    }
    #expect(buffer.nodes.count * MemoryLayout<ReplyBuffer.Node>.stride + buffer.bytes.count <= 100_000)
  }

  @Test func theLimitIsForAllRepliesOfABuffer() throws {
    let reader = try Self.reader(maximum: 1000)
    let value = Array("$900\r\n".utf8) + [UInt8](repeating: 0x61, count: 900) + [13, 10]
    for _ in 0..<50 { #expect(reader.feed(value)) }
    for _ in 0..<20 { #expect(try reader.parse(upTo: 1, into: ReplyBuffer()) == 1) }
    let buffer = ReplyBuffer()
    #expect(throws: ProtocolFault(text: "replies of more than 1000 bytes")) {
      _ = try reader.parse(upTo: 2, into: buffer)
    }
    #expect(buffer.count == 1)
  }

  @Test func afterAFaultNothingMoreIsRead() throws {
    let reader = try Self.reader()
    #expect(reader.feed(Array("!\r\n".utf8)))
    #expect(throws: ProtocolFault.self) { try reader.parse(upTo: 1, into: ReplyBuffer()) }
    #expect(!reader.feed(Array("+OK\r\n".utf8)))
    #expect(throws: ProtocolFault.self) { try reader.parse(upTo: 1, into: ReplyBuffer()) }
    #expect(reader.pendingBytes == 0)
  }

  /// Readers end in every state: idle, within a nested reply, within a push, after a fault.
  @Test(arguments: ["", "*3\r\n*2\r\n+a\r\n$10\r\nabc", ">2\r\n*3\r\n:1\r\n", "?"]) func freedInAnyState(
    wire: String
  ) throws {
    for _ in 0..<100 {
      let reader = try Self.reader()
      #expect(reader.feed(Array(wire.utf8)))
      _ = try? reader.parse(upTo: 1, into: ReplyBuffer())
    }
  }
}
