import Keyspace
import RedisClient
import Reporting
import TestSupport
import Testing

@testable import Operations
@testable import Quantities
@testable import SeedFormat

/// Journal and backup: written before anything is removed, and never after they failed.
struct InvalidateRecordTests {
  private static let keys = (0..<30).map { index -> FakeKey in
    var key = FakeKey("app:v1:user:\(index)", ttl: index % 3 == 0 ? -1 : 5000 + Int64(index))
    key.value = [UInt8(index), 0, 0xfe, 0x0a]
    return key
  }

  private static func events(_ server: FakeServer, _ log: EventLog) {
    server.afterCommand = { [unowned server] _ in
      let name = server.log.last?.name ?? ""
      if ["UNLINK", "DUMP", "PEXPIRE"].contains(name) { log.note(.command(name)) }
    }
  }

  @Test func theBackupIsOnDiskBeforeItsBatchIsSent() throws {
    let (server, log) = (FakeServer(Self.keys), EventLog())
    Self.events(server, log)
    let (journal, backup) = (MemoryFile.journal(log: log), MemoryFile("backup", log: log))
    let report = try server.invalidate(records: RemovalRecords(journal: journal, backup: backup)) {
      $0.batchSize = 10
    }.report
    #expect(report.counts.removed == 30 && report.header.isComplete)
    let batch: [EventLog.Event] =
      Array(repeating: .command("DUMP"), count: 10) + [
        .appended("backup"), .synchronized("backup"), .appended("journal"), .command("UNLINK"),
        .appended("journal"),
      ]
    #expect(log.events == batch + batch + batch + [.appended("journal"), .synchronized("journal")])
    try expectRecords(backup, of: Self.keys, server.time)
  }

  @Test func theJournalNamesTheBatchBeforeItIsSent() throws {
    let (server, log) = (FakeServer(Self.keys), EventLog())
    Self.events(server, log)
    let journal = MemoryFile.journal(log: log)
    _ = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.batchSize = 10 }
    let batch: [EventLog.Event] = [.appended("journal"), .command("UNLINK"), .appended("journal")]
    #expect(log.events == batch + batch + batch + [.appended("journal"), .synchronized("journal")])
    #expect(journal.batches().map(\.keys) == server.removals)
  }

  private func expectRecords(_ backup: MemoryFile, of keys: [FakeKey], _ time: Int) throws {
    let saved = Dictionary(backup.records.map { ($0.key, $0) }) { _, last in last }
    #expect(saved.count == keys.count)
    for key in keys {
      let record = try #require(saved[key.name])
      #expect(record.value == .dump(FakeServer.payload(of: key)))
      // The fake server's clock shows a quarter of a second past the whole one.
      let moment = Int64(time) * 1000 + 250 + key.ttl
      #expect(record.expiry == (key.ttl < 0 ? .never : .at(milliseconds: moment)))
    }
  }

  @Test(arguments: [1, 7, 45, 500]) func allShapesOfKeysAreSaved(batch: Int) throws {
    let keys = Keyspaces.mixed(3) + [FakeKey([0, 0xff, 0x22, 0x0a]), FakeKey("\"\\\u{2028}é\u{0}")]
    let (server, backup) = (FakeServer(keys), MemoryFile("backup"))
    let report = try server.invalidate(records: RemovalRecords(backup: backup)) { $0.batchSize = batch }
      .report
    #expect(report.counts.removed == keys.count && server.living().isEmpty)
    try expectRecords(backup, of: keys, server.time)
  }

  @Test func keysThatGoMeanwhileAreNotInTheBackup() throws {
    let (server, backup) = (FakeServer(Self.keys), MemoryFile("backup"))
    server.faults.reply = { $0[0].text == "DUMP" && $0[1] == utf8("app:v1:user:4") ? .null : nil }
    let report = try server.invalidate(records: RemovalRecords(backup: backup)).report
    #expect(report.counts.removed == 30)
    try expectRecords(backup, of: Self.keys.filter { $0.name != utf8("app:v1:user:4") }, server.time)
  }

  @Test func withoutTimeTheBackupSaysHowLongIsLeft() throws {
    let (server, backup) = (FakeServer([FakeKey("app:1", ttl: 1500)]), MemoryFile("backup"))
    server.faults.error = { name, _ in name == "TIME" ? "ERR unknown command 'TIME'" : nil }
    _ = try server.invalidate(records: RemovalRecords(backup: backup))
    #expect(backup.bytes.text.contains(#""ttl":2,"db":0}"#))
  }

  @Test(arguments: ["DUMP", "PTTL"]) func aKeyThatCannotBeSavedIsNotRemoved(command: String) throws {
    let (server, backup) = (FakeServer(Self.keys), MemoryFile("backup"))
    server.faults.error = { [unowned server] name, _ in
      name == command && server.removals.count == 2 ? "NOPERM No permissions to access a key" : nil
    }
    let outcome = try server.invalidate(records: RemovalRecords(backup: backup)) { $0.batchSize = 5 }
    #expect(outcome.stop == nil && !outcome.report.header.isComplete)
    #expect(outcome.report.counts.removed == 10 && outcome.report.counts.failed == 20)
    #expect(outcome.report.header.warnings.contains { $0.contains("NOPERM") })
    #expect(outcome.report.batches == 2, "what was not sent is no batch")
    #expect(server.living().count == 20)
  }

  @Test(arguments: ["DUMP", "PTTL"]) func whereValuesCannotBeToldNothingIsRemoved(command: String) throws {
    let (server, backup) = (FakeServer(Self.keys), MemoryFile("backup"))
    server.faults.error = { [unowned server] name, _ in
      name == command && server.removals.count == 2 ? "ERR value too large" : nil
    }
    let outcome = try server.invalidate(records: RemovalRecords(backup: backup)) { $0.batchSize = 5 }
    guard case .cannotRecord(let reason) = outcome.stop else {
      Issue.record("\(String(describing: outcome.stop))")
      return
    }
    #expect(reason.contains("value too large") && outcome.report.stopped == reason)
    #expect(outcome.report.counts.removed == 10 && server.living().count == 20)
  }

  // MARK: - Files that fail

  /// The backup is written and flushed once a batch; the journal is written before each batch and after it.
  @Test(arguments: 0..<12) func nothingIsRemovedThatABackupDoesNotHold(calls: Int) throws {
    let server = FakeServer(Self.keys)
    let (journal, backup) = (MemoryFile.journal(), MemoryFile("backup", failsAfter: calls))
    let outcome = try server.invalidate(records: RemovalRecords(journal: journal, backup: backup)) {
      $0.batchSize = 5
    }
    #expect(outcome.stop == .cannotRecord("cannot write \"backup\": no space left on device"))
    #expect(outcome.report.counts.removed == calls / 2 * 5 && outcome.report.counts.unknown == 0)
    #expect(server.living().count == 30 - calls / 2 * 5)
    #expect(outcome.report.batches == calls / 2 && server.removals.count == calls / 2)
    #expect(try journal.summary().counts == outcome.report.counts)
  }

  @Test(arguments: 0..<12) func nothingIsRemovedThatAJournalDoesNotName(calls: Int) throws {
    let server = FakeServer(Self.keys)
    let journal = MemoryFile("journal", failsAfter: calls)
    let outcome = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.batchSize = 5 }
    #expect(outcome.stop == .cannotRecord("cannot write \"journal\": no space left on device"))
    let sent = (calls + 1) / 2
    #expect(outcome.report.counts.removed == sent * 5 && server.living().count == 30 - sent * 5)
    #expect(server.removals.count == sent && outcome.report.batches == sent)
    #expect(outcome.failure == nil && !outcome.report.header.isComplete)
  }

  @Test func anEndThatCannotBeWrittenIsAWarning() throws {
    let server = FakeServer(Self.keys)
    let outcome = try server.invalidate(
      records: RemovalRecords(journal: MemoryFile("journal", failsAfter: 12))
    ) { $0.batchSize = 5 }
    #expect(outcome.stop == nil && outcome.report.counts.removed == 30)
    #expect(outcome.report.header.warnings.first?.hasPrefix("the journal's end could not be written") == true)
  }

  @Test func aRunThatGoesOnMustBeAbleToWriteItsJournal() throws {
    let server = FakeServer(Self.keys)
    var earlier = try MemoryFile.journal().summary()
    try earlier.read(utf8(#"{"sent":["app:v1:user:1"]}"#))
    try earlier.close()
    let error = #expect(throws: ClientError.self) {
      try server.invalidate(records: RemovalRecords(journal: MemoryFile("journal", failsAfter: 0))) {
        $0.earlier = earlier
      }
    }
    #expect(error?.message.contains("no space left") == true && server.living().count == 30)
    #expect(server.removals.isEmpty)
  }

  // MARK: - Going on

  /// What was refused at first and removed by a later run is counted once.
  @Test func whatFailedIsMetAgain() throws {
    let server = FakeServer(Self.keys)
    let journal = MemoryFile.journal()
    server.faults.error = { name, key in
      name == "UNLINK" && key == utf8("app:v1:user:4") ? "NOPERM No permissions to access a key" : nil
    }
    let first = try server.invalidate(records: RemovalRecords(journal: journal))
    #expect(first.report.counts.failed == 1 && first.report.counts.removed == 29)
    server.faults.error = { _, _ in nil }
    for _ in 0..<2 {
      let earlier = try journal.summary()
      let report = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.earlier = earlier }
        .report
      #expect(report.counts.failed == 0 && report.counts.removed == 30 && report.counts.matched == 30)
      #expect(report.header.isComplete)
    }
    #expect(try journal.summary().finishedAt != nil)
  }

  @Test(arguments: [true, false], [1, 3, 4]) func aListThatIsGoneOnWithCountsAbsentKeysOnce(
    tellsSizes: Bool, batch: Int
  ) throws {
    var names = Self.keys.map(\.name)
    // Without sizes it shows only when keys are removed that they are gone.
    for number in 0..<7 { names.insert(utf8("app:v1:gone:\(number)"), at: number * 5) }
    let list = names
    let server = FakeServer(Self.keys)
    server.faults.error = { name, _ in name == "MEMORY USAGE" && !tellsSizes ? "ERR unknown command" : nil }
    let journal = MemoryFile.journal()
    for stop in [5, 9, 14, 1000, 1000] {
      let earlier = journal.lines.count > 1 ? try journal.summary() : nil
      let asked = Counter()
      var context = RunContext.test
      context.shouldStop = { asked.next() > stop }
      let report = try server.invalidate(records: RemovalRecords(journal: journal), context: context) {
        $0.list = KeyList(list)
        $0.batchSize = batch
        $0.earlier = earlier
      }.report
      #expect(report.counts.removed == 30 - server.living().count)
      if stop == 1000 { #expect(report.counts.removed == 30 && report.counts.absent == 7) }
    }
  }

  @Test func theExpectationIsAboutAllRunsTogether() throws {
    let server = FakeServer(Self.keys)
    let journal = MemoryFile.journal()
    server.faults.error = { [unowned server] name, _ in
      name == "UNLINK" && server.removals.count == 2 ? "READONLY" : nil
    }
    _ = try server.invalidate(records: RemovalRecords(journal: journal)) { $0.batchSize = 5 }
    #expect(server.living().count == 20)
    server.faults.error = { _, _ in nil }
    let earlier = try journal.summary()
    var asked: InvalidateReport?
    let outcome = try server.invalidate(
      records: RemovalRecords(journal: journal),
      confirm: {
        asked = $0
        return true
      },
      {
        $0.earlier = earlier
        $0.expectation = try? ExpectedCount("30")
      })
    #expect(asked?.counts.planned == 20 && asked?.counts.toWrite == 30)
    #expect(outcome.refusal == nil && outcome.report.counts.removed == 30 && server.living().isEmpty)
  }

  @Test func nobodyIsAskedWhereAnEarlierRunHasDoneAll() throws {
    let server = FakeServer([FakeKey("shop:1")])
    var earlier = try MemoryFile.journal().summary()
    try earlier.read(utf8(#"{"done":{"removed":30,"absent":0,"kept":0,"failed":0,"unknown":0}}"#))
    let outcome = try server.invalidate(
      confirm: { _ in
        Issue.record("asked")
        return true
      },
      {
        $0.walk.selection.pattern = Glob("app:*")
        $0.earlier = earlier
      })
    #expect(outcome.report.counts.removed == 30 && outcome.report.header.isComplete)
  }

  @Test func aDryRunOfAJournalChangesNothing() throws {
    let server = FakeServer(Self.keys)
    let journal = MemoryFile.journal()
    var earlier = try journal.summary()
    try earlier.read(utf8(#"{"done":{"removed":5,"absent":1,"kept":0,"failed":2,"unknown":0}}"#))
    try earlier.read(utf8(#"{"sent":["app:v1:user:1","app:gone"]}"#))
    try earlier.close()
    let before = journal.bytes
    let report = try server.invalidate(records: RemovalRecords(journal: journal)) {
      $0.earlier = earlier
      $0.isDryRun = true
    }.report
    #expect(report.counts.planned == 30 && report.counts.removed == 5 && report.counts.failed == 0)
    #expect(journal.bytes == before && server.count("EXISTS") == 0)
  }

  /// What a batch that was answered with nonsense has done is looked at by the next run, and counted once.
  @Test(arguments: [false, true]) func nonsenseLeavesItsKeysOpen(isCarriedOut: Bool) throws {
    let server = FakeServer(Self.keys)
    let records = RemovalRecords(journal: MemoryFile.journal())
    var answers = 0
    server.faults.reply = { [unowned server] words in
      guard words[0].text == "UNLINK" else { return nil }
      answers += 1
      guard answers == 2 else { return nil }
      if isCarriedOut { for key in words.dropFirst() { server.drop(key) } }
      return .status("OK")
    }
    let first = try server.invalidate(records: records) { $0.batchSize = 10 }
    #expect(first.stop != nil && first.report.counts.unknown == 10 && first.report.counts.removed == 10)
    let journal = try #require(records.journal as? MemoryFile)
    let earlier = try journal.summary()
    #expect(earlier.unanswered.count == 10 && earlier.counts.removed == 10 && earlier.counts.unknown == 0)
    let last = try server.invalidate(records: records) {
      ($0.batchSize, $0.earlier) = (10, earlier)
      $0.expectation = try? ExpectedCount("30")
    }
    #expect(last.refusal == nil)
    let counts = last.report.counts
    #expect(last.report.header.isComplete && server.living().isEmpty)
    #expect(
      counts.removed == (isCarriedOut ? 20 : 30) && counts.absent == (isCarriedOut ? 10 : 0)
        && counts.unknown == 0, "\(counts)")
  }
}
