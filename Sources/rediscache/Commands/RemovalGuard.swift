import Bytes
import RedisClient
import Reporting

/// Makes sure that a removal is meant: checks what was agreed to, and asks where a user can be asked.
struct RemovalGuard {
  let session: Session
  let removing: InvalidateOptions

  /// The name by which the user knows the target.
  private var name: String { session.name ?? session.locator.description }

  /// Refuses where no one has agreed and no one can be asked.
  func check() throws {
    if let typed = removing.confirm, typed != name {
      throw Failure(
        .usage,
        "--confirm says \(KeyText.quoted(typed)) and the target is \(KeyText.quoted(name)): nothing was removed"
      )
    }
    guard !removing.dryRun else { return }
    if session.isProtected, removing.confirm == nil, removing.yes || !canAsk {
      throw Failure(
        .usage, "the profile \(KeyText.quoted(name)) is protected: nothing was removed",
        hints: ["--confirm \(KeyText.shellQuoted(name)) says that it is meant"])
    }
    if !removing.yes, !canAsk {
      throw Failure(
        .usage, "no one can be asked here, and --yes is not given: nothing was removed",
        hints: ["look first with --dry-run; then give --yes"])
    }
  }

  private var canAsk: Bool {
    Descriptor.standardInput.isTerminal && StandardError.isTerminal && !session.output.noInput
  }

  /// What must be typed to continue.
  private var word: String { session.isProtected && removing.confirm == nil ? name : "yes" }

  /// Asks with the counted report; nil where the answer is known.
  var confirmation: ((InvalidateReport) -> Bool)? {
    guard !removing.dryRun, !removing.yes else { return nil }
    return { report in
      session.progress.clear()
      StandardError.write(report.preview(width: StandardError.width, style: StandardError.style) + "\n")
      report.header.warnings.forEach(session.output.warn)
      return ask(report.question)
    }
  }

  /// Asks on standard error; anything but the word itself is no. Case does not matter.
  func ask(_ question: String) -> Bool {
    Terminal.discardInput()
    StandardError.write("\(KeyText.sanitized(question)) Type \(KeyText.sanitized(word)) to continue: ")
    let line = Terminal.readLine(from: .standardInput)
    let answer = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    return !Signals.isStopRequested && answer.lowercased() == word.lowercased()
  }
}
