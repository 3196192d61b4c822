/// Splits a command line as a POSIX shell with `$'…'` does, for lines that only quote and never expand; nil
/// where the shell would do anything else with it.
func shellWords(_ line: String) -> [[UInt8]]? {
  var words: [[UInt8]] = []
  var word: [UInt8]?
  var rest = Array(line.utf8)[...]
  while let byte = rest.popFirst() {
    switch byte {
    case UInt8(ascii: " "):
      if let done = word { words.append(done) }
      word = nil
    case UInt8(ascii: "'"):
      guard let end = rest.firstIndex(of: byte) else { return nil }
      word = (word ?? []) + rest[..<end]
      rest = rest[(end + 1)...]
    case UInt8(ascii: "\\"):
      guard let next = rest.popFirst() else { return nil }
      word = (word ?? []) + [next]
    case UInt8(ascii: "$"):
      guard rest.popFirst() == UInt8(ascii: "'"), let text = ansiText(&rest) else { return nil }
      word = (word ?? []) + text
    case _ where byte > 0x20 && byte != 0x7F && !"\"`;&|<>()*?[]{}~!#".utf8.contains(byte):
      word = (word ?? []) + [byte]
    default: return nil
    }
  }
  if let word { words.append(word) }
  return words
}

/// The inside of `$'…'`: octal escapes, and a backslash before a quote or another backslash.
private func ansiText(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
  var text: [UInt8] = []
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "'") { return text }
    guard byte == UInt8(ascii: "\\") else {
      text.append(byte)
      continue
    }
    guard let next = rest.first else { return nil }
    let digits = rest.prefix(3).filter { (0x30..<0x38).contains($0) }
    if (0x30..<0x38).contains(next) {
      guard digits.count == 3 else { return nil }
      text.append(digits.reduce(0) { $0 &* 8 &+ ($1 - 0x30) })
      rest = rest.dropFirst(3)
    } else {
      text.append(next)
      rest = rest.dropFirst()
    }
  }
  return nil
}

/// A suggested command, read as the command line reads it.
struct SuggestedLine {
  /// Options without a value, and those that take one.
  private static let flags: Set<String> = [
    "--no-ttl", "--list", "--superseded", "--exact", "--all-dbs", "--dry-run",
  ]
  private static let valued: Set<String> = [
    "--namespace", "--key-version", "--by", "--big", "--schema", "--type", "--ttl-above", "--ttl-below",
    "--idle-above", "--profile", "--separator", "--exclude", "--expire-within", "--db",
    "--template", "--expires-after", "--expires-before",
  ]

  let verb: String
  private(set) var options: [String: String] = [:]

  /// Nil where a word is no option that the command has, or a value is missing or looks like an option.
  init?(_ line: String) {
    guard let words = shellWords(line)?.map(\.text), words.count >= 2, words[0] == "rediscache" else {
      return nil
    }
    verb = words[1]
    var rest = words.dropFirst(2)
    while let word = rest.popFirst() {
      if SuggestedLine.flags.contains(word) {
        options[word] = ""
      } else {
        guard SuggestedLine.valued.contains(word), let value = rest.popFirst(), !value.hasPrefix("-"),
          !value.contains("<")
        else { return nil }
        options[word] = value
      }
    }
  }
}
