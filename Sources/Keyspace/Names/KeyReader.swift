import Bytes

/// Reads the structure out of key names: namespace, version, entity and template.
///
/// A reader keeps its buffers, so that reading a key allocates nothing once they have grown, hash tags apart.
/// One reader serves one thread.
package struct KeyReader {
  /// A key with more segments than this ends in a variable one, so that no key can grow the tree without
  /// bound.
  static let maximumSegments = 24
  /// A key with more pieces than this ends in a variable one, too.
  static let maximumTokens = 64

  private let separator: [UInt8]
  private let versions: VersionMatcher
  private let schemas: [KeySchema]
  private let classes = ByteClasses.table
  /// Blanks in the separator, which count as blanks of the key.
  private let separatorBlanks: ByteClasses
  /// What the last `read` found.
  package internal(set) var reading = KeyReading()

  /// Makes a reader; schemas are tried in order, and where none is given keys are read by the general rules.
  ///
  /// With an empty separator every key is one segment.
  package init(separator: String = ":", versionRule: VersionRule = .standard, schemas: [KeySchema] = []) {
    let bytes = Array(separator.utf8)
    self.separator = bytes
    separatorBlanks = ByteClasses(of: bytes.span).intersection(.blank)
    versions = VersionMatcher(versionRule)
    self.schemas = schemas
  }

  /// Reads a key; `renderTail` also brings the part after namespace and version into template form.
  ///
  /// Complexity: O(length of the key).
  package mutating func read(_ key: Span<UInt8>, renderTail: Bool) {
    split(key)
    guard reading.classes.contains(.brace), let tag = KeyReader.hashTag(of: key) else {
      return readSplit(key, renderTail: renderTail)
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(key.count)
    for index in key.indices where index != tag.lowerBound - 1 && index != tag.upperBound {
      plain.append(key[index])
    }
    let span = plain.span
    split(span)
    readSplit(span, renderTail: renderTail)
  }

  /// Reads a key given as an array.
  package mutating func read(_ key: [UInt8], renderTail: Bool = true) {
    read(key.span, renderTail: renderTail)
  }

  /// The range between the braces of a key's hash tag: after the first `{`, before the next `}`, and at least
  /// one byte (Redis Cluster specification, "Hash tags").
  private static func hashTag(of key: Span<UInt8>) -> Range<Int>? {
    var open: Int?
    for index in key.indices {
      let byte = key[index]
      if byte == UInt8(ascii: "{"), open == nil { open = index }
      if byte == UInt8(ascii: "}"), let open { return index > open + 1 ? (open + 1)..<index : nil }
    }
    return nil
  }

  private mutating func readSplit(_ key: Span<UInt8>, renderTail: Bool) {
    keep(key)
    if separator.count == 1, reading.segments.count > 2 { joinAddresses(key) }
    assignRoles(key)
    renderTokens(of: key, tail: renderTail)
  }

  private mutating func keep(_ key: Span<UInt8>) {
    reading.length = key.count
    // Room for the template form of every piece, and for an arrangement.
    let room = key.count * 2 + KeyReader.maximumSegments
    let missing = room - reading.bytes.count
    if missing > 0 { reading.bytes.append(contentsOf: repeatElement(0, count: missing)) }
    var kept = reading.bytes.mutableSpan
    for index in key.indices { kept[index] = key[index] }
  }

  // MARK: - Segments

  /// Splits a key at its separators.
  private mutating func split(_ key: Span<UInt8>) {
    reading.segments.removeAll(keepingCapacity: true)
    // No byte equals -1: without a separator nothing is split.
    let first = separator.first.map(Int.init) ?? -1
    let width = separator.count
    let classes = classes
    let table = classes.span
    reading.classes = separatorBlanks
    var found: ByteClasses = []
    var start = 0
    var index = 0
    while index < key.count {
      // Invariant: the index, which only grows, is below the count, and the table has a row for each value of a byte.
      let byte = key[unchecked: index]
      guard Int(byte) == first, width == 1 || isSeparator(key, at: index) else {
        found.formUnion(table[unchecked: Int(byte)])
        index &+= 1
        continue
      }
      reading.classes.formUnion(found)
      if reading.segments.count == KeyReader.maximumSegments - 1 {
        return appendRemainder(from: start, of: key)
      }
      reading.segments.append(.init(range: start..<index, classes: found))
      index += width
      start = index
      found = []
    }
    reading.segments.append(.init(range: start..<key.count, classes: found))
    reading.classes.formUnion(found)
  }

  private func isSeparator(_ key: Span<UInt8>, at index: Int) -> Bool {
    guard index + separator.count <= key.count else { return false }
    for offset in separator.indices where key[index + offset] != separator[offset] { return false }
    return true
  }

  private mutating func appendRemainder(from start: Int, of key: Span<UInt8>) {
    let classes = ByteClasses(of: key.extracting(start..<key.count))
    reading.segments.append(.init(range: start..<key.count, classes: classes, isForcedVariable: true))
    reading.classes.formUnion(classes)
  }

  // MARK: - Roles

  private mutating func assignRoles(_ key: Span<UInt8>) {
    reading.versionSegment = nil
    reading.hasNamespace = false
    reading.matchesSchema = true
    for schema in schemas where fits(schema, key) { return apply(schema) }
    reading.matchesSchema = schemas.isEmpty
    assignRolesByRule(key)
  }

  /// The general rules: the namespace precedes the version, or is the first segment of two or more.
  private mutating func assignRolesByRule(_ key: Span<UInt8>) {
    let count = reading.segments.count
    for index in 0..<count where versions.matches(key, reading.segments[index]) {
      reading.versionSegment = index
      reading.segments[index].role = .version
      break
    }
    guard count > 1 else { return }
    reading.hasNamespace = true
    switch reading.versionSegment {
    case 0: reading.segments[1].role = .namespace
    case let version?: for index in 0..<version { reading.segments[index].role = .namespace }
    case nil: reading.segments[0].role = .namespace
    }
  }

  private func fits(_ schema: KeySchema, _ key: Span<UInt8>) -> Bool {
    let count = reading.segments.count
    guard schema.hasRest ? count >= schema.elements.count : count == schema.elements.count else {
      return false
    }
    for (segment, element) in zip(reading.segments, schema.elements) {
      switch element {
      case .literal(let text): guard key.extracting(segment.range).holds(text.span) else { return false }
      case .version:
        guard versions.matchesInPosition(key, segment, mustBeBare: schema.wantsBareVersions) else {
          return false
        }
      case .namespace, .entity, .variable, .rest: break
      }
    }
    return true
  }

  private mutating func apply(_ schema: KeySchema) {
    for (index, element) in schema.elements.enumerated() {
      switch element {
      case .namespace:
        reading.segments[index].role = .namespace
        reading.hasNamespace = true
      case .version:
        reading.segments[index].role = .version
        reading.versionSegment = index
      case .variable: reading.segments[index].isForcedVariable = true
      case .entity, .literal: reading.segments[index].isForcedConstant = true
      case .rest: break
      }
    }
  }
}
