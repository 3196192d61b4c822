import Bytes

/// What was read out of one key: its pieces in template form, with the part that each plays.
package struct KeyReading: Sendable {
  /// The part of a key that a segment plays.
  enum Role: UInt8, Sendable {
    case namespace, version
    /// No part of the key: says in which order the other parts stand, where that is not the usual one.
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

  /// False where the key has no space, nor a sign as which URLs write one (`+`, `%`).
  package var mayHoldSpaces: Bool { classes.contains(.blank) }

  /// True where the key has a namespace or a version; others belong to no entity.
  var isClassified: Bool { hasNamespace || versionSegment != nil }

  /// The key's version, where it carries one.
  package var version: KeyVersion? { versionSegment.map { KeyVersion(bytes[segments[$0].range]) } }

  /// The namespace's segments as they stand in the key.
  var namespaceSegments: [ArraySlice<UInt8>] {
    segments.filter { $0.role == .namespace }.map { bytes[$0.range] }
  }

  /// The namespace as it stands in the key, without hash-tag braces.
  package func namespace(separator: [UInt8]) -> [UInt8] {
    Array(namespaceSegments.joined(separator: separator))
  }

  /// True where a whole word of the key is one of `words`, which are in lower case.
  ///
  /// Words are runs of letters, parted also where a capital follows a small letter: `app:v2:user_lock:7` and
  /// `app:v2:userLock:7` hold `lock`. Complexity: O(length of the key), times the number of words in the
  /// worst case.
  package func containsWord(_ words: [[UInt8]]) -> Bool {
    var start = 0
    for index in 0...length {
      let isInside = index < length && bytes[index].isLetter
      let isHump = isInside && index > start && bytes[index].isUppercase && !bytes[index - 1].isUppercase
      if isInside, !isHump { continue }
      if index > start, words.contains(where: { isWord($0, at: start..<index) }) { return true }
      start = isHump ? index : index + 1
    }
    return false
  }

  private func isWord(_ word: [UInt8], at range: Range<Int>) -> Bool {
    guard word.count == range.count else { return false }
    for offset in word.indices where word[offset] != bytes[range.lowerBound + offset] | 0x20 { return false }
    return true
  }
}
