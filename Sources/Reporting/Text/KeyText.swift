/// Turns Redis keys and server text, both of them hostile, into text for people.
///
/// A key is any sequence of bytes: it may clear the screen, forge a line or read backwards. Nothing returned
/// here holds a C0 or C1 control, DEL, a bidirectional or zero-width control, a line separator or invalid
/// UTF-8. Letters, CJK and emoji stay readable.
package enum KeyText {
  /// Returns the key bare where that is plain and unmistakable, else in double quotes as redis-cli prints it.
  ///
  /// Quoted are the empty key, and keys with a quote, a backslash, a control or invisible character, invalid
  /// UTF-8, a space at either end or two spaces in a row (the gap between table columns). Escapes: `\n \r \t
  /// \a \b \" \\ \xHH`. Text that begins with `"` is therefore always the quoted form, and redis-cli reads it
  /// back as the same bytes.
  package static func quoted(_ key: [UInt8]) -> String {
    let (text, changed) = Escaping.quoted.apply(to: key)
    return changed || hasTreacherousSpace(key) ? "\"\(text)\"" : text
  }

  /// Returns one harmless line of text a server sent, such as an error message or a value of INFO.
  ///
  /// White space at both ends goes; line breaks inside become `\n`, other controls `\xHH`. Quotes and
  /// backslashes stay, so this cannot be decoded: for keys use ``quoted(_:)``. Applying it twice changes
  /// nothing.
  package static func sanitized(_ text: String) -> String {
    sanitized(Array(text.utf8))
  }

  /// Returns one harmless line of the bytes a server sent; invalid UTF-8 becomes `\xHH`.
  package static func sanitized(_ bytes: [UInt8]) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return Escaping.line.apply(to: Array(bytes[start..<end])).text
  }

  /// Returns the glob that matches precisely this key, to be typed as PATTERN.
  ///
  /// Glob specials get a backslash, and so does a leading dash, lest it read as an option; what is not
  /// presentable becomes `\xHH`. The result still needs ``shellQuoted(_:)`` in a command line. The empty key
  /// gives the empty pattern.
  package static func pattern(_ key: [UInt8]) -> String {
    Escaping.pattern.apply(to: key).text
  }

  /// Returns ``quoted(_:)``, cut in the middle to at most `maxWidth` terminal columns.
  ///
  /// The ends survive because keys differ there: the namespace in front, the identifier at the back.
  package static func display(_ key: [UInt8], maxWidth: Int, style: Style = .plain) -> String {
    TextWidth.truncatedMiddle(quoted(key), to: maxWidth, ellipsis: style.ellipsis)
  }

  private static func hasTreacherousSpace(_ key: [UInt8]) -> Bool {
    guard let first = key.first, let last = key.last else { return true }
    let space = UInt8(ascii: " ")
    let hasGap = zip(key, key.dropFirst()).contains { $0 == space && $1 == space }
    return first == space || last == space || hasGap
  }
}
