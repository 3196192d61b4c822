import Testing

@testable import RedisClient

@Suite struct CommandBufferTests {
  static func text(_ buffer: CommandBuffer) -> String { String(decoding: buffer.bytes, as: UTF8.self) }

  @Test func textArguments() {
    var buffer = CommandBuffer()
    #expect(buffer.isEmpty)
    buffer.append("SET", "ключ", "")
    #expect(Self.text(buffer) == "*3\r\n$3\r\nSET\r\n$8\r\nключ\r\n$0\r\n\r\n")
    #expect(buffer.count == 1)
  }

  @Test func binaryArguments() {
    var buffer = CommandBuffer()
    buffer.append([Array("GET".utf8), [0, 13, 10, 255]])
    #expect(buffer.bytes == Array("*2\r\n$3\r\nGET\r\n$4\r\n".utf8) + [0, 13, 10, 255, 13, 10])
  }

  /// A server answers an empty array with nothing, so the flight would wait for ever.
  @Test func aCommandOfNothingIsNone() {
    var buffer = CommandBuffer()
    buffer.append([])
    #expect(buffer.isEmpty && buffer.bytes.isEmpty)
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345]) func aPrefixAndAKeyAreTheSameAsTheirParts(length: Int) {
    let key = [UInt8](repeating: 7, count: length)
    for words in [["PTTL"], ["MEMORY", "USAGE"]] {
      var plain = CommandBuffer()
      plain.append(words.map { Array($0.utf8) } + [key])
      var prefixed = CommandBuffer()
      let prefix = words.count == 1 ? CommandPrefix(words[0]) : CommandPrefix(words[0], words[1])
      prefixed.append(prefix, key.span)
      #expect(prefixed.bytes == plain.bytes)
      #expect(prefixed.count == 1)
    }
  }

  @Test func manyWords() {
    let prefix = CommandPrefix("A", "B", "C", "D", "E", "F", "G", "H", "I")
    #expect(String(decoding: prefix.bytes, as: UTF8.self).hasPrefix("*10\r\n$1\r\nA\r\n"))
  }

  @Test func removingAllKeepsTheMemory() {
    var buffer = CommandBuffer()
    for _ in 0..<1000 { buffer.append("PING") }
    let capacity = buffer.bytes.capacity
    buffer.removeAll()
    #expect(buffer.isEmpty && buffer.bytes.isEmpty)
    #expect(buffer.bytes.capacity == capacity)
  }

  @Test func contentsAreNotShown() {
    var buffer = CommandBuffer()
    buffer.append(Credentials(password: "canary").authCommand)
    let shown = EndpointSecrecyTests.everyForm(buffer)
    #expect(!shown.contains("canary"))
    // Nor as numbers: "ca" is 99, 97.
    #expect(!shown.contains("99, 97") && !shown.contains("- 99"))
    #expect("\(buffer)" == "1 commands, 26 bytes")
  }
}
