/// What stands between two pieces of a key.
///
/// The strong ones part namespaces from what follows: the first of them in a key is its primary separator.
enum Separator: UInt8, Sendable, CaseIterable {
  /// Nothing: the piece begins the key.
  case none
  /// The one that the user has set, where it is none of the others.
  case custom
  case colon, doubleColon, bar, hash, tilde, arrow
  // From here on the weak ones.
  case slash, doubleSlash, dot, doubleDot, comma, question, ampersand, parenthesis, bracket, equals, backslash
  case zero, recordEnd
  /// What joins words: it parts a version from them only.
  case underscore, dash
  /// No separator: one of several forms of the piece above it in a tree.
  case form

  /// True for those that part namespaces.
  var isStrong: Bool { rawValue >= Separator.custom.rawValue && rawValue <= Separator.arrow.rawValue }

  /// True for those that only part the words of a piece.
  var joinsWords: Bool { self == .underscore || self == .dash }

  /// The bytes; nothing for the one that the user has set.
  var bytes: StaticString {
    switch self {
    case .none, .custom, .form: ""
    case .colon: ":"
    case .doubleColon: "::"
    case .bar: "|"
    case .hash: "#"
    case .tilde: "~"
    case .arrow: "->"
    case .slash: "/"
    case .doubleSlash: "//"
    case .dot: "."
    case .doubleDot: ".."
    case .comma: ","
    case .question: "?"
    case .ampersand: "&"
    case .parenthesis: "("
    case .bracket: "["
    case .equals: "="
    case .backslash: "\\"
    case .zero: "\0"
    case .recordEnd: "\u{1e}"
    case .underscore: "_"
    case .dash: "-"
    }
  }

  /// The separator that a byte begins, given the one behind it (0 at the end), and how many bytes it has.
  ///
  /// `-` alone is none.
  @inline(__always) static func at(_ byte: UInt8, before next: UInt8) -> (separator: Separator, width: Int)? {
    switch byte {
    case UInt8(ascii: ":"): next == byte ? (.doubleColon, 2) : (.colon, 1)
    case UInt8(ascii: "/"): next == byte ? (.doubleSlash, 2) : (.slash, 1)
    case UInt8(ascii: "."): next == byte ? (.doubleDot, 2) : (.dot, 1)
    case UInt8(ascii: "|"): (.bar, 1)
    case UInt8(ascii: "#"): (.hash, 1)
    case UInt8(ascii: "~"): (.tilde, 1)
    case UInt8(ascii: "-"): next == UInt8(ascii: ">") ? (.arrow, 2) : nil
    case UInt8(ascii: ","): (.comma, 1)
    case UInt8(ascii: "?"): (.question, 1)
    case UInt8(ascii: "&"): (.ampersand, 1)
    case UInt8(ascii: "("): (.parenthesis, 1)
    case UInt8(ascii: "["): (.bracket, 1)
    case UInt8(ascii: "="): (.equals, 1)
    case UInt8(ascii: "\\"): (.backslash, 1)
    case 0: (.zero, 1)
    case 0x1e: (.recordEnd, 1)
    default: nil
    }
  }
}
