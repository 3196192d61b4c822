import Foundation
import TestHarness
import TestSupport
import Testing

@testable import Gzip

/// Packing and unpacking, against each other and against gzip itself.
struct GzipTests {
  /// Packs bytes that come in pieces of one size.
  private static func pack(_ bytes: [UInt8], piece: Int = .max) throws -> [UInt8] {
    let writer = try GzipWriter()
    var packed: [UInt8] = []
    var start = 0
    while start < bytes.count {
      let end = start + min(piece, bytes.count - start)
      packed += writer.pack(Array(bytes[start..<end]))
      start = end
    }
    return packed + writer.finish()
  }

  /// Unpacks bytes that come in pieces of one size.
  private static func unpack(_ packed: [UInt8], piece: Int = .max) throws -> [UInt8] {
    let reader = try GzipReader()
    var bytes: [UInt8] = []
    var start = 0
    while start < packed.count {
      let end = start + min(piece, packed.count - start)
      try reader.unpack(Array(packed[start..<end])) { bytes += $0 }
      start = end
    }
    try reader.finish()
    return bytes
  }

  private static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  private static let contents: [(name: String, bytes: [UInt8])] = [
    ("nothing", []), ("a byte", [7]), ("text", [UInt8](repeating: 120, count: 1_500_000)),
    ("noise", noise(300_000, seed: 1)), ("a piece exactly", noise(1 << 18, seed: 2)),
    ("a piece and a byte", noise(1 << 18 + 1, seed: 3)),
    ("zeros of a piece", [UInt8](repeating: 0, count: 1 << 18)),
    ("lines", Array((0..<20_000).map { "line \($0)\n" }.joined().utf8)),
  ]

  @Test(arguments: contents.indices) func whatIsPackedUnpacksToTheSame(index: Int) throws {
    let (name, bytes) = Self.contents[index]
    for piece in [9_973, 1 << 18, .max] {
      let packed = try Self.pack(bytes, piece: piece)
      #expect(packed.starts(with: GzipReader.magic))
      for other in [4_099, .max] {
        #expect(try Self.unpack(packed, piece: other) == bytes, "\(name), pieces of \(piece) and \(other)")
      }
    }
  }

  @Test func itComesByteByByte() throws {
    let bytes = Array((0..<3_000).map { "line \($0)\n" }.joined().utf8)
    #expect(try Self.unpack(Self.pack(bytes, piece: 1), piece: 1) == bytes)
  }

  @Test func gzipReadsWhatIsPacked() throws {
    for (name, bytes) in Self.contents {
      let result = try Command("gzip", ["-dc"], input: .bytes(try Self.pack(bytes))).run()
      #expect(result.status == 0 && result.stdout == bytes, "\(name)")
    }
  }

  @Test func whatGzipPacksIsRead() throws {
    for (name, bytes) in Self.contents {
      for level in ["-1", "-9"] {
        let result = try Command("gzip", ["-c", level], input: .bytes(bytes)).run()
        #expect(try Self.unpack(result.stdout, piece: 5_000) == bytes, "\(name), \(level)")
      }
    }
  }

  @Test func severalPackedFilesReadAsOne() throws {
    let parts = [Array("one\n".utf8), [], Self.noise(270_000, seed: 4), Array("two".utf8)]
    let packed = try parts.flatMap { try Self.pack($0) }
    for piece in [61, 4_096, .max] {
      #expect(try Self.unpack(packed, piece: piece) == parts.flatMap { $0 })
    }
  }

  @Test func whatIsCutOffIsTruncated() throws {
    let packed = try Self.pack(Array((0..<500).map { "line \($0)\n" }.joined().utf8))
    for count in 1..<packed.count {
      #expect(throws: GzipError.truncated, "\(count) of \(packed.count) bytes") {
        try Self.unpack(Array(packed[..<count]))
      }
    }
    #expect(try Self.unpack([]).isEmpty)
  }

  @Test func whatIsDamagedIsToldOrEqual() throws {
    let bytes = Array((0..<200).map { "line \($0)\n" }.joined().utf8)
    let packed = try Self.pack(bytes)
    // The header's flags and time say nothing of the content.
    for index in 10..<packed.count {
      for bit in [0, 3, 7] {
        var damaged = packed
        damaged[index] ^= 1 << bit
        #expect(throws: GzipError.self, "byte \(index), bit \(bit)") { try Self.unpack(damaged) }
      }
    }
    #expect(throws: GzipError.damaged) { try Self.unpack(Array("no gzip at all".utf8)) }
    #expect(throws: GzipError.damaged) { try Self.unpack(packed + Array("something behind".utf8)) }
  }

  @Test func aTakerThatThrowsEndsTheUnpacking() throws {
    struct Enough: Error {}
    let packed = try Self.pack([UInt8](repeating: 1, count: 2_000_000))
    var count = 0
    #expect(throws: Enough.self) {
      try GzipReader().unpack(packed) { piece in
        count += piece.count
        if count > 500_000 { throw Enough() }
      }
    }
    #expect(count < 1_000_000)
  }
}
