import ArgumentParser
import Reporting

/// The help on a command: the short one, which fits a screen, and the whole.
///
/// Both begin with examples. What an option does is said once, in its declaration.
struct CommandHelp {
  /// A command line, and what it is for.
  struct Example {
    let purpose: String
    let line: String

    init(_ purpose: String, _ line: String) {
      self.purpose = purpose
      self.line = line
    }
  }

  let verb: Verb
  /// What people do with the command, the most frequent first.
  let examples: [Example]
  /// The options that the short help names.
  let options: [OptionName]
  /// The exit codes that the command may end with, and what 1 and 2 mean for it.
  let exitCodes: String

  /// The help that arguments ask for by `-h`, `--help` or `help COMMAND`; nil where they ask for none.
  static func requested(by arguments: [String]) -> String? {
    let words = arguments.prefix { $0 != "--" }
    if words.first == "help", let name = words.dropFirst().first { return whole(named: name) }
    guard let place = words.firstIndex(where: { $0 == "-h" || $0 == "--help" }) else { return nil }
    guard place > 0 else { return words[place] == "-h" ? root : rootWithExamples }
    // Of a command with commands of its own the parser knows more.
    guard let name = words.first, let verb = Verb(rawValue: name), let help = all[verb] else { return nil }
    return words[place] == "-h" ? help.short : help.whole
  }

  /// The whole help on a command; nil where there is no such command.
  static func whole(named name: String) -> String? { Verb(rawValue: name).flatMap { all[$0]?.whole } }

  // MARK: - Parts

  private var command: (any ParsableCommand.Type)? {
    RediscacheCommand.configuration.subcommands.first { $0.configuration.commandName == verb.rawValue }
  }

  /// The width of the page.
  private static var width: Int { min(StandardOutput.width ?? 80, 120) }

  private static func section(_ examples: [Example]) -> String {
    "EXAMPLES:\n" + examples.map { "  # \($0.purpose)\n  \($0.line)\n" }.joined()
  }

  /// What fits a screen.
  private var short: String {
    guard let command else { return "" }
    let page = RediscacheCommand.helpMessage(for: command, columns: 1000)
    let abstract = HelpText.wrapped(command.configuration.abstract, to: Self.width)
    let usage = page.split(separator: "\n").first { $0.hasPrefix("USAGE: ") } ?? ""
    let rows = options.compactMap { HelpText.row(of: $0, in: page) }
    return "\(abstract)\n\n\(usage)\n\n" + Self.section(Array(examples.prefix(2)))
      + "\nOPTIONS:\n" + rows.map { HelpText.truncated($0, to: Self.width) + "\n" }.joined()
      + "\n  All options: rediscache \(verb.rawValue) --help\n"
  }

  /// All that there is to say.
  private var whole: String {
    guard let command else { return "" }
    var page = RediscacheCommand.helpMessage(for: command, columns: Self.width)
    if page.hasPrefix("OVERVIEW: ") { page.removeFirst("OVERVIEW: ".count) }
    let overview = HelpText.wrapped(command.configuration.abstract, to: Self.width)
    // The parser wraps the first line behind its own heading.
    let rest = page.firstRange(of: "\n\n").map { page[$0.lowerBound...].dropFirst() } ?? "\n"
    while page.hasSuffix("\n") { page.removeLast() }
    return overview + "\n\n" + Self.section(examples) + trimmed(rest) + "\n\nEXIT CODES:\n"
      + HelpText.wrapped("  " + exitCodes, to: Self.width) + "\n"
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }

  /// The help without a command: what there is to do, on one screen.
  static var root: String {
    let configuration = RediscacheCommand.configuration
    let groups = configuration.groupedSubcommands.map { group in
      "\n\(group.name.uppercased()):\n" + group.subcommands.map(row).joined()
    }
    let topics = "Topics: rediscache help " + HelpTopic.allCases.map(\.rawValue).joined(separator: " | ")
    return configuration.abstract + "\n\nUSAGE: rediscache <command> <options>\n" + groups.joined() + "\n"
      + HelpText.wrapped(topics, to: width)
      + "\nAfter a command, -h is its short help and --help all of it.\n"
  }

  private static func row(_ command: any ParsableCommand.Type) -> String {
    let name = command.configuration.commandName ?? ""
    let line =
      "  \(name)\(String(repeating: " ", count: max(2, 12 - name.count)))\(command.configuration.abstract)"
    return HelpText.wrapped(line, to: width) + "\n"
  }

  private static var rootWithExamples: String { section(rootExamples) + "\n" + root }
}
