import Keyspace
import Testing

@testable import Operations

/// What a removal does where the server cannot keep up, and what it finds when it looks again.
struct InvalidateBackpressureTests {
  private static func makeServer() -> FakeServer { FakeServer((0..<100).map { FakeKey("app:v1:\($0)") }) }

  private static let lagging = [
    "connected_slaves:1", "slave0:ip=10.0.0.2,port=6380,state=online,offset=500,lag=9",
    "master_repl_offset:500",
  ]

  @Test(arguments: [
    (lagging, "the replica 10.0.0.2:6380 has not reported for 9 s"),
    (["lazyfree_pending_objects:20000"], "20,000 values wait to be freed"),
  ]) func aServerThatLagsIsGivenTime(info: [String], reason: String) throws {
    let server = Self.makeServer()
    server.info += info
    let report = try server.invalidate { $0.batchSize = 10 }.report
    #expect(report.counts.removed == 100 && report.header.isComplete, "the run creeps on")
    // The first batch asks, and what it hears holds for all that follow within the second.
    #expect(server.pauses.count == 9)
    #expect(server.pauses.allSatisfy { $0.duration == .seconds(1) })
    #expect(report.header.warnings == ["slowed down for 9 s in all: \(reason)"])
    for pause in server.pauses {
      let next = server.log[pause.position...].first { FakeServer.removing.contains($0.name) }
      #expect(next != nil, "each rest stands before a batch")
    }
    #expect(server.count("INFO") == 3, "twice at the start, and once with the first batch")
  }

  @Test func aServerThatKeepsUpIsNotWaitedFor() throws {
    let server = Self.makeServer()
    server.info += [
      "connected_slaves:2", "slave0:ip=10.0.0.2,port=6380,state=online,offset=500,lag=1",
      "slave1:ip=10.0.0.3,port=6380,state=wait_bgsave,offset=0,lag=99", "master_repl_offset:900",
      "lazyfree_pending_objects:10",
    ]
    let report = try server.invalidate { $0.batchSize = 10 }.report
    #expect(server.pauses.isEmpty && report.header.warnings.isEmpty && report.counts.removed == 100)
  }

  @Test func aServerWithoutInfoIsNotWaitedFor() throws {
    let server = Self.makeServer()
    server.faults.error = { name, _ in name == "INFO" ? "ERR unknown command 'INFO'" : nil }
    let report = try server.invalidate {
      $0.batchSize = 10
      $0.maximumKeys = nil
    }.report
    #expect(server.pauses.isEmpty && report.counts.removed == 100)
  }

  @Test func aDryRunIsNotSlowedDown() throws {
    let server = Self.makeServer()
    server.info += Self.lagging
    let report = try server.invalidate {
      $0.batchSize = 10
      $0.isDryRun = true
    }.report
    #expect(server.pauses.isEmpty && report.header.warnings.isEmpty && server.count("INFO") == 2)
  }

  @Test func aStopIsHeardWhileResting() throws {
    let server = Self.makeServer()
    server.info += Self.lagging
    var context = RunContext.test
    let stops = Counter()
    context.shouldStop = { stops.next() > 8 }
    let outcome = try server.invalidate(context: context) { $0.batchSize = 10 }
    #expect(outcome.failure?.kind == .interrupted)
    #expect(
      outcome.report.counts.removed == 100 - server.living().count && outcome.report.counts.unknown == 0)
    #expect(outcome.report.batches == server.removals.count)
  }

  @Test(arguments: [(Pace.full, 0), (.auto, 0), (.gentle, 1)]) func thePaceIsKept(pace: Pace, rests: Int)
    throws
  {
    let server = Self.makeServer()
    _ = try server.invalidate {
      $0.walk.pace = pace
      $0.batchSize = 10
    }
    #expect(server.living().isEmpty && (server.pauses.isEmpty == (rests == 0)))
  }

  @Test func theRateBoundsTheKeysASecond() throws {
    let server = Self.makeServer()
    _ = try server.invalidate {
      $0.walk.rate = 10
      $0.batchSize = 10
    }
    // A hundred keys at ten a second take ten seconds; the fake server takes none itself, and each rest is
    // measured from the start.
    let longest = server.pauses.map(\.duration).max() ?? .zero
    #expect(longest > .seconds(7) && longest <= .seconds(10))
  }

  // MARK: - Verification

  @Test func aSecondLookFindsWhatCameBack() throws {
    let server = Self.makeServer()
    server.put(FakeKey("shop:1"))
    var removed = 0
    server.afterward = { [unowned server] arguments in
      guard arguments[0].text == "UNLINK" else { return }
      removed += arguments.count - 1
      guard removed == 100 else { return }
      for number in [3, 7, 12] { server.put(FakeKey("app:v1:\(number)")) }
    }
    let outcome = try server.invalidate {
      $0.walk.selection.pattern = Glob("app:*")
      $0.batchSize = 10
      $0.verifies = true
    }
    let found = try #require(outcome.report.verification)
    #expect(found.keys == 3 && found.isComplete)
    #expect(Set(found.samples) == [utf8("app:v1:3"), utf8("app:v1:7"), utf8("app:v1:12")])
    #expect(outcome.report.counts.removed == 100 && outcome.report.counts.matched == 100)
    #expect(!outcome.report.header.isComplete && server.removals.joined().count == 100)
    #expect(server.living().count == 4)
  }

  @Test func aSecondLookThatFindsNothingSaysSo() throws {
    let server = Self.makeServer()
    let outcome = try server.invalidate { $0.verifies = true }
    let found = try #require(outcome.report.verification)
    #expect(found.keys == 0 && found.isComplete && found.samples.isEmpty && outcome.report.header.isComplete)
    #expect(try Self.makeServer().invalidate().report.verification == nil)
  }

  @Test(arguments: [false, true]) func aSecondLookThatBreaksOffKeepsTheReport(hasTag: Bool) throws {
    let names = (0..<100).map { utf8("app:v1:\($0)") }
    func makeServer() -> FakeServer {
      FakeServer(names.map { FakeKey($0) } + [FakeKey("tag:a", members: names + [utf8("app:v2")])])
    }
    func configure(_ request: inout InvalidateRequest) {
      request.walk.selection.pattern = Glob("app:v1:*")
      request.tags = hasTag ? [utf8("a")] : []
      request.verifies = true
    }
    let whole = makeServer()
    _ = try whole.invalidate(configure)
    // The second look is the last that the run does: one page, and before it what the tag is.
    for call in (whole.calls - (hasTag ? 8 : 2))..<whole.calls {
      let server = makeServer()
      server.faults.breaksAtCall = call
      let outcome = try server.invalidate(configure)
      #expect(outcome.failure?.kind == .closed && outcome.report.counts.removed == 100)
      #expect(!outcome.report.header.isComplete && outcome.report.verification?.isComplete != true)
    }
  }

  @Test func aSecondLookIsAboutTheSameVersions() throws {
    let keys = (0..<20).map { FakeKey("app:v\(1 + $0 % 2):\($0)") }
    let server = FakeServer(keys)
    let outcome = try server.invalidate {
      $0.walk.selection.isSuperseded = true
      $0.verifies = true
    }
    #expect(outcome.report.counts.removed == 10 && outcome.report.verification?.keys == 0)
    #expect(server.living().count == 10)
  }
}
