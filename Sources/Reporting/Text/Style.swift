/// How one output stream shows text: with colour or without, in Unicode or in ASCII.
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

  /// The sign for text left out: `…` or `...`.
  package var ellipsis: String { unicode ? "…" : "..." }
  /// Plus or minus: `±` or `+/-`.
  package var plusMinus: String { unicode ? "±" : "+/-" }

  /// The sign of a lower bound.
  package var atLeast: String { unicode ? "≥" : ">=" }

  /// The sign of an upper bound.
  package var atMost: String { unicode ? "≤" : "<=" }

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

extension Style {
  /// The value of `--color`.
  package enum ColorChoice: String, Sendable, CaseIterable {
    /// Colour on a terminal that shows it, unless the environment objects.
    case auto
    /// Colour even into a pipe.
    case always
    /// No colour.
    case never
  }

  /// Decides the style of one stream from the user's choice and where the stream goes.
  ///
  /// `auto` means colour on a terminal, unless `NO_COLOR` is set and not empty (no-color.org) or `TERM` is
  /// `dumb` or missing. Unicode follows the locale: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set
  /// and not empty must name UTF-8.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether this stream, not another one, is a terminal.
  ///   - environment: The variables of the process, handed in so that tests can choose them.
  package init(color choice: ColorChoice, isTerminal: Bool, environment: [String: String]) {
    let isSet: (String) -> Bool = { environment[$0].map { !$0.isEmpty } ?? false }
    let canColor = isTerminal && !isSet("NO_COLOR") && isSet("TERM") && environment["TERM"] != "dumb"
    let color =
      switch choice {
      case .auto: canColor
      case .always: true
      case .never: false
      }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].first(where: isSet).flatMap { environment[$0] } ?? ""
    let charset = locale.lowercased()
    self.init(color: color, unicode: charset.contains("utf-8") || charset.contains("utf8"))
  }
}
