/// The forms in which a list of keys is written and read again, and what each can carry.
///
/// A reader knows a form by how the list begins, so a key that begins like another kind of file cannot be carried by a
/// form that writes keys as they are.
package enum KeyListForm: Sendable {
  /// A key a line.
  case lines
  /// Keys as they are, each followed by a NUL.
  case nulTerminated
  /// A JSON object a line, with the key in `key`.
  case jsonLines

  /// What a file begins with that is no list of keys.
  package enum Stranger: Sendable {
    /// Packed by gzip.
    case gzip
    /// CSV with a heading.
    case csv
  }

  /// UTF-8's byte order mark.
  package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let gzip: [UInt8] = [0x1F, 0x8B]
  private static let utf16: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF]]
  private static let object = Array("{\"".utf8)
  private static let headings = ["key,", "\"key\","].map { Array($0.utf8) }

  /// The form of a list by its beginning, given without a byte order mark; `holdsNUL` says whether a NUL is anywhere in
  /// it.
  package static func detected(_ beginning: some Collection<UInt8>, holdsNUL: Bool) -> KeyListForm {
    holdsNUL ? .nulTerminated : beginning.starts(with: object) ? .jsonLines : .lines
  }

  /// What a file is that begins so and is no list of keys; nil where it may be one.
  package static func stranger(_ beginning: some Collection<UInt8>, holdsNUL: Bool) -> Stranger? {
    if beginning.starts(with: gzip) { return .gzip }
    return !holdsNUL && headings.contains { beginning.starts(with: $0) } ? .csv : nil
  }

  /// True where a reader gets back exactly this key, wherever in the list it is.
  package func carries(_ key: [UInt8]) -> Bool {
    switch self {
    case .jsonLines: return true
    case .nulTerminated:
      return !key.isEmpty && !key.contains(0)
        && !([KeyListForm.gzip] + KeyListForm.utf16).contains { key.starts(with: $0) }
    case .lines:
      guard let last = key.last, last != UInt8(ascii: "\r") else { return false }
      let marks = [KeyListForm.gzip, KeyListForm.byteOrderMark, KeyListForm.object] + KeyListForm.utf16
      return !key.contains { $0 == 0 || $0 == UInt8(ascii: "\n") }
        && !(marks + KeyListForm.headings).contains { key.starts(with: $0) }
    }
  }
}
