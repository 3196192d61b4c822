import Bytes

/// A key as a user types it, with `\xHH` for bytes that no command line can carry.
package enum KeyLiteral {
  /// The bytes: `\xHH` is the byte with that hexadecimal value, `\\` a backslash, all else itself.
  package static func bytes(of text: String) -> [UInt8] {
    let typed = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < typed.count {
      if typed[index] == .backslash, index + 3 < typed.count, typed[index + 1] == UInt8(ascii: "x"),
        let byte = Hex.byte(typed[index + 2], typed[index + 3])
      {
        bytes.append(byte)
        index += 4
        continue
      }
      bytes.append(typed[index])
      let isEscaped = typed[index] == .backslash && index + 1 < typed.count && typed[index + 1] == .backslash
      index += isEscaped ? 2 : 1
    }
    return bytes
  }
}
