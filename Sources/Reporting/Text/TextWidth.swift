import Bytes

/// Measures and cuts text by the columns it takes on a terminal.
package enum TextWidth {
  /// The columns of the text: 0 for marks and controls, 2 for East Asian wide characters and emoji, else 1.
  ///
  /// Linear in the length. Escape sequences are not understood: measure first, colour afterwards.
  package static func columns(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns(of: $1) }
  }

  /// The columns of one grapheme cluster.
  ///
  /// A cluster that shows as one emoji (a flag, a keycap, a skin tone) takes 2; of others the scalars add up,
  /// as `wcwidth` has it.
  package static func columns(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if scalars.dropFirst().isEmpty { return columns(of: first) }
    if first.properties.isEmojiPresentation || scalars.contains(.emojiVariationSelector) { return 2 }
    return scalars.reduce(0) { $0 + columns(of: $1) }
  }

  /// The columns of one scalar by itself.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isPrintableASCII { return 1 }
    if isZeroWidth(scalar) { return 0 }
    return WideCharacters.contains(scalar) ? 2 : 1
  }

  /// Returns the text cut in its middle to at most `width` columns, between grapheme clusters.
  ///
  /// Where not even the ellipsis fits, as much of it as does.
  package static func truncatedMiddle(_ text: String, to width: Int, ellipsis: String = "…") -> String {
    guard columns(text) > width else { return text }
    let room = width - columns(ellipsis)
    guard room >= 0 else { return fitting(ellipsis, in: width) }
    let head = fitting(text, in: room - room / 2)
    let tail = fitting(text.reversed(), in: room / 2)
    return head + ellipsis + String(tail.reversed())
  }

  /// Returns the text cut at its end to at most `width` columns, between grapheme clusters.
  package static func truncatedEnd(_ text: String, to width: Int, ellipsis: String = "…") -> String {
    guard columns(text) > width else { return text }
    let room = width - columns(ellipsis)
    return room >= 0 ? fitting(text, in: room) + ellipsis : fitting(ellipsis, in: width)
  }

  /// The longest start of the characters that takes at most `width` columns.
  private static func fitting(_ characters: some Sequence<Character>, in width: Int) -> String {
    var left = width
    var result = ""
    for character in characters {
      left -= columns(of: character)
      if left < 0 { break }
      result.append(character)
    }
    return result
  }

  private static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .control, .format: true
    // Conjoining vowels and final consonants are drawn inside the Hangul syllable they follow.
    default: (0x1160...0x11FF).contains(scalar.value) || scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}

/// The scalars that take two columns.
///
/// Source: EastAsianWidth.txt of the Unicode Character Database, values W and F (UAX #11, revision for
/// Unicode 16). The standard library knows the emoji among them; the other ranges are merged over unassigned
/// gaps.
private enum WideCharacters {
  static func contains(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x1100 else { return false }
    if ranges.contains(where: { $0.contains(scalar.value) }) { return true }
    let isRegionalIndicator = (0x1F1E6...0x1F1FF).contains(scalar.value)
    return scalar.properties.isEmojiPresentation && !isRegionalIndicator
  }

  private static let ranges: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul leading consonants
    0x2329...0x232A,  // angle brackets
    0x2E80...0x303E,  // CJK radicals and punctuation
    0x3041...0x3247, 0x3250...0xA4CF,  // kana, CJK ideographs, Yi
    0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
    0xF900...0xFAFF,  // CJK compatibility ideographs
    0xFE10...0xFE19, 0xFE30...0xFE6F,  // vertical and small forms
    0xFF01...0xFF60, 0xFFE0...0xFFE6,  // full-width forms
    0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,  // Tangut, Khitan, kana extensions
    0x1D300...0x1D376,  // Tai Xuan Jing symbols, counting rods
    0x1F200...0x1F2FF,  // enclosed ideographs
    0x20000...0x3FFFD,  // CJK extensions
  ]
}
