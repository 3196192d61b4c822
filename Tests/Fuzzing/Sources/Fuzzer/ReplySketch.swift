import RedisClient

/// A reply as a short text, so that changed texts are still replies: what is changed at random in RESP mostly loses
/// its lengths and is no reply any more.
///
/// `[…]` is an array, `{…}` a map, `"…"` a string, `~` null, digits are an integer, other words are strings. What is
/// left open ends with the text.
struct ReplySketch {
  private static let deepest = 8
  private var rest: ArraySlice<UInt8>

  /// The first value of a text in RESP; null where there is none.
  static func resp(_ text: [UInt8]) -> [UInt8] {
    var sketch = ReplySketch(rest: text[...])
    return sketch.value(depth: 0) ?? null
  }

  private static let null = Array("_\r\n".utf8)

  private mutating func value(depth: Int) -> [UInt8]? {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    guard let first = rest.first, first != UInt8(ascii: "]"), first != UInt8(ascii: "}") else { return nil }
    switch first {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      rest = rest.dropFirst()
      guard depth < Self.deepest else { return Self.null }
      return values(isMap: first == UInt8(ascii: "{"), depth: depth + 1)
    case UInt8(ascii: "\""):
      let text = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
      rest = rest[text.endIndex...].dropFirst()
      return Self.string(text)
    case UInt8(ascii: "~"):
      rest = rest.dropFirst()
      return Self.null
    default:
      return word()
    }
  }

  private mutating func values(isMap: Bool, depth: Int) -> [UInt8] {
    var values: [UInt8] = []
    var count = 0
    while let value = value(depth: depth) {
      values += value
      count += 1
    }
    rest = rest.dropFirst()
    if isMap, !count.isMultiple(of: 2) {
      values += Self.null
      count += 1
    }
    return Array((isMap ? "%\(count / 2)" : "*\(count)").utf8) + [13, 10] + values
  }

  private mutating func word() -> [UInt8] {
    let word = rest.prefix { !Self.ends.contains($0) }
    rest = rest[word.endIndex...]
    guard let number = Int64(String(decoding: word, as: UTF8.self)) else { return Self.string(word) }
    return Array(":\(number)\r\n".utf8)
  }

  private static let ends = Array("[]{}\" \n~".utf8)

  private static func string(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array("$\(bytes.count)\r\n".utf8) + bytes + [13, 10]
  }
}
