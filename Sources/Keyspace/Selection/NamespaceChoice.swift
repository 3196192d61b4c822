import Bytes

/// A choice of namespaces as a user writes it: segments, each a glob, such as `app`, `org:*`.
///
/// `\xHH` is a byte, as in patterns.
///
/// It must hold for every segment of a key's namespace, so that `user` does not choose the keys of `user:42`.
package struct NamespaceChoice: Sendable, Equatable {
  private let segments: [Glob]
  private let separators: [[UInt8]]
  private let separator: [UInt8]

  /// Reads a choice; `separator` is that of the keys, nil where each shows its own.
  package init(_ text: String, separator: String? = nil) {
    self.separator = Array((separator ?? "").utf8)
    let parts = NamespaceChoice.parts(of: Array(text.utf8), self.separator)
    separators = parts.separators
    segments = parts.segments.map {
      Glob(pattern: PatternTranslator(String(decoding: $0, as: UTF8.self)).bytes)
    }
  }

  /// True where a key's namespace is among those chosen.
  package func contains(_ reading: KeyReading) -> Bool { contains(reading.namespace) }

  /// True where a namespace is among those chosen; nil never is.
  package func contains(_ namespace: [UInt8]?) -> Bool {
    guard let namespace else { return false }
    let parts = NamespaceChoice.parts(of: namespace, separator)
    guard parts.separators == separators else { return false }
    return zip(segments, parts.segments).allSatisfy { $0.matches($1) }
  }

  /// The segments between strong separators, or between those that the user has set, and the separators.
  package static func parts(of text: [UInt8], _ separator: [UInt8]) -> (
    segments: [[UInt8]], separators: [[UInt8]]
  ) {
    var segments: [[UInt8]] = [[]]
    var separators: [[UInt8]] = []
    var index = 0
    while index < text.count {
      let width = width(of: separator, in: text, at: index)
      if width > 0 {
        separators.append(Array(text[index..<index + width]))
        segments.append([])
        index += width
      } else {
        segments[segments.count - 1].append(text[index])
        index += 1
      }
    }
    return (segments, separators)
  }

  /// The length of the separator at an index, 0 where there is none.
  private static func width(of separator: [UInt8], in text: [UInt8], at index: Int) -> Int {
    guard separator.isEmpty else { return text[index...].starts(with: separator) ? separator.count : 0 }
    let next = index + 1 < text.count ? text[index + 1] : 0
    guard let found = Separator.at(text[index], before: next), found.separator.isStrong else { return 0 }
    return found.width
  }
}
