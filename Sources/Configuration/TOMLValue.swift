import CToml

/// A value of a TOML file.
///
/// Tables below `profile.NAME.rules.ID` read as empty: no other setting is a table.
package enum TOMLValue: Sendable {
  case table([String: TOMLValue])
  case text(String)
  case integer(Int)
  case boolean(Bool)
  /// The elements; arrays and tables among them read as empty.
  case array([TOMLValue])
  /// A floating-point number, a date or a time.
  case other

  /// Why a text is not valid TOML, with the line and the column.
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  /// Reads a whole file.
  package static func read(_ text: String) throws(Fault) -> [String: TOMLValue] {
    var text = text
    guard let file = text.withUTF8({ rediscache_toml_read($0.baseAddress, $0.count) }) else {
      throw Fault(description: "there is not enough memory")
    }
    defer { rediscache_toml_free(file) }
    var place = rediscache_toml_place()
    if let fault = rediscache_toml_fault(file, &place) {
      throw Fault(description: "\(String(cString: fault)) (\(place.text))")
    }
    var count = 0
    let values = UnsafeBufferPointer(start: rediscache_toml_values(file, &count), count: count)
    return TOMLValue(values[...]).table ?? [:]
  }

  /// The first of the values, which holds the others.
  private init(_ values: Slice<UnsafeBufferPointer<rediscache_toml_value>>) {
    guard let first = values.first else {
      self = .other
      return
    }
    switch first.kind {
    case rediscache_toml_text: self = .text(String(first.text, first.text_length))
    case rediscache_toml_integer: self = .integer(Int(first.integer))
    case rediscache_toml_boolean: self = .boolean(first.integer != 0)
    case rediscache_toml_table:
      var members: [String: TOMLValue] = [:]
      var rest = values.dropFirst()
      while let member = rest.first {
        members[String(member.name, member.name_length)] = TOMLValue(rest.prefix(member.span))
        rest = rest.dropFirst(member.span)
      }
      self = .table(members)
    case rediscache_toml_array:
      var elements: [TOMLValue] = []
      var rest = values.dropFirst()
      while let element = rest.first {
        elements.append(TOMLValue(rest.prefix(element.span)))
        rest = rest.dropFirst(element.span)
      }
      self = .array(elements)
    default: self = .other
    }
  }

  /// The value as one line of text: texts without their quotes, arrays with commas.
  var written: String {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): String(flag)
    case .array(let elements): elements.map(\.written).joined(separator: ", ")
    case .table(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.written)" }.joined(separator: ", ")
    case .other: ""
    }
  }

  /// The members of a table; nil for other values.
  package var table: [String: TOMLValue]? {
    if case .table(let members) = self { members } else { nil }
  }

  /// The elements of an array; nil for other values.
  package var elements: [TOMLValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text; nil for other values.
  package var string: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The integer; nil for other values.
  package var int: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The boolean; nil for other values.
  package var bool: Bool? {
    if case .boolean(let flag) = self { flag } else { nil }
  }
}

extension String {
  /// Copies bytes that are not terminated.
  fileprivate init(_ start: UnsafePointer<CChar>?, _ length: Int) {
    let bytes = UnsafeBufferPointer(start: start, count: start == nil ? 0 : length)
    self = bytes.withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
  }
}

extension rediscache_toml_place {
  fileprivate var text: String {
    let (begin, end) = ("line \(line), column \(column)", "line \(end_line), column \(end_column)")
    return begin == end ? "at \(begin)" : "from \(begin) to \(end)"
  }
}
