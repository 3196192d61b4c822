import ArgumentParser

/// The entry: what concerns the whole process is settled here, before any command runs.
@main
enum Main {
  static func main() {
    let arguments = ProcessArguments.words
    Signals.install()
    let slip =
      RedisCLIHabit.misplacedHost(in: arguments) ?? CommandSuggestion.failure(for: arguments)
      ?? RepeatedOption.failure(for: arguments)
    if let slip { leave(withUsage: slip) }
    do {
      // Scripts ask often: making the parser of all commands takes a quarter of a start.
      if arguments == ["--version"] { return try StandardOutput.write(ToolVersion.text + "\n") }
      if let text = CompletionScript.requested(by: arguments) ?? CommandHelp.requested(by: arguments) {
        return try StandardOutput.write(text)
      }
      if let help = try HelpTopic.requested(by: arguments) { return try StandardOutput.write(help) }
      var command = try RediscacheCommand.parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      failure.report()
      Signals.leave(failure.code)
    } catch let code as ExitStatus {
      Signals.leave(code)
    } catch {
      leave(withParserError: error)
    }
  }

  /// Ends with what was asked for on standard output: help, or a script of completions.
  private static func leave(saying text: String) -> Never {
    do { try StandardOutput.write(text) } catch let failure as Failure {
      failure.report()
      Signals.leave(failure.code)
    } catch { Signals.leave(.cannotWrite) }
    Signals.leave(.done)
  }

  /// Help and version go to standard output; a wrong argument is reported as other errors are.
  private static func leave(withParserError error: any Error) -> Never {
    let text = RediscacheCommand.fullMessage(for: error)
    switch RediscacheCommand.exitCode(for: error) {
    case .validationFailure: break
    case .success: leave(saying: text.isEmpty ? "" : text + "\n")
    default: RediscacheCommand.exit(withError: error)
    }
    let prefix = "Error: "
    let message = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    // The parser adds the option's help and the usage; where to find them is all that helps here.
    let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
    let hint = lines.last.map { $0.hasPrefix("See '") ? $0.dropFirst(4) : $0 } ?? ""
    // Many choices come in lines of their own, each behind a dash.
    let choices = lines.filter { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }.joined(separator: ", ")
    let problem = [String(lines.first ?? ""), choices].filter { !$0.isEmpty }.joined(separator: " ")
    leave(withUsage: slip(problem, hints: lines.count > 1 ? [String(hint)] : []))
  }

  /// What was wrong about the arguments, with advice for words that other programs know.
  private static func slip(_ problem: String, hints: [String]) -> Failure {
    let quoted = problem.split(separator: "'", omittingEmptySubsequences: false).dropFirst().first.map(
      String.init)
    if problem.hasPrefix("Unknown option"), let quoted, let habit = RedisCLIHabit.option(quoted) {
      return Failure(.usage, "there is no option \(quoted)", hints: [habit] + hints)
    }
    if problem.hasPrefix("Unexpected argument"), let quoted, let address = TypedAddress(quoted) {
      return Failure(.usage, problem, hints: ["\(address.options) says where to connect"] + hints)
    }
    let dashed = DashedWord.hint(for: problem, in: ProcessArguments.words)
    return Failure(.usage, problem, hints: [dashed].compactMap(\.self) + hints)
  }

  /// Reports wrong arguments; a check of Nagios gets its line, too.
  private static func leave(withUsage failure: Failure) -> Never {
    failure.report()
    guard NagiosCheck.isAsked(by: ProcessArguments.words) else { Signals.leave(.usage) }
    StandardOutput.writeQuietly(NagiosCheck.unknown(failure.message))
    Signals.leave(.unknown)
  }
}
