import Bytes

extension JSON {
  /// Returns the value as JSON text in UTF-8 (RFC 8259), without a line end.
  ///
  /// Controls (C0, DEL, C1), bidirectional and zero-width characters and line separators are written as `\u`
  /// escapes, so that the text does no harm on a terminal. Numbers read back as the same value.
  ///
  /// - Parameter pretty: Whether to indent by two spaces. Arrays and objects without further ones inside
  ///   stay on one line where they fit 100 columns. Otherwise there is no white space and no line break.
  package func serialized(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, depth: 0)
    return writer.output
  }
}

/// Writes one JSON value.
private struct JSONWriter {
  let pretty: Bool
  var output: [UInt8] = []

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .object(let members): writeContainer("{", members.map { ($0, $1) }, "}", depth: depth)
    case .array(let elements): writeContainer("[", elements.map { (nil, $0) }, "]", depth: depth)
    case .string(let text): writeString(text)
    case .int(let number): append(String(number))
    // Swift writes the shortest text that reads back the same, and its exponents are JSON's as well.
    case .double(let number): append(number.isFinite ? number.description : "null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .null: append("null")
    }
  }

  private mutating func writeContainer(
    _ open: String, _ entries: [(String?, JSON)], _ close: String, depth: Int
  ) {
    append(open)
    if !entries.isEmpty, !(pretty && depth > 0 && writeOnOneLine(entries, depth: depth)) {
      for (index, entry) in entries.enumerated() {
        if index > 0 { append(",") }
        breakLine(depth: depth + 1)
        writeEntry(entry, depth: depth + 1)
      }
      breakLine(depth: depth)
    }
    append(close)
  }

  /// Writes the entries side by side, or takes them back and returns false where they are too many.
  private mutating func writeOnOneLine(_ entries: [(String?, JSON)], depth: Int) -> Bool {
    guard entries.allSatisfy({ !$1.isContainer }) else { return false }
    let start = output.count
    for (index, entry) in entries.enumerated() {
      if index > 0 { append(", ") }
      writeEntry(entry, depth: depth)
      guard output.count - start + 2 * depth <= 100 else {
        output.removeSubrange(start...)
        return false
      }
    }
    return true
  }

  private mutating func writeEntry(_ entry: (name: String?, value: JSON), depth: Int) {
    if let name = entry.name {
      writeString(name)
      append(pretty ? ": " : ":")
    }
    write(entry.value, depth: depth)
  }

  private mutating func writeString(_ text: String) {
    append("\"")
    defer { append("\"") }
    let quote = UInt8(ascii: "\"")
    let backslash = UInt8(ascii: "\\")
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != quote && $0 != backslash }) {
      return append(text)
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _ where scalar.isPrintableASCII: output.append(UInt8(truncatingIfNeeded: scalar.value))
      case _ where scalar.isControlLike: UTF16.encode(scalar)?.forEach { writeEscape($0) }
      default: output.append(contentsOf: String(scalar).utf8)
      }
    }
  }

  private mutating func writeEscape(_ unit: UInt16) {
    append("\\u")
    for shift: UInt16 in [12, 8, 4, 0] {
      output.append(Hex.digit(UInt8(truncatingIfNeeded: unit >> shift)))
    }
  }

  private mutating func breakLine(depth: Int) {
    guard pretty else { return }
    append("\n")
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}

extension JSON {
  /// Whether further values stand inside.
  fileprivate var isContainer: Bool {
    switch self {
    case .object(let members): !members.isEmpty
    case .array(let elements): !elements.isEmpty
    default: false
    }
  }
}
