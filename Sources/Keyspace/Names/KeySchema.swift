import Bytes

/// A schema that reads keys by position, such as `{namespace}:{version}:{entity}:{id}`.
package struct KeySchema: Sendable, Equatable {
  enum Element: Sendable, Equatable {
    case namespace, version, entity, variable, rest
    /// One segment or more, as few as fit.
    case namespaces
    /// What follows, where its first segment is a path.
    case path
    /// A segment up to a word, and what follows it.
    case namespaceEnding([UInt8])
    case literal([UInt8])

    /// True for what takes all segments that are left.
    var takesAll: Bool {
      switch self {
      case .rest, .path, .namespaceEnding: true
      case .namespace, .namespaces, .version, .entity, .variable, .literal: false
      }
    }
  }

  let elements: [Element]
  /// True where the last element matches one segment or more.
  var hasRest: Bool { elements.last?.takesAll ?? false }
  /// The schema as it was written.
  package let text: String
  /// True where only a bare integer is a version.
  private(set) var wantsBareVersions = false

  /// A schema that cannot be read; the message says why.
  package struct Fault: Error, Sendable, Equatable {
    /// One sentence for people.
    package let message: String
  }

  /// Django writes versions as bare integers: there `v2` is no version.
  private static let bareVersions: Set<String> = ["django"]

  /// The presets by name, each one or more schemas that are tried in order.
  ///
  /// They follow the key layouts that the frameworks' own cache back ends write: Django's prefix may hold colons; Laravel's
  /// ends in `cache` or `queues`, from its version 11 on without a colon behind it; Spring writes a cache's prefix before its
  /// name, and sessions and entities with single colons; Rails need not have a namespace.
  package static let presets: [(name: String, schemas: [String])] = [
    ("django", ["{namespace+}:{version}:{rest}"]),
    ("laravel", ["{namespace~cache}", "{namespace~queues}", "{namespace}:{rest}"]),
    (
      "spring",
      [
        "{namespace+}:sessions:{rest}", "{namespace+}:expirations:{rest}", "{namespace+}::{rest}",
        "{namespace}:{rest}",
      ]
    ),
    ("rails", ["{namespace+}:2::{id}", "{namespace+}:{path}", "{namespace}:{rest}", "{rest}"]),
  ]

  /// Reads one schema, or all schemas of a preset.
  package static func parse(_ text: String, separator: String? = nil) throws(Fault) -> [KeySchema] {
    if let preset = presets.first(where: { $0.name == text }) {
      var schemas: [KeySchema] = []
      for text in preset.schemas {
        var schema = try KeySchema(text, separator: ":", isPreset: true)
        schema.wantsBareVersions = bareVersions.contains(preset.name)
        schemas.append(schema)
      }
      return schemas
    }
    return [try KeySchema(text, separator: separator)]
  }

  /// Reads a schema whose segments are placeholders or fixed text.
  package init(_ text: String, separator: String? = nil) throws(Fault) {
    try self.init(text, separator: separator, isPreset: false)
  }

  private init(_ text: String, separator: String?, isPreset: Bool) throws(Fault) {
    guard text.contains("{") else {
      let names = KeySchema.presets.map(\.name).joined(separator: ", ")
      throw Fault(message: "the schema \"\(text)\" has no {placeholder} and is no preset (\(names))")
    }
    var elements: [Element] = []
    let separator = separator ?? ":"
    let segments =
      separator.isEmpty ? [text[...]] : text.split(separator: separator, omittingEmptySubsequences: false)
    for segment in segments {
      let known = isPreset ? KeySchema.presetElement(String(segment)) : nil
      if let known {
        elements.append(known)
      } else {
        elements.append(try KeySchema.element(String(segment), in: text))
      }
    }
    if let rest = elements.firstIndex(of: .rest), rest != elements.count - 1 {
      throw Fault(message: "{rest} must come last in the schema \"\(text)\"")
    }
    let names = elements.map { $0 == .namespaces ? .namespace : $0 }
    for unique in [Element.namespace, .version] where names.filter({ $0 == unique }).count > 1 {
      throw Fault(message: "the schema \"\(text)\" names {\(unique)} twice")
    }
    self.elements = elements
    self.text = text
  }

  /// What only presets hold; nil for what any schema may hold.
  private static func presetElement(_ segment: String) -> Element? {
    let mark = "{namespace~"
    if segment == "{path}" { return .path }
    return segment.hasPrefix(mark)
      ? .namespaceEnding(Array(segment.dropFirst(mark.count).dropLast().utf8)) : nil
  }

  private static func element(_ segment: String, in text: String) throws(Fault) -> Element {
    switch segment {
    case "{namespace}": return .namespace
    case "{namespace+}": return .namespaces
    case "{version}": return .version
    case "{entity}": return .entity
    case "{id}", "{_}": return .variable
    case "{rest}": return .rest
    default: break
    }
    guard !segment.contains("{"), !segment.contains("}") else {
      throw Fault(
        message:
          "\"\(segment)\" in the schema \"\(text)\" is not one of {namespace} {namespace+} {version} {entity} {id} {rest} "
          + "{_}; "
          + "a segment is one placeholder or fixed text")
    }
    return .literal(Array(segment.utf8))
  }
}

extension KeySchema {
  /// Where the pieces of a key lie between separators.
  static func pieces(of key: Span<UInt8>, _ separator: [UInt8]) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var (start, index) = (0, 0)
    while index + separator.count <= key.count, !separator.isEmpty {
      if key.extracting(index..<index + separator.count).holds(separator.span) {
        pieces.append(start..<index)
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    return pieces + [start..<key.count]
  }

  /// What the pieces of a key are, an element each; nil where they are not what the schema asks for. What takes all that is
  /// left stands for the first of its pieces.
  func assign(_ pieces: [Range<Int>], _ key: Span<UInt8>, _ versions: VersionMatcher) -> [Element]? {
    let more = pieces.count - elements.count
    guard more >= 0 else { return nil }
    guard let place = elements.firstIndex(of: .namespaces) else {
      return (hasRest || more == 0) && fits(elements, pieces, key, versions) ? elements : nil
    }
    for count in hasRest ? 1...more + 1 : more + 1...more + 1 {
      // Behind several segments a longer number is rather an identifier than Django's version.
      if wantsBareVersions, count > 1, pieces[place + count].count > 2 { continue }
      let names = repeatElement(Element.namespace, count: count)
      let all = Array(elements[..<place]) + names + elements[(place + 1)...]
      if fits(all, pieces, key, versions) { return all }
    }
    return nil
  }

  private func fits(
    _ elements: [Element], _ pieces: [Range<Int>], _ key: Span<UInt8>, _ versions: VersionMatcher
  ) -> Bool {
    for (piece, element) in zip(pieces, elements) {
      switch element {
      case .literal(let text): guard key.extracting(piece).holds(text.span) else { return false }
      case .version:
        guard versions.matchesInPosition(key, piece, mustBeBare: wantsBareVersions) else { return false }
      case .path: guard piece.contains(where: { key[$0] == UInt8(ascii: "/") }) else { return false }
      case .namespaceEnding(let word):
        guard KeySchema.end(of: word, in: piece, of: key) != nil else { return false }
      case .namespace, .namespaces, .entity, .variable, .rest: break
      }
    }
    return true
  }

  /// Where the first whole word of a piece that is this one ends; nil where there is none.
  static func end(of word: [UInt8], in piece: Range<Int>, of key: Span<UInt8>) -> Int? {
    func isBorder(_ index: Int) -> Bool { !piece.contains(index) || !key[index].isAlphanumeric }
    return piece.first { start in
      let end = start + word.count
      return end <= piece.upperBound && key.extracting(start..<end).holds(word.span) && isBorder(start - 1)
        && isBorder(end)
    }
    .map { $0 + word.count }
  }
}
