import Bytes
import Keyspace
import Reporting
import Synchronization
import Testing

@testable import Operations

/// A checkpoint in memory.
final class MemoryStore: CheckpointStore {
  private let content = Mutex<(bytes: [UInt8], fails: Bool)>(([], false))

  var bytes: [UInt8] {
    get { content.withLock { $0.bytes } }
    set { content.withLock { $0.bytes = newValue } }
  }

  func fail() { content.withLock { $0.fails = true } }

  func replace(with bytes: [UInt8]) throws(RecordError) {
    let fails = content.withLock { content in
      if !content.fails { content.bytes = bytes }
      return content.fails
    }
    if fails { throw RecordError("no space left") }
  }
}

/// A scan that is cut off anywhere and gone on with comes to what one says that was left alone.
struct ScanCheckpointTests {
  private static func server(_ scale: Int = 20, runID: String? = "aaaa") -> FakeServer {
    let server = FakeServer(Keyspaces.mixed(scale))
    if let runID { server.info.append("run_id:\(runID)") }
    return server
  }

  private static func header(_ choice: String = "app:*") -> JournalHeader {
    JournalHeader(
      .scan, target: "redis://cache-1:6379/0", choice: [choice], startedAt: "2027-01-15T08:00:00Z")
  }

  private static func request(_ configure: (inout ScanRequest) -> Void = { _ in }) -> ScanRequest {
    var request = ScanRequest()
    request.walk.count = 20
    configure(&request)
    return request
  }

  /// Runs a scan that ends after so many pages, and goes on with what the store holds.
  private static func run(
    _ server: FakeServer, _ request: ScanRequest, _ store: MemoryStore?, pages: Int = .max,
    databases: WalkDatabases = .only(0), interval: Duration = .seconds(5)
  ) throws -> (outcome: FakeOutcome, checkpoint: ScanCheckpoint?) {
    let checkpoint = try store.map {
      try ScanCheckpoint(
        in: $0, saved: $0.bytes, header: header(), request: request, first: interval, interval: interval)
    }
    let asked = Mutex(0)
    var context = RunContext.test
    context.shouldStop = {
      asked.withLock {
        $0 += 1
        // A walk looks before its first page, too.
        return $0 - 1 > pages
      }
    }
    let operation = ScanOperation(
      request, of: server.target(databases), context: context, checkpoint: checkpoint)
    return (try operation.run(), checkpoint)
  }

  /// All that a report says of the keys.
  private static func figures(_ report: ScanReport) -> String {
    var coverage = report.coverage
    coverage.keysExpected = nil
    let findings = report.findings.map { "\($0.id) \($0.severity)" }
    let bigKeys = String(describing: report.bigKeys)
    return "\(coverage)\n\(report.totals)\n\(report.groups)\n\(findings)\n\(bigKeys)"
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let configure: @Sendable (inout ScanRequest) -> Void
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "exact") { $0.measuring = .exact },
    Case(name: "sampled") { $0.measuring = .sample(30) },
    Case(name: "by entity") { $0.grouping = .entity },
    Case(name: "by template, sampled") { ($0.grouping, $0.measuring) = (.template, .sample(50)) },
    Case(name: "by type") { $0.grouping = .type },
    Case(name: "by node") { $0.grouping = .node },
    Case(name: "the largest keys") { $0.biggest = 10 },
    Case(name: "few groups") { $0.maximumGroups = 2 },
    Case(name: "idle times") { $0.measuresIdle = true },
    Case(name: "chosen by TTL") { $0.walk.selection.ttlBelow = 3_600_000 },
    Case(name: "superseded") { $0.walk.selection.isSuperseded = true },
    Case(name: "schemas") {
      $0.walk.naming.schemas = (try? KeySchema.parse("{namespace}:{version}:{rest}")) ?? []
    },
  ]

  /// Twenty collections of a group are looked at more closely, wherever the scan was interrupted.
  @Test func collectionsAreLookedAtAsInAWholeScan() throws {
    func record(_ numbers: Range<Int>, in tally: inout ScanTally) {
      for number in numbers {
        let (key, group) = (utf8("list:\(number)"), tally.group(named: "list"))
        tally.byGroup.figures[group].count(isChosen: true)
        let measure = KeyMeasure(
          ttlMilliseconds: -1, memoryBytes: 1_000 + number, type: "list", idleSeconds: nil)
        tally.record(measure, of: key.span, in: group, now: 0)
      }
    }
    var first = ScanTally(request: ScanRequest(), timelineStart: 0)
    record(0..<15, in: &first)
    var writer = CheckpointWriter()
    first.write(to: &writer)
    var second = ScanTally(request: ScanRequest(), timelineStart: 0)
    var reader = CheckpointReader(writer.bytes)
    try second.read(from: &reader)
    record(15..<40, in: &second)
    #expect(second.collectionsToLookAt.count == 20)
  }

  @Test(arguments: cases) func interruptedScansComeToTheSame(_ scan: Case) throws {
    let request = Self.request(scan.configure)
    let expected = Self.figures(try Self.run(Self.server(), request, nil).outcome.report)
    // The names alone are walked first where that decides.
    let census = request.walk.selection.isSuperseded ? 44 : 0
    for pages in [1, 7, 41] {
      let (server, store) = (Self.server(), MemoryStore())
      let first = try Self.run(server, request, store, pages: pages + census)
      #expect(first.outcome.failure?.kind == .interrupted)
      #expect(first.checkpoint?.isFinished == false && first.checkpoint?.holdsSomething == true)
      #expect(server.scans.count == census + pages + 1)
      let second = try Self.run(server, request, store)
      #expect(second.outcome.failure == nil && second.outcome.report.header.isComplete)
      #expect(second.checkpoint?.isFinished == true)
      #expect(Self.figures(second.outcome.report) == expected, "after \(pages) pages")
      #expect(second.outcome.report.header.warnings.contains { $0.hasPrefix("went on from a checkpoint: ") })
      // Nothing is asked twice.
      #expect(server.scans.count == census + 44)
    }
  }

  /// The rests in between are as good as the end of a run: the connection breaks at every possible moment.
  @Test(arguments: [false, true]) func brokenScansGoOnFromTheLastRest(isSampled: Bool) throws {
    let request = Self.request { $0.measuring = isSampled ? .sample(30) : .exact }
    let undisturbed = Self.server(5)
    let expected = Self.figures(try Self.run(undisturbed, request, nil).outcome.report)
    var tookUp = 0
    for call in stride(from: 3, to: undisturbed.calls, by: 1) {
      let (server, store) = (Self.server(5), MemoryStore())
      server.faults.breaksAtCall = call
      let first = try? Self.run(server, request, store, interval: .zero)
      guard first?.outcome.failure != nil else { continue }
      server.faults.breaksAtCall = nil
      let second = try Self.run(server, request, store).outcome.report
      #expect(Self.figures(second) == expected, "broken at \(call)")
      tookUp += second.header.warnings.count { $0.hasPrefix("went on from a checkpoint") }
    }
    #expect(tookUp > 20)
  }

  @Test func runsMayBeManyAndDatabasesToo() throws {
    func server() -> FakeServer {
      let server = Self.server(5)
      server.add(Keyspaces.mixed(4, seed: 2), to: 3)
      server.add(Keyspaces.mixed(6, seed: 3), to: 7)
      return server
    }
    for measuring in [ScanRequest.Measuring.exact, .sample(20)] {
      let request = Self.request { ($0.measuring, $0.biggest) = (measuring, measuring == .exact ? 5 : nil) }
      let expected = Self.figures(try Self.run(server(), request, nil, databases: .all).outcome.report)
      let (server, store) = (server(), MemoryStore())
      var runs = 0
      while true {
        let run = try Self.run(server, request, store, pages: 3, databases: .all)
        runs += 1
        guard run.outcome.failure != nil, runs < 50 else {
          #expect(Self.figures(run.outcome.report) == expected)
          break
        }
      }
      #expect((8...20).contains(runs))
    }
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let change: @Sendable (FakeServer) -> Void
    let warning: String
    var testDescription: String { warning }
  }

  static let changes = [
    Change(change: { $0.info[$0.info.count - 1] = "run_id:bbbb" }, warning: "it is another process now"),
    Change(change: { $0.info.removeLast() }, warning: "does not say whether it is the same process"),
  ]

  @Test(arguments: changes) func aNodeThatIsAnotherIsStartedOver(_ change: Change) throws {
    let (server, store) = (Self.server(), MemoryStore())
    _ = try Self.run(server, Self.request(), store, pages: 9)
    server.forgetLog()
    change.change(server)
    let second = try Self.run(server, Self.request(), store)
    let report = second.outcome.report
    #expect(report.totals.keys == Keyspaces.mixed(20).count)
    #expect(server.scans.count == 44)
    #expect(report.header.warnings.count == 1)
    #expect(report.header.warnings.first?.contains(change.warning) == true)
    #expect(second.checkpoint?.isFinished == true)
  }

  /// A keyspace that was emptied between the runs has nothing to do with what was counted.
  @Test func aFlushBetweenTheRunsStartsOver() throws {
    let (server, store) = (Self.server(), MemoryStore())
    server.info.append("cmdstat_flushall:calls=1,usec=1")
    _ = try Self.run(server, Self.request(), store, pages: 9)
    server.info[server.info.count - 1] = "cmdstat_flushall:calls=2,usec=1"
    let report = try Self.run(server, Self.request(), store).outcome.report
    #expect(report.totals.keys == Keyspaces.mixed(20).count)
    #expect(report.header.warnings.contains { $0.contains("flushed or swapped since") })
  }

  /// What the first run could not measure makes the second one's report incomplete as well.
  @Test func forbiddenKeysOfTheFirstRunAreSaidByTheSecond() throws {
    let (server, store) = (Self.server(), MemoryStore())
    server.faults.error = { _, key in
      key.starts(with: Array("app:v1:".utf8)) ? "NOPERM No permissions to access a key" : nil
    }
    _ = try Self.run(server, Self.request(), store, pages: 30)
    let met = server.log.count { $0.name == "PTTL" && $0.key.starts(with: Array("app:v1:".utf8)) }
    server.faults.error = { _, _ in nil }
    let report = try Self.run(server, Self.request(), store).outcome.report
    #expect(met > 20)
    #expect(!report.header.isComplete)
    #expect(report.header.warnings.contains { $0.hasPrefix("\(met) keys could not be measured") })
    #expect(report.totals.keys == Keyspaces.mixed(20).count)
  }

  @Test func keysThatComeTwiceAcrossTheRunsCountOnce() throws {
    let (server, store) = (Self.server(), MemoryStore())
    _ = try Self.run(server, Self.request(), store, pages: 9)
    // The pages after the break bring again what the last one before it had.
    server.faults.intruders = server.log.filter { $0.name == "PTTL" }.suffix(15).map(\.key)
    let report = try Self.run(server, Self.request(), store).outcome.report
    #expect(report.totals.keys == Keyspaces.mixed(20).count)
  }

  @Test func anotherScanIsRefused() throws {
    let store = MemoryStore()
    _ = try Self.run(Self.server(), Self.request(), store, pages: 9)
    func refusal(_ header: JournalHeader, _ bytes: [UInt8]) -> ScanCheckpoint.Refusal? {
      do throws(ScanCheckpoint.Refusal) {
        _ = try ScanCheckpoint(in: store, saved: bytes, header: header, request: Self.request())
      } catch { return error }
      return nil
    }
    let bytes = store.bytes
    #expect(refusal(Self.header(), bytes) == nil)
    let differences = ["the checkpoint chose  'app:*'", "this run chooses      'b:*'"]
    #expect(refusal(Self.header("b:*"), bytes) == .other(differences))
    #expect(refusal(Self.header(), Array("my notes\n".utf8)) == .noCheckpoint)
    #expect(refusal(Self.header(), [UInt8](repeating: 0, count: 100)) == .noCheckpoint)
    let journal = JournalHeader(.warm, target: "x", choice: [], startedAt: "")
    #expect(refusal(Self.header(), journal.line + bytes) == .noCheckpoint)
    let end = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
    for length in stride(from: end + 1, to: bytes.count, by: 97) {
      #expect(refusal(Self.header(), Array(bytes[..<length])) == .damaged)
    }
    for place in stride(from: end + 1, to: bytes.count, by: 61) {
      var changed = bytes
      changed[place] ^= 4
      #expect(refusal(Self.header(), changed) == .damaged)
    }
  }

  @Test func aCheckpointThatCannotBeSavedDoesNotStopTheScan() throws {
    let (server, store) = (Self.server(), MemoryStore())
    store.fail()
    let report = try Self.run(server, Self.request(), store, interval: .zero).outcome.report
    #expect(report.header.isComplete && report.totals.keys == Keyspaces.mixed(20).count)
    #expect(report.header.warnings == ["the checkpoint could not be saved: no space left"])
  }
}
