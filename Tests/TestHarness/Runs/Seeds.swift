import Foundation
import Testing

/// Seeds, files of rejects and backups, written and read without the tool.
package enum Seeds {
  /// Strings `prefix0`, `prefix1`, …
  package static func strings(_ count: Int, _ prefix: String = "app:v1:") -> [UInt8] {
    (0..<count).flatMap { Array(#"{"key":"\#(prefix)\#($0)","value":"value \#($0)"}"#.utf8) + [10] }
  }

  /// Bytes, packed by the program gzip.
  package static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    try Command("gzip", ["-c"], input: .bytes(bytes)).run().stdout
  }

  /// The checksum of dumps, CRC-64 with Jones' polynomial, bit by bit.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ UInt64(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0x95ac_9329_ac4b_c9b5 : 0) }
    }
  }

  /// A journal of lines, each with the checksum of all that comes before it and of itself.
  package static func journal(_ lines: [String]) -> [UInt8] {
    var plain: [UInt8] = []
    return lines.flatMap { line in
      plain += Array(line.utf8) + [10]
      let digits = String(checksum(plain), radix: 16)
      let seal = String(repeating: "0", count: 16 - digits.count) + digits
      return Array("\(line.dropLast()),\"sum\":\"\(seal)\"}\n".utf8)
    }
  }

  /// The lines of a file of rejects.
  package struct Reject: Decodable, Equatable {
    /// Where the record stood.
    package var line: Int
    /// Where in the line it is wrong.
    package var column: Int
    /// Why it was rejected.
    package var reason: String
    /// The record, as text or in base64.
    package var record: String
    /// `base64`, or nil.
    package var encoding: String?

    /// The record as it stood.
    package var bytes: [UInt8] {
      encoding == nil ? Array(record.utf8) : Data(base64Encoded: record).map { Array($0) } ?? []
    }

    /// The rejects of a file; none where there is no file.
    package static func lines(_ file: [UInt8]?) throws -> [Reject] {
      try (file ?? []).split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(Reject.self, from: Data($0))
      }
    }
  }

  /// A record of a backup.
  package struct Dump {
    /// The key's name.
    package var key: [UInt8]
    /// What DUMP said of it.
    package var payload: [UInt8]
    /// In milliseconds since 1970; nil for a key that never expires.
    package var expiresAt: Int?
  }

  private struct Line: Decodable {
    var key: String
    var type: String
    var value: String
    var encoding: String?
    var ttl: Int?
    var expires_at: Int?
  }

  /// The records of a backup; a last line that was cut off does not count.
  package static func dumps(_ file: [UInt8]) throws -> [Dump] {
    let decoder = JSONDecoder()
    var lines = file.split(separator: UInt8(ascii: "\n"))
    if file.last != UInt8(ascii: "\n") { lines = lines.dropLast() }
    return try lines.map { bytes in
      let line = try decoder.decode(Line.self, from: Data(bytes))
      #expect(line.type == "dump" && (line.ttl == -1) != (line.expires_at != nil))
      let isBinary = line.encoding == "base64"
      let key = isBinary ? try #require(Data(base64Encoded: line.key)).map { $0 } : Array(line.key.utf8)
      let payload = try #require(Data(base64Encoded: line.value))
      return Dump(key: key, payload: Array(payload), expiresAt: line.expires_at)
    }
  }
}
