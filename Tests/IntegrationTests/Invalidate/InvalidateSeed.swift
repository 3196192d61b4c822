import Foundation
import TestSupport
import Testing

/// The lines of a backup, read without the tool's own reader.
enum Seed {
  struct Dump {
    var key: [UInt8]
    var payload: [UInt8]
    /// In milliseconds since 1970; nil for a key that never expires.
    var expiresAt: Int?
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
  static func dumps(_ file: [UInt8]) throws -> [Dump] {
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
