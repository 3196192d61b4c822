/// Writes segments in template form.
extension KeyReader {
  /// Writes the tokens of the key that has been split: namespace, version, and the rest where `tail` asks for
  /// it.
  mutating func renderTokens(of key: Span<UInt8>, tail: Bool) {
    reading.tokens.removeAll(keepingCapacity: true)
    var end = reading.length
    guard reading.firstOutOfOrder == nil else { return renderReordered(key, tail: tail) }
    for index in reading.segments.indices where tail || reading.segments[index].role != .tail {
      append(segment: index, of: key, at: &end)
    }
  }

  /// The tree needs the namespace first, so that its versions are below it in any order of the key.
  private mutating func renderReordered(_ key: Span<UInt8>, tail: Bool) {
    var end = reading.length
    for role in [KeyReading.Role.namespace, .version, .tail] {
      if role == .tail { appendArrangement(at: &end) }
      guard tail || role != .tail else { return }
      for index in reading.segments.indices where reading.segments[index].role == role {
        append(segment: index, of: key, at: &end)
      }
    }
  }

  private mutating func appendArrangement(at end: inout Int) {
    let start = end
    let last = reading.segments.lastIndex { $0.role != .tail } ?? 0
    for segment in reading.segments[...last] { write(segment.role.rawValue, at: &end) }
    let joint = Joint(role: .arrangement, lead: .separator)
    // The segments before the one that is out of order need no arrangement by themselves.
    reading.tokens.append(.init(range: start..<end, joint: joint, segment: reading.firstOutOfOrder ?? 0))
  }

  // MARK: - Pieces

  private mutating func append(segment index: Int, of key: Span<UInt8>, at end: inout Int) {
    let segment = reading.segments[index]
    let isName = segment.isForcedConstant && segment.range.count <= SegmentShape.longestName
    let isConstant = segment.role == .version || isName
    if !isConstant {
      if segment.isForcedVariable || SegmentShape.isVariable(key.extracting(segment.range), segment.classes) {
        return appendVariable(segment: index, lead: .separator, at: &end)
      }
      if !segment.classes.isDisjoint(with: .dividers) {
        return appendPieces(segment: index, of: key, at: &end)
      }
    }
    appendPiece(
      segment.range, of: key, segment.classes, segment: index, lead: .separator, isConstant: isConstant,
      at: &end)
  }

  /// Splits a segment at `.` and `/`; each piece is a token of its own.
  private mutating func appendPieces(segment: Int, of key: Span<UInt8>, at end: inout Int) {
    let range = reading.segments[segment].range
    var start = range.lowerBound
    var lead = Joint.Lead.separator
    for index in range {
      guard let next = KeyReader.lead(of: key[index]) else { continue }
      guard reading.tokens.count < KeyReader.maximumTokens else { break }
      appendShaped(start..<index, of: key, segment: segment, lead: lead, at: &end)
      lead = next
      start = index + 1
    }
    if reading.tokens.count < KeyReader.maximumTokens {
      appendShaped(start..<range.upperBound, of: key, segment: segment, lead: lead, at: &end)
    } else {
      appendVariable(segment: segment, lead: lead, at: &end)
    }
  }

  private static func lead(of byte: UInt8) -> Joint.Lead? {
    switch byte {
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "/"): .slash
    default: nil
    }
  }

  private mutating func appendShaped(
    _ range: Range<Int>, of key: Span<UInt8>, segment: Int, lead: Joint.Lead, at end: inout Int
  ) {
    let piece = key.extracting(range)
    let classes = ByteClasses(of: piece)
    if SegmentShape.isVariable(piece, classes) {
      appendVariable(segment: segment, lead: lead, at: &end)
    } else {
      appendPiece(range, of: key, classes, segment: segment, lead: lead, isConstant: false, at: &end)
    }
  }

  private mutating func appendVariable(segment: Int, lead: Joint.Lead, at end: inout Int) {
    let start = end
    write(UInt8(ascii: "*"), at: &end)
    let joint = Joint(role: reading.segments[segment].role, lead: lead)
    reading.tokens.append(.init(range: start..<end, joint: joint, segment: segment, isVariable: true))
  }

  /// Appends a piece that is no identifier by itself, but may hold one: `user_data_new_123`.
  private mutating func appendPiece(
    _ range: Range<Int>, of key: Span<UInt8>, _ classes: ByteClasses, segment: Int, lead: Joint.Lead,
    isConstant: Bool, at end: inout Int
  ) {
    let joint = Joint(role: reading.segments[segment].role, lead: lead)
    var token = KeyReading.Token(range: range, joint: joint, segment: segment)
    let start = end
    if !isConstant, classes.contains(.joint), classes.contains(.digit) || range.count >= 16,
      writeWords(range, of: key, at: &end)
    {
      token.range = start..<end
      token.isPartlyVariable = true
    }
    // A star in the key itself looks like one that replaces a variable part.
    if classes.contains(.star) { token.isPartlyVariable = true }
    if token.isPartlyVariable, isStar(token) { token.isVariable = true }
    reading.tokens.append(token)
  }

  private func isStar(_ token: KeyReading.Token) -> Bool {
    let hasV =
      token.joint.role == .version && token.range.count == 2
      && reading.bytes[token.range.lowerBound] == UInt8(ascii: "v")
    return token.range.count == (hasV ? 2 : 1)
      && reading.bytes[token.range.upperBound - 1] == UInt8(ascii: "*")
  }

  // MARK: - Words

  /// Writes a piece with the identifiers among its `_`- and `-`-joined words as `*`; false, and nothing is
  /// written, where there are none.
  private mutating func writeWords(_ piece: Range<Int>, of key: Span<UInt8>, at end: inout Int) -> Bool {
    let start = end
    var hasVariable = false
    var afterVariable = false
    var word = piece.lowerBound
    while true {
      let wordEnd = KeyReader.wordEnd(from: word, in: piece, of: key)
      let isVariable = word < wordEnd && SegmentShape.isVariable(key.extracting(word..<wordEnd))
      if isVariable, afterVariable {
        // A run of identifiers, such as the parts of a date, shows as one.
        end -= 1
      } else if isVariable {
        write(UInt8(ascii: "*"), at: &end)
      } else {
        for index in word..<wordEnd { write(key[index], at: &end) }
      }
      hasVariable = hasVariable || isVariable
      afterVariable = isVariable
      guard wordEnd < piece.upperBound else { break }
      write(key[wordEnd], at: &end)
      word = wordEnd + 1
    }
    if !hasVariable { end = start }
    return hasVariable
  }

  /// The end of the word that begins at an index; a UUID is one word in spite of its dashes.
  private static func wordEnd(from start: Int, in piece: Range<Int>, of key: Span<UInt8>) -> Int {
    let afterUUID = start + 36
    if afterUUID <= piece.upperBound, SegmentShape.isUUID(key.extracting(start..<afterUUID)),
      afterUUID == piece.upperBound || isJoint(key[afterUUID])
    {
      return afterUUID
    }
    var end = start
    while end < piece.upperBound, !isJoint(key[end]) { end += 1 }
    return end
  }

  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// Writes behind the key, where `keep` has made room.
  private mutating func write(_ byte: UInt8, at end: inout Int) {
    reading.bytes[end] = byte
    end += 1
  }
}

extension KeyReading {
  /// The first segment whose role should come before that of its predecessor: first the namespace's segments,
  /// then the version, then all others. Nil where there is none.
  fileprivate var firstOutOfOrder: Int? {
    var last = Role.namespace
    for index in segments.indices {
      guard segments[index].role.rawValue >= last.rawValue else { return index }
      last = segments[index].role
    }
    return nil
  }
}
