import Bytes
import Reporting
import Testing

struct KeyTextTests {
  @Test(arguments: [
    ("app:v2:user:123:profile", "app:v2:user:123:profile"),
    ("naïve:ключ:鍵:🔑", "naïve:ключ:鍵:🔑"),
    ("❤️", "❤️"),
    ("it's", "it's"),
    ("one space", "one space"),
    ("", #""""#),
    (" lead", #"" lead""#),
    ("trail ", #""trail ""#),
    ("two  spaces", #""two  spaces""#),
    ("say \"hi\"", #""say \"hi\"""#),
    (#"back\slash"#, #""back\\slash""#),
    ("a\nb\r\t\u{07}\u{08}", #""a\nb\r\t\a\b""#),
    ("a\0b", #""a\x00b""#),
    ("\u{1B}[31mred", #""\x1b[31mred""#),
    ("del\u{7F}", #""del\x7f""#),
    ("csi\u{9B}31m", #""csi\xc2\x9b31m""#),
    ("abc\u{202E}fed", #""abc\xe2\x80\xaefed""#),
    ("\u{200E}\u{061C}\u{2066}", #""\xe2\x80\x8e\xd8\x9c\xe2\x81\xa6""#),
    ("zero\u{200B}width", #""zero\xe2\x80\x8bwidth""#),
    ("\u{FEFF}bom", #""\xef\xbb\xbfbom""#),
    ("no\u{A0}break", #""no\xc2\xa0break""#),
    ("\u{0301}mark", #""\xcc\x81mark""#),
    ("a\u{FE0F}", #""a\xef\xb8\x8f""#),
  ])
  func quotesLikeRedisCLI(key: String, expected: String) {
    #expect(KeyText.quoted(Array(key.utf8)) == expected)
  }

  @Test(
    arguments: [
      ([0x61, 0xFF], #""a\xff""#), ([0x9B], #""\x9b""#), ([0xC3], #""\xc3""#),
      ([0xE2, 0x80, 0x41], #""\xe2\x80A""#), ([0xC0, 0x80], #""\xc0\x80""#),
      ([0xED, 0xA0, 0x80], #""\xed\xa0\x80""#), ([0xC3, 0xA9, 0xFF, 0xC3, 0xA9], #""é\xffé""#),
      ([0xFF, 0xCC, 0x81], #""\xff\xcc\x81""#),
    ] as [([UInt8], String)])
  func escapesInvalidUTF8ByteByByte(key: [UInt8], expected: String) {
    #expect(KeyText.quoted(key) == expected)
  }

  @Test func quotedTextReadsBackAsTheSameKey() throws {
    for key in HarmlessnessTests.keys {
      let text = KeyText.quoted(key)
      let isBare = !text.hasPrefix("\"")
      #expect(unescaped(isBare ? text[...] : text.dropFirst().dropLast(), decoding: !isBare) == key)
    }
  }

  @Test(arguments: [
    ("user:1", "user:1"), ("a*b?c[d]", #"a\*b\?c\[d\]"#), (#"a\x41"#, #"a\\x41"#), ("a\nb", #"a\x0ab"#),
    ("-rf", #"\-rf"#), ("a-b", "a-b"), ("say \"x\"", "say \"x\""), ("ключ", "ключ"), ("", ""),
    ("\u{202E}", #"\xe2\x80\xae"#),
  ])
  func writesThePatternOfOneKey(key: String, expected: String) {
    #expect(KeyText.pattern(Array(key.utf8)) == expected)
  }

  @Test func patternsReadBackAsTheSameKey() {
    for key in HarmlessnessTests.keys {
      #expect(unescaped(KeyText.pattern(key)[...], decoding: true) == key)
    }
  }

  @Test(arguments: [
    ("ERR unknown command\r\n", "ERR unknown command"), ("  a b  ", "a b"), ("one\r\ntwo", #"one\r\ntwo"#),
    ("say \"hi\" \\ bye", "say \"hi\" \\ bye"), ("\u{1B}[2J", #"\x1b[2J"#), (" \n ", ""),
    ("x\u{2028}y", #"x\xe2\x80\xa8y"#),
  ])
  func sanitizesServerText(text: String, expected: String) {
    #expect(KeyText.sanitized(text) == expected)
    #expect(KeyText.sanitized(expected) == expected)
  }

  @Test(arguments: [
    ("app:v2:user:123:profile", 23, "app:v2:user:123:profile"),
    ("app:v2:user:123:profile", 22, "app:v2:user…23:profile"),
    ("app:v2:user:123:profile", 9, "app:…file"), ("鍵鍵鍵鍵鍵鍵", 8, "鍵鍵…鍵"), ("ab", 1, "…"), ("ab", 0, ""),
  ])
  func displayCutsTheMiddle(key: String, width: Int, expected: String) {
    let text = KeyText.display(Array(key.utf8), maxWidth: width)
    #expect(text == expected)
    #expect(TextWidth.columns(text) <= width)
  }

  @Test func displayUsesASCIIWhereUnicodeIsOff() {
    let style = Style(color: false, unicode: false)
    #expect(KeyText.display(Array("app:v2:user:123".utf8), maxWidth: 9, style: style) == "app...123")
  }

  /// Undoes `\xHH`, the named escapes and `\` before any other byte.
  private func unescaped(_ text: Substring, decoding: Bool) -> [UInt8] {
    let names: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "a"): 7,
      UInt8(ascii: "b"): 8,
    ]
    var rest = Array(text.utf8)[...]
    var key: [UInt8] = []
    while let byte = rest.popFirst() {
      guard decoding, byte == UInt8(ascii: "\\"), let code = rest.popFirst() else {
        key.append(byte)
        continue
      }
      if code == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        key.append(value)
        rest = rest.dropFirst(2)
      } else {
        key.append(names[code] ?? code)
      }
    }
    return key
  }
}
