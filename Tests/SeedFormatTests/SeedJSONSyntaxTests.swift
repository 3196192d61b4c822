import Testing

@testable import SeedFormat

/// What is not JSON is rejected, and where it stops to be is told.
@Suite struct SeedJSONSyntaxTests {
  @Test(arguments: [
    (#"{"key":"k","value":"v",}"#, 24), (#"{"key":"k" "value":"v"}"#, 12), (#"{"key" "k","value":"v"}"#, 8),
    (#"{"key":"k","value":"v"}}"#, 24), (#"{"key":"k","value":"v"} {}"#, 25),
    (#"{"key":"k","value":"v"} x"#, 25), (#"{"key":"k","value":"v"}]"#, 24),
    (#"{"key":"k","json":[1,]}"#, 22), (#"{"key":"k","json":[,1]}"#, 20), (#"{"key":"k","json":[1 2]}"#, 22),
    (#"{"key":"k","json":[1}"#, 21), (#"{"key":"k","json":{"a":1]}"#, 25), (#"{"key":"k","json":{"a"}}"#, 23),
    (#"{"key":"k","json":{1:2}}"#, 20), (#"{"key":"k","json":{,}}"#, 20), (#"{,}"#, 2),
    (#"{"key":"k","json":tru}"#, 19), (#"{"key":"k","json":truex}"#, 19), (#"{"key":"k","json":nul}"#, 19),
    (#"{"key":"k","json":NaN}"#, 19), (#"{"key":"k","json":Infinity}"#, 19), (#"{"key":"k","json":'a'}"#, 19),
    (#"{"key":"k","json":01}"#, 19), (#"{"key":"k","json":-}"#, 19), (#"{"key":"k","json":+1}"#, 19),
    (#"{"key":"k","json":1.}"#, 19), (#"{"key":"k","json":.5}"#, 19), (#"{"key":"k","json":1e}"#, 19),
    (#"{"key":"k","json":1.2.3}"#, 19), (#"{"key":"k","json":0x10}"#, 19), (#"{"key":"k","json":1_000}"#, 19),
    (#"{"key":"k","json":-0ab}"#, 19), (#"{"key":"k","json":}"#, 19), (#"{"key":"k" /* */,"json":1}"#, 12),
    (#"{"key":"\x","value":"v"}"#, 8), (#"{"key":"k","value":"\u12g4"}"#, 20),
    (#"{"key":"k","value":"\ud800"}"#, 20), (#"{"key":"k","value":"\ud800\u0041"}"#, 20),
    (#"{"key":"k","value":"\udc00"}"#, 20), (#"{"\q":1}"#, 2), (#"{"key":"k","json":["\ud83d"]}"#, 20),
    (#"{"key":"a","value":"v","key":"b"}"#, 24), (#"{"key":"a","value":"v","k\u0065y":"b"}"#, 24),
    (#"{"key":"k","type":"hash","value":{"f":"1","g":"2","f":"3"}}"#, 51),
    (#"{"key":"k","json":{"a":{"b":1,"b":2}}}"#, 31), (#"{"key":"k","value":"#, 20),
    (#"{"key":"k","json":{"a":1}"#, 26), (#"{"key":"k","value":"v"#, 22), (#"{"#, 2),
    ("{\"key\":\"k\",\"value\":\"a\tb\"}", 22), ("{\"key\":\"k\",\"value\":\"a\\\"\0b\"}", 24),
    (#"[{"key":"k"}]"#, 1), (#""text""#, 1), ("5", 1), ("  key", 3), ("\u{FEFF}{}", 1),
  ]) func rejects(line: String, column: Int) throws {
    let items = SeedDraining.items(#"{"key":"a","value":"v"}"# + "\n" + line + "\n\n")
    try #require(items.count == 2)
    let rejection = try #require(items[1].rejection)
    #expect(rejection.column == column, "\(rejection.reason)")
    #expect(rejection.position == SeedPosition(line: 2, offset: 24))
    #expect(rejection.bytes == Array(line.utf8))
  }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0x80], [0xC3], [0xE2, 0x82], [0xFF],
    ] as [[UInt8]]) func rejectsWhatIsNotUTF8(sequence: [UInt8]) throws
  {
    let line = Array(#"{"key":"é😀€","value":""#.utf8) + sequence + Array("\"}".utf8)
    let rejection = try #require(SeedDraining.items(line + [0x0A]).first?.rejection)
    #expect(rejection.column == Array(#"{"key":"é😀€","value":""#.utf8).count + 1)
    #expect(rejection.reason.contains("base64"))
    #expect(rejection.bytes == line)
  }

  @Test func limitsDepth() {
    func nested(_ depth: Int) -> String {
      #"{"key":"k","json":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        + "}"
    }
    #expect(SeedDraining.records(nested(255)).count == 1)
    let rejection = SeedDraining.items(nested(256)).first?.rejection
    #expect(rejection?.reason.contains("deeper than 256") == true)
    #expect(rejection?.column == 19 + 255)
    let bomb = SeedDraining.items(
      Array(#"{"key":"k","json":"#.utf8) + [UInt8](repeating: 0x5B, count: 500_000))
    #expect(bomb.first?.rejection != nil)
    let closedBomb = SeedDraining.items(Array(nested(100_000).utf8))
    #expect(closedBomb.first?.rejection?.reason.contains("deeper") == true)
  }

  @Test func aLineCutOffAtTheEndIsTruncatedWhereverItIsCut() {
    let whole = Array(
      #"{"key":"é","type":"zset","value":[["a",1.5],["b",-2e7]],"tags":["x\n"],"ttl":60}"#.utf8)
    let before = Array("{\"key\":\"a\",\"value\":\"v\"}\n".utf8)
    for length in 1..<whole.count {
      let rejection = SeedDraining.items(before + whole[..<length]).last?.rejection
      #expect(rejection?.reason == "truncated: the file ends inside this record", "\(length)")
      #expect(rejection?.position.line == 2)
    }
    #expect(SeedDraining.items(before + whole).compactMap(\.record).count == 2)
    #expect(
      SeedDraining.items(before + whole[..<20] + [0x0A]).last?.rejection?.reason.contains("truncated")
        == false)
  }
}
