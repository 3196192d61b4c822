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
