/// What was read out of one key: its tokens in template form, with the part that each plays.
public struct KeyReading: Sendable {
  /// The part of a key that a token belongs to.
  public enum Role: UInt8, Sendable { case namespace, version, tail }

  /// A piece between two delimiters.
  struct Token: Sendable {
    /// Where the piece's template form lies in `rendered`.
    var range: Range<Int>
    var role: Role
    /// True where a separator, or nothing, stands before the piece; else a `.` or `/` inside the segment.
    var startsSegment: Bool
    /// The byte before the piece inside a segment.
    var lead: UInt8
    /// True where the whole piece shows as `*`.
    var isVariable: Bool
    /// True where a part of the piece shows as `*`, as in `user_*`.
    var isPartlyVariable: Bool
  }

  struct Segment: Sendable {
    var range: Range<Int>
    var role: Role = .tail
    /// A schema says that the segment varies, whatever it looks like.
    var isForcedVariable = false
    /// A schema says that the segment is a name, whatever it looks like.
    var isForcedConstant = false
  }

  /// The key without hash-tag braces.
  var plain: [UInt8] = []
  var segments: [Segment] = []
  var versionSegment: Int?
  var tokens: [Token] = []
  var rendered: [UInt8] = []

  /// False where schemas were given and none fits the key.
  public internal(set) var matchesSchema = true

  /// True where the key has a namespace or a version; others belong to no entity.
  var isClassified: Bool { tokens.contains { $0.role != .tail } }

  /// True where the key has a namespace, be it an empty one.
  public var hasNamespace: Bool { segments.contains { $0.role == .namespace } }

  /// The key's version, where it carries one.
  public var version: KeyVersion? { versionSegment.map { KeyVersion(plain[segments[$0].range]) } }

  /// The namespace's segments as they stand in the key.
  var namespaceSegments: [ArraySlice<UInt8>] {
    segments.filter { $0.role == .namespace }.map { plain[$0.range] }
  }

  /// True where a whole word of the key is one of `words`, which are in lower case.
  ///
  /// Words are runs of letters: `app:v2:user_lock:7` holds `lock`. Complexity: O(length of the key).
  public func containsWord(_ words: [[UInt8]]) -> Bool {
    var start = 0
    for index in 0...plain.count {
      if index < plain.count, plain[index].isLetter { continue }
      let word = plain[start..<index]
      if words.contains(where: { $0.count == word.count && $0.elementsEqual(word.lazy.map { $0 | 0x20 }) }) {
        return true
      }
      start = index + 1
    }
    return false
  }
}
