import Testing

@testable import Reporting

struct CSVTests {
  @Test(
    arguments: [
      ([.text("a"), .int(1), .double(0.5), .bool(true), .empty], "a,1,0.5,true,\n"),
      (
        [.text("a,b"), .text("say \"hi\""), .text("two\nlines"), .text("cr\rcr")],
        "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"cr\rcr\"\n"
      ),
      ([.text("=1+1"), .text("+1"), .text("-1"), .text("@x")], "'=1+1,'+1,'-1,'@x\n"),
      ([.text("\tx"), .text("\rx"), .text("a=b")], "'\tx,\"'\rx\",a=b\n"),
      ([.int(-1), .double(-0.5), .double(.nan), .double(-.infinity)], "-1,-0.5,,\n"),
      ([.text(""), .empty], "\"\",\n"), ([.empty], "\"\"\n"), ([.text(" pad ")], "\" pad \"\n"), ([], "\n"),
      ([.text("ключ")], "ключ\n"),
    ] as [([CSV.Cell], String)])
  func rows(cells: [CSV.Cell], expected: String) {
    #expect(CSV().row(cells) == Array(expected.utf8))
  }

  @Test func namesThatAreNotUTF8AreBase64() {
    let text = CSV.names([Array("a".utf8), nil])
    #expect(text.cells == [.text("a"), .empty] && text.encoding == .empty)
    let binary = CSV.names([Array("a".utf8), [0xFF], nil])
    #expect(binary.cells == [.text("YQ=="), .text("/w=="), .empty] && binary.encoding == .text("base64"))
  }

  /// Every text of a few bytes is read back from its cell as the same text.
  @Test func noTwoTextsHaveOneCell() {
    let alphabet = Array("'=-\ta\"".utf8).map { String(decoding: [$0], as: UTF8.self) }
    var texts = [""]
    for _ in 0..<4 { texts += texts.flatMap { text in alphabet.map { text + $0 } } }
    let all = Set(texts)
    #expect(Set(all.map { CSV().row([.text($0)]) }).count == all.count)
  }

  @Test func terminalsGetEscapes() {
    let row = CSV(forTerminal: true).row([.text("\u{1B}x"), .text("\tx\n\"y\""), .text("=1")])
    #expect(String(decoding: row, as: UTF8.self) == #"\x1bx,"'\tx\n""y""",'=1"# + "\n")
  }

  @Test func headers() {
    #expect(CSV().header(["key", "ttl"]) == Array("key,ttl\n".utf8))
  }
}
