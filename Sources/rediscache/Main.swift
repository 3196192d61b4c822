import ArgumentParser

/// The entry: what concerns the whole process is settled here, before any command runs.
@main
enum Main {
  static func main() {
    Signals.install()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let topic = HelpTopic.requested(by: arguments) {
      StandardOutput.writeQuietly(topic.text)
      return
    }
    if let message = CommandSuggestion.message(for: arguments) {
      Failure(.usage, message, hints: ["rediscache --help lists the commands"]).report()
      Signals.leave(.usage)
    }
    do {
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

  /// Help and version go to standard output; a wrong argument is told in the house's form.
  private static func leave(withParserError error: any Error) -> Never {
    guard RediscacheCommand.exitCode(for: error) == .validationFailure else { RediscacheCommand.exit(withError: error) }
    let text = RediscacheCommand.fullMessage(for: error)
    let prefix = "Error: "
    let message = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    let lines = message.split(separator: "\n", omittingEmptySubsequences: true).map { String($0) }
    Failure(.usage, lines.first ?? "", hints: lines.dropFirst().map { $0.trimmingSpaces }).report()
    Signals.leave(.usage)
  }
}

extension String {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}
