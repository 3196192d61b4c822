/// A Swift source, taken apart into code and string literals.
///
/// It knows comments, nested ones too, and strings of every form: escapes, interpolations, several lines, and `#`
/// around them. It is no parser: a regular expression between slashes is read as code.
struct SwiftText {
  /// A string literal and the line where it begins, from 1; interpolated code is not part of its text.
  struct Literal: Equatable {
    let line: Int
    let text: String
  }

  /// The source with comments and the insides of strings as spaces, byte for byte; its lines are those of the source.
  let code: String
  /// The string literals in the order of their ends.
  let literals: [Literal]

  /// Takes a source apart.
  init(_ text: String) {
    var reader = SwiftReader(text)
    reader.readCode(untilParenthesis: false)
    code = String(decoding: reader.code, as: UTF8.self)
    literals = reader.literals
  }

  /// The lines of ``code`` with their numbers, from 1.
  var lines: [(number: Int, text: Substring)] {
    code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { ($0 + 1, $1) }
  }
}

/// Goes through a source once.
private struct SwiftReader {
  private(set) var code: [UInt8] = []
  private(set) var literals: [SwiftText.Literal] = []

  private let source: [UInt8]
  private var position = 0
  private var line = 1

  init(_ text: String) { source = Array(text.utf8) }

  private func has(_ text: StaticString, at place: Int? = nil) -> Bool {
    let place = place ?? position
    guard place + text.utf8CodeUnitCount <= source.count, source[place] == text.utf8Start[0] else {
      return false
    }
    return (1..<text.utf8CodeUnitCount).allSatisfy { source[place + $0] == text.utf8Start[$0] }
  }

  private func hasHashes(_ count: Int, at place: Int) -> Bool {
    place + count <= source.count && source[place..<(place + count)].allSatisfy { $0 == UInt8(ascii: "#") }
  }

  /// Moves on by some bytes, which the code keeps or does not.
  private mutating func advance(_ count: Int = 1, keeps: Bool = false) {
    for _ in 0..<count where position < source.count {
      let byte = source[position]
      if byte == UInt8(ascii: "\n") { line += 1 }
      code.append(keeps || byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
      position += 1
    }
  }

  /// Reads code to the end, or to the parenthesis that closes an interpolation.
  mutating func readCode(untilParenthesis: Bool) {
    var depth = 0
    while position < source.count {
      if has("//") {
        while position < source.count, !has("\n") { advance() }
      } else if has("/*") {
        readBlockComment()
      } else if let hashes = openingHashes() {
        readString(hashes)
      } else {
        if has("(") { depth += 1 }
        if has(")") { depth -= 1 }
        if untilParenthesis, depth < 0 { return }
        advance(keeps: true)
      }
    }
  }

  private mutating func readBlockComment() {
    var depth = 0
    repeat {
      if has("/*") {
        depth += 1
        advance(2)
      } else if has("*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && position < source.count
  }

  /// The number of `#` before a quote at the present place; nil where no string begins.
  private func openingHashes() -> Int? {
    var place = position
    while has("#", at: place) { place += 1 }
    return has("\"", at: place) ? place - position : nil
  }

  private mutating func readString(_ hashes: Int) {
    let first = line
    advance(hashes, keeps: true)
    let isLong = has("\"\"\"")
    let length = isLong ? 3 : 1
    advance(length, keeps: true)
    var text: [UInt8] = []
    while position < source.count {
      if has("\""), !isLong || has("\"\"\""), hasHashes(hashes, at: position + length) { break }
      if has("\n"), !isLong { break }
      if has("\\"), hasHashes(hashes, at: position + 1) {
        if has("(", at: position + 1 + hashes) {
          advance(hashes + 2)
          readCode(untilParenthesis: true)
          advance()
        } else {
          text += source[position..<min(position + hashes + 2, source.count)]
          advance(hashes + 2)
        }
      } else {
        text.append(source[position])
        advance()
      }
    }
    advance(length + hashes, keeps: true)
    literals.append(SwiftText.Literal(line: first, text: String(decoding: text, as: UTF8.self)))
  }
}
