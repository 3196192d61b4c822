import Keyspace
import RedisClient
import Reporting
import Synchronization
import TestSupport
import Testing

@testable import Operations
@testable import SeedFormat

/// A connection that breaks at every point of a run, and the runs that go on from there.
struct InvalidateFaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var configure: @Sendable (inout InvalidateRequest) -> Void
    var batch = 3
    var hasBackup = false
    var tags: [String] = []
    var testDescription: String { name }
  }

  private static let chosenNames = (0..<13).map { utf8("app:v1:user:\($0)") }
  private static let window: Int64 = 60_000

  static let cases: [Case] = [
    Case(name: "pattern", configure: { _ in }),
    Case(name: "pattern, one key a batch", configure: { _ in }, batch: 1),
    Case(name: "pattern, one batch", configure: { _ in }, batch: 100),
    Case(name: "small pages", configure: { $0.walk.count = 3 }, batch: 4),
    Case(name: "with a TTL asked for", configure: { $0.walk.selection.ttlAbove = 10 }),
    Case(name: "superseded", configure: { $0.walk.selection.isSuperseded = true }),
    Case(name: "gentle", configure: { $0.walk.pace = .gentle }),
    Case(name: "backup", configure: { _ in }, hasBackup: true),
    Case(name: "verify", configure: { $0.verifies = true }),
    Case(
      name: "list", configure: { $0.list = KeyList(chosenNames + [utf8("app:v1:gone"), chosenNames[3]]) }),
    Case(name: "tag", configure: { $0.tags = [utf8("t")] }, tags: ["tag:t"]),
    Case(
      name: "tags, verified",
      configure: {
        $0.tags = [utf8("t"), utf8("u")]
        $0.verifies = true
      }, tags: ["tag:t", "tag:u"]),
    Case(name: "soft expiry", configure: { $0.action = .expire(within: window) }),
  ]

  private func makeServer(_ test: Case) -> FakeServer {
    var keys = Self.chosenNames.map { FakeKey($0, ttl: 9_000_000) }
    keys += (0..<7).map { FakeKey("app:v2:user:\($0)", ttl: 9_000_000) }
    keys += (0..<3).map { FakeKey("session:\($0)", ttl: 9_000_000) }
    keys += test.tags.map { FakeKey($0, members: Self.chosenNames + [utf8("session:1")]) }
    return FakeServer(keys)
  }

  private func request(_ test: Case, _ earlier: JournalSummary?) -> (inout InvalidateRequest) -> Void {
    { request in
      request.walk.selection.pattern = Glob("app:v1:*")
      request.batchSize = test.batch
      test.configure(&request)
      request.earlier = earlier
    }
  }

  /// The chosen keys that a run has dealt with.
  private func done(_ server: FakeServer, _ test: Case) -> Set<[UInt8]> {
    let living = server.living()
    return Set(Self.chosenNames.filter { living[$0].map { $0.ttl <= Self.window } ?? true })
  }

  private func expectOthersUntouched(_ server: FakeServer, _ place: Comment) {
    let others = server.living().values.filter {
      !$0.name.starts(with: utf8("app:v1:")) && $0.type == "string"
    }
    #expect(others.count == 10 && others.allSatisfy { $0.ttl == 9_000_000 }, place)
  }

  @Test(arguments: cases, [0.0, 0.5, 1.0]) func nothingIsLostSightOf(test: Case, carriedOut: Double) throws {
    var random = SeededGenerator(seed: test.name.count)
    for call in 0... {
      let place: Comment = "\(test.name), breaks at \(call)"
      let server = makeServer(test)
      let journal = MemoryFile.journal()
      let backup = test.hasBackup ? MemoryFile("backup") : nil
      let records = RemovalRecords(journal: journal, backup: backup)
      server.faults.breaksAtCall = call
      server.faults.carriedOut = carriedOut
      guard let first = try run(server, test, records, nil, place) else { continue }
      guard first.failure != nil else {
        #expect(call > 8, "it broke at some places")
        return
      }
      // The run that goes on may be cut off as well, and go on in its turn.
      if random.chance(0.5) {
        server.faults.breaksAtCall = random.below(40)
        _ = try run(server, test, records, try journal.summary(), place)
      }
      server.faults.breaksAtCall = nil
      let last = try #require(try run(server, test, records, try journal.summary(), place))
      expectWhole(last, server, test, place)
      #expect(try journal.summary().finishedAt != nil, place)
      try expectBackup(backup, place)
    }
  }

  /// One run, with all that must hold however it ends; nil where it could not even begin.
  private func run(
    _ server: FakeServer, _ test: Case, _ records: RemovalRecords, _ earlier: JournalSummary?,
    _ place: Comment
  ) throws -> RemovalOutcome? {
    let journal = try #require(records.journal as? MemoryFile)
    let before = done(server, test)
    let known = try journal.summary().unanswered
    let outcome: RemovalOutcome
    do {
      outcome = try server.invalidate(records: records, request(test, earlier))
    } catch let error as ClientError {
      #expect(error.kind == .closed, place)
      #expect(done(server, test) == before, "a run without a report has removed nothing")
      #expect(server.names.isDisjoint(with: FakeServer.writing), place)
      #expect(try journal.summary().unanswered == known, place)
      return nil
    }
    let after = done(server, test)
    var now = outcome.report.counts
    let then = outcome.report.earlier ?? RemovalCounts()
    now.removed -= then.removed
    now.unknown -= then.unknown
    let summary = try journal.summary()
    #expect(now.planned == 0 && now.failed == 0, place)
    #expect(now.unknown <= test.batch, place)
    // A batch that was written down and lost its tags only was not sent.
    let open = summary.unanswered.count
    #expect(now.unknown == open || now.unknown < open && !test.tags.isEmpty, place)
    let dealtWith = after.subtracting(before).count
    #expect(now.removed <= dealtWith && dealtWith <= now.removed + now.unknown, place)
    #expect(after.isSubset(of: journal.batches().flatMap(\.keys)), "what was removed was written down before")
    #expect(summary.counts.removed == outcome.report.counts.removed, place)
    #expect(outcome.failure == nil || outcome.failure?.kind == .closed, place)
    expectOthersUntouched(server, place)
    return outcome
  }

  /// What holds at the end of all runs.
  private func expectWhole(_ last: RemovalOutcome, _ server: FakeServer, _ test: Case, _ place: Comment) {
    let counts = last.report.counts
    #expect(last.failure == nil && last.stop == nil && last.report.header.isComplete, place)
    #expect(done(server, test).count == Self.chosenNames.count, place)
    if test.name == "list" {
      // Of a key that never was, nobody knows either what a lost batch did.
      #expect(counts.removed + counts.unknown + counts.absent == Self.chosenNames.count + 1, place)
      #expect(counts.absent >= 1 && counts.unknown == 0, place)
    } else if last.report.expiresWithin == nil {
      #expect(counts.removed + counts.absent == Self.chosenNames.count && counts.unknown == 0, place)
    } else {
      // What was cut by a batch that nobody acknowledged is found cut.
      #expect(counts.removed + counts.absent + counts.kept == Self.chosenNames.count, place)
    }
    if last.report.verification != nil { #expect(last.report.verification?.keys == 0, place) }
    for tag in test.tags { #expect(server.living()[utf8(tag)]?.members == [utf8("session:1")], place) }
  }

  /// Every key that was removed can be brought back.
  private func expectBackup(_ backup: MemoryFile?, _ place: Comment) throws {
    guard let backup else { return }
    for record in backup.records {
      #expect(record.value == .dump(FakeServer.payload(of: FakeKey(record.key))), place)
    }
    #expect(Set(backup.records.map(\.key)) == Set(Self.chosenNames), place)
  }

  // MARK: - Stops

  @Test(arguments: 1...12) func aStopLeavesNoBatchUnaccountedFor(pages: Int) throws {
    let server = FakeServer((0..<400).map { FakeKey("app:v1:user:\($0)") })
    let journal = MemoryFile.journal()
    let asked = Counter()
    var context = RunContext.test
    context.shouldStop = { asked.next() >= pages }
    let outcome = try server.invalidate(records: RemovalRecords(journal: journal), context: context) {
      $0.batchSize = 20
    }
    #expect(outcome.failure?.kind == .interrupted)
    let counts = outcome.report.counts
    #expect(counts.unknown == 0 && counts.matched == counts.removed)
    #expect(counts.removed == 400 - server.living().count && counts.removed < 400)
    #expect(outcome.report.batches == server.removals.count)
    let earlier = try journal.summary()
    #expect(earlier.unanswered.isEmpty && earlier.counts == counts)
    let rest = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.earlier = earlier }
    #expect(rest.report.counts.removed == 400 && server.living().isEmpty && rest.report.header.isComplete)
    #expect(rest.report.earlier == counts)
  }

  @Test func keysOfALostBatchThatLiveAreMetAgain() throws {
    let server = FakeServer((0..<10).map { FakeKey("app:\($0)") })
    let journal = MemoryFile.journal()
    // The third batch arrives in part only.
    let calls = try callsUntilBatch(3)
    server.faults.breaksAtCall = calls
    let first = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.batchSize = 2 }
    #expect(first.report.counts.unknown == 2 && first.report.counts.removed == 4)
    #expect(server.living().count == 6, "none of the batch was removed")
    server.faults.breaksAtCall = nil
    let earlier = try journal.summary()
    let rest = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.earlier = earlier }
    #expect(rest.report.counts.unknown == 0 && rest.report.counts.removed == 10)
    #expect(rest.report.header.warnings.isEmpty)
  }

  @Test func keysOfALostBatchThatAreGoneAreSettled() throws {
    let server = FakeServer((0..<10).map { FakeKey("app:\($0)") })
    let journal = MemoryFile.journal()
    server.faults.breaksAtCall = try callsUntilBatch(3)
    server.faults.carriedOut = 1
    _ = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.batchSize = 2 }
    #expect(server.living().count == 4, "all of the batch was removed")
    server.faults.breaksAtCall = nil
    let earlier = try journal.summary()
    let rest = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.earlier = earlier }
    let counts = rest.report.counts
    #expect(counts.unknown == 0 && counts.absent == 2 && counts.removed == 8, "\(counts)")
    #expect(rest.report.header.isComplete, "nothing is left to do")
    #expect(rest.report.header.warnings.first?.hasPrefix("2 keys of the batch that was under way") == true)
    // And so it stays, however often the journal is gone on with.
    let again = try journal.summary()
    #expect(again.counts == rest.report.counts && again.finishedAt != nil)
    let third = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.earlier = again }
    #expect(third.report.counts == rest.report.counts && server.names.isDisjoint(with: FakeServer.writing))
    #expect(third.report.header.warnings.contains { $0.contains("nothing is left to do") })
  }

  /// At which call a batch of such a run is sent.
  private func callsUntilBatch(_ number: Int) throws -> Int {
    let server = FakeServer((0..<10).map { FakeKey("app:\($0)") })
    var position: Int?
    server.afterCommand = { [unowned server] _ in
      if server.log.last?.name == "UNLINK", server.count("UNLINK") == number { position = server.calls - 1 }
    }
    _ = try server.invalidate { $0.batchSize = 2 }
    return try #require(position)
  }
}

/// Counts from 1.
final class Counter: Sendable {
  private let count = Atomic(0)
  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
