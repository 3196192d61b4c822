import Bytes

/// Guesses the type of a key by its first segment, from the last key that began alike.
struct TypeGuess {
  private static let limit = 4096
  private static let longestSegment = 64

  private var forms: [UInt64: ValueForm] = [:]

  func guess(for key: [UInt8]) -> ValueForm {
    forms.isEmpty ? .string : forms[TypeGuess.family(of: key)] ?? .string
  }

  mutating func learn(_ form: ValueForm, of key: [UInt8]) {
    let family = TypeGuess.family(of: key)
    if forms.count < TypeGuess.limit || forms[family] != nil { forms[family] = form }
  }

  private static func family(of key: [UInt8]) -> UInt64 {
    let span = key.span
    var end = 0
    while end < min(span.count, longestSegment), span[end] != UInt8(ascii: ":") { end += 1 }
    return KeyHash.value(span.extracting(0..<end))
  }
}
