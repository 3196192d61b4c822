import Bytes

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
