/// Turns Redis keys, server text and typed text, all of them hostile, into text for people.
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

  /// Returns a name, such as that of a file, the way ``quoted(_:)`` shows a key.
  package static func quoted(_ name: String) -> String { quoted(Array(name.utf8)) }

  /// Returns the text in double quotes in any case, cut after `limit` Unicode scalars.
  package static func inQuotes(_ text: String, atMost limit: Int = .max) -> String {
    "\"\(cut(text, atMost: limit, escaping: .quoted))\""
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

  /// Returns the beginning of a text as one harmless line: at most `limit` Unicode scalars, then `…`.
  ///
  /// White space at the ends, quotes and backslashes stay.
  package static func excerpt(_ text: String, atMost limit: Int) -> String {
    cut(text, atMost: limit, escaping: .line)
  }

  /// Returns the beginning of some bytes as one harmless line: at most `limit` of them, then `…`.
  ///
  /// A character that the limit cuts in two is left out.
  package static func excerpt(_ bytes: Span<UInt8>, atMost limit: Int) -> String {
    let start = [UInt8](copying: bytes, atMost: limit)
    guard start.count < bytes.count else { return Escaping.line.apply(to: start).text }
    let whole = start.dropLast(cutTail(of: start, before: bytes[start.count]))
    return Escaping.line.apply(to: Array(whole)).text + "…"
  }

  /// Returns the glob that matches precisely this key, to be typed as PATTERN.
  ///
  /// Glob specials get a backslash, and so does a leading dash, which would read as an option; what is not
  /// presentable becomes `\xHH`. The result still needs quoting in a command line. The empty key gives the
  /// empty pattern.
  package static func pattern(_ key: [UInt8]) -> String {
    Escaping.pattern.apply(to: key).text
  }

  private static func cut(_ text: String, atMost limit: Int, escaping: Escaping) -> String {
    let start = text.unicodeScalars.prefix(limit)
    let shown = escaping.apply(to: Array(String(start).utf8)).text
    return start.endIndex < text.unicodeScalars.endIndex ? shown + "…" : shown
  }

  /// The number of bytes at the end that belong to a character which `next` continues.
  private static func cutTail(of bytes: [UInt8], before next: UInt8) -> Int {
    guard next & 0xC0 == 0x80 else { return 0 }
    let continued = bytes.reversed().prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
    guard continued < bytes.count, bytes[bytes.count - 1 - continued] >= 0xC0 else { return 0 }
    return continued + 1
  }

  private static func hasTreacherousSpace(_ key: [UInt8]) -> Bool {
    guard let first = key.first, let last = key.last else { return true }
    let space = UInt8(ascii: " ")
    let hasGap = zip(key, key.dropFirst()).contains { $0 == space && $1 == space }
    return first == space || last == space || hasGap
  }
}

/// Reads what ``KeyText`` has written.
extension KeyText {
  /// The bytes of a name as ``quoted(_:)`` shows it: bare, or in double quotes with escapes.
  ///
  /// What is in no quotes at both ends is taken as it is, and so is an escape that means nothing.
  package static func bytes(quoted text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count > 1, bytes.first == .quote, bytes.last == .quote else { return bytes }
    var rest = bytes[1..<bytes.count - 1]
    var result: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == .backslash, let escaped = rest.first else {
        result.append(byte)
        continue
      }
      rest.removeFirst()
      if escaped == UInt8(ascii: "x"), rest.count > 1, let high = rest.first?.hexValue,
        let low = rest.dropFirst().first?.hexValue
      {
        rest.removeFirst(2)
        result.append(high << 4 | low)
      } else if let control = controls[escaped] {
        result.append(control)
      } else {
        if escaped != .quote, escaped != .backslash { result.append(.backslash) }
        result.append(escaped)
      }
    }
    return result
  }

  private static let controls: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09, UInt8(ascii: "a"): 0x07,
    UInt8(ascii: "b"): 0x08,
  ]
}
