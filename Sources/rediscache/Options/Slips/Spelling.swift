import ArgumentParser
import Bytes
import Reporting

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
  static func failure(for arguments: [String]) -> Failure? {
    guard let word = arguments.first else { return nil }
    let commands = RediscacheCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    let known = commands + ["help"]
    // "---completion" is how the completion scripts ask.
    if word.hasPrefix("---") { return nil }
    if word.hasPrefix("-") {
      guard !["-h", "--help", "--version"].contains(word) else { return nil }
      let command = arguments.first { commands.contains($0) }
      return command.map {
        Failure(.usage, "options come after the command: rediscache \($0) \(word)", hints: [list])
      }
    }
    guard !known.contains(word) else { return nil }
    if let address = TypedAddress(word) {
      return Failure(
        .usage, "an address is in the place of the command",
        hints: ["rediscache scan \(address.options)", list])
    }
    if let habit = RedisCLIHabit.command(word), !known.contains(word.lowercased()) {
      return Failure(
        .usage, "there is no command '\(word)': \(habit.meaning)", hints: ["such as: \(habit.example)", list])
    }
    let nearest = Spelling.nearest(to: word, among: known).map { ". Did you mean '\($0)'?" } ?? ""
    return Failure(.usage, "there is no command '\(word)'\(nearest)", hints: [list])
  }

  private static let list = "rediscache --help lists the commands"
}

/// Notices patterns, keys and other values that begin with a dash, which the parser takes for options.
enum DashedWord {
  /// How such a word is written; nil where none of the arguments is one.
  ///
  /// `problem` is the parser's message: the word that it stumbled over is in quotes.
  static func hint(for problem: String, in arguments: [String]) -> String? {
    guard let quoted = problem.split(separator: "'", omittingEmptySubsequences: false).dropFirst().first
    else {
      // Options that contradict each other, or lack a pattern, are noticed before an option that does not exist.
      return arguments.prefix { $0 != "--" }.first { isValue($0) }.map(advice)
    }
    if problem.hasPrefix("Unknown option"), let word = arguments.first(where: { $0 == quoted }), isValue(word)
    {
      return advice(word)
    }
    guard problem.hasPrefix("Missing value"), let option = quoted.split(separator: " ").first,
      let place = arguments.firstIndex(of: String(option)), place + 1 < arguments.count,
      arguments[place + 1].hasPrefix("-"), arguments[place + 1].count > 2,
      OptionName(word: arguments[place + 1]) == nil
    else { return nil }
    return
      "a value that begins with a dash is given as \(option)=\(KeyText.shellQuoted(arguments[place + 1]))"
  }

  private static func advice(_ word: String) -> String {
    "an argument that begins with a dash goes last, behind two: -- \(KeyText.shellQuoted(word))"
  }

  /// True for words with a dash that no option looks like: options have one letter behind one dash, or words behind two.
  private static func isValue(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word.count > 2, OptionName(word: word) == nil else { return false }
    let name = word.prefix { $0 != "=" }
    return !word.hasPrefix("--") && name.count > 2
      || name.contains { !$0.isLetter && !$0.isNumber && $0 != "-" }
  }
}
