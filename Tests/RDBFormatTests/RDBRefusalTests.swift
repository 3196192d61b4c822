import Testing

@testable import RDBFormat

/// What the reader refuses, and what it says of it.
struct RDBRefusalTests {
  private static func error(
    _ magic: String = "REDIS0011", limits: RDBLimits = RDBLimits(), _ build: (inout DumpBuilder) -> Void
  ) -> RDBError? {
    var dump = DumpBuilder(magic)
    build(&dump)
    let errors = [1, 1000].map { DumpReading(dump.whole, piece: $0, limits: limits, checks: false).error }
    #expect(errors[0] == errors[1])
    return errors[0]
  }

  @Test(arguments: ["", "REDIS", "REDIS00", "REDISxxxx", "PK\u{3}\u{4} something else", "VALKEY8"])
  func otherFiles(text: String) {
    let error = DumpReading(Array(text.utf8)).error
    #expect(error?.kind == .notADump)
    #expect(error?.offset == 0)
  }

  @Test(arguments: ["REDIS0000", "REDIS0016", "REDIS0080", "VALKEY011", "VALKEY099"])
  func otherVersions(magic: String) {
    guard case .unknownVersion = Self.error(magic, { _ in })?.kind else {
      Issue.record("\(magic) is read")
      return
    }
  }

  @Test func typesAndRecordsOfTheFuture() {
    let type = Self.error {
      $0.key(0, "k")
      $0.text("v")
      $0.key(99, "x")
    }
    #expect(type == RDBError(kind: .unknownType(99), offset: 14, keys: 1))
    #expect(type?.message == "a value of the unknown type 99 at byte 14")
    #expect(Self.error { $0.raw([242, 1]) }?.kind == .unknownOpcode(242))
    #expect(Self.error { $0.key(6, "k") }?.kind == .oldModule)
    // The families give the same number to different records.
    #expect(Self.error { $0.raw([243, 1]) }?.kind == .unknownOpcode(243))
    #expect(Self.error("VALKEY080") { $0.key(24, "h") }?.kind == .unknownType(24))
  }

  @Test func lengthsThatCannotBe() {
    let claim: [UInt8] = [0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
    #expect(Self.error { $0.raw([0] + claim) }?.kind == .badLength)
    #expect(Self.error { $0.raw([2, 1, 0x6b] + claim) }?.kind == .badLength)
    #expect(Self.error { $0.raw([0, 0x82]) }?.kind == .badLength)
    let size = RDBLimits(size: 100)
    #expect(
      Self.error(limits: size) {
        $0.key(0, "k")
        $0.length(101)
      }?.kind == .badLength)
    // Twelve bytes do not become a gigabyte.
    #expect(
      Self.error {
        $0.key(0, "k")
        $0.raw([0xc3, 12, 0x80, 0x40, 0, 0, 0])
      }?.kind == .badLength)
  }

  @Test func longNamesAndPayloads() {
    var limits = RDBLimits()
    limits.longestName = 10
    #expect(Self.error(limits: limits) { $0.key(0, "eleven byte") }?.kind == .longName(11))
    limits.longestPayload = 100
    var dump = DumpBuilder()
    dump.key(0, "k")
    dump.text(String(repeating: "x", count: 1000))
    let reading = DumpReading(dump.whole, piece: 50, limits: limits, keepsPayloads: true)
    #expect(reading.error?.kind == .longPayload)
    #expect(DumpReading(dump.whole, piece: 50, limits: limits).error == nil)
  }

  @Test(
    arguments: [
      (20, [7, 0, 0, 0, 0, 0, 0xff, 0xff]), (20, [6, 0, 0, 0, 0, 0]), (20, [8, 0, 0, 0, 1, 0, 0xbf, 0xff]),
      (20, [9, 0, 0, 0, 1, 0, 0xf8, 0, 0xff]), (16, [9, 0, 0, 0, 1, 0, 1, 1, 0xff]),
      (11, [2, 0, 0, 0, 1, 0, 0, 0]),
      (11, [3, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1]), (10, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0xc1, 0xff]),
      (9, [1, 1, 0x61, 0xff]),
    ] as [(UInt8, [UInt8])])
  func packsThatAreNotWhole(type: UInt8, pack: [UInt8]) {
    let error = Self.error {
      $0.key(type, "k")
      $0.text_(pack)
    }
    guard case .damaged = error?.kind else {
      Issue.record("\(type) \(pack): \(error.map(\.message) ?? "read")")
      return
    }
  }

  @Test(
    arguments: [
      [0x20, 0x00], [1, 0x61, 0x62, 0x20, 0x05], [3, 0x61, 0x62], [0, 0x61, 0x20, 0, 0x20, 0, 0x20, 0],
    ]
      as [[UInt8]])
  func compressedStringsThatAreNotWhole(packed: [UInt8]) {
    let error = Self.error {
      $0.raw([0, 0xc3])
      $0.length(packed.count)
      $0.length(5)
      $0.raw(packed)
      $0.text("v")
    }
    guard case .damaged = error?.kind else {
      Issue.record("\(packed): \(error.map(\.message) ?? "read")")
      return
    }
  }

  @Test func anErrorIsThrownAgain() throws {
    var reader = RDBReader()
    reader.feed(Array("something else".utf8))
    #expect(throws: RDBError.self) { try reader.next() }
    reader.feed(DumpBuilder().whole)
    #expect(throws: RDBError.self) { try reader.next() }
  }

  @Test func whatFollowsTheEndIsNoneOfIt() {
    var dump = DumpBuilder()
    dump.key(0, "k")
    dump.text("v")
    let reading = DumpReading(dump.whole + Array("REDIS0011 and more".utf8), piece: 3)
    #expect(reading.error == nil && reading.entries.count == 1 && reading.checksum == .verified)
  }
}
