import Bytes

/// Reads commands that are a line of words, as `redis-cli --pipe` takes them beside arrays of bulk strings.
///
/// Words are parted by spaces. In double quotes `\xHH`, `\n`, `\r`, `\t`, `\b`, `\a` and a backslash before any other
/// byte are escapes, in single quotes `\'` alone (sdssplitargs in Redis).
enum SeedRESPInline {
  /// The longest line (PROTO_INLINE_MAX_SIZE in Redis).
  static let longest = 64 << 10

  /// The words of a line without its end; nil where a quote is not closed, or something follows it at once.
  static func words(_ line: Span<UInt8>) -> [[UInt8]]? {
    var words: [[UInt8]] = []
    var position = 0
    while true {
      while position < line.count, isSpace(line[position]) { position += 1 }
      guard position < line.count else { return words }
      guard let word = word(line, at: &position) else { return nil }
      words.append(word)
    }
  }

  /// True for what can be the name of a command.
  static func isName(_ word: [UInt8]) -> Bool { !word.isEmpty && word.allSatisfy(\.isLetter) }

  private static func word(_ line: Span<UInt8>, at position: inout Int) -> [UInt8]? {
    var word: [UInt8] = []
    while position < line.count, !isSpace(line[position]) {
      let byte = line[position]
      guard byte == .quote || byte == UInt8(ascii: "'") else {
        word.append(byte)
        position += 1
        continue
      }
      guard quoted(line, at: &position, into: &word) else { return nil }
      return position == line.count || isSpace(line[position]) ? word : nil
    }
    return word
  }

  /// Reads from an opening quote to behind the closing one; false where there is none.
  private static func quoted(_ line: Span<UInt8>, at position: inout Int, into word: inout [UInt8]) -> Bool {
    let quote = line[position]
    position += 1
    while position < line.count, line[position] != quote {
      if line[position] == .backslash, position + 1 < line.count,
        quote == .quote || line[position + 1] == quote
      {
        escaped(line, at: &position, into: &word)
      } else {
        word.append(line[position])
        position += 1
      }
    }
    position += 1
    return position <= line.count
  }

  private static func escaped(_ line: Span<UInt8>, at position: inout Int, into word: inout [UInt8]) {
    let letter = line[position + 1]
    if letter == UInt8(ascii: "x"), position + 3 < line.count, let high = line[position + 2].hexValue,
      let low = line[position + 3].hexValue
    {
      word.append(high << 4 | low)
      position += 4
      return
    }
    word.append(escapes[letter] ?? letter)
    position += 2
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "a"): 0x07,
  ]

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0
  }
}
