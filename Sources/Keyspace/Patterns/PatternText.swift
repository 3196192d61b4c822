import Bytes

/// A pattern as a user types it: a Redis glob in which `\xHH` is the byte with that hexadecimal value.
///
/// `\xHH` makes keys reachable that no command line can carry (NUL, newlines, bytes that are not UTF-8). The
/// byte is always meant literally: `\x2a` is a star in the key, not a wildcard. Every other escape goes to
/// the server as typed.
package struct PatternText: Sendable, Hashable {
  /// The most stars a pattern may have, after runs of stars are reduced to one.
  ///
  /// Redis tries every split of a key over the stars and serves no other client meanwhile.
  package static let maximumStars = 64

  /// The pattern, ready to match and to send.
  package let glob: Glob

  /// What Redis reads differently from how it looks, in one sentence each, in the order of the pattern.
  ///
  /// The sentences name columns and never repeat the pattern, so they hold no byte that needs escaping.
  package let warnings: [String]

  /// Reads a pattern.
  ///
  /// - Throws: `PatternError` when the pattern is empty or has more than `maximumStars` stars.
  package init(_ text: String) throws(PatternError) {
    guard !text.isEmpty else {
      throw PatternError(
        column: 1,
        problem: "the pattern is empty, and only an empty key would match it; use '*' for every key")
    }
    let translator = PatternTranslator(text)
    let compiled = GlobCompiler(translator.bytes)
    let stars = compiled.starOffsets
    guard stars.count <= Self.maximumStars else {
      throw PatternError(
        column: translator.columns[stars[Self.maximumStars]],
        problem:
          "the pattern has \(stars.count) '*' and the limit is \(Self.maximumStars), because every '*' "
          + "multiplies the work the server does for each key; use fewer")
    }
    glob = Glob(pattern: translator.bytes)
    var remarks = translator.remarks
    for note in compiled.notes {
      remarks.append(PatternRemark(kind: .glob(note.kind), column: translator.columns[note.offset]))
    }
    warnings = remarks.sorted { $0.column < $1.column }.map(\.sentence)
  }
}

/// A pattern that is refused.
package struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where the trouble is, in Unicode scalars of the text, from 1.
  package let column: Int

  /// What is wrong, where, why, and what to do, in one sentence without the pattern's own bytes.
  package let message: String

  /// The message.
  package var description: String { message }

  init(column: Int, problem: String) {
    self.column = column
    message = "column \(column): \(problem)"
  }
}

/// A place in a typed pattern where Redis' reading is not the obvious one.
struct PatternRemark: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case glob(GlobNote.Kind)
    /// `\x` without two hexadecimal digits.
    case plainX
    /// A character of several bytes inside of a set.
    case wideCharacter
  }

  var kind: Kind
  var column: Int

  /// Where, how it is read, and what to write instead.
  var sentence: String {
    "column \(column): \(reading)"
  }

  private var reading: String {
    switch kind {
    case .glob(.unterminatedClass):
      "this '[' is never closed, so Redis reads the rest of the pattern as the set of bytes it allows; "
        + "add ']' or write '\\[' for a bracket in the key"
    case .glob(.emptyClass):
      "'[]' is a set with nothing in it, so no key matches; write '\\[\\]' for two brackets in the key"
    case .glob(.trailingBackslash):
      "the '\\' at the end has nothing to escape, so Redis reads it as a backslash in the key; "
        + "write '\\\\' to say so"
    case .glob(.rangeAcrossSign):
      "this range crosses from ASCII to bytes above 7f, which servers on x86-64 and on ARM read differently; "
        + "split it in two at 7f and 80"
    case .plainX:
      "'\\x' is not followed by two hexadecimal digits, so it is read as a plain 'x'; "
        + "write both digits for a byte, or 'x' for the letter"
    case .wideCharacter:
      "a set in '[…]' holds single bytes, and this character is several; it matches any one of them, "
        + "never the whole character"
    }
  }
}
