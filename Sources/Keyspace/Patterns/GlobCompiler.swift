import Bytes

/// One step of a compiled glob; every step but `star` consumes exactly one byte of the key.
enum GlobToken: Sendable, Hashable {
  case byte(UInt8)
  case anyByte
  /// A character class, by its place in the compiler's list of sets.
  case member(UInt32)
  case star
}

/// A likely mistake in a pattern, which Redis accepts.
struct GlobNote: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case unterminatedClass
    case emptyClass
    case trailingBackslash
    case rangeAcrossSign
  }

  var kind: Kind
  /// Index into the bytes of the pattern.
  var offset: Int
}

/// Reads the bytes of a glob as `stringmatchlen` in Redis' util.c does.
///
/// Every sequence of bytes is a pattern, so compiling cannot fail; what looks like a mistake becomes a note.
struct GlobCompiler {
  private let pattern: [UInt8]
  private var position = 0

  private(set) var tokens: [GlobToken] = []
  private(set) var sets: [ByteSet] = []
  private(set) var notes: [GlobNote] = []
  /// The index of each star token in the pattern.
  private(set) var starOffsets: [Int] = []
  /// The pattern with every run of stars reduced to one.
  private(set) var normalized: [UInt8] = []

  init(_ pattern: [UInt8]) {
    self.pattern = pattern
    tokens.reserveCapacity(pattern.count)
    while position < pattern.count { readToken() }
  }

  private mutating func readToken() {
    let start = position
    let byte = pattern[position]
    position += 1
    switch byte {
    case .star:
      guard tokens.last != .star else { return }
      tokens.append(.star)
      starOffsets.append(start)
    case .questionMark:
      tokens.append(.anyByte)
    case .openBracket:
      readClass(openedAt: start)
    case .backslash:
      readEscape(at: start)
    default:
      tokens.append(.byte(byte))
    }
    normalized.append(contentsOf: pattern[start..<position])
  }

  private mutating func readEscape(at start: Int) {
    guard position < pattern.count else {
      notes.append(GlobNote(kind: .trailingBackslash, offset: start))
      tokens.append(.byte(.backslash))
      return
    }
    tokens.append(.byte(pattern[position]))
    position += 1
  }

  private mutating func readClass(openedAt start: Int) {
    var set = ByteSet()
    let negated = position < pattern.count && pattern[position] == .caret
    if negated { position += 1 }
    let firstMember = position
    while position < pattern.count, pattern[position] != .closeBracket { readMember(into: &set) }
    if position == pattern.count {
      notes.append(GlobNote(kind: .unterminatedClass, offset: start))
    } else {
      if position == firstMember, !negated {
        notes.append(GlobNote(kind: .emptyClass, offset: start))
      }
      position += 1
    }
    if negated { set.invert() }
    tokens.append(.member(UInt32(truncatingIfNeeded: sets.count)))
    sets.append(set)
  }

  /// Reads an escape, a range or a single byte.
  ///
  /// An escape is seen before a range, and the end of a range is taken as written: `[a-]]` runs from `]` to
  /// `a`.
  private mutating func readMember(into set: inout ByteSet) {
    let byte = pattern[position]
    let left = pattern.count - position
    if byte == .backslash, left >= 2 {
      set.insert(pattern[position + 1])
      position += 2
    } else if left >= 3, pattern[position + 1] == .dash {
      let end = pattern[position + 2]
      if (byte < 0x80) != (end < 0x80) {
        notes.append(GlobNote(kind: .rangeAcrossSign, offset: position))
      }
      set.insert(min(byte, end)...max(byte, end))
      position += 3
    } else {
      set.insert(byte)
      position += 1
    }
  }
}
