import TestSupport

/// Keys that have broken terminals, logs and parsers before.
enum HostileBytes {
  static let samples: [[UInt8]] = [
    [], [0], Array("a\0b".utf8), Array("line\nforged line".utf8), Array("over\rwrite".utf8),
    Array("\u{1B}[31mred\u{1B}[0m".utf8), Array("\u{1B}]0;title\u{07}".utf8), [0x9B, 0x33, 0x31, 0x6D],
    [0xC2, 0x9B, 0x33, 0x31, 0x6D], [0x7F], [0xFF, 0xFE], [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x92],
    [0xC0, 0x80], [0xED, 0xA0, 0x80], Array("abc\u{202E}fed".utf8), Array("\u{2066}x\u{2069}".utf8),
    Array("\u{200B}\u{FEFF}\u{2028}\u{2029}".utf8), Array("\u{0301}floating".utf8),
    Array("\\x1b\"'`$(rm)".utf8),
    Array("=cmd()".utf8), Array("  padded  ".utf8), Array(repeating: 0x1B, count: 5_000),
    Array(repeating: UInt8(ascii: "k"), count: 5_000), Array("naïve:ключ:鍵:🔑".utf8),
    Array("\u{E0041}\u{FFFE}\u{E000}".utf8),
  ]

  /// Random keys in which the bytes that matter are frequent.
  static func random(count: Int, seed: UInt64) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    let pieces: [[UInt8]] =
      samples.filter { $0.count < 40 } + (0...255).map { [$0] } + [[0xE2, 0x80, 0xAE], [0x0D, 0x0A]]
    return (0..<count).map { _ in
      let length = Int.random(in: 0...12, using: &generator)
      return (0..<length).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
    }
  }

  /// Whether the text holds a C0 or C1 control, DEL, a bidirectional or zero-width control or a line separator.
  static func isHarmful(_ text: String, allowing allowed: Set<Unicode.Scalar> = []) -> Bool {
    text.unicodeScalars.contains { scalar in
      if allowed.contains(scalar) { return false }
      switch scalar.value {
      case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
        return true
      default: return false
      }
    }
  }
}
