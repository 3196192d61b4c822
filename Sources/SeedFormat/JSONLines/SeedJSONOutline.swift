import Bytes

/// Where strings and objects end in a line that is no valid JSON.
struct SeedJSONOutline {
  /// The index of the first control character inside a string, which JSON forbids (RFC 8259, section 7).
  private(set) var firstControl: Int?
  /// The index of what follows the end of the first object, beside blanks.
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
