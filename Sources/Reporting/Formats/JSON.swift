import Bytes

/// A JSON value whose objects keep the order of their members.
///
/// The reports promise an order of members, and Foundation's encoder keeps none.
package indirect enum JSON: Sendable {
  /// An object; the names are expected to differ.
  case object([(String, JSON)])
  /// An array.
  case array([JSON])
  /// A string.
  case string(String)
  /// A whole number.
  case int(Int)
  /// A number; what is not finite is written as `null`, because JSON has no word for it.
  case double(Double)
  /// True or false.
  case bool(Bool)
  /// Nothing: absent, not 0.
  case null

  /// The first member of that name, nil where there is none or where this is not an object.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  /// The whole number or `null`.
  package static func optional(_ value: Int?) -> JSON { value.map(JSON.int) ?? .null }
  /// The number or `null`.
  package static func optional(_ value: Double?) -> JSON { value.map(JSON.double) ?? .null }
  /// The string or `null`.
  package static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
  /// True, false or `null`.
  package static func optional(_ value: Bool?) -> JSON { value.map(JSON.bool) ?? .null }
  /// The value or `null`.
  package static func optional(_ value: JSON?) -> JSON { value ?? .null }

  /// An array of strings.
  package static func strings(_ values: some Sequence<String>) -> JSON { .array(values.map(JSON.string)) }

  /// The member that says that the names beside it are in base64.
  package static let encoding = "encoding"

  /// Names such as keys, which are any bytes, as members of an object; nil becomes `null`.
  ///
  /// Where all are valid UTF-8 they are the strings themselves. Otherwise all are in base64, and a further member
  /// `"encoding": "base64"` says so: no two names have one text.
  package static func names(_ names: [(String, [UInt8]?)]) -> [(String, JSON)] {
    if names.allSatisfy({ $0.1.map(UTF8Text.isValid) ?? true }) {
      return names.map { ($0.0, .optional($0.1.map { String(decoding: $0, as: UTF8.self) })) }
    }
    return names.map { ($0.0, .optional($0.1.map { Base64.text($0) })) } + [(encoding, "base64")]
  }

  /// A key in an array: the string where it is valid UTF-8, else an object with `key` in base64 and `encoding`.
  package static func key(_ bytes: [UInt8]) -> JSON {
    UTF8Text.isValid(bytes)
      ? .string(String(decoding: bytes, as: UTF8.self)) : .object(names([("key", bytes)]))
  }
}

extension JSON: Equatable {
  /// Whether both are the same value, members in the same order included; `.int(1)` and `.double(1)` differ.
  package static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
    case (.array(let left), .array(let right)): left == right
    case (.string(let left), .string(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.null, .null): true
    default: false
    }
  }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object with its members in the order written.
  package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
}

extension JSON: ExpressibleByArrayLiteral {
  /// An array.
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByStringInterpolation {
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByIntegerLiteral {
  /// A whole number.
  package init(integerLiteral value: Int) { self = .int(value) }
}

extension JSON: ExpressibleByFloatLiteral {
  /// A number.
  package init(floatLiteral value: Double) { self = .double(value) }
}

extension JSON: ExpressibleByBooleanLiteral {
  /// True or false.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON: ExpressibleByNilLiteral {
  /// `null`.
  package init(nilLiteral: ()) { self = .null }
}

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
    case .object(let members): writeContainer(members.map { ($0, $1) }, open: "{", close: "}", depth: depth)
    case .array(let elements): writeContainer(elements.map { (nil, $0) }, open: "[", close: "]", depth: depth)
    case .string(let text): writeString(text)
    case .int(let number): append(String(number))
    // Swift writes the shortest text that reads back the same, and its exponents are JSON's as well.
    case .double(let number): append(number.isFinite ? number.description : "null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .null: append("null")
    }
  }

  private mutating func writeContainer(
    _ entries: [(String?, JSON)], open: String, close: String, depth: Int
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

  /// Writes the entries on one line, or removes them and returns false where they do not fit.
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
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return JSONText.append(Array(text.utf8), to: &output) }
    var plain: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard !scalar.isASCII, scalar.isControlLike else {
        plain.append(contentsOf: String(scalar).utf8)
        continue
      }
      JSONText.append(plain, to: &output)
      plain.removeAll(keepingCapacity: true)
      UTF16.encode(scalar)?.forEach { JSONText.appendEscape(unit: $0, to: &output) }
    }
    JSONText.append(plain, to: &output)
  }

  private mutating func breakLine(depth: Int) {
    guard pretty else { return }
    append("\n")
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}

extension JSON {
  /// Whether it holds further values.
  fileprivate var isContainer: Bool {
    switch self {
    case .object(let members): !members.isEmpty
    case .array(let elements): !elements.isEmpty
    default: false
    }
  }
}
