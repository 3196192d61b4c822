import Testing

@testable import RDBFormat

/// Records of all versions, written by hand.
struct RDBReaderTests {
  /// Reads a dump with one key behind some records.
  private static func entry(_ magic: String = "REDIS0011", _ build: (inout DumpBuilder) -> Void) -> RDBEntry?
  {
    var dump = DumpBuilder(magic)
    build(&dump)
    let reading = DumpReading(dump.whole, piece: 5)
    #expect(reading.error == nil)
    return reading.only
  }

  @Test func whatComesBeforeAKeyBelongsToIt() {
    var dump = DumpBuilder()
    dump.raw([254, 9, 253])
    dump.fixed(1_700_000_000, 4)
    dump.raw([248])
    dump.length(4000)
    dump.key(0, "a")
    dump.text("x")
    dump.raw([249, 200])
    dump.key(0, "b")
    dump.text("y")
    dump.key(0, "c")
    dump.text("z")
    let entries = DumpReading(dump.whole).entries
    #expect(entries.map(\.key.database) == [9, 9, 9])
    #expect(entries.map(\.key.expiresAt) == [1_700_000_000_000, nil, nil])
    #expect(entries.map(\.key.idleSeconds) == [4000, nil, nil])
    #expect(entries.map(\.key.frequency) == [nil, 200, nil])
  }

  @Test func oldEncodings() {
    let list = Self.entry("REDIS0003") {
      $0.key(10, "l")
      $0.text_(DumpBuilder.ziplist(["one", "two", "eleven"]))
    }
    #expect(list?.elements == 3 && list?.largestElement == 6 && list?.encoding == .ziplist)
    let hash = Self.entry("REDIS0006") {
      $0.key(13, "h")
      $0.text_(DumpBuilder.ziplist(["field", "v", "f", "value!"]))
    }
    #expect(hash?.elements == 2 && hash?.largestElement == 6)
    let scores = Self.entry("REDIS0006") {
      $0.key(12, "z")
      $0.text_(DumpBuilder.ziplist(["a", "123456789"]))
    }
    #expect(scores?.elements == 1 && scores?.largestElement == 1)
    let nodes = Self.entry("REDIS0007") {
      $0.key(14, "q")
      $0.length(2)
      $0.text_(DumpBuilder.ziplist(["a", "b"]))
      $0.text_(DumpBuilder.ziplist(["c"]))
    }
    #expect(nodes?.elements == 3 && nodes?.encoding == .quicklist)
    // Two fields; the value of the first is followed by three unused bytes.
    let map = Self.entry("REDIS0002") {
      $0.key(9, "m")
      $0.text_([2, 1, 0x61, 2, 3, 0x62, 0x63, 0, 0, 0, 3, 0x64, 0x65, 0x66, 0, 0, 0xff])
    }
    #expect(map?.elements == 2 && map?.largestElement == 3 && map?.encoding == .zipmap)
    let plain = Self.entry("REDIS0001") {
      $0.key(3, "s")
      $0.length(3)
      $0.text("a")
      $0.raw([3, 0x31, 0x2e, 0x35])
      $0.text("b")
      $0.raw([254])
      $0.text("cc")
      $0.raw([255])
    }
    #expect(plain?.elements == 3 && plain?.largestElement == 2 && plain?.encoding == .skiplist)
  }

  @Test func everyIntegerOfAZiplist() {
    let elements: [[UInt8]] = [
      [0xf1], [0xfd], [0xfe, 0x80], [0xc0, 0x00, 0x80], [0xf0, 0, 0, 0x80], [0xd0, 0, 0, 0, 0x80],
      [0xe0, 0, 0, 0, 0, 0, 0, 0, 0x80],
    ]
    let body: [UInt8] = elements.flatMap { (element: [UInt8]) -> [UInt8] in [0] + element }
    let total = UInt8(body.count + 11)
    let entry = Self.entry("REDIS0006") {
      $0.key(10, "l")
      $0.text_([total, 0, 0, 0, 0, 0, 0, 0, 7, 0] + body + [0xff])
    }
    #expect(entry?.elements == 7)
    // The least integer of 64 bits has a sign and 19 digits.
    #expect(entry?.largestElement == 20)
  }

  @Test func hashesWithTimesOfTheirOwn() {
    let table = Self.entry("REDIS0012") {
      $0.key(24, "h")
      $0.fixed(4_000_000_000_000, 8)
      $0.length(2)
      for (ttl, field) in [(0, "a"), (7, "bcd")] {
        $0.length(ttl)
        $0.text(field)
        $0.text("v")
      }
    }
    #expect(table?.elements == 2 && table?.expiringFields == 1 && table?.largestElement == 3)
    let pack = Self.entry("REDIS0012") {
      $0.key(25, "h")
      $0.fixed(4_000_000_000_000, 8)
      $0.text_(DumpBuilder.listpack(["f", "value", "99", "g", "w", "0"]))
    }
    #expect(pack?.elements == 2 && pack?.expiringFields == 1 && pack?.largestElement == 5)
    #expect(pack?.encoding == .listpackEx)
    let early = Self.entry("REDIS0012") {
      $0.key(23, "h")
      $0.text_(DumpBuilder.listpack(["f", "v", "0"]))
    }
    #expect(early?.elements == 1 && early?.expiringFields == 0)
    let valkey = Self.entry("VALKEY080") {
      $0.key(22, "h")
      $0.length(2)
      for (field, expiry) in [("a", Int64(-1)), ("b", 4_000_000_000_000)] {
        $0.text(field)
        $0.text("value")
        $0.fixed(expiry, 8)
      }
    }
    #expect(valkey?.elements == 2 && valkey?.expiringFields == 1 && valkey?.largestElement == 5)
  }

  @Test func modulesAreSkippedByTheirMarks() {
    var dump = DumpBuilder()
    dump.raw([247])
    dump.raw(DumpBuilder.length(0x7a_1234_5678))
    dump.raw([2, 2, 2, 1, 5])
    dump.text("what a module keeps")
    dump.raw([0])
    dump.raw([7])
    dump.text("m")
    // The letters of a module's type are six bits each: nine times B.
    let letters = (0..<9).reduce(UInt64(0)) { sum, _ in sum << 6 | 1 } << 10
    dump.raw([0x81] + (0..<8).map { UInt8(truncatingIfNeeded: letters >> UInt64(56 - 8 * $0)) })
    dump.raw([1, 5, 2, 6, 3, 0, 0, 0, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5])
    dump.text("inside")
    dump.raw([0])
    dump.key(0, "after")
    dump.text("x")
    for piece in [1, 1000] {
      let reading = DumpReading(dump.whole, piece: piece)
      #expect(reading.error == nil)
      #expect(reading.entries.map(\.typeName) == ["BBBBBBBBB", "string"])
    }
  }

  @Test func recordsThatAreNoKeys() {
    var dump = DumpBuilder("VALKEY080")
    dump.raw([250])
    dump.text("ctime")
    dump.raw([0xc2, 1, 0, 0, 0])
    dump.raw([245])
    dump.text("#!lua name=x")
    dump.raw([243])
    dump.text("job")
    dump.raw([2, 0, 5, 9, 10])
    dump.raw([254, 0, 251, 1, 0, 244, 3, 1, 0])
    dump.key(0, "k")
    dump.text("v")
    let reading = DumpReading(dump.whole, piece: 2)
    #expect(reading.error == nil)
    #expect(reading.facts == [Array("ctime".utf8): Array("1".utf8)])
    #expect(reading.libraries == [12])
    #expect(reading.only?.key.name == Array("k".utf8))
  }

  @Test func oldFunctionsWithAndWithoutADescription() {
    for description in [["described"], []] {
      var dump = DumpBuilder("REDIS0010")
      dump.raw([246])
      dump.text("name")
      dump.text("LUA")
      dump.length(description.count)
      description.forEach { dump.text($0) }
      dump.text("return 1")
      let reading = DumpReading(dump.whole)
      #expect(reading.error == nil)
      #expect(reading.libraries == [8])
    }
  }

  @Test func compressedNamesAreUnpacked() {
    // `ab` and a reference of 100 bytes to two back, cut into a short and a long one.
    let packed: [UInt8] = [1, 0x61, 0x62, 0xe0, 91, 1]
    let entry = Self.entry {
      $0.raw([0, 0xc3])
      $0.length(packed.count)
      $0.length(102)
      $0.raw(packed)
      $0.text("v")
    }
    #expect(entry?.key.name == Array(String(repeating: "ab", count: 51).utf8))
  }

  @Test func namesThatAreIntegers() {
    let names: [([UInt8], String)] = [
      ([0xc0, 0x80], "-128"), ([0xc1, 0x39, 0x30], "12345"), ([0xc2, 0, 0, 0, 0x80], "-2147483648"),
    ]
    for (bytes, name) in names {
      let entry = Self.entry {
        $0.raw([0] + bytes)
        $0.text("v")
      }
      #expect(entry?.key.name == Array(name.utf8))
    }
  }

  @Test func dumpsWithoutAChecksum() {
    var old = DumpBuilder("REDIS0004")
    old.key(0, "k")
    old.text("v")
    #expect(DumpReading(old.bytes + [255]).checksum == .absent)
    #expect(DumpReading(old.bytes + [255]).error == nil)
    var off = DumpBuilder()
    off.key(0, "k")
    off.text("v")
    let reading = DumpReading(off.bytes + [255] + [UInt8](repeating: 0, count: 8))
    #expect(reading.checksum == .absent && reading.error == nil)
    #expect(DumpReading(off.whole, checks: false).checksum == .unchecked)
  }
}
