import Bytes

/// A schema that reads keys by position, such as `{namespace}:{version}:{entity}:{id}`.
package struct KeySchema: Sendable, Equatable {
  enum Element: Sendable, Equatable {
    case namespace, version, entity, variable, rest
    case literal([UInt8])
  }

  let elements: [Element]
  /// True where the last element matches one segment or more.
  var hasRest: Bool { elements.last == .rest }
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
  /// They follow the key layouts that the frameworks' own cache back ends write.
  package static let presets: [(name: String, schemas: [String])] = [
    ("django", ["{namespace}:{version}:{rest}"]),
    ("laravel", ["{namespace}:tag:{entity}:entries", "{namespace}:{rest}"]),
    ("spring", ["{namespace}::{rest}", "{namespace}:session:{entity}:{rest}"]),
    ("rails", ["{namespace}:{_}::{id}", "{namespace}:{rest}"]),
  ]

  /// Reads one schema, or all schemas of a preset.
  package static func parse(_ text: String, separator: String? = nil) throws(Fault) -> [KeySchema] {
    if let preset = presets.first(where: { $0.name == text }) {
      var schemas: [KeySchema] = []
      for text in preset.schemas {
        var schema = try KeySchema(text, separator: ":")
        schema.wantsBareVersions = bareVersions.contains(preset.name)
        schemas.append(schema)
      }
      return schemas
    }
    return [try KeySchema(text, separator: separator)]
  }

  /// Reads a schema whose segments are placeholders or fixed text.
  package init(_ text: String, separator: String? = nil) throws(Fault) {
    guard text.contains("{") else {
      let names = KeySchema.presets.map(\.name).joined(separator: ", ")
      throw Fault(message: "the schema \"\(text)\" has no {placeholder} and is no preset (\(names))")
    }
    var elements: [Element] = []
    let separator = separator ?? ":"
    let segments =
      separator.isEmpty ? [text[...]] : text.split(separator: separator, omittingEmptySubsequences: false)
    for segment in segments { elements.append(try KeySchema.element(String(segment), in: text)) }
    if let rest = elements.firstIndex(of: .rest), rest != elements.count - 1 {
      throw Fault(message: "{rest} must come last in the schema \"\(text)\"")
    }
    for unique in [Element.namespace, .version] where elements.filter({ $0 == unique }).count > 1 {
      throw Fault(message: "the schema \"\(text)\" names {\(unique)} twice")
    }
    self.elements = elements
    self.text = text
  }

  private static func element(_ segment: String, in text: String) throws(Fault) -> Element {
    switch segment {
    case "{namespace}": return .namespace
    case "{version}": return .version
    case "{entity}": return .entity
    case "{id}", "{_}": return .variable
    case "{rest}": return .rest
    default: break
    }
    guard !segment.contains("{"), !segment.contains("}") else {
      throw Fault(
        message:
          "\"\(segment)\" in the schema \"\(text)\" is not one of {namespace} {version} {entity} {id} {rest} {_}; "
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

  /// True where the pieces of a key are what the schema asks for.
  func fits(_ pieces: [Range<Int>], _ key: Span<UInt8>, _ versions: VersionMatcher) -> Bool {
    let count = pieces.count
    guard hasRest ? count >= elements.count : count == elements.count else { return false }
    for (piece, element) in zip(pieces, elements) {
      switch element {
      case .literal(let text): guard key.extracting(piece).holds(text.span) else { return false }
      case .version:
        guard versions.matchesInPosition(key, piece, mustBeBare: wantsBareVersions) else { return false }
      case .namespace, .entity, .variable, .rest: break
      }
    }
    return true
  }
}
