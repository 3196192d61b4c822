import Bytes

/// Which pieces of a name are its namespace and its version: the one rule for single keys and for templates.
struct NameLayout {
  /// One piece of a name in template form.
  struct Piece {
    var separator: Separator
    var role: KeyReading.Role
    /// True where a `*` stands for a part of it that varies.
    var hasStar: Bool
    /// True where the piece stands in the key as it is: a `*` in it is the key's own, and nothing of it varies.
    var isLiteral = false
    var text: ArraySlice<UInt8>
    /// True where a signature says that the namespace ends here.
    var endsNamespace = false
  }

  /// Where the namespace lies.
  enum Namespace: Equatable {
    case none
    /// Some pieces, with the separators between them.
    case pieces(Range<Int>)
    /// The first bytes of a piece.
    case stem(piece: Int, length: Int)
  }

  private(set) var namespace = Namespace.none
  /// The place of the version.
  private(set) var version: Int?

  /// Finds namespace and version among the pieces of a name.
  init(_ pieces: [Piece]) {
    version = pieces.firstIndex { $0.role == .version }
    namespace = NameLayout.namespace(of: pieces, version: version)
  }

  private static func namespace(of pieces: [Piece], version: Int?) -> Namespace {
    if let last = pieces.lastIndex(where: { $0.role == .namespace }) {
      let first = pieces.firstIndex { $0.role == .namespace } ?? last
      return .pieces(first..<last + 1)
    }
    if pieces.contains(where: { $0.role == .tail }) { return .none }
    if let end = pieces.firstIndex(where: \.endsNamespace) { return .pieces(0..<end + 1) }
    if let version { return namespace(of: pieces, around: version) }
    if let primary = primary(of: pieces) { return .pieces(0..<primary) }
    guard pieces.count > 1 else { return pieces.first.map { stem(of: $0, at: 0) } ?? .none }
    return .pieces(0..<1)
  }

  /// What stands before the version, or where nothing does, the segment after it.
  private static func namespace(of pieces: [Piece], around version: Int) -> Namespace {
    guard version == 0 else { return .pieces(0..<version) }
    guard pieces.count > 1 else { return .none }
    let primary = pieces[1].separator
    let end = pieces[2...].firstIndex { $0.separator == primary || $0.separator.isStrong } ?? pieces.count
    if end == 2, pieces[1].hasStar, !pieces[1].isLiteral { return stem(of: pieces[1], at: 1) }
    return .pieces(1..<end)
  }

  /// The place of the first piece behind the primary separator.
  ///
  /// That is the first strong one; `::` behind words that `:` joins counts before those, as in
  /// `shop:prices::42`.
  private static func primary(of pieces: [Piece]) -> Int? {
    guard let first = pieces.firstIndex(where: { $0.separator.isStrong }) else { return nil }
    guard pieces[first].separator == .colon,
      let double = pieces.firstIndex(where: { $0.separator == .doubleColon }), double <= first + 2,
      pieces[..<double].allSatisfy(isPlainWord)
    else { return first }
    return double
  }

  private static func isPlainWord(_ piece: Piece) -> Bool {
    (piece.separator == .none || piece.separator == .colon || piece.separator == .dot) && !piece.text.isEmpty
      && !piece.text.contains { $0.isDigit || $0 == .star }
  }

  /// What precedes the `*` in a piece, without what joins words.
  private static func stem(of piece: Piece, at place: Int) -> Namespace {
    guard piece.hasStar, let star = piece.text.firstIndex(of: .star) else { return .none }
    let stem = piece.text[..<star]
    let length = NameLayout.trimmed(stem).count
    guard length > 0, let last = stem.prefix(length).last, last.isAlphanumeric || last >= 0x80 else {
      return .none
    }
    return .stem(piece: place, length: length)
  }

  /// A text without the `_` and `-` at its end.
  static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let last = text.last, last == UInt8(ascii: "_") || last == .dash { text.removeLast() }
    return text
  }
}
