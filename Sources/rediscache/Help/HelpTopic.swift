import ArgumentParser

/// What `rediscache help` explains beside the commands.
enum HelpTopic: String, CaseIterable {
  case exitCodes = "exit-codes"
  case patterns
  case seedFormat = "seed-format"
  case json
  case environment
  case rules
  case accessRules = "acl"

  /// What was asked for: a topic, or a command, whose own help is then shown; nil where no help was asked
  /// for.
  ///
  /// Throws where there is no help on the word.
  static func requested(by arguments: [String]) throws -> String? {
    guard arguments.first == "help" else { return nil }
    guard let word = arguments.dropFirst().first else { return CommandHelp.root }
    if let topic = HelpTopic(rawValue: word) {
      return HelpText.wrapped(topic.text, to: StandardOutput.width.map { max(60, $0) } ?? 120)
    }
    if let help = CommandHelp.whole(named: word) { return help }
    let commands = RediscacheCommand.configuration.subcommands
    if let command = commands.first(where: { $0.configuration.commandName == word }) {
      return RediscacheCommand.helpMessage(for: command)
    }
    let known = words
    let nearest = Spelling.nearest(to: word, among: known).map { ". Did you mean '\($0)'?" } ?? ""
    throw Failure(
      .usage, "there is no help on '\(word)'\(nearest)",
      hints: ["there is help on \(known.joined(separator: " "))"])
  }

  /// What there is help on: the commands and the topics.
  static var words: [String] {
    RediscacheCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
      + allCases.map(\.rawValue)
  }

  private var text: String {
    switch self {
    case .exitCodes: HelpTopic.exitCodesText
    case .patterns: HelpTopic.patternsText
    case .seedFormat: HelpTopic.seedFormatText
    case .json: HelpTopic.jsonText
    case .environment: HelpTopic.environmentText
    case .rules: HelpTopic.rulesText
    case .accessRules: HelpTopic.accessText
    }
  }
}
