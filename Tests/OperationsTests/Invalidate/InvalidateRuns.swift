import Keyspace
import Reporting
import Testing

@testable import Operations

typealias RemovalOutcome = InvalidateOperation<FakeChannel>.Outcome

extension FakeServer {
  /// Removes without asking anybody, and checks what every removal must keep to.
  func invalidate(
    records: RemovalRecords = RemovalRecords(), context: RunContext = .test,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ configure: (inout InvalidateRequest) -> Void = { _ in }
  ) throws -> RemovalOutcome {
    try invalidate(records, nil, context, sourceLocation, configure)
  }

  /// Removes after a question, and checks what every removal must keep to.
  func invalidate(
    records: RemovalRecords = RemovalRecords(), confirm: @escaping (InvalidateReport) -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation, _ configure: (inout InvalidateRequest) -> Void
  ) throws -> RemovalOutcome {
    try invalidate(records, confirm, .test, sourceLocation, configure)
  }

  private func invalidate(
    _ records: RemovalRecords, _ confirm: ((InvalidateReport) -> Bool)?, _ context: RunContext,
    _ sourceLocation: SourceLocation, _ configure: (inout InvalidateRequest) -> Void
  ) throws -> RemovalOutcome {
    var request = InvalidateRequest()
    request.walk.pace = .full
    configure(&request)
    forgetLog()
    let operation = InvalidateOperation(request, of: target(), records: records, context: context)
    let outcome = try operation.run(confirm: confirm)
    let counts = outcome.report.counts
    #expect(mostRemovalsUnderWay <= 1, "one batch is under way at most", sourceLocation: sourceLocation)
    #expect(
      removals.allSatisfy { $0.count <= request.batchSize }, "batches are bounded",
      sourceLocation: sourceLocation)
    let isRemoval = !request.isDryRun && outcome.refusal == nil
    #expect(!isRemoval || counts.planned == 0 || outcome.failure != nil, sourceLocation: sourceLocation)
    if !isRemoval || counts.planned > 0 {
      #expect(
        names.isDisjoint(with: FakeServer.writing), "nothing is written", sourceLocation: sourceLocation)
    }
    if request.earlier == nil {
      let sum = outcome.report.groups.reduce(into: RemovalCounts()) { $0.add($1.counts) }
      #expect(sum == counts, "groups add up", sourceLocation: sourceLocation)
    }
    if outcome.failure != nil || outcome.stop != nil || outcome.refusal != nil {
      #expect(!outcome.report.header.isComplete, sourceLocation: sourceLocation)
      #expect(outcome.report.stopped != nil, sourceLocation: sourceLocation)
    }
    return outcome
  }

  /// Where in the log commands that write stand.
  var writes: [Int] { log.indices.filter { FakeServer.writing.contains(log[$0].name) } }
}

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

  /// A journal that a run may write to.
  static func journal(log: EventLog? = nil) -> MemoryFile {
    let file = MemoryFile(log: log)
    file.bytes = JournalHeader(target: "redis://cache-1:6379", choice: ["app:*"], startedAt: "now").line
    return file
  }

  /// What the journal tells a run that goes on.
  func summary() throws -> JournalSummary {
    var summary = try JournalSummary(firstLine: try #require(lines.first), remembersKeys: true)
    for line in lines.dropFirst() { try summary.read(line) }
    try summary.close()
    #expect(summary.length == bytes.count)
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

extension Glob {
  init(_ text: String) { self.init(pattern: Array(text.utf8)) }
}

extension FakeKey {
  /// A set, or a sorted set.
  init(_ name: String, type: String = "set", members: [[UInt8]]) {
    self.init(name, type: type)
    self.members = members
  }
}

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }
