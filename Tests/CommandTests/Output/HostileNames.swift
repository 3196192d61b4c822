import Foundation
import TestHarness
import Testing

/// Keys that could do harm to whoever looks at them.
enum HostileNames {
  /// The keys, all of them strings without a time to live.
  static let keys: [[UInt8]] = [
    Array("app:v1:nul\u{0}byte".utf8), Array("app:v1:new\nline".utf8), Array("app:v1:return\rover".utf8),
    Array("app:v1:\u{1B}[2J\u{1B}]0;owned\u{7}".utf8), Array("app:v1:bad".utf8) + [0xFF, 0xFE, 0xC3],
    Array("app:v1:right\u{202E}left\u{2066}".utf8), Array("app:v1:c1\u{9B}31m".utf8),
    Array("app:v1:del\u{7F}".utf8), Array("app:v1:zero\u{200B}width".utf8), Array("\u{1B}[31m:v1:ns".utf8),
    Array("app:v1:".utf8) + Array(repeating: UInt8(ascii: "k"), count: 5_000), [],
    Array("=cmd|' /C calc'!A0".utf8), Array("app:v1:quote\"and,comma".utf8), Array("app:v1:back\\slash".utf8),
    Array("app:v1:tab\tstop".utf8), Array("  padded  ".utf8), Array("app:v1:日本語🍣".utf8), [0x80],
    Array("-rf".utf8), Array("app:\u{1B}[5m:x".utf8),
  ]

  /// Puts the keys into a server.
  static func load(into server: RedisServer) throws {
    try server.load(keys.map { [Array("SET".utf8), $0, Array("value".utf8)] })
  }

  /// The key that JSON shows: an object with `key`, or a string in an array; nil for anything else.
  static func key(_ value: Any) -> [UInt8]? {
    if let text = value as? String { return Array(text.utf8) }
    guard let object = value as? [String: Any], let text = object["key"] as? String else { return nil }
    guard object["encoding"] as? String == "base64" else { return Array(text.utf8) }
    return Data(base64Encoded: text).map(Array.init)
  }

  /// Checks that nothing in an output could move a cursor, change a colour or turn the text around.
  static func expectHarmless(_ output: [UInt8], _ comment: Comment) {
    guard let text = String(validating: output, as: UTF8.self) else {
      Issue.record("\(comment): the output is not UTF-8")
      return
    }
    let harmful = text.unicodeScalars.filter { scalar in
      switch scalar.value {
      // The terminal itself makes CR LF of a line end.
      case 0x0A, 0x0D: false
      case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
    #expect(harmful.isEmpty, comment)
    // A bare CR would let what follows cover what stood there.
    #expect(!text.replacing("\r\n", with: "\n").unicodeScalars.contains("\r"), comment)
  }
}
