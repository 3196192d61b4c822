import Bytes
import RedisClient
import Reporting

/// Sees to it that somebody means what is about to be removed.
struct RemovalGuard {
  let session: Session
  let removing: InvalidateOptions

  /// The name by which the user knows the target.
  private var name: String { session.name ?? session.locator.description }

  /// Refuses where nobody has agreed and nobody can be asked.
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
        .usage, "nobody can be asked here, and --yes is not given: nothing was removed",
        hints: ["look first with --dry-run; then give --yes"])
    }
  }

  private var canAsk: Bool { Confirmation.canAsk && !session.output.noInput }

  /// What must be typed to go on.
  var word: String { session.isProtected && removing.confirm == nil ? name : "yes" }

  /// Asks with the counted report; nil where nobody needs to be asked.
  var confirmation: ((InvalidateReport) -> Bool)? {
    guard !removing.dryRun, !removing.yes else { return nil }
    return { report in
      session.progress.clear()
      StandardError.write(report.preview(width: StandardError.width, style: StandardError.style) + "\n")
      report.header.warnings.forEach(session.output.warn)
      return Confirmation.ask(report.question, for: word)
    }
  }
}
