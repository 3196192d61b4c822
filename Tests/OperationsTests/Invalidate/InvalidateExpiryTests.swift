import Keyspace
import Testing

@testable import Operations

/// Soft expiry: keys get a random moment within a window, and none lives longer for it.
struct InvalidateExpiryTests {
  private static let window: Int64 = 600_000

  /// Keys without TTL, with a long one, and with one that is shorter than most moments.
  private static let keys = (0..<900).map { index in
    FakeKey("app:v1:user:\(index)", ttl: [-1, 86_400_000, 40_000][index % 3])
  }

  private static func moment(_ key: [UInt8], _ window: Int64 = window) -> Int64 {
    RemovalAction.softTTL(of: key.span, within: window)
  }

  private static func choose(_ request: inout InvalidateRequest) {
    request.walk.selection.pattern = Glob("app:*")
    request.action = .expire(within: window)
  }

  @Test(arguments: [true, false], [1, 40, 1000]) func eachKeyGetsAMomentInsideTheWindow(
    hasLT: Bool, batch: Int
  ) throws {
    let server = FakeServer(Self.keys + [FakeKey("shop:1")])
    server.faults.lacksLT = !hasLT
    let report = try server.invalidate {
      Self.choose(&$0)
      $0.batchSize = batch
    }.report
    let living = server.living()
    #expect(living.count == Self.keys.count + 1 && living[utf8("shop:1")]?.ttl == -1)
    var kept = 0
    for key in Self.keys {
      let ttl = try #require(living[key.name]?.ttl)
      #expect((1...Self.window).contains(ttl))
      #expect(key.ttl == -1 || ttl <= key.ttl, "never longer")
      if key.ttl > 0, ttl == key.ttl {
        kept += 1
      } else {
        #expect(ttl == Self.moment(key.name))
      }
    }
    #expect(kept > 200 && report.counts.kept == kept && report.counts.removed == 900 - kept)
    #expect(report.header.isComplete && report.action == "PEXPIRE" && report.expiresWithin == 600)
    #expect(server.names.intersection(FakeServer.writing) == ["PEXPIRE"])
    #expect(report.batches == server.removals.count || !hasLT)
    // Once it is known that LT is not, nothing is sent with it.
    if !hasLT {
      #expect(server.count("PEXPIRE") == report.counts.removed + min(batch, report.counts.removed))
    }
  }

  @Test func aDryRunCountsWhatIsKeptApart() throws {
    let dry = try FakeServer(Self.keys).invalidate {
      Self.choose(&$0)
      $0.isDryRun = true
    }.report.counts
    let real = try FakeServer(Self.keys).invalidate(Self.choose).report.counts
    #expect(dry.planned == real.removed && dry.kept == real.kept && dry.toWrite == real.toWrite)
  }

  @Test func theMomentsAreSpreadEvenly() {
    var quarters = [0, 0, 0, 0]
    for index in 0..<8000 {
      let moment = Self.moment(utf8("app:v1:user:\(index)"))
      quarters[Int((moment - 1) * 4 / Self.window)] += 1
    }
    // Each holds 2000, give or take five standard deviations.
    #expect(quarters.allSatisfy { (1800...2200).contains($0) }, "\(quarters)")
  }

  @Test func aMomentIsTheKeysOwn() {
    let keys = (0..<2000).map { utf8("app:\($0)") }
    let first = keys.map { Self.moment($0) }
    #expect(first == keys.map { Self.moment($0) })
    #expect(Set(first).count > 1900)
    for window: Int64 in [1, 2, 1000, 86_400_000 * 365, .max] {
      #expect(
        keys.allSatisfy { (1...window).contains(Self.moment($0, window)) })
    }
  }

  @Test func aKeyThatWasCutInBetweenIsNotMadeToLiveLonger() throws {
    let server = FakeServer((0..<50).map { FakeKey("app:v1:user:\($0)", ttl: 86_400_000) })
    server.faults.reply = { [unowned server] arguments in
      // Somebody else shortens every key after it was measured, before its turn comes.
      if arguments[0].text == "PEXPIRE" { server.put(FakeKey(arguments[1], ttl: 5)) }
      return nil
    }
    let report = try server.invalidate(Self.choose).report
    #expect(server.living().values.allSatisfy { $0.ttl == 5 })
    #expect(report.counts.removed == 0 && report.counts.matched == 50)
  }

  @Test func aRunThatGoesOnCountsEachKeyOnce() throws {
    let server = FakeServer(Self.keys)
    let journal = MemoryFile.journal()
    let asked = Counter()
    var context = RunContext.test
    context.shouldStop = { asked.next() > 9 }
    let first = try server.invalidate(records: RemovalRecords(journal: journal), context: context) {
      Self.choose(&$0)
      $0.batchSize = 50
    }
    #expect(first.failure?.kind == .interrupted && first.report.counts.removed > 50)
    let earlier = try journal.summary()
    let last = try server.invalidate(records: RemovalRecords(journal: journal)) {
      Self.choose(&$0)
      $0.earlier = earlier
    }
    let whole = try FakeServer(Self.keys).invalidate(Self.choose).report.counts
    #expect(last.report.counts == whole && last.report.header.isComplete)
    #expect(last.report.earlier?.removed == first.report.counts.removed)
  }

  @Test func verifyFindsWhatLivesLonger() throws {
    let server = FakeServer(Self.keys)
    server.afterward = { [unowned server] arguments in
      if arguments[0].text == "PEXPIRE", arguments[1] == utf8("app:v1:user:0") {
        server.put(FakeKey("app:v1:user:0"))
      }
    }
    let report = try server.invalidate {
      Self.choose(&$0)
      $0.verifies = true
    }.report
    #expect(report.verification?.keys == 1 && report.verification?.samples == [utf8("app:v1:user:0")])
    #expect(!report.header.isComplete)
  }
}
