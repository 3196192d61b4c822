/// The structure of one key: its pieces in template form, each with its role.
package struct KeyReading: Sendable {
  /// The role of a segment in its key.
  enum Role: UInt8, Sendable {
    case namespace, version
    /// No part of the key: the order of the other parts, where it is not the usual one.
    case arrangement
    case tail
  }

  /// A stretch between two separators.
  struct Segment: Sendable {
    var range: Range<Int>
    /// What the segment's bytes are.
    var classes: ByteClasses
    var role: Role = .tail
    /// The segment varies, whatever it looks like.
    var isForcedVariable = false
    /// A schema says that the segment is a name, whatever it looks like.
    var isForcedConstant = false
  }

  /// A piece of a segment in template form.
  struct Token: Sendable {
    /// Where the piece's template form lies in `bytes`.
    var range: Range<Int>
    var joint: Joint
    /// The place of its segment in the key, from 0.
    var segment: Int
    /// True where the whole piece shows as `*`.
    var isVariable = false
    /// True where a part of the piece shows as `*`, as in `user_*`.
    var isPartlyVariable = false
  }

  /// The key without hash-tag braces; after `length`, template forms that differ from it, and left-overs.
  var bytes: [UInt8] = []
  /// The length of the key without hash-tag braces.
  var length = 0
  var segments: [Segment] = []
  /// What the key's bytes are; of separators only what blanks they have, and nothing of a hash tag's braces.
  var classes: ByteClasses = []
  /// The index of the segment that is the version.
  var versionSegment: Int?
  /// The pieces: those of the namespace first, then the version, then the rest.
  var tokens: [Token] = []

  /// False where schemas were given and none fits the key.
  package internal(set) var matchesSchema = true
  /// True where the key has a namespace, be it an empty one.
  package internal(set) var hasNamespace = false

  /// True where the key has a space or what URLs write for one (`+`, `%`).
  package var mayHoldSpaces: Bool { classes.contains(.blank) }

  /// True where the key has a namespace or a version; others belong to no entity.
  var isClassified: Bool { hasNamespace || versionSegment != nil }

  /// The key's version, where it carries one.
  package var version: KeyVersion? { versionSegment.map { KeyVersion(bytes[segments[$0].range]) } }

  /// The namespace's segments as written in the key.
  var namespaceSegments: [ArraySlice<UInt8>] {
    segments.filter { $0.role == .namespace }.map { bytes[$0.range] }
  }

  /// The namespace as written in the key, without hash-tag braces.
  package func namespace(separator: [UInt8]) -> [UInt8] {
    Array(namespaceSegments.joined(separator: separator))
  }
}
