import Bytes

/// Passwords in words of the command line where they do not belong: `stats redis://:secret@host`, or `-a` and
/// its like, which redis-cli knows and this tool does not. Errors repeat what is wrong; these they must not.
enum TypedSecrets {
  /// Options of redis-cli and of habit that a password follows.
  private static let options = ["-a", "--pass", "--password", "--auth", "--askpass"]
  /// A shorter word is a part of too many others to be replaced.
  private static let shortest = 4

  /// The words of this run, each with what is shown in its place.
  private static let replacements = replacements(for: ProcessArguments.words)

  /// A text without these passwords.
  static func hidden(in text: String) -> String {
    replacements.reduce(text) { $0.replacing($1.word, with: $1.shown) }
  }

  /// What is to be replaced, the longest first: a word may be a part of another.
  static func replacements(for arguments: [String]) -> [(word: String, shown: String)] {
    var found: [(word: String, shown: String)] = []
    for (place, word) in arguments.enumerated() {
      if let scheme = word.firstRange(of: "://") {
        let start = word[..<scheme.lowerBound].lastIndex { !$0.isLetter && $0 != "-" && $0 != "+" }
        let uri = start.map { word[word.index(after: $0)...] } ?? word[...]
        if uri.contains("@") { found.append((String(uri), "a URI with a password")) }
      }
      if let equals = word.firstIndex(of: "="), options.contains(String(word[..<equals])) {
        found.append((String(word[word.index(after: equals)...]), "…"))
      }
      if word.hasPrefix("-a") { found.append((word, "-a…")) }
      if place > 0, options.contains(arguments[place - 1]), !word.hasPrefix("-") { found.append((word, "…")) }
    }
    return found.filter { $0.word.count >= shortest }.sorted { $0.word.count > $1.word.count }
  }
}
