import Bytes

/// What a key's name tells of its purpose, by the words in it.
enum NameTraits {
  /// A kind of key that should always expire.
  enum Kind: String, CaseIterable {
    case lock, counter, session
  }

  private static let words: [(kind: Kind, words: [[UInt8]])] = [
    (.lock, ["lock", "locks", "mutex", "lease"].map { Array($0.utf8) }),
    (.counter, ["counter", "counters", "count", "ratelimit", "throttle", "attempts"].map { Array($0.utf8) }),
    (.session, ["session", "sessions", "sess"].map { Array($0.utf8) }),
  ]

  /// The kind that a whole word of the name says, nil where none does.
  ///
  /// Words are runs of letters in either case. Complexity: O(length of the name).
  static func kind(of name: Span<UInt8>) -> Kind? {
    var start = 0
    for index in 0...min(name.count, 512) {
      if index < name.count, isLetter(name[index]) { continue }
      // No word of ours is shorter or longer; most words of a name end here.
      if (4...9).contains(index - start), let kind = kind(ofWord: name.extracting(start..<index)) {
        return kind
      }
      start = index + 1
    }
    return nil
  }

  private static func kind(ofWord word: Span<UInt8>) -> Kind? {
    for (kind, candidates) in words {
      for candidate in candidates where candidate.count == word.count {
        var isEqual = true
        for index in word.indices where word[index] | 0x20 != candidate[index] {
          isEqual = false
          break
        }
        if isEqual { return kind }
      }
    }
    return nil
  }

  /// True where a name holds text that users typed, or more bytes than a name should.
  ///
  /// Three spaces, in any of the ways in which they are encoded, make a sentence. What has read the name may
  /// know that there are none.
  static func isUnbounded(_ name: Span<UInt8>, mayHoldSpaces: Bool = true) -> Bool {
    if name.count > 200 { return true }
    // Nearly every name ends here, or at a loop so simple that it takes many bytes at once.
    guard mayHoldSpaces else { return false }
    var signs: UInt8 = 0
    for index in name.indices { signs &+= isSpace(name[index]) || name[index] == percent ? 1 : 0 }
    guard signs >= 3 else { return false }
    var spaces = 0
    for index in name.indices {
      if isSpace(name[index]) { spaces += 1 }
      guard name[index] == percent, index + 2 < name.count else { continue }
      if name[index + 1] == UInt8(ascii: "2"), name[index + 2] == UInt8(ascii: "0") { spaces += 1 }
    }
    return spaces >= 3
  }

  private static let percent = UInt8(ascii: "%")

  /// A plus sign stands for a space in URLs.
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "+")
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
