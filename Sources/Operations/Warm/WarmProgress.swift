package import Reporting

/// The journal of `warm`: how far a run has come in its seed, line by line.
package struct WarmProgress: JournalReading, Sendable {
  /// A line after the header: all records up to a line of the seed are dealt with.
  private struct Step: RecordMembers {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case line, written, skipped, rejected, failed, unknown, finished
    }

    var line: Int?
    var written: Int?
    var skipped: Int?
    var rejected: Int?
    var failed: Int?
    var unknown: Int?
    var finished: String?
  }

  /// Whose journal it is.
  package let header: JournalHeader
  /// The last line of the seed that is dealt with; 0 for none.
  package private(set) var line = 0
  /// What the records up to there came to.
  package private(set) var counts = WarmCounts()
  /// When a run came to the seed's end; nil where none did.
  package private(set) var finishedAt: String?
  private var lines = 1

  /// Begins with the first line.
  package init(firstLine: [UInt8]) throws(JournalRefusal) {
    guard let header = JournalHeader.decode(firstLine, .warm) else { throw .noJournal }
    self.header = header
  }

  /// Takes in the next line, given without its end.
  package mutating func read(_ bytes: [UInt8]) throws(JournalRefusal) {
    lines += 1
    guard let step = RecordLine.decode(Step.self, from: bytes), let done = counts(of: step) else {
      throw .unreadable(line: lines)
    }
    line = step.line ?? line
    counts.add(done)
    finishedAt = step.finished
  }

  /// The counts of a line; nil where no run has written it: lines of the seed rise, and each has one record at most.
  private func counts(of step: Step) -> WarmCounts? {
    guard let reached = step.line else { return step.finished == nil ? nil : WarmCounts() }
    guard (line...JournalLine.mostKeys).contains(reached) else { return nil }
    var done = WarmCounts()
    (done.written, done.skipped) = (step.written ?? 0, step.skipped ?? 0)
    (done.rejected, done.failed) = (step.rejected ?? 0, step.failed ?? 0)
    done.unknown = step.unknown ?? 0
    let parts = [done.written, done.skipped, done.rejected, done.failed, done.unknown]
    guard parts.allSatisfy((0...(reached - line)).contains), done.records <= reached - line else {
      return nil
    }
    return done
  }

  /// Nothing is open: what the journal does not mention is loaded again.
  package mutating func close() {}

  /// The line that says that all records up to a line of the seed are dealt with.
  static func step(through line: Int, _ counts: WarmCounts) -> [UInt8] {
    var members: [(String, JSON)] = [
      ("line", .int(line)), ("written", .int(counts.written)), ("skipped", .int(counts.skipped)),
      ("rejected", .int(counts.rejected)), ("failed", .int(counts.failed)),
    ]
    if counts.unknown > 0 { members.append(("unknown", .int(counts.unknown))) }
    return RecordLine.encode(members)
  }

  /// The line that says that the seed's end was reached.
  static func finished(at moment: String) -> [UInt8] {
    RecordLine.encode([("finished", .string(moment))])
  }
}
