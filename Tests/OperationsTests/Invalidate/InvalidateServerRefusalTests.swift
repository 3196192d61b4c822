import RedisClient
import Testing

@testable import Operations

/// What a removal does where the server refuses to remove.
struct InvalidateServerRefusalTests {
  private static let noKey = "NOPERM No permissions to access a key"
  private static func users(_ count: Int) -> [FakeKey] {
    (0..<count).map { FakeKey("app:v1:user:\($0)", ttl: 9_000_000) }
  }

  struct Forbidden: Sendable, CustomTestStringConvertible {
    var keys: Set<Int>
    var batch: Int
    var action = RemovalAction.unlink
    var testDescription: String { "\(keys.count) keys, batches of \(batch), \(action.name)" }
  }

  static let forbidden: [Forbidden] = [
    Forbidden(keys: [17], batch: 100), Forbidden(keys: [0], batch: 1),
    Forbidden(keys: [3, 50, 51], batch: 1000),
    Forbidden(keys: Set((0..<100).filter { $0 % 3 == 0 }), batch: 32),
    Forbidden(keys: Set(0..<100), batch: 100),
    Forbidden(keys: [17], batch: 100, action: .delete), Forbidden(keys: [3, 99], batch: 7, action: .delete),
    Forbidden(keys: [17, 18], batch: 50, action: .expire(within: 1000)),
  ]

  @Test(arguments: forbidden) func aForbiddenKeyIsFoundAndNoOtherStays(forbidden: Forbidden) throws {
    let server = FakeServer(Self.users(100))
    let names = Set(forbidden.keys.map { utf8("app:v1:user:\($0)") })
    server.faults.error = { name, key in
      FakeServer.removing.contains(name) && names.contains(key) ? Self.noKey : nil
    }
    let journal = MemoryFile.journal()
    let outcome = try server.invalidate(records: RemovalRecords(journal: journal)) {
      $0.batchSize = forbidden.batch
      $0.action = forbidden.action
    }
    let counts = outcome.report.counts
    #expect(counts.failed == names.count && counts.removed == 100 - names.count && counts.matched == 100)
    let left = server.living().values.filter { $0.ttl == 9_000_000 }
    #expect(Set(left.map(\.name)) == names)
    #expect(outcome.stop == nil && outcome.failure == nil && !outcome.report.header.isComplete)
    let warning = try #require(outcome.report.header.warnings.first)
    #expect(warning.contains("refused, the first with: NOPERM") && warning.contains("ACL SETUSER default ~"))
    #expect(outcome.report.batches == (100 + forbidden.batch - 1) / forbidden.batch, "retries are no batches")
    #expect(try journal.summary().counts == counts)
    #expect(try journal.summary().finishedAt == nil, "a run that may be gone on with has not finished")
    if names.count == 1, forbidden.batch == 100 {
      #expect(server.removals.count <= 1 + 2 * 7, "the key is found by halving")
    }
  }

  @Test func unlinkThatIsNotKnownIsReplacedByDel() throws {
    let keys = Self.users(300) + (0..<100).map { FakeKey("shop:\($0)") }
    let server = FakeServer(keys)
    server.faults.error = { name, _ in
      name == "UNLINK" ? "ERR unknown command `UNLINK`, with args beginning with: " : nil
    }
    let outcome = try server.invalidate { $0.batchSize = 50 }
    #expect(outcome.report.counts.removed == 400 && server.living().isEmpty)
    #expect(outcome.report.header.isComplete && outcome.report.header.warnings.isEmpty)
    #expect(server.removals.first?.count == 50 && server.count("UNLINK") <= 2, "it is tried with one batch")
    #expect(outcome.report.batches == 8)
  }

  @Test func aUserWithoutTheRightToRemoveStops() throws {
    let server = FakeServer(Self.users(300))
    server.faults.error = { name, _ in
      name == "UNLINK" ? "NOPERM User cache has no permissions to run the 'unlink' command" : nil
    }
    let outcome = try server.invalidate { $0.batchSize = 50 }
    guard case .refused(let error) = outcome.stop else {
      Issue.record("\(String(describing: outcome.stop))")
      return
    }
    #expect(error.kind == .permission && "\(error.hints)".contains("+unlink"))
    #expect(server.removals.count == 1 && server.count("DEL") == 0)
    #expect(outcome.report.counts.failed == 50 && outcome.report.counts.matched == 50)
  }

  @Test func aServerOutOfMemoryRemovesOn() throws {
    let server = FakeServer(Self.users(300))
    server.faults.error = { name, key in
      name == "UNLINK" && key == utf8("app:v1:user:3")
        ? "OOM command not allowed when used memory > 'maxmemory'." : nil
    }
    let outcome = try server.invalidate { $0.batchSize = 30 }
    #expect(outcome.stop == nil && outcome.report.counts.failed == 30)
    #expect(outcome.report.counts.removed == 270 && server.living().count == 30)
    #expect(outcome.report.header.warnings.first?.contains("OOM") == true)
  }

  static let stopping: [(error: String, kind: ClientError.Kind, hint: String)] = [
    ("READONLY You can't write against a read only replica.", .transient, "primary"),
    ("MISCONF Redis is configured to save RDB snapshots, but can't", .transient, "save to disk"),
    ("NOREPLICAS Not enough good replicas to write.", .transient, "replicas"),
    ("LOADING Redis is loading the dataset in memory", .transient, "retry"),
    ("BUSY Redis is busy running a script.", .transient, "retry"),
    ("NOAUTH Authentication required.", .permission, "givePassword"),
  ]

  @Test(arguments: stopping, [RemovalAction.unlink, .delete, .expire(within: 1000)])
  func aServerThatTakesNoWritesStopsTheRun(
    refusal: (error: String, kind: ClientError.Kind, hint: String), action: RemovalAction
  ) throws {
    let server = FakeServer(Self.users(300))
    let journal = MemoryFile.journal()
    // The third batch and all that follow are refused.
    server.faults.error = { [unowned server] name, _ in
      FakeServer.removing.contains(name) && server.removals.count >= 2 ? refusal.error : nil
    }
    let outcome = try server.invalidate(records: RemovalRecords(journal: journal)) {
      $0.batchSize = 20
      $0.action = action
    }
    guard case .refused(let error) = outcome.stop else {
      Issue.record("\(String(describing: outcome.stop))")
      return
    }
    #expect(error.kind == refusal.kind && "\(error.hints)".contains(refusal.hint))
    let counts = outcome.report.counts
    #expect(counts.removed == 40 && counts.failed == 20 && counts.unknown == 0 && counts.matched == 60)
    #expect(server.removals.count == 3, "nothing is sent after the batch that was refused")
    #expect(server.living().values.count { $0.ttl == 9_000_000 } == 260)
    #expect(outcome.report.stopped == error.message && outcome.failure == nil)
    #expect(try journal.summary().counts == counts && journal.summary().unanswered.isEmpty)
    #expect(journal.batches().map(\.keys) == server.removals)
  }

  @Test func aServerThatIsBusyWhileMeasuringEndsTheRun() throws {
    let server = FakeServer(Self.users(300))
    server.faults.error = { [unowned server] name, _ in
      name == "PTTL" && server.removals.count >= 2 ? "BUSY Redis is busy running a script." : nil
    }
    let outcome = try server.invalidate {
      $0.batchSize = 20
      $0.walk.selection.ttlAbove = 5
    }
    #expect(outcome.failure?.kind == .transient)
    let counts = outcome.report.counts
    #expect(counts.removed + counts.unknown == 300 - server.living().count && counts.unknown <= 20)
    #expect(counts.removed >= 20)
  }

  @Test(arguments: [FakeReply.status("OK"), .null, .integer(-1), .integer(21), .bulk([]), .array([])])
  func anAnswerThatIsNoNumberOfKeysLeavesThemUnknown(reply: FakeReply) throws {
    let server = FakeServer(Self.users(200))
    server.faults.reply = { $0[0].text == "UNLINK" ? reply : nil }
    let outcome = try server.invalidate { $0.batchSize = 20 }
    guard case .refused(let error) = outcome.stop else {
      Issue.record("\(String(describing: outcome.stop))")
      return
    }
    #expect(error.kind == .protocolViolation)
    #expect(outcome.report.counts.unknown == 20 && outcome.report.counts.matched == 20)
    #expect(server.removals.count == 1)
  }

  @Test func whatIsRefusedBesideAForbiddenKeyIsAccountedFor() throws {
    // Two groups in one batch: the command of one meets a forbidden key, that of the other a full disk.
    let keys = Self.users(30) + (0..<30).map { FakeKey("shop:v1:\($0)") }
    let server = FakeServer(keys)
    server.faults.error = { name, key in
      guard name == "UNLINK" else { return nil }
      return key.text.hasPrefix("shop")
        ? "MISCONF cannot save" : key == utf8("app:v1:user:7") ? Self.noKey : nil
    }
    let journal = MemoryFile.journal()
    let outcome = try server.invalidate(records: RemovalRecords(journal: journal))
    let counts = outcome.report.counts
    #expect(outcome.stop != nil && counts.removed == 0 && server.living().count == 60)
    #expect(counts.failed >= 30 && server.removals.count == 1)
    #expect(try journal.summary().unanswered.isEmpty)
  }
}
