/// The structure of one key: its pieces in template form, in the order of the key.
package struct KeyReading: Sendable {
  /// The role of a piece in its key.
  enum Role: UInt8, Sendable {
    /// What the general rules make of it (`NameLayout`).
    case open
    /// The version of the key.
    case version
    /// Part of the namespace, or of none of these: a schema says so.
    case namespace, tail
  }

  /// A stretch between two strong separators.
  struct Segment: Sendable {
    var start: Int
    var end: Int
    /// What the segment's bytes are.
    var classes: ByteClasses
    var separator: Separator
    /// True for a network address that colons have split.
    var isAddress = false

    var range: Range<Int> { start..<end }
    var count: Int { end - start }
  }

  /// A piece between two separators in template form.
  struct Token: Sendable {
    /// What a token is.
    struct Traits: OptionSet, Sendable {
      let rawValue: UInt8
      /// The whole piece shows as `*`.
      static let variable = Traits(rawValue: 1)
      /// A part of the piece shows as `*`, as in `user_*`.
      static let partlyVariable = Traits(rawValue: 2)
      /// What shows as `*` may turn out to be a name that never varies in its place.
      static let mayBeName = Traits(rawValue: 4)
      static let stars = Traits(rawValue: 3)

      func contains(_ other: Traits) -> Bool { rawValue & other.rawValue == other.rawValue }
      func isDisjoint(with other: Traits) -> Bool { rawValue & other.rawValue == 0 }
    }

    /// Where the piece's template form lies in `bytes`.
    var start: Int32
    var end: Int32
    /// Where the piece itself lies.
    var literalStart: Int32
    var literalEnd: Int32
    var separator: Separator
    var role: Role
    var traits: Traits
    /// The place of its segment in the key, from 0.
    var segment: UInt8

    var range: Range<Int> { Int(start)..<Int(end) }
    var literal: Range<Int> { Int(literalStart)..<Int(literalEnd) }
    var hasStar: Bool { !traits.isDisjoint(with: .stars) }
  }

  /// The key without hash-tag braces; after `length`, template forms that differ from it, and left-overs.
  var bytes: [UInt8] = []
  /// The length of the key without hash-tag braces.
  var length = 0
  var segments: [Segment] = []
  /// What the key's bytes are, without a hash tag's braces.
  var classes: ByteClasses = []
  /// The first strong separator, or else the first there is.
  var primary = Separator.none
  /// The index of the token that is the version, -1 where there is none.
  var versionToken = -1
  /// The pieces in the order of the key.
  var tokens: [Token] = []

  /// False where schemas were given and none fits the key.
  package internal(set) var matchesSchema = true

  /// True where the key has a space or what URLs write for one (`+`, `%`).
  package var mayHoldSpaces: Bool { classes.contains(.blank) }

  /// The key's version, where it carries one.
  package var version: KeyVersion? {
    versionToken < 0 ? nil : KeyVersion(bytes[tokens[versionToken].literal])
  }

  /// A segment as written in the key, without hash-tag braces; nil where the key has fewer. The first has the number 1.
  ///
  /// Segments lie between strong separators; those of a key without any between separators of the kind of its first.
  /// Complexity: O(number of pieces).
  package func segment(_ number: Int) -> [UInt8]? {
    let isSplit = primary.isStrong || tokens.last.map { $0.segment > 0 } ?? false
    var place = 0
    var range: Range<Int>?
    for (index, token) in tokens.enumerated() {
      if isSplit { place = Int(token.segment) } else if index > 0, token.separator == primary { place += 1 }
      guard place == number - 1 else { continue }
      range = (range?.lowerBound ?? token.literal.lowerBound)..<token.literal.upperBound
    }
    return range.map { Array(bytes[$0]) }
  }

  /// The namespace as written in the key, without hash-tag braces; nil where the key has none.
  package var namespace: [UInt8]? { namespaceRange.map { Array(bytes[$0]) } }

  /// True where the key has a namespace, be it an empty one.
  package var hasNamespace: Bool { namespaceRange != nil }

  /// Where the namespace lies in the key.
  ///
  /// Complexity: O(number of pieces).
  var namespaceRange: Range<Int>? {
    let pieces = tokens.map { token in
      NameLayout.Piece(
        separator: token.separator, role: token.role, hasStar: token.hasStar,
        isLiteral: token.range == token.literal, text: bytes[token.range])
    }
    switch NameLayout(pieces).namespace {
    case .none: return nil
    case .pieces(let range):
      return Int(tokens[range.lowerBound].literalStart)..<Int(tokens[range.upperBound - 1].literalEnd)
    case .stem(let place, let length):
      let start = Int(tokens[place].literalStart)
      return start..<start + length
    }
  }
}
