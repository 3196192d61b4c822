/// Rewrites bytes as text that is safe to show, in the notation its reader expects.
package enum Escaping: Sendable {
  /// Between double quotes, the way redis-cli prints a key.
  case quoted
  /// One line of running text: quotes and backslashes stay as they are.
  case line
  /// A glob that matches exactly these bytes.
  case pattern

  /// Returns the escaped text, and whether anything had to be escaped.
  ///
  /// Invalid UTF-8 and scalars that are not presentable become `\xHH`, one escape a byte, in lower-case
  /// hexadecimal as redis-cli writes them. Linear in the length.
  package func apply(to bytes: [UInt8]) -> (text: String, changed: Bool) {
    // Nearly every key of a real cache is plain.
    if bytes.allSatisfy(isPlain) { return (String(decoding: bytes, as: UTF8.self), false) }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + 2)
    var changed = false
    var previous: Unicode.Scalar?
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var index = 0

    while index < bytes.count {
      let byte = bytes[index]
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if scalar.isASCII, let escape = asciiEscape(byte, isFirst: index == 0) {
          output.append(contentsOf: escape.utf8)
          (changed, previous) = (true, nil)
        } else if scalar.isPresentable(after: previous) {
          output.append(contentsOf: encoded)
          previous = scalar
        } else {
          encoded.forEach { appendHex($0, to: &output) }
          (changed, previous) = (true, nil)
        }
        index += encoded.count
      case .error(let length):
        bytes[index..<index + length].forEach { appendHex($0, to: &output) }
        (changed, previous) = (true, nil)
        index += length
      case .emptyInput:
        index = bytes.count
      }
    }
    return (String(decoding: output, as: UTF8.self), changed)
  }

  /// Whether the byte is printable ASCII that needs no escape anywhere.
  private func isPlain(_ byte: UInt8) -> Bool {
    guard byte >= 0x20, byte < 0x7F else { return false }
    return switch self {
    case .quoted: byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    case .line: true
    case .pattern: !"\\*?[]-".utf8.contains(byte)
    }
  }

  /// The named escape of an ASCII byte in this notation, nil where it has none.
  private func asciiEscape(_ byte: UInt8, isFirst: Bool) -> String? {
    switch (self, byte) {
    case (.quoted, UInt8(ascii: "\"")): "\\\""
    case (.quoted, UInt8(ascii: "\\")), (.pattern, UInt8(ascii: "\\")): "\\\\"
    case (.pattern, UInt8(ascii: "*")): "\\*"
    case (.pattern, UInt8(ascii: "?")): "\\?"
    case (.pattern, UInt8(ascii: "[")): "\\["
    case (.pattern, UInt8(ascii: "]")): "\\]"
    // Not special to a glob, but an argument that begins with a dash reads as an option.
    case (.pattern, UInt8(ascii: "-")) where isFirst: "\\-"
    case (.quoted, 0x0A), (.line, 0x0A): "\\n"
    case (.quoted, 0x0D), (.line, 0x0D): "\\r"
    case (.quoted, 0x09), (.line, 0x09): "\\t"
    case (.quoted, 0x07), (.line, 0x07): "\\a"
    case (.quoted, 0x08), (.line, 0x08): "\\b"
    default: nil
    }
  }

  private func appendHex(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "x")])
    Hex.append(byte, to: &output)
  }
}
