import Bytes
import Operations
import RedisClient
import Reporting

/// Makes sure that a run which writes many keys is meant: checks what was agreed to, and asks where a user can be asked.
struct WriteGuard {
  /// What the user has said about the run.
  struct Consent {
    let isDryRun: Bool
    let yes: Bool
    let confirm: String?
  }

  let session: Session
  let consent: Consent
  /// What did not happen where the run is refused: "nothing was removed".
  let nothing: String

  /// Refuses where no one has agreed and no one can be asked.
  func check() throws {
    let name = session.knownName
    if let typed = consent.confirm, typed != name {
      throw Failure(
        .usage,
        "--confirm says \(KeyText.quoted(typed)) and the target is \(KeyText.quoted(name)): \(nothing)")
    }
    guard !consent.isDryRun else { return }
    if session.isProtected, consent.confirm == nil, consent.yes || !canAsk {
      throw Failure(
        .usage, "the profile \(KeyText.quoted(name)) is protected: \(nothing)",
        hints: ["--confirm \(KeyText.shellQuoted(name)) says that it is meant"])
    }
    if !consent.yes, !canAsk {
      throw Failure(
        .usage, "no one can be asked here, and --yes is not given: \(nothing)",
        hints: ["look first with --dry-run; then give --yes"])
    }
  }

  /// True where the run must ask before it writes.
  var mustAsk: Bool { !consent.isDryRun && !consent.yes }

  private var canAsk: Bool {
    Descriptor.standardInput.isTerminal && StandardError.isTerminal && !session.output.noInput
  }

  /// What must be typed to continue.
  private var word: String {
    session.isProtected && consent.confirm == nil ? session.knownName : "yes"
  }

  /// Asks with the counted report; nil where the answer is known.
  func confirmation<Report: Confirmable>() -> ((Report) -> Bool)? {
    guard mustAsk else { return nil }
    return { report in
      session.progress.clear()
      StandardError.write(report.preview(width: StandardError.width, style: StandardError.style) + "\n")
      report.header.warnings.forEach(session.output.warn)
      return ask(report.question)
    }
  }

  /// What ends a run that was refused once its keys were counted.
  static func end(_ refusal: WriteRefusal, _ sentence: String, _ output: OutputOptions) -> any Error {
    // Ctrl-C is an answer, too, but the shell needs its exit code.
    guard refusal == .declined, Signals.isStopRequested else { return Failure(.partial, sentence) }
    output.note(sentence)
    return Signals.exitStatus
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

extension Session {
  /// The name by which the user knows the target.
  fileprivate var knownName: String { name ?? locator.description }

  /// The name that a protected profile asks for; nil where none is asked for.
  var nameToConfirm: String? { isProtected ? knownName : nil }
}
