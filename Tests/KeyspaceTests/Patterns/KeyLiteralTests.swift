import Keyspace
import Testing

@Suite struct KeyLiteralTests {
  @Test(
    arguments: [
      ("", []), ("app:1", Array("app:1".utf8)), ("\\x00", [0]), ("\\xff\\xFF\\xfF", [0xff, 0xff, 0xff]),
      ("a\\x0ab", [0x61, 0x0a, 0x62]), ("é", [0xc3, 0xa9]), ("\\\\", [0x5c]),
      ("\\\\x41", Array("\\x41".utf8)),
      ("\\\\\\x41", [0x5c, 0x41]), ("\\", [0x5c]), ("\\x", [0x5c, 0x78]), ("\\x4", Array("\\x4".utf8)),
      ("\\xg0", Array("\\xg0".utf8)), ("\\n", Array("\\n".utf8)), ("\\X41", Array("\\X41".utf8)),
      ("*?[a]", Array("*?[a]".utf8)), ("\\x5cx41", Array("\\x41".utf8)), ("x41", Array("x41".utf8)),
      ("\\x4\\x41", Array("\\x4A".utf8)), ("a\\", Array("a\\".utf8)),
    ] as [(String, [UInt8])]) func readsBytes(text: String, expected: [UInt8])
  {
    #expect(KeyLiteral.bytes(of: text) == expected)
  }

  @Test func everyByteCanBeTyped() {
    for byte in UInt8.min...UInt8.max {
      let digits = String(byte, radix: 16)
      let text = "\\x" + (digits.count == 1 ? "0" : "") + digits
      #expect(KeyLiteral.bytes(of: text) == [byte])
      #expect(KeyLiteral.bytes(of: "<" + text + ">") == [0x3c, byte, 0x3e])
    }
  }
}
