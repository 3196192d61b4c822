/// Reads the structure out of key names: namespace, version, entity and template.
///
/// A reader keeps its buffers, so that reading a key allocates nothing once they have grown. One reader serves one
/// thread.
public struct KeyReader {
  /// More segments than these are folded into one variable tail, so that no key can grow the tree without bound.
  static let maximumSegments = 24

  private let separator: [UInt8]
  private let versions: VersionMatcher
  private let schemas: [KeySchema]
  /// What the last `read` found.
  public private(set) var reading = KeyReading()

  /// Makes a reader; schemas are tried in order, and where none is given keys are read by the general rules.
  public init(separator: String = ":", versionRule: VersionRule = .standard, schemas: [KeySchema] = []) {
    self.separator = Array(separator.utf8)
    versions = VersionMatcher(versionRule)
    self.schemas = schemas
  }

  /// The separator's bytes.
  public var separatorBytes: [UInt8] { separator }

  /// Reads a key; `renderTail` also brings the part after namespace and version into template form.
  ///
  /// Complexity: O(length of the key).
  public mutating func read(_ key: Span<UInt8>, renderTail: Bool) {
    copyWithoutBraces(key)
    splitSegments()
    assignRoles()
    render(tail: renderTail)
  }

  /// Reads a key given as an array.
  public mutating func read(_ key: [UInt8], renderTail: Bool = true) { read(key.span, renderTail: renderTail) }

  // MARK: - Segments

  /// The first `{…}` with something in it is the hash tag (Redis Cluster specification, "Hash tags").
  private mutating func copyWithoutBraces(_ key: Span<UInt8>) {
    reading.plain.removeAll(keepingCapacity: true)
    key.withUnsafeBufferPointer { reading.plain.append(contentsOf: $0) }
    guard let open = reading.plain.firstIndex(of: UInt8(ascii: "{")),
      let close = reading.plain[open...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    else { return }
    reading.plain.remove(at: close)
    reading.plain.remove(at: open)
  }

  private mutating func splitSegments() {
    reading.segments.removeAll(keepingCapacity: true)
    var start = 0
    var index = 0
    let last = separator.count - 1
    while index + last < reading.plain.count, reading.segments.count < KeyReader.maximumSegments - 1 {
      if isSeparator(at: index) {
        reading.segments.append(.init(range: start..<index))
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    reading.segments.append(.init(range: start..<reading.plain.count))
  }

  private func isSeparator(at index: Int) -> Bool {
    guard reading.plain[index] == separator[0] else { return false }
    for offset in 1..<max(separator.count, 1) where reading.plain[index + offset] != separator[offset] { return false }
    return true
  }

  // MARK: - Roles

  private mutating func assignRoles() {
    reading.versionSegment = nil
    reading.matchesSchema = true
    for schema in schemas where apply(schema) { return }
    reading.matchesSchema = schemas.isEmpty
    assignRolesByRule()
  }

  /// The general rules: the namespace stands before the version, or is the first segment of two or more.
  private mutating func assignRolesByRule() {
    let count = reading.segments.count
    let version = reading.segments.firstIndex { versions.matches(reading.plain[$0.range]) }
    reading.versionSegment = version
    if let version { reading.segments[version].role = .version }
    switch version {
    case 0: if count > 1 { reading.segments[1].role = .namespace }
    case let version?: for index in 0..<version { reading.segments[index].role = .namespace }
    case nil: if count > 1 { reading.segments[0].role = .namespace }
    }
  }

  private mutating func apply(_ schema: KeySchema) -> Bool {
    let hasRest = schema.elements.last == .rest
    let count = reading.segments.count
    guard hasRest ? count >= schema.elements.count : count == schema.elements.count else { return false }
    for (index, element) in schema.elements.enumerated() {
      let segment = reading.plain[reading.segments[index].range]
      switch element {
      case .literal(let text): guard segment.elementsEqual(text) else { return false }
      case .version:
        guard versions.matchesInPosition(segment) else { return false }
      default: break
      }
    }
    for (index, element) in schema.elements.enumerated() {
      switch element {
      case .namespace: reading.segments[index].role = .namespace
      case .version:
        reading.segments[index].role = .version
        reading.versionSegment = index
      case .variable: reading.segments[index].isForcedVariable = true
      case .entity: reading.segments[index].isForcedConstant = true
      case .literal, .rest: break
      }
    }
    return true
  }

  // MARK: - Template form

  private mutating func render(tail: Bool) {
    reading.tokens.removeAll(keepingCapacity: true)
    reading.rendered.removeAll(keepingCapacity: true)
    for segment in reading.segments where tail || segment.role != .tail {
      if segment.role == .version || segment.isForcedConstant {
        reading.appendConstant(segment)
      } else if segment.isForcedVariable || SegmentShape.isVariable(reading.plain[segment.range]) {
        reading.appendVariable(segment.role, startsSegment: true, lead: 0)
      } else {
        reading.appendPieces(of: segment)
      }
    }
  }
}

extension KeyReading {
  fileprivate mutating func appendConstant(_ segment: Segment) {
    let start = rendered.count
    rendered.append(contentsOf: plain[segment.range])
    tokens.append(
      Token(
        range: start..<rendered.count, role: segment.role, startsSegment: true, lead: 0, isVariable: false,
        isPartlyVariable: false))
  }

  fileprivate mutating func appendVariable(_ role: Role, startsSegment: Bool, lead: UInt8) {
    rendered.append(UInt8(ascii: "*"))
    tokens.append(
      Token(
        range: (rendered.count - 1)..<rendered.count, role: role, startsSegment: startsSegment, lead: lead,
        isVariable: true, isPartlyVariable: false))
  }

  /// Splits a segment at `.` and `/`; each piece is a token of its own.
  fileprivate mutating func appendPieces(of segment: Segment) {
    var start = segment.range.lowerBound
    var lead: UInt8 = 0
    for index in start...segment.range.upperBound {
      let atEnd = index == segment.range.upperBound
      guard atEnd || plain[index] == UInt8(ascii: ".") || plain[index] == UInt8(ascii: "/") else { continue }
      let isFirst = start == segment.range.lowerBound
      if SegmentShape.isVariable(plain[start..<index]) {
        appendVariable(segment.role, startsSegment: isFirst, lead: lead)
      } else {
        appendWords(of: start..<index, segment.role, startsSegment: isFirst, lead: lead)
      }
      guard !atEnd else { break }
      lead = plain[index]
      start = index + 1
    }
  }

  /// Writes a piece with the identifiers among its `_`- and `-`-joined words as `*`: `user_data_new_123`.
  private mutating func appendWords(of piece: Range<Int>, _ role: Role, startsSegment: Bool, lead: UInt8) {
    let start = rendered.count
    var hasVariable = false
    var afterVariable = false
    var word = piece.lowerBound
    while word <= piece.upperBound {
      let end = wordEnd(from: word, in: piece)
      let isVariable = SegmentShape.isVariable(plain[word..<end])
      // A run of identifiers, such as the parts of a date, shows as one.
      if isVariable, afterVariable {
        rendered.removeLast()
      } else if isVariable {
        rendered.append(UInt8(ascii: "*"))
      } else {
        rendered.append(contentsOf: plain[word..<end])
      }
      hasVariable = hasVariable || isVariable
      afterVariable = isVariable
      guard end < piece.upperBound else { break }
      rendered.append(plain[end])
      word = end + 1
    }
    tokens.append(
      Token(
        range: start..<rendered.count, role: role, startsSegment: startsSegment, lead: lead, isVariable: false,
        isPartlyVariable: hasVariable))
  }

  /// The end of the word that begins at an index; a UUID is one word in spite of its dashes.
  private func wordEnd(from start: Int, in piece: Range<Int>) -> Int {
    if start + 36 <= piece.upperBound, SegmentShape.isUUID(plain[start..<(start + 36)]) { return start + 36 }
    var end = start
    while end < piece.upperBound, plain[end] != UInt8(ascii: "_"), plain[end] != UInt8(ascii: "-") { end += 1 }
    return end
  }
}
