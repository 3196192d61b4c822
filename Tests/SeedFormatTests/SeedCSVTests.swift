import Testing

@testable import SeedFormat

@Suite struct SeedCSVTests {
  @Test func readsColumnsInAnyOrder() {
    let file = "ttl,type,value,key\r\n60,string,v,k\r\n-1,,\"\",l\r\n,dump,AAE=,m\r\n"
    #expect(
      SeedDraining.items(file) == [
        .record(SeedRecord("k", .text("v"), .after(milliseconds: 60_000)), SeedPosition(line: 2, offset: 20)),
        .record(SeedRecord("l", .text(""), .never), SeedPosition(line: 3, offset: 35)),
        .record(SeedRecord("m", .dump([0, 1])), SeedPosition(line: 4, offset: 45)),
      ])
  }

  @Test func readsQuotesAsRFC4180() {
    let file = "key,value\n\"a,b\",\"say \"\"hi\"\"\"\n\"c\r\nd\",\"\n\n\"\n\n \n\"\"\"\",e\nf, g "
    let items = SeedDraining.items(file)
    #expect(
      items.map(\.record) == [
        SeedRecord("a,b", .text("say \"hi\"")), SeedRecord("c\r\nd", .text("\n\n")),
        SeedRecord("\"", .text("e")),
        SeedRecord("f", .text(" g ")),
      ])
    #expect(items.map(\.position.line) == [2, 3, 9, 10])
  }

  @Test func rejectsBytesThatAreNotText() throws {
    let file = Array("key,value\nk,".utf8) + [0xE9, 0x0A] + Array("l,é\n".utf8)
    let items = SeedDraining.items(file)
    #expect(items.count == 2 && items[1].record == SeedRecord("l", .text("é")))
    let rejection = try #require(items[0].rejection)
    #expect(rejection.column == 3 && rejection.reason.contains("not UTF-8"))
  }

  @Test(arguments: [
    ("a", 1, "1 values where the first line names 4"), ("a,b,,,c", 1, "5 values"),
    (",v,,", 1, "\"key\" is empty"),
    ("k,v,6h,", 5, #""ttl" must be seconds as an integer, got "6h""#), ("k,v,0,", 5, "at once"),
    ("k,v,-5,", 5, "negative"), ("k,v,1.5,", 5, "integer"), ("k,v,9300000000000000,", 5, "more than"),
    ("k,v,,hash", 6, "JSON lines"), ("k,v,,dump", 3, "base64"), ("k,,,dump", 3, "base64"),
    ("k,a\"b,,", 4, "double the quote"), ("k,\"a\"b,,", 6, "closing quote"),
  ]) func rejectsRows(row: String, column: Int, words: String) throws {
    let items = SeedDraining.items("key,value,ttl,type\n" + row + "\nafter,v,,\n")
    try #require(items.count == 2)
    let rejection = try #require(items[0].rejection)
    #expect(rejection.reason.contains(words), "\(rejection.reason)")
    #expect(rejection.column == column)
    #expect(rejection.position == SeedPosition(line: 2, offset: 19))
    #expect(rejection.bytes == Array(row.utf8))
    #expect(items[1].record == SeedRecord("after", .text("v")))
  }

  @Test(arguments: [
    ("key,value,expire\nk,v,1\n", 11, "unknown column \"expire\""),
    ("key;value\nk;v\n", 1, "separated by commas"),
    ("key,value,key\n", 11, "two columns \"key\""), ("key,ttl\nk,1\n", 1, "no column \"value\""),
    ("value\nk\n", 1, "no column \"key\""), ("k,v\n", 1, "unknown column \"k\""),
    ("Key,value\n", 1, "unknown column"),
    ("key,\"value\n", 1, "truncated"),
  ]) func refusesHeaders(file: String, column: Int, words: String) {
    let items = SeedDraining.items(file)
    #expect(items.count == 1)
    #expect(items.first?.refusal?.reason.contains(words) == true, "\(items)")
    #expect(items.first?.refusal?.column == column)
  }

  @Test func aQuoteThatIsNeverClosedIsTold() {
    let file = "key,value\nk,v\na,\"b\nc,d\n"
    let items = SeedDraining.items(file)
    #expect(items.count == 2)
    #expect(items.last?.rejection?.reason == "truncated: a quote is open when the file ends")
    #expect(items.last?.position.line == 3)
    let long = Array("key,value\na,\"".utf8) + [UInt8](repeating: 0x61, count: 1000)
    let refusal = SeedDraining.items(long, chunk: 50, longestRecord: 500).first?.refusal
    #expect(refusal?.reason.contains("is a quote not closed?") == true)
  }

  @Test func aHeaderAloneHoldsNothing() {
    #expect(SeedDraining.items("key,value").isEmpty)
    #expect(SeedDraining.items("key,value\r\n\r\n").isEmpty)
  }
}
