import Reporting
import SeedFormat
import Testing

@testable import Operations

/// What was done to files, and asked of the server, in the order in which it happened.
final class EventLog {
  enum Event: Equatable {
    case appended(String), synchronized(String), command(String)
  }

  private(set) var events: [Event] = []

  func note(_ event: Event) { events.append(event) }
}

/// A file in memory that can refuse to be written.
final class MemoryFile: RecordFile {
  private(set) var bytes: [UInt8] = []
  private let name: String
  private let log: EventLog?
  /// So many calls succeed; nil where all do.
  private var callsLeft: Int?

  init(_ name: String = "journal", log: EventLog? = nil, failsAfter calls: Int? = nil) {
    self.name = name
    self.log = log
    callsLeft = calls
  }

  func append(_ bytes: [UInt8]) throws(RecordError) {
    try useCall()
    self.bytes += bytes
    log?.note(.appended(name))
  }

  func synchronize() throws(RecordError) {
    try useCall()
    log?.note(.synchronized(name))
  }

  private func useCall() throws(RecordError) {
    if callsLeft == 0 { throw RecordError("cannot write \"\(name)\": no space left on device") }
    callsLeft? -= 1
  }

  /// The whole lines.
  var lines: [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().map { Array($0) }
  }

  /// The records of a backup.
  var records: [SeedRecord] {
    var reader = SeedReader(format: .jsonl)
    reader.feed(bytes)
    reader.finish()
    var records: [SeedRecord] = []
    while let item = reader.next() {
      if case .record(let record, _) = item { records.append(record) } else { Issue.record("\(item)") }
    }
    return records
  }

  /// A journal that a run may write to.
  static func journal(log: EventLog? = nil) -> MemoryFile {
    let file = MemoryFile(log: log)
    file.bytes = JournalHeader(target: "redis://cache-1:6379", choice: ["app:*"], startedAt: "now").line
    return file
  }

  /// What a resumed run reads from the journal.
  func summary() throws -> JournalSummary {
    var summary = try JournalSummary(firstLine: try #require(lines.first), remembersKeys: true)
    for line in lines.dropFirst() { try summary.read(line) }
    try summary.close()
    return summary
  }

  /// The keys of each batch that was sent, with the counts that followed.
  func batches() -> [(keys: [[UInt8]], done: RemovalCounts?)] {
    var batches: [(keys: [[UInt8]], done: RemovalCounts?)] = []
    for line in lines.dropFirst() {
      guard let decoded = JournalLine.decode(line) else { continue }
      if let keys = decoded.keys { batches.append((keys, nil)) }
      if let done = decoded.done { batches[batches.count - 1].done = done.value }
    }
    return batches
  }
}

extension MemoryFile {
  /// A journal of a warming.
  static func warmJournal() throws -> MemoryFile {
    let file = MemoryFile()
    try file.append(JournalHeader(.warm, target: "redis://cache-1:6379", choice: [], startedAt: "now").line)
    return file
  }

  /// What a resumed run reads from it.
  func progress() throws -> WarmProgress {
    var progress = try WarmProgress(firstLine: try #require(lines.first))
    for line in lines.dropFirst() { try progress.read(line) }
    return progress
  }
}
