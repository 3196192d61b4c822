import ArgumentParser
import Operations
import Quantities
import Reporting

/// What the guards of a writing command are called in its help.
protocol GuardWording {
  static var maxKeys: String { get }
  static var expect: String { get }
  static var backup: String { get }
  static var verify: String { get }
  /// The report that the command writes, and its formats.
  associatedtype Report: Rendered
}

/// The words of `invalidate`.
enum RemovalWording: GuardWording {
  typealias Report = InvalidateReport
  static let maxKeys =
    "Most keys that may be removed, 'none' for no bound; 0 removes nothing (default 1,000,000)."
  static let expect = "Count first, and remove nothing if the count differs: 40902, '40902±2%'."
  static let backup = "Save the values to this file first, as a seed that 'warm' restores."
  static let verify = "Look for the keys again afterwards."
}

/// The words of `warm`.
enum WarmWording: GuardWording {
  typealias Report = WarmReport
  static let maxKeys =
    "Most keys that may be written, 'none' for no bound; 0 writes nothing (default 1,000,000)."
  static let expect = "Count first, and write nothing if the count differs: 40902, '40902±2%'."
  static let backup = "Save what is replaced to this file first, as a seed that 'warm' restores."
  static let verify = "Read some keys back afterwards and compare."
}

/// The guards of a command that writes many keys: how many, with whose consent, and what is kept of it.
struct GuardOptions<Wording: GuardWording>: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp(Wording.maxKeys, valueName: "keys"))
  var maxKeys: String?
  @Option(help: ArgumentHelp(Wording.expect, valueName: "keys"))
  var expect: String?
  @Option(help: ArgumentHelp(Wording.backup, valueName: "file"), completion: .file())
  var backup: String?
  @OptionGroup var record: JournalOptions
  @Flag(help: ArgumentHelp(Wording.verify))
  var verify = false
  @Flag(help: "Do everything but the writing; may be added to a complete command.")
  var dryRun = false
  @Flag(help: "Do not ask.")
  var yes = false
  @Option(help: ArgumentHelp("The target's name, where its profile is protected.", valueName: "name"))
  var confirm: String?
  @OptionGroup var form: FormatOptions<Wording.Report>

  func validate() throws {
    if let backup, backup.lowercased().hasSuffix(".gz") {
      throw ValidationError("--backup is not packed, and its name should not say so: leave out .gz")
    }
    _ = try (limit(), expectedCount())
  }

  /// The bound on keys; nil for none.
  private func limit() throws -> Int? {
    guard let maxKeys else { return InvalidateRequest().maximumKeys }
    guard maxKeys != "none" else { return nil }
    do { return try Units.count(maxKeys) } catch { throw ValidationError("--max-keys: \(error), or none") }
  }

  /// The number of keys that there should be; nil where none was given.
  private func expectedCount() throws -> ExpectedCount? {
    do { return try expect.map { text throws(UnitError) in try ExpectedCount(text) } } catch {
      throw ValidationError("--expect: \(error)")
    }
  }

  /// Fills in what these options ask of a run.
  func apply(to request: inout some GuardedRequest) throws {
    request.isDryRun = dryRun
    request.expectation = try expectedCount()
    request.maximumKeys = try limit()
    request.verifies = verify
  }

  /// What the user has agreed to.
  var consent: WriteGuard.Consent { WriteGuard.Consent(isDryRun: dryRun, yes: yes, confirm: confirm) }

  /// Opens the backup, none in a dry run; a run that resumes adds to that of the first.
  func openBackup(isResumed: Bool) throws -> AppendedFile? {
    guard let path = backup, !dryRun else { return nil }
    if isResumed, let file = try AppendedFile.reopenIfThere(path, "backup") {
      try file.trimToLastLine()
      return file
    }
    return try AppendedFile.create(path, "backup", hint: "name a new file: what is there may be needed yet")
  }

  /// The files that a run writes beside its report.
  var files: [(option: OptionName?, path: String?)] { [(.backup, backup)] + record.files }

  /// True where nothing is asked for that only makes sense for many keys.
  var allowsBump: Bool {
    ![maxKeys, expect, backup].contains { $0 != nil } && !record.isGiven && !verify
  }

  /// The options by which another run on the target is agreed to.
  func agreement(on session: Session) -> [SuggestedOption] {
    .given(.confirm, confirm ?? session.nameToConfirm) + [.yes]
  }

  /// The options that a dry run, or a run that resumes, may need again on a target. The journal is named by `option`.
  func given(on session: Session, journalAs option: OptionName) -> [SuggestedOption] {
    .given([(.maxKeys, maxKeys), (.confirm, confirm ?? session.nameToConfirm), (.expect, expect)])
      + .given(.verify, if: verify)
      + .given([(.backup, backup), (record.resume == nil ? option : .resume, record.path)])
      + (yes ? [.yes] : [])
  }
}
