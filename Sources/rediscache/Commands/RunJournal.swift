import Bytes
import Operations
import Reporting

/// The journal of a run, new or resumed.
struct RunJournal<Reading: JournalReading> {
  let file: AppendedFile
  /// What earlier runs have left; nil for a new journal.
  let earlier: Reading?

  /// Opens the journal that options name; nil where they name none. A dry run begins none, and leaves the one that it
  /// reads as it is.
  static func open(
    _ options: JournalOptions, _ header: JournalHeader, isDryRun: Bool,
    begin: ([UInt8]) throws(JournalRefusal) -> Reading
  ) throws -> RunJournal? {
    if let path = options.resume { return try resume(path, header, isDryRun: isDryRun, begin: begin) }
    return isDryRun ? nil : try options.journal.map { try RunJournal.begin($0, header) }
  }

  /// Begins a journal.
  private static func begin(_ path: String, _ header: JournalHeader) throws -> RunJournal {
    let file = try AppendedFile.create(
      path, "journal", hint: "--resume continues it, or name another file")
    do { try file.begin(with: header.line) } catch { throw Failure(.cannotWrite, error.message) }
    return RunJournal(file: file, earlier: nil)
  }

  /// Resumes a journal, if it is of the same target and choice; `begin` reads its first line.
  private static func resume(
    _ path: String, _ header: JournalHeader, isDryRun: Bool,
    begin: ([UInt8]) throws(JournalRefusal) -> Reading
  ) throws -> RunJournal {
    let file = try AppendedFile.reopen(path, "journal")
    let shown = KeyText.quoted(path)
    var reading: Reading?
    do {
      try file.readLines { line in
        if reading == nil { reading = try begin(line) } else { try reading?.read(line) }
      }
      try reading?.close()
    } catch let refusal as JournalRefusal {
      throw Failure(.badData, "cannot go on with \(shown): \(refusal.reason)")
    }
    guard let reading else {
      throw Failure(.badData, "cannot go on with \(shown): \(JournalRefusal.noJournal.reason)")
    }
    let differences = reading.header.differences(from: header)
    guard differences.isEmpty else {
      throw Failure(.usage, "\(shown) is the journal of another run: nothing was done", hints: differences)
    }
    if !isDryRun { try file.truncate(to: reading.length) }
    return RunJournal(file: file, earlier: reading)
  }
}

extension JournalRefusal {
  fileprivate var reason: String {
    switch self {
    case .noJournal: "it is no journal of this command"
    case .unreadable(let line): "line \(line) cannot be read"
    }
  }
}
