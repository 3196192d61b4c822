/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  private static let notADigit: UInt8 = 0xFF

  /// The value of every byte as a digit.
  private static let digits: [UInt8] = {
    var digits = [UInt8](repeating: notADigit, count: 256)
    for (value, letter) in alphabet.enumerated() { digits[Int(letter)] = UInt8(value) }
    return digits
  }()

  /// Appends the text for some bytes.
  package static func append(_ source: [UInt8], to bytes: inout [UInt8]) {
    let alphabet = Base64.alphabet
    var position = 0
    while position + 3 <= source.count {
      let group =
        Int(source[position]) << 16 | Int(source[position + 1]) << 8 | Int(source[position + 2])
      bytes.append(alphabet[group >> 18])
      bytes.append(alphabet[group >> 12 & 63])
      bytes.append(alphabet[group >> 6 & 63])
      bytes.append(alphabet[group & 63])
      position += 3
    }
    switch source.count - position {
    case 1:
      let group = Int(source[position]) << 16
      bytes += [alphabet[group >> 18], alphabet[group >> 12 & 63], padding, padding]
    case 2:
      let group = Int(source[position]) << 16 | Int(source[position + 1]) << 8
      bytes += [alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63], padding]
    default: break
    }
  }

  /// The text for some bytes.
  package static func text(_ source: [UInt8]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((source.count + 2) / 3 * 4)
    append(source, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads text back, or returns nil for anything an encoder does not write: white space, missing padding, other
  /// alphabets, bits left over (RFC 4648, section 3.5).
  package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    guard text.count > 0 else { return [] }
    let digits = Base64.digits
    var padded = 0
    while padded < 2, text[text.count - 1 - padded] == padding { padded += 1 }
    let whole = padded == 0 ? text.count : text.count - 4
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var position = 0
    while position < whole {
      let first = digits[Int(text[position])]
      let second = digits[Int(text[position + 1])]
      let third = digits[Int(text[position + 2])]
      let fourth = digits[Int(text[position + 3])]
      guard first | second | third | fourth < 64 else { return nil }
      bytes.append(first << 2 | second >> 4)
      bytes.append(second << 4 | third >> 2)
      bytes.append(third << 6 | fourth)
      position += 4
    }
    guard padded > 0 else { return bytes }
    let first = digits[Int(text[whole])]
    let second = digits[Int(text[whole + 1])]
    let third = padded == 1 ? digits[Int(text[whole + 2])] : 0
    guard first | second | third < 64 else { return nil }
    bytes.append(first << 2 | second >> 4)
    if padded == 1 { bytes.append(second << 4 | third >> 2) }
    // The unused bits of the last digit must be zero: otherwise two texts would mean the same bytes.
    return (padded == 1 ? third & 3 : second & 15) == 0 ? bytes : nil
  }
}
