import Keyspace
import Reporting
import Testing

@testable import Operations
@testable import Quantities

/// Bounds, expectations and questions: what must hold before the first key is removed.
struct InvalidateLimitTests {
  private static func makeServer(_ chosen: Int, _ others: Int = 30) -> FakeServer {
    FakeServer((0..<chosen).map { FakeKey("app:v1:\($0)") } + (0..<others).map { FakeKey("shop:v1:\($0)") })
  }

  private static func choose(_ request: inout InvalidateRequest) {
    request.walk.selection.pattern = Glob("app:*")
  }

  // MARK: - Expectations

  @Test(arguments: [
    ("100", true), ("99", false), ("101", false), ("98±2%", false), ("98±3%", true),
    ("102±2%", true), ("103±2%", false), ("0", false), ("0±100%", false), ("200±50%", true),
  ])
  func theCountMustBeAsExpected(text: String, isMet: Bool) throws {
    let server = Self.makeServer(100)
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.expectation = try? ExpectedCount(text)
      #expect($0.expectation != nil)
    }
    if isMet {
      #expect(outcome.refusal == nil && outcome.report.counts.removed == 100)
      #expect(server.living().count == 30 && outcome.report.header.isComplete)
    } else {
      #expect(outcome.refusal == .unexpected(counted: 100, expected: text))
      #expect(outcome.report.stopped?.contains("100 keys match and --expect says \(text)") == true)
      #expect(outcome.report.counts.planned == 100 && outcome.report.batches == 0)
      #expect(server.living().count == 130)
    }
  }

  @Test func nothingExpectedAndNothingThereIsAsExpected() throws {
    let server = Self.makeServer(0)
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.expectation = try? ExpectedCount("0")
    }
    #expect(outcome.refusal == nil && outcome.report.header.isComplete && server.living().count == 30)
  }

  /// What was written between counting and removing is no part of what somebody agreed to.
  @Test(arguments: [(0, 0), (20, 120), (2000, 2200)]) func whatComesLaterIsRemovedWithinBounds(
    counted: Int, most: Int
  ) throws {
    let server = Self.makeServer(counted)
    var walks = 0
    server.faults.reply = { [unowned server] arguments in
      guard arguments[0].text == "SCAN", arguments[1].text == "0" else { return nil }
      walks += 1
      if walks == 2 { for number in 0..<5000 { server.put(FakeKey("app:v9:\(number)")) } }
      return nil
    }
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.expectation = try? ExpectedCount(String(counted))
      $0.walk.count = 10_000
      $0.batchSize = 10_000
    }
    #expect(walks == 2)
    let limit = WriteLimit(counted: counted, maximumKeys: 1_000_000)
    #expect(outcome.stop == .limit(limit) && limit.keys == most)
    #expect(outcome.report.counts.removed == most)
    #expect(server.living().count == counted + 5030 - most)
  }

  // MARK: - The most keys

  @Test(arguments: [(nil, 0), (1_000_000, 0), (130, 0), (129, 1), (100, 1)] as [(Int?, Int)])
  func keysAreCountedFirstWhereTheyMayBeTooMany(limit: Int?, counting: Int) throws {
    let server = Self.makeServer(100)
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.maximumKeys = limit
      $0.walk.count = 1000
      $0.batchSize = 1000
    }
    #expect(outcome.refusal == nil && outcome.report.counts.removed == 100)
    #expect(server.scans.count == 1 + counting)
  }

  @Test(arguments: [99, 1, 0]) func tooManyKeysAreRefused(limit: Int) throws {
    let server = Self.makeServer(100)
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.maximumKeys = limit
    }
    #expect(outcome.refusal == .tooMany(counted: 100, limit: limit))
    #expect(outcome.report.stopped?.hasPrefix("100 keys match and --max-keys allows \(limit)") == true)
    #expect(server.living().count == 130)
  }

  @Test func withoutInfoKeysAreCountedToo() throws {
    let server = Self.makeServer(100)
    server.faults.error = { name, _ in
      name == "INFO" ? "NOPERM no permissions to run the 'info' command" : nil
    }
    let refused = try server.invalidate {
      Self.choose(&$0)
      $0.maximumKeys = 99
    }
    #expect(refused.refusal == .tooMany(counted: 100, limit: 99) && server.living().count == 130)
    let done = try server.invalidate {
      Self.choose(&$0)
      $0.maximumKeys = nil
      $0.walk.count = 1000
      $0.batchSize = 1000
    }
    #expect(
      done.report.counts.removed == 100 && server.scans.count == 1, "without a bound nothing is counted")
  }

  @Test(arguments: [1, 7, 500]) func theBoundHoldsWhileRemovingToo(batch: Int) throws {
    let server = Self.makeServer(100)
    // INFO knows of few keys, and more come by all the same.
    server.info.append("db0:keys=10,expires=0,avg_ttl=0")
    server.faults.reply = { [unowned server] arguments in
      guard arguments[0].text == "INFO" else { return nil }
      return .bulk(utf8((server.info + ["# Keyspace"]).joined(separator: "\r\n")))
    }
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.maximumKeys = 40
      $0.batchSize = batch
    }
    #expect(outcome.stop == .limit(WriteLimit(maximumKeys: 40)) && outcome.refusal == nil)
    #expect(outcome.report.counts.removed == 40 && outcome.report.counts.matched == 40)
    #expect(server.living().count == 90 && server.removals.joined().count == 40)
    #expect(outcome.report.stopped == "after 40 keys, as many as --max-keys allows")
  }

  /// A list that was made hours ago names many keys that are gone: only those that are there count.
  @Test(arguments: [nil, 200, 250], [true, false])
  func namesWithoutAKeyDoNotCount(limit: Int?, isTag: Bool) throws {
    let names = (0..<2000).map { utf8("app:v1:\($0)") }
    for expected in [nil, "200"] {
      let server = FakeServer((0..<200).map { FakeKey("app:v1:\($0 * 10)") })
      if isTag { server.put(FakeKey("tag:a", members: names)) }
      let outcome = try server.invalidate(confirm: { $0.counts.planned == 200 }) {
        if isTag { $0.tags = [utf8("a")] } else { $0.list = KeyList(names) }
        $0.expectation = expected.flatMap { try? ExpectedCount($0) }
        $0.maximumKeys = limit
        $0.walk.count = 100
      }
      #expect(outcome.stop == nil && outcome.refusal == nil && outcome.report.header.isComplete)
      #expect(outcome.report.counts.removed == 200 && outcome.report.counts.absent == 1800)
      #expect(server.living().keys.allSatisfy { $0 == utf8("tag:a") })
    }
  }

  @Test func aBoundThatIsJustReachedStopsNothing() throws {
    let server = Self.makeServer(100, 0)
    let outcome = try server.invalidate {
      Self.choose(&$0)
      $0.maximumKeys = 100
    }
    #expect(outcome.stop == nil && outcome.report.counts.removed == 100 && outcome.report.header.isComplete)
  }

  // MARK: - The question

  @Test(arguments: [RemovalAction.unlink, .delete, .expire(within: 1000)])
  func withoutAYesNothingIsWritten(action: RemovalAction) throws {
    let server = Self.makeServer(100)
    let journal = MemoryFile.journal()
    let backup = MemoryFile("backup")
    let before = journal.bytes
    var asked: [InvalidateReport] = []
    let outcome = try server.invalidate(
      records: RemovalRecords(journal: journal, backup: backup),
      confirm: {
        asked.append($0)
        return false
      },
      {
        Self.choose(&$0)
        $0.action = action
      })
    #expect(asked.count == 1 && asked.first?.counts.planned == 100 && asked.first?.samples.count == 10)
    #expect(asked.first?.groups.first?.names.namespace == utf8("app"))
    let word = if case .expire = action { "changed" } else { "removed" }
    #expect(outcome.refusal == .declined && outcome.report.stopped == "not confirmed: nothing was \(word)")
    #expect(outcome.report.batches == 0 && server.living().count == 130)
    #expect(journal.bytes == before && backup.bytes.isEmpty)
  }

  @Test func withAYesExactlyTheCountedKeysAreRemoved() throws {
    let server = Self.makeServer(100)
    let outcome = try server.invalidate(confirm: { $0.counts.toWrite == 100 }, Self.choose)
    #expect(outcome.report.counts.removed == 100 && server.living().count == 30)
  }

  @Test func nobodyIsAskedAboutNothing() throws {
    let server = Self.makeServer(0)
    var isAsked = false
    let outcome = try server.invalidate(
      confirm: { _ in
        isAsked = true
        return true
      }, Self.choose)
    #expect(!isAsked && outcome.refusal == nil && outcome.report.header.isComplete)
  }

  @Test func whatWasRefusedIsNotAskedAbout() throws {
    let server = Self.makeServer(100)
    var isAsked = false
    let outcome = try server.invalidate(
      confirm: { _ in
        isAsked = true
        return true
      },
      {
        Self.choose(&$0)
        $0.maximumKeys = 10
      })
    #expect(!isAsked && outcome.refusal == .tooMany(counted: 100, limit: 10))
  }

  @Test func aCountThatBreaksOffAsksNobodyAndRemovesNothing() throws {
    for replies in 3..<30 {
      let server = Self.makeServer(100)
      server.faults.breaksAfter = replies
      let outcome = try server.invalidate(
        confirm: { _ in
          Issue.record("asked after \(replies) replies")
          return true
        },
        {
          Self.choose(&$0)
          $0.batchSize = 10
        })
      #expect(outcome.failure?.kind == .closed && server.removals.isEmpty && server.living().count == 130)
    }
  }

  // MARK: - Dry runs

  @Test func aDryRunEndsWithTheCommandToRun() throws {
    let server = Self.makeServer(100)
    let report = try server.invalidate {
      Self.choose(&$0)
      $0.isDryRun = true
      $0.commandContext = [.given(["app:*"]), .type("it's")]
      $0.expectation = try? ExpectedCount("101±1%")
    }.report
    let words = try #require(report.command.flatMap { shellWords($0.line) })
    #expect(
      words.map(\.text)
        == ["rediscache", "invalidate", "app:*", "--type", "it's", "--expect", "100", "--yes"])
    #expect(report.counts.planned == 100 && report.batches == 1 && report.plan.seconds != nil)
    #expect(try server.invalidate(Self.choose).report.command == nil)
  }

  /// It takes the same way, so that it tells what would be refused, and suggests nothing that contradicts it.
  @Test func aDryRunTellsWhatWouldBeRefused() throws {
    let outcome = try Self.makeServer(100).invalidate {
      Self.choose(&$0)
      $0.isDryRun = true
      $0.expectation = try? ExpectedCount("5")
    }
    #expect(outcome.refusal == .unexpected(counted: 100, expected: "5") && outcome.report.command == nil)
    #expect(outcome.report.stopped?.contains("--expect says 5") == true && !outcome.report.header.isComplete)
  }

  @Test func aDryRunWritesIntoNoFile() throws {
    let server = Self.makeServer(100)
    let (journal, backup) = (MemoryFile("journal", failsAfter: 0), MemoryFile("backup", failsAfter: 0))
    let report = try server.invalidate(records: RemovalRecords(journal: journal, backup: backup)) {
      Self.choose(&$0)
      $0.isDryRun = true
    }.report
    #expect(report.counts.planned == 100 && report.stopped == nil)
  }
}
