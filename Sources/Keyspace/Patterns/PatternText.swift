/// A pattern as a user types it: a Redis glob in which `\xHH` stands for the byte with that hexadecimal
/// value.
///
/// `\xHH` makes keys reachable that no command line can carry (NUL, newlines, bytes that are not UTF-8). The
/// byte is always meant literally: `\x2a` is a star in the key, not a wildcard. Every other escape goes to
/// the server as typed.
package struct PatternText: Sendable, Hashable {
  /// The most stars a pattern may have, after runs of stars are reduced to one.
  ///
  /// Redis tries every split of a key over the stars, while nobody else is served.
  package static let maximumStars = 64

  /// The pattern, ready to match and to send.
  package let glob: Glob

  /// What Redis reads differently from how it looks, one sentence each, in the order of the pattern.
  ///
  /// The sentences name columns and never repeat the pattern, so they hold no byte that needs escaping.
  package let warnings: [String]

  /// Reads a pattern.
  ///
  /// - Throws: `PatternError` when the pattern is empty or has more than `maximumStars` stars.
  package init(_ text: String) throws(PatternError) {
    guard !text.isEmpty else {
      throw PatternError(
        column: 1,
        problem: "the pattern is empty, and only an empty key would match it; use '*' for every key")
    }
    var translator = PatternTranslator(PatternUnit.units(of: text))
    translator.run()
    let compiled = GlobCompiler(translator.bytes)
    let stars = compiled.starOffsets
    guard stars.count <= Self.maximumStars else {
      throw PatternError(
        column: translator.columns[stars[Self.maximumStars]],
        problem:
          "the pattern has \(stars.count) '*' and the limit is \(Self.maximumStars), because every '*' "
          + "multiplies the work the server does for each key; use fewer")
    }
    glob = Glob(pattern: translator.bytes)
    var remarks = translator.remarks
    for note in compiled.notes {
      remarks.append(PatternRemark(kind: .glob(note.kind), column: translator.columns[note.offset]))
    }
    warnings = remarks.sorted { $0.column < $1.column }.map(\.sentence)
  }
}

/// A pattern that is refused.
package struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where the trouble is, in Unicode scalars of the text, from 1.
  package let column: Int

  /// What is wrong, where, why, and what to do, in one sentence without the pattern's own bytes.
  package let message: String

  /// The message.
  package var description: String { message }

  init(column: Int, problem: String) {
    self.column = column
    message = "column \(column): \(problem)"
  }
}
