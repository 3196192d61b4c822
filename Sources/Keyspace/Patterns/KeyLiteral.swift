/// A key as a user types it, with `\xHH` for bytes that no command line can carry.
package enum KeyLiteral {
  /// The bytes: `\xHH` is the byte with that hexadecimal value, `\\` a backslash, all else itself.
  package static func bytes(of text: String) -> [UInt8] {
    let typed = Array(text.utf8)
    let backslash = UInt8(ascii: "\\")
    var bytes: [UInt8] = []
    var index = 0
    while index < typed.count {
      if typed[index] == backslash, index + 3 < typed.count, typed[index + 1] == UInt8(ascii: "x"),
        let high = digit(typed[index + 2]), let low = digit(typed[index + 3])
      {
        bytes.append(high << 4 | low)
        index += 4
        continue
      }
      bytes.append(typed[index])
      let isEscaped = typed[index] == backslash && index + 1 < typed.count && typed[index + 1] == backslash
      index += isEscaped ? 2 : 1
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
