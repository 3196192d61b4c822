import Bytes

/// Takes the white space out of JSON and leaves everything else as it was written.
enum SeedCompactJSON {
  /// The text of the value at the start of bytes that are known to be valid JSON.
  static func text(_ source: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var depth = 0
    var position = 0
    while position < source.count {
      let byte = source[position]
      switch byte {
      case .quote:
        let end = endOfString(source, at: position)
        source.extracting(position..<end).withUnsafeBufferPointer { text.append(contentsOf: $0) }
        position = end
        if depth == 0 { return text }
        continue
      case .openBracket, UInt8(ascii: "{"):
        depth += 1
      case .closeBracket, UInt8(ascii: "}"):
        // The end of what holds a number or a literal.
        guard depth > 0 else { return text }
        depth -= 1
        if depth == 0 { return text + [byte] }
      case UInt8(ascii: ",") where depth == 0:
        return text
      case 0x20, 0x09, 0x0A, 0x0D:
        position += 1
        continue
      default: break
      }
      text.append(byte)
      position += 1
    }
    return text
  }

  /// The index behind the closing quote.
  private static func endOfString(_ source: Span<UInt8>, at start: Int) -> Int {
    var position = start + 1
    while position < source.count, source[position] != .quote {
      position += source[position] == .backslash ? 2 : 1
    }
    return min(position + 1, source.count)
  }
}
