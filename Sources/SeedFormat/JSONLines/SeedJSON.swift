import Bytes
import CSimdjson

/// A parser of single JSON objects that keeps the values of the last one as a flat list: a member's name is a
/// string before its value, and the content of an object or an array follows it.
///
/// The only user of the C parser; its types do not leave this file. Not safe to share between threads.
final class SeedJSON {
  enum Kind: Equatable {
    case object, array, string, number, literal
  }

  /// How many bytes after a line must be readable, whatever they hold.
  static let padding = rediscache_json_padding

  private let parser: OpaquePointer?
  private var values = UnsafeBufferPointer<rediscache_json_value>(start: nil, count: 0)

  init() { parser = rediscache_json_create() }

  deinit { rediscache_json_free(parser) }

  /// Parses the object on a line of a buffer in which `padding` more bytes follow the line.
  func parse(_ line: Range<Int>, of buffer: Span<UInt8>) throws(SeedFault) {
    guard let parser, line.upperBound + SeedJSON.padding <= buffer.count else {
      throw SeedFault(column: 0, SeedJSON.reason(rediscache_json_no_memory))
    }
    var column = 0
    let fault = buffer.extracting(line.lowerBound..<buffer.count).withUnsafeBufferPointer {
      rediscache_json_parse(parser, $0.baseAddress, line.count, &column)
    }
    guard fault == rediscache_json_fine else {
      values = UnsafeBufferPointer(start: nil, count: 0)
      throw SeedJSON.described(fault, column, buffer.extracting(line))
    }
    var count = 0
    let start = rediscache_json_values(parser, &count)
    values = UnsafeBufferPointer(start: start, count: count)
  }

  func kind(_ index: Int) -> Kind {
    switch values[index].kind {
    case rediscache_json_object: .object
    case rediscache_json_array: .array
    case rediscache_json_string: .string
    case rediscache_json_number: .number
    default: .literal
    }
  }

  /// Where a value starts in the line, counted from 0.
  func column(_ index: Int) -> Int { Int(values[index].column) }

  /// The index behind a value and all that is inside it.
  func after(_ index: Int) -> Int { index + Int(values[index].span) }

  /// A copy of the text of a string without its escapes, or of another scalar as it was written.
  func bytes(_ index: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: values[index].bytes, count: Int(values[index].length)))
  }

  /// Calls `body` with what `bytes` copies.
  func read<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: values[index].bytes, count: Int(values[index].length)).span)
  }

  /// Names a value in a message.
  func shown(_ index: Int) -> String {
    switch kind(index) {
    case .object: "an object"
    case .array: "an array"
    case .string: "\"\(read(index) { SeedFault.shown($0) })\""
    case .number, .literal: read(index) { SeedFault.shown($0) }
    }
  }

  /// Finds what the parser does not report: the first byte that no string may hold, and text after the end of
  /// a record.
  private static func described(
    _ fault: rediscache_json_fault, _ column: Int, _ line: Span<UInt8>
  ) -> SeedFault {
    switch fault {
    case rediscache_json_not_utf8:
      return SeedFault(column: UTF8Text.firstInvalid(line) ?? 0, reason(fault), isSyntax: true)
    case rediscache_json_control_character:
      return SeedFault(column: SeedJSONOutline(line).firstControl ?? 0, reason(fault), isSyntax: true)
    case rediscache_json_cut_off:
      if let end = SeedJSONOutline(line).trailing {
        return SeedFault(column: end, reason(rediscache_json_trailing), isSyntax: true)
      }
      return SeedFault(column: column, reason(fault), isSyntax: true, isCutOff: true)
    default: return SeedFault(column: column, reason(fault), isSyntax: true)
    }
  }

  private static func reason(_ fault: rediscache_json_fault) -> String {
    switch fault {
    case rediscache_json_cut_off: "the record is cut off; it must be on one line"
    case rediscache_json_not_utf8: "not UTF-8; write binary keys and values in base64"
    case rediscache_json_control_character:
      "a control character in a string; write it as an escape such as \\n"
    case rediscache_json_bad_string: "a string with an invalid escape or half a surrogate pair"
    case rediscache_json_bad_number: "an invalid number"
    case rediscache_json_too_deep: "nested deeper than \(rediscache_json_depth) levels"
    case rediscache_json_twice: "a member that occurs twice"
    case rediscache_json_trailing: "something follows the record; there is one to a line"
    case rediscache_json_not_object: "not a JSON object; a record is one, on a line of its own"
    case rediscache_json_no_memory: "no memory to read the record"
    default: "invalid JSON"
    }
  }
}

/// Where strings and objects end in a line that is not valid JSON.
private struct SeedJSONOutline {
  /// The index of the first control character inside a string, which JSON forbids (RFC 8259, section 7).
  private(set) var firstControl: Int?
  /// The index of the first byte after the end of the first object, without blanks.
  private(set) var trailing: Int?

  init(_ line: Span<UInt8>) {
    var depth = 0
    var isInString = false
    var isEscaped = false
    var hasEnded = false
    for index in line.indices {
      let byte = line[index]
      if hasEnded {
        guard SeedLineReader.isSpace(byte) else {
          trailing = index
          return
        }
      } else if isInString {
        if byte < 0x20, firstControl == nil { firstControl = index }
        isInString = isEscaped || byte != .quote
        isEscaped = !isEscaped && byte == .backslash
      } else {
        switch byte {
        case .quote: isInString = true
        case .openBracket, UInt8(ascii: "{"): depth += 1
        case .closeBracket, UInt8(ascii: "}"):
          depth -= 1
          hasEnded = depth == 0
        default: break
        }
      }
    }
  }
}
