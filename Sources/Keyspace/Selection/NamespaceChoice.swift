/// A choice of namespaces as a user writes it: segments, each a glob, such as `app`, `org:*`.
///
/// `\xHH` is a byte, as in patterns.
///
/// It must hold for every segment of a key's namespace, so that `user` does not choose the keys of `user:42`.
package struct NamespaceChoice: Sendable, Equatable {
  private let segments: [Glob]

  /// Reads a choice; `separator` is that of the keys.
  package init(_ text: String, separator: String = ":") {
    segments = text.split(separator: separator, omittingEmptySubsequences: false)
      .map { Glob(pattern: PatternTranslator(String($0)).bytes) }
  }

  /// True where a key's namespace is among those chosen.
  package func contains(_ reading: KeyReading) -> Bool {
    let namespace = reading.namespaceSegments
    guard !namespace.isEmpty, namespace.count == segments.count else { return false }
    return zip(segments, namespace).allSatisfy { $0.matches(Array($1)) }
  }
}
