import ArgumentParser
import Operations
import Quantities
import Reporting

/// What is particular to `invalidate`: what is done, within which bounds, and what is kept of it.
struct InvalidateOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most keys that may be removed, 'none' for no bound; 0 removes nothing (default 1,000,000).",
      valueName: "keys"))
  var maxKeys: String?
  @Option(
    help: ArgumentHelp(
      "Count first, and remove nothing if the count differs: 40902, '40902±2%'.", valueName: "keys"))
  var expect: String?
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
  @Option(
    help: ArgumentHelp(
      "Save the values to this file first, as a seed that 'warm' restores.", valueName: "file"),
    completion: .file())
  var backup: String?
  @OptionGroup var record: JournalOptions
  @Flag(help: "Look for the keys again afterwards.")
  var verify = false
  @Flag(help: "Do everything but the writing.")
  var dryRun = false
  @Flag(help: "Do not ask.")
  var yes = false
  @Flag(help: "Allow a choice that includes every key.")
  var all = false
  @Option(help: ArgumentHelp("The target's name, where its profile is protected.", valueName: "name"))
  var confirm: String?
  @OptionGroup var form: FormatOptions<InvalidateReport>

  func validate() throws {
    if delete, expireWithin != nil {
      throw ValidationError("--delete removes keys and --expire-within lets them live on: choose one")
    }
    if let expireWithin,
      !(Duration.milliseconds(1)...Duration.seconds(10 * 366 * 86_400)).contains(expireWithin)
    {
      throw ValidationError("--expire-within must be from 1ms to ten years")
    }
    if expireWithin != nil, backup != nil {
      throw ValidationError("--backup saves what is removed, and --expire-within removes nothing")
    }
    if dryRun, yes || record.isGiven || backup != nil || verify {
      throw ValidationError(
        "--dry-run writes nothing: leave out --yes, --journal, --resume, --backup and --verify")
    }
    _ = try (limit(), expectedCount())
  }

  /// The bound on keys; nil for none.
  private func limit() throws -> Int? {
    guard let maxKeys else { return InvalidateRequest().maximumKeys }
    guard maxKeys != "none" else { return nil }
    do { return try Units.count(maxKeys) } catch { throw ValidationError("--max-keys: \(error), or none") }
  }

  private func expectedCount() throws -> ExpectedCount? {
    do { return try expect.map { text throws(UnitError) in try ExpectedCount(text) } } catch {
      throw ValidationError("--expect: \(error)")
    }
  }

  /// Fills in what these options say.
  func apply(to request: inout InvalidateRequest, pace: Pace) throws {
    if delete { request.action = .delete }
    if let expireWithin { request.action = .expire(within: expireWithin.milliseconds) }
    request.isDryRun = dryRun
    request.maximumKeys = try limit()
    request.expectation = try expectedCount()
    request.batchSize = batch ?? (pace == .full ? 1000 : 500)
    request.verifies = verify
  }

  /// True where nothing is asked for that only makes sense for many keys.
  var allowsBump: Bool {
    ![maxKeys, expect, backup].contains { $0 != nil } && batch == nil && !record.isGiven && !verify && !all
  }

  /// The options that do the same to each key again.
  var action: [SuggestedOption] {
    .given(.delete, if: delete)
      + (expireWithin.map { [.expireWithin(milliseconds: $0.milliseconds)] } ?? [])
  }

  /// The other options that a dry run, or a run that resumes, may need again. The journal is named by `option`.
  func bounds(journalAs option: OptionName) -> [SuggestedOption] {
    .given([(.maxKeys, maxKeys), (.batch, batch.map { String($0) })])
      + .given(.all, if: all) + .given([(.confirm, confirm), (.expect, expect)])
      + .given(.verify, if: verify) + .given([(.backup, backup), (option, record.path)])
      + .given(.yes, if: yes)
  }
}
