import Testing

@testable import SeedFormat

/// What concerns a seed file as a whole.
@Suite struct SeedFileTests {
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  @Test(
    arguments: [
      (#"{"key":"k","value":"v"}"#, .jsonl), (" \r\n\t{\"key\":\"k\",\"value\":\"v\"}", .jsonl),
      ("key,value\nk,v", .csv),
      ("\n\nkey,value\nk,v", .csv), (SeedDraining.resp("SET k v"), .resp),
      ("\r\n" + SeedDraining.resp("SET k v"), .resp),
    ] as [(String, SeedFormat)]) func tellsTheFormatByTheContent(file: String, format: SeedFormat)
  {
    for start in [[], SeedFileTests.mark] {
      var reader = SeedReader()
      #expect(reader.format == nil)
      reader.feed(start + Array(file.utf8))
      reader.finish()
      #expect(reader.next()?.record == SeedRecord("k", .text("v")))
      #expect(reader.format == format)
      #expect(reader.next() == nil)
    }
  }

  @Test func theFormatAskedForCounts() {
    #expect(
      SeedDraining.items("key,value\n", format: .jsonl).first?.rejection?.reason.contains("not a JSON")
        == true)
    #expect(
      SeedDraining.items("{}\n", format: .csv).first?.refusal?.reason.contains("unknown column") == true)
    #expect(
      SeedDraining.items("{}\n", format: .resp).first?.refusal?.reason.contains("expected \"*\"") == true)
  }

  @Test func positionsCountTheMarkAndTheBlanks() {
    let file = SeedFileTests.mark + Array("\r\n\n{\"key\":\"k\",\"value\":\"v\"}\r\n\r\n5\n".utf8)
    #expect(
      SeedDraining.items(file).map(\.position) == [.init(line: 3, offset: 6), .init(line: 5, offset: 33)])
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x7B, 0x00], "UTF-16"), ([0xFE, 0xFF, 0x00, 0x7B], "UTF-16"),
      ([0x7B, 0x00, 0x22, 0x00], "UTF-16"),
      ([0x6B, 0x00, 0x65, 0x00], "UTF-16"), ([0x00], "NUL"), ([0x00, 0x7B, 0x00, 0x22], "NUL"),
      ([UInt8](repeating: 0, count: 100_000), "NUL"), ([0x1F, 0x8B, 0x08], "gzip"),
      (Array("[{\"key\":\"k\"},\n".utf8), "one record per line"), (Array("[\n".utf8), "one record per line"),
    ] as [([UInt8], String)]) func refusesOtherFiles(file: [UInt8], words: String)
  {
    for chunk in [1, 7, 65_536] {
      let items = SeedDraining.items(file, chunk: chunk)
      #expect(items.count == 1)
      #expect(items.first?.refusal?.reason.contains(words) == true, "\(items)")
      #expect(items.first?.refusal?.position == SeedPosition(line: 1, offset: 0))
    }
  }

  @Test func nothingButNULsIsRefusedAtOnce() {
    var reader = SeedReader()
    reader.feed([UInt8](repeating: 0, count: 16))
    #expect(reader.next()?.refusal != nil)
    reader.feed(Array(#"{"key":"k","value":"v"}"#.utf8))
    reader.finish()
    #expect(reader.next() == nil)
  }

  @Test func anEmptyFileHoldsNothing() {
    for format in [nil] + SeedFormat.allCases {
      for file in ["", "\n", " \r\n\n", "\u{FEFF}", "\u{FEFF}\n"] {
        #expect(SeedDraining.items(file, format: format == .resp ? nil : format).isEmpty, "\(file)")
      }
    }
    #expect(SeedDraining.items([UInt8](repeating: 0x0A, count: 50_000), chunk: 1000).isEmpty)
  }

  @Test func aLineThatIsTooLongIsPassedOver() throws {
    let short = Array(#"{"key":"k","value":"v"}"#.utf8) + [0x0A]
    let long =
      Array(#"{"key":"k","value":""#.utf8) + [UInt8](repeating: 0x61, count: 5000) + [0x22, 0x7D, 0x0A]
    let file = short + long + short + long.dropLast()
    for chunk in [1, 64, 700, 100_000] {
      let items = SeedDraining.items(file, chunk: chunk, longestRecord: 1000)
      try #require(items.count == 4)
      #expect(items.map { $0.rejection == nil } == [true, false, true, false])
      #expect(items.map(\.position.line) == [1, 2, 3, 4])
      #expect(items[1].rejection?.reason == "the record is longer than 1000 bytes")
      #expect(items[1].rejection?.bytes.isEmpty == true)
      #expect(items[2].position.offset == short.count + long.count)
    }
  }

  static let mixtures: [[UInt8]] = [
    mark
      + Array(
        """
        {"key":"é","value":"a\\n😀","ttl":5}\r
        {"key":"k","type":"zset","value":[["a",1.5],["b","inf"]]}

        {"key":"bad","value":5}
        {"key":"k","json":{ "a" : [1, 2.50] },"tags":["x","y"]}
        {"db":0,"key":"k","ttl":-1,"type":"hash","value":{"a":"b"},"size":2}
        {"key":"cut","val
        """.utf8),
    Array("key,value,ttl\r\n\"a\"\"\n\",b,5\r\n\r\nc,d\n\"e\"f,g,\nh,\"i\r\nj\",-1\r\nk,l,".utf8),
    Array(
      ("\r\n" + SeedDraining.resp("SET a 1", "RPUSH l a b", "LPUSH l c", "EXPIRE l 5", "DEL x", "ZADD z 1 a")
        + "\r\n*2\r\n$3\r\nSET\r\n!").utf8),
  ]

  @Test(arguments: mixtures.indices) func chunksMakeNoDifference(mixture: Int) {
    let file = SeedFileTests.mixtures[mixture]
    let whole = SeedDraining.items(file)
    #expect(whole.count >= 4)
    for chunk in 1..<file.count {
      #expect(SeedDraining.items(file, chunk: chunk) == whole)
    }
    // Two pieces, cut at every byte.
    for cut in file.indices {
      var reader = SeedReader()
      var items: [SeedItem] = []
      reader.feed(Array(file[..<cut]))
      while let item = reader.next() { items.append(item) }
      reader.feed(Array(file[cut...]))
      while let item = reader.next() { items.append(item) }
      reader.finish()
      while let item = reader.next() { items.append(item) }
      #expect(items == whole, "cut at \(cut)")
    }
  }
}
