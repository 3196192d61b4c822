/// How text may be dressed for one output stream: with colour or without, in Unicode or in ASCII.
package struct Style: Sendable, Equatable {
  /// What a piece of text is to the reader.
  package enum Tone: Sendable, Equatable, CaseIterable {
    /// Headings.
    case bold
    /// Less important than its surroundings.
    case dim
    /// Worth a look: yellow.
    case warning
    /// Wrong: red.
    case error
    /// As it should be: green.
    case good
  }

  /// Whether ANSI colour sequences are written.
  package let color: Bool
  /// Whether characters beyond ASCII draw ellipses and bars.
  package let unicode: Bool

  /// Creates a style.
  package init(color: Bool, unicode: Bool = true) {
    self.color = color
    self.unicode = unicode
  }

  /// No colour, Unicode drawing characters.
  package static let plain = Style(color: false)

  /// Returns the text in the tone, unchanged where there is no tone, no text or no colour.
  ///
  /// The text must be free of escape sequences: the reset at its end would end theirs as well.
  package func apply(_ tone: Tone?, to text: String) -> String {
    guard color, let tone, !text.isEmpty else { return text }
    return "\u{1B}[\(Self.selectGraphicRendition(tone))m\(text)\u{1B}[0m"
  }

  /// Returns the text bold.
  package func bold(_ text: String) -> String { apply(.bold, to: text) }
  /// Returns the text dim.
  package func dim(_ text: String) -> String { apply(.dim, to: text) }
  /// Returns the text yellow.
  package func warning(_ text: String) -> String { apply(.warning, to: text) }
  /// Returns the text red.
  package func error(_ text: String) -> String { apply(.error, to: text) }
  /// Returns the text green.
  package func good(_ text: String) -> String { apply(.good, to: text) }

  /// What stands for text left out: `…` or `...`.
  package var ellipsis: String { unicode ? "…" : "..." }
  /// Plus or minus: `±` or `+/-`.
  package var plusMinus: String { unicode ? "±" : "+/-" }

  /// The parameter of ECMA-48's SGR sequence.
  private static func selectGraphicRendition(_ tone: Tone) -> Int {
    switch tone {
    case .bold: 1
    case .dim: 2
    case .error: 31
    case .good: 32
    case .warning: 33
    }
  }
}
