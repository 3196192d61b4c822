import Bytes
import Operations
import Reporting

/// The journal of a run, new or resumed.
struct RunJournal<Reading: JournalReading> {
  let file: AppendedFile
  /// Where the run keeps account: the file, with a seal on each line.
  let records: SealedJournal
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

  /// The most bytes of a line: a batch has a megabyte of keys, and a resumption may name those of all workers.
  private static var longestLine: Int { 1 << 28 }

  /// Begins a journal.
  private static func begin(_ path: String, _ header: JournalHeader) throws -> RunJournal {
    let file = try AppendedFile.create(
      path, "journal", hint: "--resume continues it, or name another file")
    var seal = JournalSeal()
    do { try file.begin(with: seal.close(header.line)) } catch { throw Failure(.cannotWrite, error.message) }
    return RunJournal(file: file, records: SealedJournal(file, seal), earlier: nil)
  }

  /// Resumes a journal, if it is of the same target and choice; `begin` reads its first line.
  private static func resume(
    _ path: String, _ header: JournalHeader, isDryRun: Bool,
    begin: ([UInt8]) throws(JournalRefusal) -> Reading
  ) throws -> RunJournal {
    let file = try AppendedFile.reopen(path, "journal")
    let shown = KeyText.quoted(path)
    var reader = JournalReader<Reading>()
    let reading: Reading
    do {
      try file.readLines(longest: longestLine) { try reader.read($0, begin: begin) }
      reading = try reader.close()
    } catch let refusal as JournalRefusal {
      throw Failure(.badData, "cannot go on with \(shown): \(refusal.reason)")
    }
    let differences = reading.header.differences(from: header)
    guard differences.isEmpty else {
      throw Failure(.usage, "\(shown) is the journal of another run: nothing was done", hints: differences)
    }
    if !isDryRun { try file.truncate(to: reader.length) }
    return RunJournal(file: file, records: SealedJournal(file, reader.seal), earlier: reading)
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
