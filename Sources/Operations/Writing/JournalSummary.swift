import Bytes
package import Reporting

/// What the journal of a removal says about the runs that have written it.
package struct JournalSummary: JournalReading, Sendable {
  /// Whose journal it is.
  package let header: JournalHeader
  /// What the batches that were answered came to.
  package private(set) var counts = RemovalCounts()
  /// The keys of the batch that was sent and never answered.
  package private(set) var unanswered: [[UInt8]] = []
  /// How many keys of unanswered batches later runs have found gone.
  package private(set) var uncertain = 0
  /// When the last run came to its end; nil where it was cut off.
  package private(set) var finishedAt: String?

  private var lines = 1
  /// Keys that a run has left open, until the next run resumes.
  private var open: [[UInt8]] = []
  /// The batch that each worker has sent last, until it is answered.
  private var lastSent: [Int: [UInt8]] = [:]
  private let remembersKeys: Bool
  /// The keys of the batches that were answered in full, and those of unanswered ones that were found gone: a list
  /// or a tag names them once more, and they have been counted. Empty where they are not remembered.
  private(set) var accounted = SeenKeys()

  /// Begins with the first line; `remembersKeys` asks for `accounted`, which takes a look into every batch.
  package init(firstLine: [UInt8], remembersKeys: Bool = false) throws(JournalRefusal) {
    guard let header = JournalHeader.decode(firstLine, .invalidate) else { throw .noJournal }
    self.header = header
    self.remembersKeys = remembersKeys
  }

  /// Takes in the next line, given without its end.
  package mutating func read(_ line: [UInt8]) throws(JournalRefusal) {
    lines += 1
    if let worker = JournalLine.sender(line) {
      lastSent[worker] = line
      return
    }
    guard let decoded = JournalLine.decode(line) else { throw .unreadable(line: lines) }
    if decoded.open != nil {
      guard let keys = decoded.keys else { throw .unreadable(line: lines) }
      open += keys
      return
    }
    if decoded.finished != nil, let whole = decoded.counts {
      // What was refused once may have been removed later: only the end knows the sum.
      counts = whole.value
    } else if let done = decoded.done ?? decoded.settled ?? decoded.counts {
      counts.add(done.value)
      let worker = decoded.worker ?? 0
      if remembersKeys, let done = decoded.done { try remember(done.value, of: worker) }
      if remembersKeys, decoded.done == nil { remember(decoded.keys ?? []) }
      // A run that resumes has settled what every worker left.
      if decoded.resumed != nil {
        (lastSent, open) = ([:], [])
        uncertain += done.value.absent
      } else {
        lastSent[worker] = nil
      }
    }
    finishedAt = decoded.finished
    // Each count is bounded by itself; no run has come to as many keys.
    guard counts.matched <= JournalLine.mostKeys else { throw .unreadable(line: lines) }
  }

  /// Settles what was left unanswered, once all lines are read.
  package mutating func close() throws(JournalRefusal) {
    var known: Set<[UInt8]> = []
    var all = open
    for (_, line) in lastSent.sorted(by: { $0.key < $1.key }) {
      guard let keys = JournalLine.decode(line)?.keys else { throw .unreadable(line: lines) }
      all += keys
    }
    // A key that was gone before has been counted then, and one that was open may be in a later batch as well.
    unanswered = all.filter {
      !(remembersKeys && accounted.contains($0.span)) && known.insert($0).inserted
    }
    (lastSent, open) = ([:], [])
  }

  /// Remembers the last batch; of one that was refused in part it is not known which keys are gone.
  private mutating func remember(_ counts: RemovalCounts, of worker: Int) throws(JournalRefusal) {
    guard let lastSent = lastSent[worker] else { return }
    guard let keys = JournalLine.decode(lastSent)?.keys else { throw .unreadable(line: lines - 1) }
    // Keys that were counted before are not counted again where they are gone.
    if counts.removed + counts.absent < keys.count(where: { !accounted.contains($0.span) }) {
      return
    }
    remember(keys)
  }

  private mutating func remember(_ keys: [[UInt8]]) {
    for key in keys { _ = accounted.insert(key.span) }
  }
}
