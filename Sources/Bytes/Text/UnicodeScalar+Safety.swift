/// Which scalars are safe to show on a terminal.
extension Unicode.Scalar {
  /// U+FE0F, which asks for the coloured form of the emoji before it.
  package static let emojiVariationSelector: Unicode.Scalar = "\u{FE0F}"

  /// U+2800, a letter by category that looks like a space.
  private static let brailleBlank: Unicode.Scalar = "\u{2800}"

  /// Whether the scalar is printable ASCII, the space included.
  package var isPrintableASCII: Bool { value >= 0x20 && value < 0x7F }

  /// Whether the scalar steers the terminal, reorders or hides text, or has no agreed glyph.
  ///
  /// These are Unicode's general categories Cc (C0, DEL, C1), Cf (bidirectional controls, zero-width
  /// characters, the byte order mark, tags), Cs, Co, Cn, Zl and Zp.
  package var isControlLike: Bool {
    if isPrintableASCII { return false }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      return true
    default:
      return false
    }
  }

  /// Whether the scalar is drawn on top of the one before it.
  private var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: false
    }
  }

  /// Whether the scalar can be shown to a person as it is.
  ///
  /// Beyond `isControlLike` this excludes what looks like nothing or like a plain space: a key with a
  /// no-break space at its end must not look like another key.
  ///
  /// - Parameter previous: The scalar shown just before, nil at the start and after an escape. A mark needs a
  ///   base: otherwise it would change the quote or the escape before it.
  package func isPresentable(after previous: Unicode.Scalar?) -> Bool {
    if isPrintableASCII { return true }
    if isControlLike || properties.generalCategory == .spaceSeparator || self == .brailleBlank {
      return false
    }
    if self == .emojiVariationSelector {
      return previous.map { $0.value > 0x7F && $0.properties.isEmoji } ?? false
    }
    if properties.isDefaultIgnorableCodePoint { return false }
    return !isMark || previous != nil
  }
}
