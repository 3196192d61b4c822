import Foundation
import TestSupport

@testable import RDBFormat

/// What comes out of a dump, for comparison.
struct DumpReading: Equatable {
  var entries: [RDBEntry] = []
  var facts: [[UInt8]: [UInt8]] = [:]
  var libraries: [Int] = []
  var checksum: RDBChecksum?
  var version: RDBVersion?
  var error: RDBError?

  /// Reads a dump that comes in pieces of a size; `keepsPayloads` lifts every value out.
  init(
    _ bytes: [UInt8], piece: Int = .max, limits: RDBLimits = RDBLimits(), checks: Bool = true,
    keepsPayloads: Bool = false
  ) {
    var reader = RDBReader(limits: limits, checksChecksum: checks)
    reader.announcesKeys = keepsPayloads
    var start = 0
    do {
      while start < bytes.count {
        let end = start + min(piece, bytes.count - start)
        reader.feed(Array(bytes[start..<end]))
        start = end
        try drain(&reader)
      }
      reader.finish()
      try drain(&reader)
    } catch { self.error = error }
  }

  private mutating func drain(_ reader: inout RDBReader) throws(RDBError) {
    while let item = try reader.next() {
      switch item {
      case .version(let version): self.version = version
      case .auxiliary(let name, let value): facts[name] = value
      case .database: break
      case .key: reader.keepPayload()
      case .entry: entries.append(reader.entry)
      case .library(let length): libraries.append(length)
      case .end(let checksum): self.checksum = checksum
      }
    }
  }

  /// The only entry of a dump.
  var only: RDBEntry? { entries.count == 1 ? entries[0] : nil }
}

/// A dump of a real server, and what that server said of each key.
struct DumpSample {
  /// A key as the server described it: TYPE, OBJECT ENCODING, PEXPIRETIME, the count of elements, the longest of them
  /// (-1 for a stream), MEMORY USAGE with SAMPLES 0, and the bytes of DUMP without version and checksum.
  struct Truth {
    let database: Int
    let name: [UInt8]
    let type: String
    let encoding: String
    let expiresAt: Int64?
    let elements: Int
    let largest: Int
    let memory: Int
    let payload: Int
  }

  static let names = ["redis-7.0", "valkey-8.0"]

  let bytes: [UInt8]
  let truths: [Truth]

  private static let folder = Repository.root.appendingPathComponent("Tests/RDBFormatTests/Samples")

  /// A dump of about a kilobyte with a value of almost every kind.
  static func small() throws -> [UInt8] { try file("small") }

  private static func file(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent("\(name).rdb")))
  }

  init(_ name: String) throws {
    let folder = DumpSample.folder
    bytes = try DumpSample.file(name)
    truths = try String(contentsOf: folder.appendingPathComponent("\(name).tsv"), encoding: .utf8)
      .split(separator: "\n").map { line in
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        let numbers = cells.map { Int($0) ?? 0 }
        return Truth(
          database: numbers[0], name: DumpSample.bytes(cells[1]), type: cells[2], encoding: cells[3],
          expiresAt: numbers[4] < 0 ? nil : Int64(numbers[4]), elements: numbers[5], largest: numbers[6],
          memory: numbers[7], payload: numbers[8])
      }
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }
}
