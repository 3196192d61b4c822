import ArgumentParser

/// The scripts that complete command lines in shells: those of the parser, which offers nothing behind `help`, with the
/// commands and the topics there.
enum CompletionScript {
  /// The script that was asked for; nil where none was, or for a shell that the parser does not know.
  static func requested(by arguments: [String]) -> String? {
    guard arguments.count == 2, arguments[0] == "--generate-completion-script",
      let shell = CompletionShell(rawValue: arguments[1])
    else { return nil }
    return text(for: shell)
  }

  private static func text(for shell: CompletionShell) -> String {
    let script = RediscacheCommand.completionScript(for: shell) + "\n"
    let words = HelpTopic.words.joined(separator: " ")
    switch shell {
    case .bash:
      let offer = "    __rediscache_offer_flags_options -1\n"
      return replacing(
        offer + "}", by: offer + "    COMPREPLY+=($(compgen -W '\(words)' -- \"${cur}\"))\n}",
        behind: "_rediscache_help() {",
        in: script)
    case .zsh:
      return replacing(
        "'*:subcommands:'", by: "'*:topic:(\(words))'", behind: "_rediscache_help() {", in: script)
    case .fish:
      return script
        + "complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional \"rediscache help\" -eq 1' "
        + "-fa '\(words)'\n"
    default: return script
    }
  }

  /// A text with the first of some words behind a mark replaced.
  private static func replacing(_ old: String, by new: String, behind mark: String, in text: String) -> String
  {
    guard let start = text.firstRange(of: mark), let place = text[start.upperBound...].firstRange(of: old)
    else {
      return text
    }
    var text = text
    text.replaceSubrange(place, with: new)
    return text
  }
}
