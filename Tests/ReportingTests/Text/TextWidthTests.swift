import Reporting
import Testing

struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{0301}", 1), ("ключ", 4), ("鍵", 2), ("かな", 4), ("한글", 4), ("ｶﾅ", 2),
    ("ＡＢ", 4), ("🔑", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2), ("1️⃣", 2), ("👨\u{200D}👩\u{200D}👧", 2), ("…", 1),
    ("█▎", 2), ("→", 1), ("±", 1), ("\u{200B}", 0), ("\u{1100}\u{1161}", 2), ("𠀋", 2), ("नि", 2), ("ไทย", 3),
    ("☃", 1),
    ("⌚", 2), ("\n", 0),
  ])
  func countsColumns(text: String, expected: Int) {
    #expect(TextWidth.columns(text) == expected)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…ef"), ("abcdef", 4, "ab…f"), ("abcdef", 2, "a…"),
    ("abcdef", 1, "…"),
    ("abcdef", 0, ""), ("abcdef", -3, ""), ("鍵鍵鍵", 5, "鍵…鍵"), ("鍵鍵鍵", 4, "鍵…"),
    ("e\u{0301}e\u{0301}e\u{0301}e\u{0301}", 3, "e\u{0301}…e\u{0301}"),
  ])
  func cutsTheMiddle(text: String, width: Int, expected: String) {
    #expect(TextWidth.truncatedMiddle(text, to: width) == expected)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("鍵鍵鍵", 4, "鍵…"),
  ])
  func cutsTheEnd(text: String, width: Int, expected: String) {
    #expect(TextWidth.truncatedEnd(text, to: width) == expected)
  }

  @Test func anEllipsisThatDoesNotFitIsCutItself() {
    #expect(TextWidth.truncatedMiddle("abcdef", to: 2, ellipsis: "...") == "..")
  }
}
