import Bytes

/// Reads the structure out of key names: pieces, their separators, and what of them varies.
///
/// A reader keeps its buffers, so that reading a key allocates nothing once they have grown, hash tags apart.
/// One reader serves one thread.
package struct KeyReader {
  /// A key with more segments than this ends in a variable one, so that no key can grow the tree without
  /// bound.
  static let maximumSegments = 24
  /// A key with more pieces than this ends in a variable one, too.
  static let maximumTokens = 64

  /// The separator that the user has set; empty where each key shows its own.
  let custom: [UInt8]
  let customKind: Separator
  let versions: VersionMatcher
  private let schemas: [KeySchema]
  /// The class of each byte value; with a separator of the user's own, its first byte alone is strong.
  let classes: [ByteClasses]
  /// Blanks in the user's separator, which count as blanks of the key.
  private let separatorBlanks: ByteClasses
  /// What the last `read` found.
  package internal(set) var reading = KeyReading()
  /// Where the scheme and host of a URL lie in the key that is read; they are one piece.
  var host = 0..<0

  /// Makes a reader; schemas are tried in order, and where none is given keys are read by the general rules.
  ///
  /// Without a separator each key shows its own; with an empty one every key is one piece.
  package init(separator: String? = nil, versionRule: VersionRule = .standard, schemas: [KeySchema] = []) {
    let custom = Array((separator ?? "").utf8)
    self.custom = custom
    customKind = Separator.kind(of: custom)
    separatorBlanks = ByteClasses(of: custom.span).intersection(.blank)
    versions = VersionMatcher(versionRule)
    classes = separator.map { KeyReader.classes(partedBy: Array($0.utf8)) } ?? ByteClasses.table
    self.schemas = schemas
  }

  /// The classes where only one separator is strong: the others are weak, and with an empty one nothing parts.
  private static func classes(partedBy separator: [UInt8]) -> [ByteClasses] {
    var classes = ByteClasses.table
    for index in classes.indices {
      if separator.isEmpty {
        classes[index].subtract([.strong, .weak])
      } else if classes[index].contains(.strong) {
        classes[index].subtract(.strong)
        classes[index].formUnion(.weak)
      }
    }
    if let first = separator.first { classes[Int(first)].formUnion(.strong) }
    return classes
  }

  /// Reads a key.
  ///
  /// Complexity: O(length of the key).
  package mutating func read(_ key: Span<UInt8>) {
    split(key)
    guard reading.classes.contains(.brace), let tag = KeyReader.hashTag(of: key) else {
      return readSplit(key)
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(key.count)
    for index in key.indices where index != tag.lowerBound - 1 && index != tag.upperBound {
      plain.append(key[index])
    }
    let span = plain.span
    split(span)
    readSplit(span)
  }

  /// Reads a key given as an array.
  package mutating func read(_ key: [UInt8]) { read(key.span) }

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

  private mutating func readSplit(_ key: Span<UInt8>) {
    keep(key)
    reading.tokens.removeAll(keepingCapacity: true)
    reading.versionToken = -1
    reading.matchesSchema = true
    guard schemas.isEmpty else { return readBySchema(key) }
    appendTokens(of: key, from: 0, at: key.count)
  }

  private mutating func keep(_ key: Span<UInt8>) {
    reading.length = key.count
    // Room for the template form of every piece.
    let missing = key.count * 2 + KeyReader.maximumTokens - reading.bytes.count
    if missing > 0 { reading.bytes.append(contentsOf: repeatElement(0, count: missing)) }
    var kept = reading.bytes.mutableSpan
    // Invariant: there is room for the whole key.
    for index in key.indices { kept[unchecked: index] = key[unchecked: index] }
  }

  // MARK: - Segments

  /// Splits a key at its strong separators.
  private mutating func split(_ key: Span<UInt8>) {
    reading.segments.removeAll(keepingCapacity: true)
    reading.primary = .none
    host = 0..<0
    let classes = classes
    let table = classes.span
    var all = separatorBlanks
    var found: ByteClasses = []
    var separator = Separator.none
    var start = 0
    var index = 0
    while index < key.count {
      // Invariant: the index, which only grows, is below the count, and the table has a row for each value of a byte.
      let byte = key[unchecked: index]
      let kind = table[unchecked: Int(byte)]
      guard kind.contains(.strong), let next = strong(key, at: index, from: start) else {
        found.formUnion(kind)
        index &+= 1
        continue
      }
      all.formUnion(found)
      if next.separator == .none {
        // A URL: what follows up to the path belongs to the piece.
        found.formUnion(ByteClasses(of: key.extracting(index..<index + next.width)))
        index += next.width
        continue
      }
      if reading.segments.count == KeyReader.maximumSegments - 1 { break }
      let end = next.separator == .arrow && custom.isEmpty ? index - 1 : index
      reading.segments.append(.init(start: start, end: end, classes: found, separator: separator))
      separator = next.separator
      if reading.primary == .none { reading.primary = separator }
      index += next.width
      start = index
      found = []
    }
    if index < key.count {
      found = ByteClasses(of: key.extracting(start..<key.count))
    }
    reading.segments.append(.init(start: start, end: key.count, classes: found, separator: separator))
    reading.classes = all.union(found)
  }

  /// The strong separator at an index whose byte may begin one; for a URL no separator, and the length of what
  /// belongs to its scheme and host.
  private mutating func strong(
    _ key: Span<UInt8>, at index: Int, from start: Int
  ) -> (separator: Separator, width: Int)? {
    let byte = key[index]
    let next = index + 1 < key.count ? key[index + 1] : 0
    guard custom.isEmpty else { return isCustom(key, at: index) ? (customKind, custom.count) : nil }
    switch byte {
    case UInt8(ascii: ":"):
      if next == byte { return (.doubleColon, 2) }
      if next == UInt8(ascii: "/"), let width = hostWidth(key, at: index, from: start) {
        return (.none, width)
      }
      return (.colon, 1)
    case UInt8(ascii: ">"):
      return index > start && key[index - 1] == .dash ? (.arrow, 1) : nil
    case UInt8(ascii: "|"): return (.bar, 1)
    case UInt8(ascii: "#"): return (.hash, 1)
    case UInt8(ascii: "~"): return (.tilde, 1)
    default: return nil
    }
  }

  private func isCustom(_ key: Span<UInt8>, at index: Int) -> Bool {
    guard index + custom.count <= key.count else { return false }
    for offset in custom.indices where key[index + offset] != custom[offset] { return false }
    return true
  }

  /// The length of `://host:port` where letters precede it and no other URL has been met.
  private mutating func hostWidth(_ key: Span<UInt8>, at index: Int, from start: Int) -> Int? {
    guard host.isEmpty, index + 3 < key.count, key[index + 2] == UInt8(ascii: "/") else { return nil }
    var scheme = index
    while scheme > start, key[scheme - 1].isLetter { scheme -= 1 }
    guard index - scheme >= 2 else { return nil }
    var end = index + 3
    while end < key.count, KeyReader.isHostByte(key[end]) { end += 1 }
    guard end > index + 3 else { return nil }
    if end + 1 < key.count, key[end] == UInt8(ascii: ":"), key[end + 1].isDigit {
      end += 1
      while end < key.count, key[end].isDigit { end += 1 }
    }
    host = scheme..<end
    return end - index
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || byte == UInt8(ascii: ".") || byte == .dash || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }

  // MARK: - Schemas

  /// Reads a key by the first schema that fits it, or by the general rules where none does.
  private mutating func readBySchema(_ key: Span<UInt8>) {
    let separator = custom.isEmpty ? [UInt8(ascii: ":")] : custom
    if reading.segments.count > 2 { joinAddresses(key) }
    let pieces = joined(KeySchema.pieces(of: key, separator))
    for schema in schemas {
      guard let elements = schema.assign(pieces, key, versions) else { continue }
      // Nothing is said of the pieces of such a key.
      if elements == [.rest] { return appendTokens(of: key, from: 0, at: key.count) }
      return apply(elements, to: pieces, of: key, Separator.kind(of: separator))
    }
    reading.matchesSchema = false
    appendTokens(of: key, from: 0, at: key.count)
  }

  /// The pieces of a key, those of a network address as one.
  private func joined(_ pieces: [Range<Int>]) -> [Range<Int>] {
    guard reading.segments.contains(where: \.isAddress) else { return pieces }
    return pieces.reduce(into: []) { result, piece in
      let address = reading.segments.first { $0.isAddress && $0.range.contains(piece.lowerBound) }
      guard let address else { return result.append(piece) }
      if result.last != address.range { result.append(address.range) }
    }
  }

  private mutating func apply(
    _ elements: [KeySchema.Element], to pieces: [Range<Int>], of key: Span<UInt8>, _ separator: Separator
  ) {
    var end = key.count
    for (index, element) in elements.enumerated() {
      let range = pieces[index]
      let lead = index == 0 ? Separator.none : separator
      switch element {
      case .namespace, .namespaces: appendName(range, lead, .namespace, index, of: key, at: &end)
      case .namespaceEnding(let word):
        appendNamespace(upTo: word, pieces[index...], separator, index, of: key, at: &end)
      case .version:
        reading.versionToken = reading.tokens.count
        appendName(range, lead, .version, index, of: key, at: &end)
      case .entity, .literal: appendName(range, lead, .tail, index, of: key, at: &end)
      case .variable: appendStar(range, lead, .tail, index, at: &end)
      case .rest, .path: appendRest(range.lowerBound, lead, index, of: key, at: &end)
      }
    }
  }

  /// Appends a piece as it is; a text that is too long for a name varies.
  private mutating func appendName(
    _ range: Range<Int>, _ separator: Separator, _ role: KeyReading.Role, _ segment: Int, of key: Span<UInt8>,
    at end: inout Int
  ) {
    guard range.count <= SegmentShape.longestName else {
      return appendStar(range, separator, role, segment, at: &end)
    }
    let hasStar = ByteClasses(of: key.extracting(range)).contains(.star)
    append(range, range, separator, role, hasStar ? .partlyVariable : [], segment)
  }

  /// Appends a piece up to a word as the namespace, and what follows.
  private mutating func appendNamespace(
    upTo word: [UInt8], _ pieces: ArraySlice<Range<Int>>, _ separator: Separator, _ segment: Int,
    of key: Span<UInt8>, at end: inout Int
  ) {
    guard let piece = pieces.first, let border = KeySchema.end(of: word, in: piece, of: key) else { return }
    let isJoined =
      border + 1 < piece.upperBound && (key[border] == .dash || key[border] == UInt8(ascii: "_"))
    let name = piece.lowerBound..<(isJoined ? border : piece.upperBound)
    let lead = segment == 0 ? Separator.none : separator
    appendName(name, lead, .namespace, segment, of: key, at: &end)
    if isJoined {
      let joint: Separator = key[border] == .dash ? .dash : .underscore
      appendRest(border + 1, joint, segment + 1, of: key, at: &end)
    } else if let next = pieces.dropFirst().first {
      appendRest(next.lowerBound, separator, segment + 1, of: key, at: &end)
    }
  }

  /// Appends what `{rest}` stands for: the general rules read it.
  private mutating func appendRest(
    _ start: Int, _ separator: Separator, _ segment: Int, of key: Span<UInt8>, at end: inout Int
  ) {
    let first = reading.tokens.count
    let rest = key.extracting(start..<key.count)
    let version = reading.versionToken
    split(rest)
    for index in reading.segments.indices {
      reading.segments[index].start += start
      reading.segments[index].end += start
    }
    host = host.isEmpty ? host : host.lowerBound + start..<host.upperBound + start
    reading.segments[0].separator = separator
    reading.versionToken = 0
    appendTokens(of: key, from: segment, at: end)
    reading.versionToken = version
    for index in first..<reading.tokens.count where reading.tokens[index].role == .open {
      reading.tokens[index].role = .tail
    }
  }
}

extension Separator {
  /// The separator that some text is, `custom` where it is none of the usual ones.
  static func kind(of bytes: [UInt8]) -> Separator {
    guard let first = bytes.first,
      let (separator, width) = at(first, before: bytes.count > 1 ? bytes[1] : 0), width == bytes.count
    else { return .custom }
    return separator
  }
}
