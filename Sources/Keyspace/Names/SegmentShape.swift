import Bytes

/// Tells identifiers from names by their shape alone: what varies from key to key shows as `*`.
///
/// A shape says "identifier" for numbers, UUIDs, ULIDs, hexadecimal and base64-like tokens, dates and
/// addresses. In doubt it says "name" (`sha256`, `getUserById2`, `cafe2024`): an identifier that slips
/// through is caught by counting distinct values (`GroupTree`), while a name taken for an identifier would be
/// lost.
enum SegmentShape {
  /// A longer text is never a name: it would only fill memory.
  static let longestName = 128
  /// A longer segment is not even read piece by piece.
  static let longestSegment = 256
  /// A shorter text without digits and punctuation is always a name.
  static let shortestLetterToken = 16

  /// True where the bytes look like an identifier rather than a name; `classes` are theirs.
  ///
  /// Complexity: O(n), n being at most `longestSegment`.
  static func isVariable(_ bytes: Span<UInt8>, _ classes: ByteClasses) -> Bool {
    let hasPieces = !classes.isDisjoint(with: .dividers)
    guard bytes.count <= (hasPieces ? longestSegment : longestName) else { return true }
    // Numbers with any punctuation: `-1.5`, `2026-01-31`, `10.0.0.1`, `1,2,3`.
    guard !classes.isDisjoint(with: .letters) else { return classes.contains(.digit) }
    if classes.isDisjoint(with: .digitAndPunctuation), bytes.count < shortestLetterToken { return false }
    if classes.contains(.dot), !classes.contains(.punctuation), bytes.count > longestDottedShape {
      return isWebToken(bytes)
    }
    guard bytes.count >= shortestIdentifier || bytes[0].isDigit || !classes.isDisjoint(with: .punctuation)
    else {
      return false
    }
    if bytes.count == 36, isUUID(bytes) { return true }
    if bytes.count >= 16, isAllHexadecimal(bytes) { return true }
    // Without digits, capitals and marks there is one shape left: the address of a network interface, of 17 bytes.
    if classes.isDisjoint(with: .signsOfIdentifiers), bytes.count != 17 { return false }
    // Short texts that begin with a letter are tokens of base 16 or none: `user_42`.
    if bytes.count < shortestToken, !bytes[0].isDigit, classes.isDisjoint(with: .signsBesideLetters),
      !isAllHexadecimal(bytes)
    {
      return false
    }
    let census = SegmentCensus(bytes)
    return isHexadecimal(bytes, census) || isULID(bytes, census) || isDate(bytes, census)
      || isAddress(bytes, census) || isToken(bytes, census)
  }

  /// A shorter text is an identifier only as a date, an address or a number, which show it by other bytes.
  private static let shortestIdentifier = 7

  /// True where all bytes are digits of base 16.
  private static func isAllHexadecimal(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where !bytes[unchecked: index].isHexDigit { return false }
    return true
  }

  /// Dates are the only shape with a dot in it, e-mail addresses and web tokens apart.
  private static let longestDottedShape = 32

  /// True where the bytes look like an identifier rather than a name.
  static func isVariable(_ bytes: Span<UInt8>) -> Bool { isVariable(bytes, ByteClasses(of: bytes)) }

  /// What of a word varies: everything behind its first `stem` bytes and before the index `tail`.
  struct WordShape {
    var isVariable: Bool
    var stem: Int
    var tail: Int
    /// How many digits vary; more than four where other bytes do.
    var digits = 0
  }

  /// The shape of a word of a key: an identifier, letters with digits behind them (`user42`), or a name.
  static func wordShape(_ key: Span<UInt8>, _ range: Range<Int>) -> WordShape {
    let name = WordShape(isVariable: false, stem: range.count, tail: range.upperBound)
    guard !range.isEmpty else { return name }
    let word = key.extracting(range)
    if let number = numberShape(key, range), number.stem == 0 || !isVariable(word) { return number }
    if hasGluedUUID(word) {
      return WordShape(isVariable: true, stem: range.count - 36, tail: range.upperBound, digits: 5)
    }
    let classes = ByteClasses(of: word)
    guard classes.contains(.digit) || range.count >= shortestLetterToken, isVariable(word, classes) else {
      return name
    }
    let stem = classes.isDisjoint(with: .letters) ? 0 : gluedWord(word) ?? 0
    return WordShape(isVariable: true, stem: stem, tail: range.upperBound, digits: 5)
  }

  /// True where an identifier by its shape may still be a word with an identifier behind it.
  ///
  /// Base64url has `-` and `_` too, but letters of both cases.
  static func hasWords(_ bytes: Span<UInt8>, _ classes: ByteClasses) -> Bool {
    if hasGluedUUID(bytes) || gluedWord(bytes) != nil { return true }
    guard classes.contains([.joint, .lowercase]), !classes.contains(.uppercase) else { return false }
    return !isUUID(bytes) && !isAddress(bytes, SegmentCensus(bytes))
  }

  /// True where a UUID ends a longer text.
  static func hasGluedUUID(_ bytes: Span<UInt8>) -> Bool {
    bytes.count > 36 && isUUID(bytes.extracting(bytes.count - 36..<bytes.count))
  }

  /// The shape of a number, in brackets or behind letters; nil for what is none, such as `v2` and `2fa`.
  private static func numberShape(_ key: Span<UInt8>, _ range: Range<Int>) -> WordShape? {
    var tail = range.upperBound
    while tail > range.lowerBound, isClosing(key[tail - 1]) { tail -= 1 }
    var first = tail
    while first > range.lowerBound, key[first - 1].isDigit { first -= 1 }
    guard first < tail else { return nil }
    var letters = 0
    for index in range.lowerBound..<first {
      if key[index].isDigit { return nil }
      if key[index].isLetter || key[index] >= 0x80 { letters += 1 }
    }
    if letters > 0 {
      // What words and numbers have between them is no part of either: `-1.5`, `x 7`.
      guard isNameByte(key[first - 1]) else { return nil }
      if letters == 1, first - range.lowerBound == 1 {
        guard key[range.lowerBound] != UInt8(ascii: "v") else { return nil }
        return WordShape(isVariable: true, stem: 0, tail: tail, digits: tail - first)
      }
    }
    return WordShape(isVariable: true, stem: first - range.lowerBound, tail: tail, digits: tail - first)
  }

  /// Letters, and control characters, which part nothing but end words.
  private static func isNameByte(_ byte: UInt8) -> Bool { byte.isLetter || byte >= 0x80 || byte < 0x20 }

  private static func isClosing(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"), UInt8(ascii: "'"), UInt8(ascii: "\""): true
    default: false
    }
  }

  /// The length of a word to which a token of 32, 40 or 64 digits is glued, such as `cache` before a session's
  /// 32 digits of base 36; nil where there is none.
  static func gluedWord(_ bytes: Span<UInt8>) -> Int? {
    for length in [32, 40, 64] {
      let stem = bytes.count - length
      // Lengths of tokens that begin with letters by chance: base64 of 24, 32 and 48 bytes.
      guard (2...24).contains(stem), bytes.count != 43, bytes.count != 44, bytes.count != 64 else { continue }
      let token = bytes.extracting(stem..<bytes.count)
      let classes = ByteClasses(of: token)
      guard classes == [.lowercase, .digit] || classes == [.uppercase, .digit] || classes == .digit else {
        continue
      }
      let word = SegmentCensus(bytes.extracting(0..<stem))
      let count = SegmentCensus(token)
      // Digits of base 16 behind another letter begin a token for sure.
      let isHex = count.digits + count.hexLetters == length && !bytes[stem - 1].isHexDigit
      if word.letters == stem, isHex || (word.rarePairs == 0 && word.camelBorders <= 2) { return stem }
    }
    return nil
  }

  /// RFC 9562's text form: 8-4-4-4-12 hexadecimal digits.
  static func isUUID(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count == 36 else { return false }
    for index in bytes.indices {
      let isDash = index == 8 || index == 13 || index == 18 || index == 23
      guard isDash ? bytes[index] == UInt8(ascii: "-") : bytes[index].isHexDigit else { return false }
    }
    return true
  }

  /// At least seven digits of base 16 (a short git hash has seven), or any number of them after `0x`.
  private static func isHexadecimal(_ bytes: Span<UInt8>, _ census: SegmentCensus) -> Bool {
    if census.digits + census.hexLetters == bytes.count {
      if bytes.count >= 16 { return true }
      guard bytes.count >= 7, census.digits > 0 else { return false }
      return bytes.count > longestHexWords || !readsAsHexWords(bytes)
    }
    return bytes.count > 2 && bytes[0] == UInt8(ascii: "0") && bytes[1] | 0x20 == UInt8(ascii: "x")
      && census.digits + census.hexLetters == bytes.count - 1
  }

  /// `decade2024`; longer ones are hardly ever words.
  private static let longestHexWords = 10

  /// True where short hexadecimal is words with numbers between them, such as `cafe2024` and `face2face`: a
  /// word first, none of them under three letters, each with a vowel.
  private static func readsAsHexWords(_ bytes: Span<UInt8>) -> Bool {
    guard bytes[0].isLetter else { return false }
    var run = 0
    var hasVowel = false
    for index in bytes.indices {
      let letter = bytes[index] | 0x20
      if letter.isLetter {
        run += 1
        if letter == UInt8(ascii: "a") || letter == UInt8(ascii: "e") { hasVowel = true }
      } else {
        guard run == 0 || (run >= 3 && hasVowel) else { return false }
        (run, hasVowel) = (0, false)
      }
    }
    return run == 0 || (run >= 3 && hasVowel)
  }

  /// 26 digits of Crockford's base 32, of which the first is at most 7 because the value has 128 bits.
  private static func isULID(_ bytes: Span<UInt8>, _ census: SegmentCensus) -> Bool {
    guard bytes.count == 26, census.digits + census.letters == 26 else { return false }
    guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[0]) else { return false }
    return !bytes.indices.contains { index in
      switch bytes[index] | 0x20 {
      case UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "o"), UInt8(ascii: "u"): true
      default: false
      }
    }
  }

  /// The forms of ISO 8601 that hold letters: `2026-01-31T12`, `2026-W05`, the `00Z` that a separator has cut
  /// off, and quarters and halves (`2026Q1`); those without letters are numbers already.
  private static func isDate(_ bytes: Span<UInt8>, _ census: SegmentCensus) -> Bool {
    guard census.letters <= 2, census.digits >= 2, bytes[0].isDigit, bytes[1].isDigit else { return false }
    let hasYear = bytes.count >= 6 && bytes[2].isDigit && bytes[3].isDigit
    guard hasYear || bytes[bytes.count - 1] == UInt8(ascii: "Z") else { return false }
    return bytes.indices.allSatisfy { bytes[$0].isDigit || isDateMark(bytes[$0]) }
  }

  private static func isDateMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "T"),
      UInt8(ascii: "Z"), UInt8(ascii: "W"), UInt8(ascii: "Q"), UInt8(ascii: "H"):
      true
    default: false
    }
  }

  /// An e-mail address, or a network interface's address with dashes (`00-1a-2b-3c-4d-5e`).
  private static func isAddress(_ bytes: Span<UInt8>, _ census: SegmentCensus) -> Bool {
    if census.dashes == 5, bytes.count == 17 {
      return bytes.indices.allSatisfy { $0 % 3 == 2 ? bytes[$0] == UInt8(ascii: "-") : bytes[$0].isHexDigit }
    }
    guard census.others >= 2 else { return false }
    guard let at = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "@") }), at > 0 else {
      return false
    }
    guard let dot = bytes.indices.last(where: { bytes[$0] == UInt8(ascii: ".") }) else { return false }
    guard dot > at + 1, dot < bytes.count - 1, bytes[at + 1] != UInt8(ascii: ".") else { return false }
    return !bytes.indices.contains { bytes[$0] == UInt8(ascii: " ") }
  }

  /// Tokens of base64, base62, base36 and base 32: letters and digits whose neighbours are not those of
  /// words.
  private static func isToken(_ bytes: Span<UInt8>, _ census: SegmentCensus) -> Bool {
    if isWebToken(bytes) { return true }
    guard bytes.count >= shortestToken, census.others == 0 else { return false }
    if endsInPadding(bytes), census.caseBorders + census.digitBorders >= 3 { return true }
    guard census.randomness > leastRandomness(of: bytes.count) else { return false }
    // Words of another language may hold rare pairs, but neither digits nor capitals amid small letters.
    guard census.digits > 0 || census.caseBorders >= 3 else { return false }
    guard census.dashes + census.base64Marks > 0 else { return true }
    // A path is read piece by piece; base64 with a slash in it changes case all the time.
    guard census.base64Marks == 0 || census.caseBorders * 7 >= bytes.count else { return false }
    return !holdsWord(bytes)
  }

  /// True where a rare text among many identifiers may be one of them: it is long, and not made of words.
  static func mayBeIdentifier(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= shortestToken else { return false }
    let census = SegmentCensus(bytes)
    guard census.others == 0 else { return bytes.count > 40 }
    let isMixed = census.digits > 0 || census.caseBorders >= 3 || census.rarePairs >= 2
    if census.dashes == 0, bytes.count >= 16 { return isMixed || bytes.count >= 24 }
    return isMixed && census.randomness > 0
  }

  /// Shorter tokens cannot be told from abbreviations.
  private static let shortestToken = 10
  /// How random a token of a length must be: the longer, the surer.
  ///
  /// With these limits one name in 10,000 is taken for a token, the likes of `v1p1alpha1`; and of the tokens
  /// of base 62 one in three of 11 characters for a name, one in 20 of 16, one in 150 of 22.
  private static func leastRandomness(of length: Int) -> Int {
    switch length {
    case ..<16: 12
    case ..<20: 8
    case ..<24: 4
    default: 0
    }
  }

  /// True where a part between marks is a word: `user-8fK2…` is a name with a token after it. Random tokens
  /// hold short words by chance, so three letters count only at the start.
  private static func holdsWord(_ bytes: Span<UInt8>) -> Bool {
    var start = 0
    for index in 0...bytes.count {
      if index < bytes.count, bytes[index].isLetter || bytes[index].isDigit { continue }
      let length = index - start
      if length >= (start == 0 ? 3 : 5), isWord(bytes.extracting(start..<index)) { return true }
      start = index + 1
    }
    return false
  }

  /// Letters of one case, the first of which may be a capital, that make no rare pair.
  private static func isWord(_ bytes: Span<UInt8>) -> Bool {
    let census = SegmentCensus(bytes)
    guard census.letters == bytes.count, census.rarePairs == 0, census.camelBorders == 0 else { return false }
    return census.capitalPairs == 0 || census.wordStarts == 0
  }

  /// The header of a JSON Web Token is base64 for `{"`.
  private static func isWebToken(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 20 && bytes[0] == UInt8(ascii: "e") && bytes[1] == UInt8(ascii: "y")
      && bytes[2] == UInt8(ascii: "J")
  }

  /// Base64 comes in fours and is filled up with `=`.
  private static func endsInPadding(_ bytes: Span<UInt8>) -> Bool {
    bytes.count % 4 == 0 && bytes[bytes.count - 1] == UInt8(ascii: "=")
  }
}
