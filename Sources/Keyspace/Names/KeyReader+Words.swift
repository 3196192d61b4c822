import Bytes

/// Pieces that are no identifiers by themselves, but may hold some: `user_data_new_123`.
extension KeyReader {
  /// Appends a piece with the identifiers among its `_`- and `-`-joined words as `*`.
  mutating func appendWords(
    _ range: Range<Int>, _ classes: ByteClasses, _ separator: Separator, _ segment: Int, isWhole: Bool,
    of key: Span<UInt8>, at end: inout Int
  ) {
    // A star in the key itself looks like one that replaces a variable part.
    var traits: KeyReading.Token.Traits = classes.contains(.star) ? .partlyVariable : []
    let hasDigit = classes.contains(.digit)
    guard hasDigit || (classes.contains(.joint) && range.count >= SegmentShape.shortestLetterToken) else {
      if range.count == 1, classes == .star { traits = .variable }
      return append(range, range, separator, .open, traits, segment)
    }
    if isWhole, hasDigit, classes.contains([.joint, .lowercase]), reading.versionToken < 0,
      let version = versionWord(range, of: key)
    {
      return appendParts(range, version, separator, segment, of: key, at: &end)
    }
    let start = end
    let form = writeWords(range, of: key, at: &end)
    guard form.hasStar else {
      end = start
      return append(range, range, separator, .open, traits, segment)
    }
    traits.formUnion(end == start + 1 ? .variable : .partlyVariable)
    if form.isShortNumber, range.upperBound < reading.length { traits.formUnion(.mayBeName) }
    append(start..<end, range, separator, .open, traits, segment)
  }

  // MARK: - Versions among words

  /// Where `v<digits>` is a whole word of a piece; nil where there is none.
  private func versionWord(_ range: Range<Int>, of key: Span<UInt8>) -> Range<Int>? {
    guard versions.isStandard else { return nil }
    var word = range.lowerBound
    while word < range.upperBound {
      var next = word
      while next < range.upperBound, !KeyReader.isJoint(key[next]) { next += 1 }
      if next - word > 1, VersionMatcher.isStandard(key, word..<next) { return word..<next }
      word = next + 1
    }
    return nil
  }

  /// Appends the words before a version, the version, and the words behind it.
  private mutating func appendParts(
    _ range: Range<Int>, _ version: Range<Int>, _ separator: Separator, _ segment: Int, of key: Span<UInt8>,
    at end: inout Int
  ) {
    var lead = separator
    if version.lowerBound > range.lowerBound {
      let before = range.lowerBound..<version.lowerBound - 1
      appendPart(before, lead, segment, of: key, at: &end)
      lead = Separator.joint(key[before.upperBound])
    }
    reading.versionToken = reading.tokens.count
    append(version, version, lead, .version, [], segment)
    if version.upperBound < range.upperBound {
      let joint = Separator.joint(key[version.upperBound])
      appendPart(version.upperBound + 1..<range.upperBound, joint, segment, of: key, at: &end)
    }
  }

  private mutating func appendPart(
    _ range: Range<Int>, _ separator: Separator, _ segment: Int, of key: Span<UInt8>, at end: inout Int
  ) {
    let classes = ByteClasses(of: key.extracting(range))
    appendPiece(range, classes, separator, segment, isWhole: false, of: key, at: &end)
  }

  // MARK: - Words

  /// Writes a piece word by word; says whether it has a `*`, and whether only short numbers became one.
  private mutating func writeWords(
    _ piece: Range<Int>, of key: Span<UInt8>, at end: inout Int
  ) -> (hasStar: Bool, isShortNumber: Bool) {
    var hasStar = false
    var digits = 0
    var afterStar = false
    var word = piece.lowerBound
    while true {
      let wordEnd = KeyReader.wordEnd(from: word, in: piece, of: key)
      let shape = SegmentShape.wordShape(key, word..<wordEnd)
      if shape.isVariable, shape.stem == 0, afterStar {
        // A run of identifiers, such as the parts of a date, shows as one.
        end -= 1
      } else {
        for index in word..<word + shape.stem { write(key[index], at: &end) }
        if shape.isVariable { write(.star, at: &end) }
      }
      for index in shape.tail..<wordEnd { write(key[index], at: &end) }
      hasStar = hasStar || shape.isVariable
      digits += shape.digits
      afterStar = shape.isVariable && shape.tail == wordEnd
      guard wordEnd < piece.upperBound else { break }
      write(key[wordEnd], at: &end)
      word = wordEnd + 1
    }
    return (hasStar, digits <= 4)
  }

  /// The end of the word that begins at an index; a UUID is one word in spite of its dashes, and a word may be
  /// glued to it.
  private static func wordEnd(from start: Int, in piece: Range<Int>, of key: Span<UInt8>) -> Int {
    var end = start
    while end < piece.upperBound, !isJoint(key[end]) { end += 1 }
    let afterUUID = end + 28
    guard end - start >= 8, afterUUID <= piece.upperBound, key[end] == .dash,
      SegmentShape.isUUID(key.extracting(end - 8..<afterUUID)),
      afterUUID == piece.upperBound || isJoint(key[afterUUID])
    else { return end }
    return afterUUID
  }

  private static func isJoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == .dash }
}

extension Separator {
  /// The separator that a byte between two words is.
  fileprivate static func joint(_ byte: UInt8) -> Separator { byte == .dash ? .dash : .underscore }
}
