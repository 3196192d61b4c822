/// Reads what ``KeyText`` has written.
extension KeyText {
  /// The bytes of a name as ``quoted(_:)`` shows it: bare, or in double quotes with escapes.
  ///
  /// What is in no quotes at both ends is taken as it is, and so is an escape that means nothing.
  package static func bytes(quoted text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count > 1, bytes.first == .quote, bytes.last == .quote else { return bytes }
    var rest = bytes[1..<bytes.count - 1]
    var result: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == .backslash, let escaped = rest.first else {
        result.append(byte)
        continue
      }
      rest.removeFirst()
      if escaped == UInt8(ascii: "x"), rest.count > 1, let high = rest.first?.hexValue,
        let low = rest.dropFirst().first?.hexValue
      {
        rest.removeFirst(2)
        result.append(high << 4 | low)
      } else if let control = controls[escaped] {
        result.append(control)
      } else {
        if escaped != .quote, escaped != .backslash { result.append(.backslash) }
        result.append(escaped)
      }
    }
    return result
  }

  private static let controls: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09, UInt8(ascii: "a"): 0x07,
    UInt8(ascii: "b"): 0x08,
  ]
}
