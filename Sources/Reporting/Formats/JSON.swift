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

  /// A Redis key.
  ///
  /// Valid UTF-8 is the string itself, with nothing escaped beyond what JSON escapes. Any other key is its
  /// quoted form as redis-cli prints it, `"a\xff"` with the quotes, because JSON strings cannot hold
  /// arbitrary bytes. A key that consists of just that text would look the same.
  package static func key(_ bytes: [UInt8]) -> JSON {
    .string(String(validating: bytes, as: UTF8.self) ?? KeyText.quoted(bytes))
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
