import Reporting
import Testing

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

  @Test func pipesGetRawBytes() {
    #expect(
      CSV().row([.bytes([0xFF, 0x00, 0x1B]), .bytes([0x2D])]) == [0xFF, 0x00, 0x1B, 0x2C, 0x27, 0x2D, 0x0A])
  }

  @Test func terminalsGetEscapes() {
    let row = CSV(forTerminal: true).row([.bytes([0xFF, 0x1B]), .text("\tx\n\"y\""), .text("=1")])
    #expect(String(decoding: row, as: UTF8.self) == #"\xff\x1b,"'\tx\n""y""",'=1"# + "\n")
  }

  @Test func headers() {
    #expect(CSV().header(["key", "ttl"]) == Array("key,ttl\n".utf8))
  }
}
