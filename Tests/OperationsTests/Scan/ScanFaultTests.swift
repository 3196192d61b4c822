import Foundation
import RedisClient
import Reporting
import Synchronization
import Testing

@testable import Operations

/// What a scan says where the server refuses, breaks or changes under it.
struct ScanFaultTests {
  private static let unknown: @Sendable (String) -> String = {
    "ERR unknown command '\($0)', with args beginning with: 'x'"
  }
  private static let forbidden: @Sendable (String) -> String = {
    "NOPERM User cache has no permissions to run the '\($0.lowercased())' command"
  }

  struct Missing: Sendable, CustomTestStringConvertible {
    let command: String
    let error: String
    let warning: String
    var testDescription: String { "\(command): \(error)" }
  }

  static let missing: [Missing] = ["PTTL", "MEMORY USAGE", "TYPE", "OBJECT IDLETIME"].flatMap { command in
    [
      Missing(command: command, error: unknown(command), warning: "\(command) is not available here"),
      Missing(
        command: command, error: forbidden(command),
        warning: "+" + command.lowercased().split(separator: " ").joined(separator: "|")),
    ]
  }

  struct Senseless: Sendable, CustomTestStringConvertible {
    let command: String
    let reply: FakeReply
    var testDescription: String { "\(command): \(reply)" }

    static let all =
      [FakeReply.status("OK"), .integer(-7), .null, .array([]), .bulk(utf8("5"))].map {
        Senseless(command: "PTTL", reply: $0)
      }
      + [FakeReply.status("OK"), .integer(-1), .array([])].map { Senseless(command: "MEMORY", reply: $0) }
      + [FakeReply.integer(1), .null, .array([]), .status("")].map { Senseless(command: "TYPE", reply: $0) }
      + [FakeReply.status("OK"), .integer(-1)].map { Senseless(command: "OBJECT", reply: $0) }
  }

  @Test(arguments: Senseless.all) func whatACommandNeverAnswersIsNoFact(_ fault: Senseless) throws {
    let server = FakeServer(Keyspaces.mixed(300))
    let victim = try #require(server.living().keys.max { $0.lexicographicallyPrecedes($1) })
    server.faults.reply = { arguments in
      arguments[0].text == fault.command && arguments.last == victim ? fault.reply : nil
    }
    let outcome = try server.scan {
      $0.measuresIdle = true
      $0.measuring = .exact
    }
    #expect(outcome.failure?.kind == .protocolViolation && !outcome.report.header.isComplete)
    #expect(outcome.failure?.message.contains("unexpected reply to \(fault.command)") == true)
  }

  @Test(arguments: missing) func aMissingMeasurementIsSaidOnceAndNotAskedForAgain(missing: Missing) throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.error = { name, _ in name == missing.command ? missing.error : nil }
    let report = try server.scan { $0.measuresIdle = true }.report
    #expect(report.header.warnings.count == 1)
    #expect(report.header.warnings.first?.contains(missing.warning) == true)
    // The answers to one page come in while the next one is asked for already; the three largest keys are
    // asked for their types.
    #expect(server.count(missing.command) <= 203)
    let (totals, truth) = (report.totals, Truth(keys))
    #expect(totals.keys == keys.count)
    // What can be removed and what expires is what an audit is for: without PTTL no key is measured.
    let isMeasured = missing.command != "PTTL"
    #expect(report.header.isComplete == isMeasured)
    #expect(totals.unmeasured == (isMeasured ? 0 : keys.count))
    #expect(report.coverage.keysUnmeasured == (isMeasured ? 0 : keys.count))
    #expect(report.isJudged == (missing.command == "OBJECT IDLETIME"))
    #expect(totals.withoutTTL == (isMeasured ? truth.withoutTTL : nil))
    #expect((totals.ttl == nil) == !isMeasured)
    #expect(totals.memoryBytes == (!isMeasured || missing.command == "MEMORY USAGE" ? nil : truth.bytes))
    #expect(totals.types.isEmpty == (!isMeasured || missing.command == "TYPE"))
    #expect((totals.idle == nil) == (!isMeasured || missing.command == "OBJECT IDLETIME"))
    #expect((report.nagiosState(from: .critical) == .unknown) == !report.isJudged)
  }

  @Test func anLFUPolicyIsNamedAsTheReason() throws {
    let server = FakeServer(Keyspaces.mixed(5))
    server.faults.error = { name, _ in
      name == "OBJECT IDLETIME" ? "ERR An LFU maxmemory policy is selected, idle time not tracked." : nil
    }
    let report = try server.scan { $0.measuresIdle = true }.report
    #expect(report.header.warnings == ["the server keeps no idle time under an LFU policy"])
    #expect(report.totals.idle == nil)
  }

  /// A choice that cannot be made is no report of nothing.
  @Test func aConditionThatCannotBeJudgedMakesTheScanIncomplete() throws {
    let server = FakeServer(Keyspaces.mixed(5))
    server.faults.error = { name, _ in name == "MEMORY USAGE" ? "ERR unknown command 'MEMORY'" : nil }
    let outcome = try server.scan { $0.walk.selection.largerThan = 1000 }
    #expect(!outcome.report.header.isComplete)
    #expect(outcome.failure?.message.contains("MEMORY USAGE is not available here") == true)
  }

  /// What a server says goes to terminals.
  @Test func anOddErrorIsMadeHarmless() throws {
    let server = FakeServer(Keyspaces.mixed(5))
    server.faults.error = { name, _ in name == "PTTL" ? "ODD \u{1B}[2Jgone" : nil }
    let warning = try #require(try server.scan().report.header.warnings.first)
    #expect(warning.contains("could not be measured; the first answer was: ODD"))
    #expect(!warning.contains("\u{1B}"))
  }

  @Test(arguments: [
    "NOPERM No permissions to access a key",
    "NOPERM this user has no permissions to access one of the keys used as arguments",
  ])
  func forbiddenKeysAreCountedAndSaid(error: String) throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.error = { _, key in key.starts(with: Array("app:v1:".utf8)) ? error : nil }
    let report = try server.scan().report
    #expect(report.totals.keys == keys.count)
    #expect(report.coverage.keysMeasured == keys.count - 160)
    #expect(report.group("app", "v1")?.keys == 160)
    let app2 = keys.filter { $0.labels.version == "v2" }
    try Truth(app2).expectExactly(#require(report.group("app", "v2")))
    #expect(report.header.warnings.count == 1)
    #expect(report.header.warnings.first?.hasPrefix("160 keys") == true)
    #expect(!report.header.isComplete)
    #expect(server.count("PTTL") == keys.count, "one forbidden key says nothing about the command")
  }

  @Test(arguments: ScanGrouping.allCases, [ScanRequest.Measuring.exact, .sample(50)])
  func vanishedKeysAreToldApart(grouping: ScanGrouping, measuring: ScanRequest.Measuring) throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.vanishing = { $0.bytes % 5 == 0 }
    let report = try server.scan {
      $0.grouping = grouping
      $0.measuring = measuring
    }.report
    let vanished = keys.count { $0.bytes % 5 == 0 }
    #expect(report.coverage.keysSeen == keys.count)
    if report.coverage.sampleSize == nil {
      #expect(report.coverage.keysVanished == vanished)
      #expect(report.totals.keys == keys.count - vanished)
      Truth(keys.filter { $0.bytes % 5 != 0 }).expectExactly(report.totals)
    } else {
      #expect(report.coverage.keysVanished > 0 && report.coverage.keysVanished <= vanished)
    }
  }

  @Test func duplicatesBalance() throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.duplicates = 0.1
    let report = try server.scan().report
    #expect(report.coverage.keysSeen == report.totals.keys && report.totals.keys >= keys.count)
  }

  @Test(arguments: [40, 150, 700, 1500])
  func aBreakOnTheWayGivesThePartialReport(replies: Int) throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.breaksAfter = replies
    let outcome = try server.scan()
    #expect(outcome.failure?.kind == .closed)
    #expect(!outcome.report.header.isComplete)
    #expect(outcome.report.totals.keys < keys.count)
    #expect(outcome.report.coverage.keysMeasured <= outcome.report.totals.keys)
  }

  @Test func withoutAnyKeyAFailureIsThrown() {
    let server = FakeServer(Keyspaces.mixed(1))
    server.faults.breaksAfter = 0
    #expect(throws: ClientError.self) { try server.scan() }
  }

  @Test(arguments: [
    ("LOADING Redis is loading the dataset in memory", ClientError.Kind.transient),
    ("NOPERM User cache has no permissions to run the 'scan' command", .permission),
    ("ERR unknown command 'SCAN'", .server),
  ])
  func aRefusedScanIsAFailure(error: String, kind: ClientError.Kind) throws {
    let server = FakeServer(Keyspaces.mixed(1))
    server.faults.error = { name, _ in name == "SCAN" ? error : nil }
    let outcome = try server.scan()
    #expect(outcome.failure?.kind == kind)
    #expect(!outcome.report.header.isComplete && outcome.report.totals.keys == 0)
  }

  @Test func aServerWithoutInfoAndTimeIsScannedAllTheSame() throws {
    let keys = Keyspaces.mixed(10)
    let server = FakeServer(keys)
    server.faults.error = { name, _ in ["INFO", "TIME"].contains(name) ? "ERR unknown command" : nil }
    let report = try server.scan { $0.measuring = .exact }.report
    Truth(keys).expectExactly(report.totals)
    #expect(report.header.server == nil && report.header.warnings.count == 1)
  }

  @Test func aStopEndsAfterThePageUnderWay() throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    let looks = Atomic(0)
    var context = RunContext.test
    // The first look is before the first page.
    context.shouldStop = { looks.wrappingAdd(1, ordering: .relaxed).newValue > 3 }
    let outcome = try server.scan(context: context)
    #expect(outcome.failure?.kind == .interrupted)
    #expect(!outcome.report.header.isComplete)
    #expect(outcome.report.totals.keys == 300)
    #expect(outcome.report.coverage.keysMeasured == 300, "the page under way is measured")
    #expect(server.scans.count == 3)
  }

  @Test func theTimeLimitEndsAScan() throws {
    let keys = Keyspaces.mixed(20)
    for pages in [0, 2] {
      let server = FakeServer(keys)
      let looks = Atomic(0)
      var context = RunContext.test
      let deadline = Deadline(after: pages == 0 ? .zero : .seconds(1))
      context.deadline = deadline
      // The first look is before the first page; the time is up at the one after the last page.
      context.shouldStop = {
        if looks.wrappingAdd(1, ordering: .relaxed).newValue > pages {
          while !deadline.hasPassed { usleep(10_000) }
        }
        return false
      }
      let outcome = try server.scan(context: context)
      #expect(outcome.failure?.kind == .runOver && !outcome.report.header.isComplete)
      #expect(outcome.report.totals.keys == pages * 100 && server.scans.count == pages)
    }
  }

  @Test func aNodeOfAClusterIsNotTheWholeCluster() throws {
    let server = FakeServer(Keyspaces.mixed(2))
    server.info.append("cluster_enabled:1")
    let report = try server.scan().report
    #expect(!report.header.isComplete && report.header.kind == "cluster")
    #expect(report.header.warnings.contains { $0.contains("--node-only") })
    #expect(try server.scan { $0.walk.nodeOnly = true }.report.header.isComplete)
  }

  @Test func progressGrowsAndNeverPassesOne() throws {
    let shares = Mutex<[Double]>([])
    let counts = Mutex<[Int]>([])
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.duplicates = 0.2
    var context = RunContext.test
    context.progress = { progress in
      shares.withLock { $0.append(progress.share ?? -1) }
      counts.withLock { $0.append(progress.keys) }
    }
    _ = try server.scan(context: context)
    let (seen, told) = (counts.withLock { $0 }, shares.withLock { $0 })
    #expect(seen == seen.sorted() && seen.count > 5)
    #expect(told.allSatisfy { (0...1).contains($0) } && told == told.sorted())
  }
}
