import TestSupport
import Testing

@testable import RedisClient

@Suite struct HashSlotTests {
  static func slot(_ key: [UInt8]) -> UInt16 { HashSlot(key: key.span).rawValue }

  static let vectors: [(key: String, slot: UInt16)] = [
    // The check value of the cluster specification: CRC16 0x31C3.
    ("123456789", 12739), ("", 0), ("foo", 12182), ("bar", 5061), ("user1000", 3443),
    ("{user1000}.following", 3443), ("{user1000}.followers", 3443),
    ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("foo{bar}{zap}", 5061),
  ]

  @Test(arguments: vectors.indices) func vector(index: Int) {
    let (key, slot) = Self.vectors[index]
    #expect(Self.slot(Array(key.utf8)) == slot, "\(key)")
  }

  /// A key, and the part of it that counts.
  static let tags: [(key: String, hashed: String)] = [
    ("foo{}{bar}", "foo{}{bar}"), ("foo{{bar}}zap", "{bar"), ("foo{bar}{zap}", "bar"), ("{a}", "a"),
    ("{a", "{a"), ("a}", "a}"), ("}a{b}", "b"), ("}{", "}{"), ("{}", "{}"), ("{}a", "{}a"), ("{{}", "{"),
    ("a{b}c}d", "b"), ("{a}{", "a"), ("x{ }y", " "),
  ]

  @Test(arguments: tags.indices) func hashTag(index: Int) {
    let (key, hashed) = Self.tags[index]
    // A byte at a time, as in the definition, and without a look at braces.
    #expect(Self.slot(Array(key.utf8)) == Self.reference(Array(hashed.utf8)), "\(key)")
  }

  /// CRC-16/XMODEM bit by bit.
  static func reference(_ bytes: [UInt8]) -> UInt16 {
    var crc: UInt16 = 0
    for byte in bytes {
      for bit in (0..<8).reversed() {
        let isSet = (crc >> 15) ^ UInt16(byte >> UInt8(bit) & 1) == 1
        crc = crc << 1 ^ (isSet ? 0x1021 : 0)
      }
    }
    return crc % 16384
  }

  @Test func binaryKeys() {
    #expect(Self.slot([UInt8](0...255)) == Self.reference([124]))
    var random = SeededGenerator(seed: 6)
    for _ in 0..<2000 {
      let length = Int.random(in: 0...40, using: &random)
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }.filter { $0 != 0x7B }
      #expect(Self.slot(bytes) == Self.reference(bytes))
      #expect(Self.slot(bytes + Array("{tag}".utf8) + bytes) == Self.reference(Array("tag".utf8)))
    }
  }

  @Test func partOfAKeyPage() {
    let page = Array("k1foo{bar}k2".utf8)
    #expect(HashSlot(key: page.span.extracting(2..<10)).rawValue == 5061)
  }

  @Test func range() {
    #expect(HashSlot(rawValue: 16383) == HashSlot.last)
    #expect(HashSlot(rawValue: 16384) == nil)
    #expect(HashSlot(exactly: Int64(0)) == HashSlot.first)
    #expect(HashSlot(exactly: Int64(-1)) == nil)
    #expect(HashSlot(exactly: Int64(65536)) == nil)
    #expect(HashSlot(exactly: Int64.max) == nil)
    #expect(HashSlot.first < HashSlot.last)
    #expect("\(HashSlot.last)" == "16383")
  }
}
