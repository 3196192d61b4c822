import Bytes

/// A layout of key names that a framework writes, and what it says of the keys.
///
/// A pattern is the beginning of a name in which `{p}` is any prefix, `{v}` a bare number that is the version,
/// `{q}` a name that varies (a queue, a tag), `{n}` one that does not, `*` what varies already, `+` any one piece, and a word with `*`
/// at its end any piece that begins so. A `{p}` with a word directly behind it is the beginning of one piece.
struct Signature: Sendable {
  /// What a pattern asks of one piece.
  enum Element: Sendable, Equatable {
    case literal([UInt8])
    case beginning([UInt8])
    /// The piece ends with these bytes: what precedes them is the prefix.
    case ending([UInt8])
    /// The piece holds these bytes: what precedes them is the prefix.
    case holding([UInt8])
    case version, varying, star, name, any
  }

  /// One piece of a pattern.
  struct Piece: Sendable {
    var separator: Separator
    var element: Element
  }

  /// What a signature says of the prefix of its keys, `{p}`.
  enum Prefix: Sendable {
    /// Nothing.
    case open
    /// It is the namespace, for all keys that begin with it.
    case namespace
    /// The namespace is this many pieces of the pattern.
    case pieces(Int)
  }

  /// The framework's name, as reports show it.
  let framework: String
  /// The pattern as written.
  let pattern: String
  let role: KeyRole?
  let prefix: Prefix
  /// True where the pattern begins with a prefix of one piece or more.
  let hasPrefix: Bool
  let pieces: [Piece]
  /// The words that are whole pieces of the pattern.
  let words: Set<[UInt8]>
  /// A pattern that must fit too, behind the same prefix.
  let beside: [Piece]

  init(
    _ framework: String, _ pattern: String, _ role: KeyRole? = nil, prefix: Prefix = .open,
    beside: String? = nil
  ) {
    self.framework = framework
    self.pattern = pattern
    self.role = role
    self.prefix = prefix
    var pieces = Signature.pieces(of: Array(pattern.utf8))
    hasPrefix = pieces.first?.element == .literal(Array("{p}".utf8))
    if hasPrefix { pieces.removeFirst() }
    self.pieces = pieces
    words = Set(
      pieces.compactMap { piece in
        if case .literal(let text) = piece.element { text } else { nil }
      })
    var others = beside.map { Signature.pieces(of: Array($0.utf8)) } ?? []
    if others.first?.element == .literal(Array("{p}".utf8)) { others.removeFirst() }
    self.beside = others
  }

  private static func pieces(of pattern: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var separator = Separator.none
    var text: [UInt8] = []
    var index = 0
    while index < pattern.count {
      let next = index + 1 < pattern.count ? pattern[index + 1] : 0
      if let found = Separator.at(pattern[index], before: next) {
        pieces.append(Piece(separator: separator, element: element(text)))
        (separator, text) = (found.separator, [])
        index += found.width
      } else {
        text.append(pattern[index])
        index += 1
      }
    }
    pieces.append(Piece(separator: separator, element: element(text)))
    return pieces
  }

  private static func element(_ text: [UInt8]) -> Element {
    let prefix = Array("{p}".utf8)
    if text == prefix { return .literal(prefix) }
    if text.starts(with: prefix) {
      let rest = Array(text.dropFirst(3))
      return rest.last == .star ? .holding(rest.dropLast()) : .ending(rest)
    }
    switch String(decoding: text, as: UTF8.self) {
    case "{v}": return .version
    case "{q}": return .varying
    case "{n}": return .name
    case "*": return .star
    case "+": return .any
    default: return text.last == .star ? .beginning(text.dropLast()) : .literal(text)
    }
  }
}

/// A framework that key names give away.
package struct Recognition: Sendable, Equatable {
  /// The framework's name.
  package let framework: String
  /// The namespaces of its keys, where the layout has a prefix of the user's own.
  package internal(set) var prefixes: [[UInt8]]
  /// The versions that its keys carry as bare numbers.
  package internal(set) var versions: [[UInt8]]
}

/// A beginning of keys that is a namespace, though nothing parts it from what follows.
struct GluedNamespace: Sendable, Equatable {
  var prefix: [UInt8]
  var namespace: [UInt8]
}
