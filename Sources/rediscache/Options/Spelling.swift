import ArgumentParser

/// Finds what a misspelt word was meant to be.
enum Spelling {
  /// The nearest of some words; nil where none is near enough to be meant.
  static func nearest(to word: String, among words: [String]) -> String? {
    let candidates = words.map { ($0, distance(Array(word), Array($0))) }
    guard let best = candidates.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 2) else { return nil }
    return best.0
  }

  /// Levenshtein's distance, two rows at a time, with neighbours swapped counted as two changes.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
      var next = [index + 1]
      for (column, other) in right.enumerated() {
        next.append(min(row[column] + (character == other ? 0 : 1), row[column + 1] + 1, next[column] + 1))
      }
      row = next
    }
    return row[right.count]
  }
}

/// Notices a command that does not exist, which the parser would call an unexpected argument.
enum CommandSuggestion {
  /// What to say; nil where the first word is a command or an option.
  static func message(for arguments: [String]) -> String? {
    guard let word = arguments.first else { return nil }
    let commands = RediscacheCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    let known = commands + ["help"]
    // "---completion" is how the completion scripts ask.
    if word.hasPrefix("---") { return nil }
    if word.hasPrefix("-") {
      guard !["-h", "--help", "--version"].contains(word) else { return nil }
      let command = arguments.first { commands.contains($0) }
      return command.map { "options come after the command: rediscache \($0) \(word)" }
    }
    guard !known.contains(word) else { return nil }
    let nearest = Spelling.nearest(to: word, among: known).map { ". Did you mean '\($0)'?" } ?? ""
    return "there is no command '\(word)'\(nearest)"
  }
}
