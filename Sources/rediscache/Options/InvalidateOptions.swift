import ArgumentParser
import Operations
import Quantities
import Reporting

/// What is particular to `invalidate`: what is done, within which bounds, and what is kept of it.
struct InvalidateOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most keys in a batch, 1 to 10,000 (default 500; 1,000 at full pace).", valueName: "keys"),
    transform: OptionValue.count(1...10_000))
  var batch: Int?
  @Flag(help: "Use DEL instead of UNLINK: values are freed at once, while all clients wait.")
  var delete = false
  @Option(
    help: ArgumentHelp(
      "Remove nothing, but let each key expire at a random moment within this time; never lengthens a TTL.",
      valueName: "duration"), transform: OptionValue.duration)
  var expireWithin: Duration?
  @Flag(help: "Allow a choice that includes every key.")
  var all = false
  @OptionGroup var guards: GuardOptions<RemovalWording>

  func validate() throws {
    if delete, expireWithin != nil {
      throw ValidationError("--delete removes keys and --expire-within lets them live on: choose one")
    }
    if let expireWithin,
      !(Duration.milliseconds(1)...Duration.seconds(10 * 366 * 86_400)).contains(expireWithin)
    {
      throw ValidationError("--expire-within must be from 1ms to ten years")
    }
    if expireWithin != nil, guards.backup != nil {
      throw ValidationError("--backup saves what is removed, and --expire-within removes nothing")
    }
  }

  /// Fills in what these options say.
  func apply(to request: inout InvalidateRequest, pace: Pace) throws {
    if delete { request.action = .delete }
    if let expireWithin { request.action = .expire(within: expireWithin.milliseconds) }
    request.batchSize = batch ?? (pace == .full ? 1000 : 500)
    try guards.apply(to: &request)
  }

  /// True where nothing is asked for that only makes sense for many keys.
  var allowsBump: Bool { guards.allowsBump && batch == nil && !all }

  /// The options that do the same to each key again.
  var action: [SuggestedOption] {
    .given(.delete, if: delete)
      + (expireWithin.map { [.expireWithin(milliseconds: $0.milliseconds)] } ?? [])
  }

  /// The other options that a dry run, or a run that resumes, may need again. The journal is named by `option`.
  func bounds(on session: Session, journalAs option: OptionName) -> [SuggestedOption] {
    .given([(.batch, batch.map { String($0) })]) + .given(.all, if: all)
      + guards.given(on: session, journalAs: option)
  }
}
