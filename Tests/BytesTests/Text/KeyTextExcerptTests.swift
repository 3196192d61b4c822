import Bytes
import Testing

/// What is quoted of hostile text is short and harmless.
struct KeyTextExcerptTests {
  @Test(arguments: [
    ("", 3, ""), ("abc", 3, "abc"), ("abcd", 3, "abc…"), ("鍵鍵鍵", 2, "鍵鍵…"), (" a ", 9, " a "),
    ("a\u{1B}[2J", 9, #"a\x1b[2J"#), ("a\nb\"\\", 9, #"a\nb"\"#), ("x\u{202E}y", 2, #"x\xe2\x80\xae…"#),
  ])
  func textIsCutByScalars(text: String, limit: Int, expected: String) {
    #expect(KeyText.excerpt(text, atMost: limit) == expected)
  }

  @Test(
    arguments: [
      ([], 3, ""), (Array("abc".utf8), 3, "abc"), (Array("abcd".utf8), 3, "abc…"),
      (Array("aé".utf8), 2, "a…"), (Array("鍵鍵".utf8), 4, "鍵…"), (Array("鍵鍵".utf8), 5, "鍵…"),
      (Array("🔑🔑".utf8), 7, "🔑…"), (Array("鍵a".utf8), 3, "鍵…"), ([0x61, 0xFF], 2, #"a\xff"#),
      ([0x80, 0x80, 0x80, 0x80, 0x80], 4, #"\x80\x80\x80\x80…"#), ([0xC3, 0x41], 1, #"\xc3…"#),
    ] as [([UInt8], Int, String)])
  func bytesAreCutBetweenCharacters(bytes: [UInt8], limit: Int, expected: String) {
    #expect(KeyText.excerpt(bytes.span, atMost: limit) == expected)
  }

  @Test(arguments: [
    ("bob", #""bob""#), ("", #""""#), ("a\"b\\", #""a\"b\\""#), ("a\u{1B}", #""a\x1b""#),
  ])
  func quotesAreAlwaysThere(text: String, expected: String) {
    #expect(KeyText.inQuotes(text) == expected)
  }

  @Test func longTextIsCutInsideItsQuotes() {
    #expect(KeyText.inQuotes("abcdef", atMost: 4) == #""abcd…""#)
  }
}
