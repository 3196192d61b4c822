import Bytes

/// Writes segments in template form.
extension KeyReader {
  /// Writes the tokens of all segments; `first` is the place of the first in the key, and template forms are
  /// kept from `end` on.
  mutating func appendTokens(of key: Span<UInt8>, from first: Int, at end: Int) {
    var end = end
    if reading.segments.count > 2 { joinAddresses(key) }
    for index in reading.segments.indices {
      append(segment: index, first + index, of: key, at: &end)
    }
  }

  private mutating func append(segment index: Int, _ place: Int, of key: Span<UInt8>, at end: inout Int) {
    let segment = reading.segments[index]
    let classes = segment.classes
    let range = segment.range
    if index == KeyReader.maximumSegments - 1 || reading.tokens.count >= KeyReader.maximumTokens {
      return appendStar(range, segment.separator, .open, place, at: &end)
    }
    guard classes.isDisjoint(with: .dividers) else {
      return appendDivided(segment, place, of: key, at: &end)
    }
    appendPiece(
      range, classes, segment.separator, place, isWhole: isWhole(index, segment), of: key, at: &end)
  }

  /// True where a segment lies between two primary separators, or one and an end of the key.
  private func isWhole(_ index: Int, _ segment: KeyReading.Segment) -> Bool {
    let primary = reading.primary
    let next = index + 1
    return (segment.separator == .none || segment.separator == primary)
      && (next >= reading.segments.count || reading.segments[next].separator == primary)
  }

  // MARK: - Segments with pieces

  /// Splits a segment at its weak separators, unless it is one identifier; each piece is a token of its own.
  private mutating func appendDivided(
    _ segment: KeyReading.Segment, _ place: Int, of key: Span<UInt8>, at end: inout Int
  ) {
    let range = segment.range
    let hasHost = !host.isEmpty && range.contains(host.lowerBound)
    if !hasHost, SegmentShape.isVariable(key.extracting(range), segment.classes) {
      return appendVariable(range, segment.classes, segment.separator, place, of: key, at: &end)
    }
    if let tail = encodedTail(of: segment, in: key) {
      return appendStemmed(range, stem: tail, segment.separator, place, of: key, at: &end)
    }
    appendPieces(segment, place, of: key, at: &end)
  }

  private mutating func appendPieces(
    _ segment: KeyReading.Segment, _ place: Int, of key: Span<UInt8>, at end: inout Int
  ) {
    let limit = segment.end
    // A key without a strong separator has its first weak one for a primary separator.
    let isPlain = reading.segments.count == 1 && reading.primary == .none
    var start = segment.start
    var separator = segment.separator
    var found: ByteClasses = []
    var index = start
    while index < limit {
      if index == host.lowerBound, !host.isEmpty {
        found = .punctuation
        index = host.upperBound
        continue
      }
      let byte = key[index]
      let kind = classes[Int(byte)]
      guard !kind.isDisjoint(with: .dividers),
        let next = Separator.at(byte, before: index + 1 < limit ? key[index + 1] : 0),
        next.separator != .dot || !isDecimalPoint(key, at: index, from: start, to: limit),
        next.separator != .dot || !segment.classes.contains(.at)
          || !isInMail(key, at: index, from: start, to: limit)
      else {
        found.formUnion(kind)
        index += 1
        continue
      }
      if isPlain, reading.primary == .none { reading.primary = next.separator }
      let isWhole = isPlain && isWholePiece(separator, next.separator, start, key)
      if host.isEmpty || start != host.lowerBound {
        appendPiece(start..<index, found, separator, place, isWhole: isWhole, of: key, at: &end)
      } else {
        append(start..<index, start..<index, separator, .open, [], place)
      }
      separator = next.separator
      index += next.width
      start = index
      found = []
      if separator == .parenthesis || reading.tokens.count >= KeyReader.maximumTokens {
        guard start < limit else { break }
        return appendStar(start..<limit, separator, .open, place, at: &end)
      }
    }
    if !host.isEmpty, start == host.lowerBound {
      return append(start..<limit, start..<limit, separator, .open, [], place)
    }
    let isWhole = isPlain && isWholePiece(separator, reading.primary, start, key)
    appendPiece(start..<limit, found, separator, place, isWhole: isWhole, of: key, at: &end)
  }

  /// True where a piece of a key without strong separators may be its version: not in paths and URLs, whose
  /// versions (`/api/v1`) are those of an interface.
  private func isWholePiece(_ before: Separator, _ after: Separator, _ start: Int, _ key: Span<UInt8>) -> Bool
  {
    guard host.isEmpty, after == reading.primary, before == .none || before == after else { return false }
    guard before == .slash, let last = reading.tokens.last else { return true }
    let piece = reading.bytes[last.literal]
    return !piece.isEmpty && !piece.elementsEqual("api".utf8) && reading.bytes[0] != UInt8(ascii: "/")
  }

  /// True for a dot between two numbers of a word, as in `-0.4037`, and for those of an IPv4 address.
  private func isDecimalPoint(_ key: Span<UInt8>, at dot: Int, from start: Int, to limit: Int) -> Bool {
    guard dot > start, dot + 1 < limit, key[dot - 1].isDigit, key[dot + 1].isDigit else { return false }
    var first = dot - 1
    while first > start, key[first - 1].isDigit || key[first - 1] == UInt8(ascii: ".") { first -= 1 }
    if first > start { return key[first - 1] == .dash || key[first - 1] == UInt8(ascii: "_") }
    var dots = 0
    var last = first
    while last < limit, key[last].isDigit || key[last] == UInt8(ascii: ".") {
      if key[last] == UInt8(ascii: ".") { dots += 1 }
      last += 1
    }
    return dots == 3
  }

  /// True for a dot in an e-mail address.
  private func isInMail(_ key: Span<UInt8>, at dot: Int, from start: Int, to limit: Int) -> Bool {
    func isMark(_ index: Int) -> Bool { key[index] == UInt8(ascii: "@") }
    func mayBelong(_ index: Int) -> Bool {
      classes[Int(key[index])].isDisjoint(with: [.slash, .weak]) && key[index] != UInt8(ascii: " ")
    }
    if (start..<dot).contains(where: isMark) { return true }
    return (dot..<limit).first { isMark($0) || !mayBelong($0) }.map(isMark) ?? false
  }

  /// Where base64 with a `/` in it begins behind words, as in `flask_cache_9IxN7C+cTLG/cTIWHNEE3s`; nil where
  /// there is none.
  private func encodedTail(of segment: KeyReading.Segment, in key: Span<UInt8>) -> Int? {
    guard segment.classes.contains([.slash, .joint, .lowercase, .uppercase]) else { return nil }
    var start = segment.end
    var changes = 0
    while start > segment.start, key[start - 1] != UInt8(ascii: "_"), key[start - 1] != .dash {
      start -= 1
      if key[start] == UInt8(ascii: "/") { changes += 1 }
    }
    guard start > segment.start, changes > 0, segment.end - start >= 16 else { return nil }
    return SegmentShape.isVariable(key.extracting(start..<segment.end)) ? start : nil
  }

  // MARK: - Tokens

  mutating func append(
    _ range: Range<Int>, _ literal: Range<Int>, _ separator: Separator, _ role: KeyReading.Role,
    _ traits: KeyReading.Token.Traits, _ segment: Int
  ) {
    reading.tokens.append(
      .init(
        start: Int32(truncatingIfNeeded: range.lowerBound), end: Int32(truncatingIfNeeded: range.upperBound),
        literalStart: Int32(truncatingIfNeeded: literal.lowerBound),
        literalEnd: Int32(truncatingIfNeeded: literal.upperBound), separator: separator, role: role,
        traits: traits, segment: UInt8(truncatingIfNeeded: segment)))
  }

  /// Appends a piece that varies and is no candidate for a name.
  mutating func appendStar(
    _ literal: Range<Int>, _ separator: Separator, _ role: KeyReading.Role, _ segment: Int, at end: inout Int
  ) {
    let start = end
    write(.star, at: &end)
    append(start..<end, literal, separator, role, .variable, segment)
  }

  /// Appends a piece that varies by its shape; a short number may still be a name, and so may what begins the
  /// key.
  private mutating func appendVariable(
    _ literal: Range<Int>, _ classes: ByteClasses, _ separator: Separator, _ segment: Int,
    of key: Span<UInt8>,
    at end: inout Int
  ) {
    let start = end
    write(.star, at: &end)
    var traits = KeyReading.Token.Traits.variable
    if literal.upperBound < reading.length {
      let isFirst = separator == .none && literal.count <= SegmentShape.longestName
      if isFirst || isShortNumber(literal, classes, of: key) { traits.formUnion(.mayBeName) }
    }
    append(start..<end, literal, separator, .open, traits, segment)
  }

  /// A number of up to four digits, whatever is between them.
  private func isShortNumber(_ range: Range<Int>, _ classes: ByteClasses, of key: Span<UInt8>) -> Bool {
    guard range.count <= 8, classes.isDisjoint(with: .letters) else { return false }
    if classes == .digit { return range.count <= 4 }
    var digits = 0
    for index in range where key[index].isDigit { digits += 1 }
    return digits <= 4
  }

  /// Appends a piece whose first bytes, up to an index, are a name.
  private mutating func appendStemmed(
    _ range: Range<Int>, stem: Int, _ separator: Separator, _ segment: Int, of key: Span<UInt8>,
    at end: inout Int
  ) {
    let start = end
    for index in range.lowerBound..<stem { write(key[index], at: &end) }
    write(.star, at: &end)
    append(start..<end, range, separator, .open, .partlyVariable, segment)
  }

  /// Appends a piece without separators in it. `isWhole` says that it may be the version.
  mutating func appendPiece(
    _ range: Range<Int>, _ classes: ByteClasses, _ separator: Separator, _ segment: Int, isWhole: Bool,
    of key: Span<UInt8>, at end: inout Int
  ) {
    if isWhole, reading.versionToken < 0, versions.matches(key, range, classes) {
      reading.versionToken = reading.tokens.count
      return append(range, range, separator, .version, [], segment)
    }
    let hasDigit = classes.contains(.digit)
    // Most pieces are words, and most others numbers.
    if !hasDigit, range.count < SegmentShape.shortestLetterToken,
      classes.isDisjoint(with: .marks)
    {
      return append(range, range, separator, .open, [], segment)
    }
    if classes == .digit || SegmentShape.isVariable(key.extracting(range), classes) {
      if hasDigit, !classes.isDisjoint(with: .letters), SegmentShape.hasWords(key.extracting(range), classes)
      {
        return appendWords(range, classes, separator, segment, isWhole: false, of: key, at: &end)
      }
      return appendVariable(range, classes, separator, segment, of: key, at: &end)
    }
    appendWords(range, classes, separator, segment, isWhole: isWhole, of: key, at: &end)
  }

  /// Writes behind the key, where `keep` has made room.
  mutating func write(_ byte: UInt8, at end: inout Int) {
    reading.bytes[end] = byte
    end += 1
  }
}
