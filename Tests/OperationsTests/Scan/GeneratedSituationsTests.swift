import Bytes
import Foundation
import Keyspace
import Reporting
import TestSupport
import Testing

@testable import Operations

/// Servers that refuse, lack commands, answer oddly and leave out by chance: whatever they do, every report balances, and
/// nothing that is missing goes unsaid. `StatsEdgeTests` does the same to the figures of `stats` and `hits`.
struct GeneratedSituationsTests {
  /// `make situations` tries 500.
  private static let situations =
    ProcessInfo.processInfo.environment["REDISCACHE_SITUATIONS"].flatMap { Int($0) } ?? 150

  /// How a server behaves, drawn from a seed.
  private struct Situation {
    let server: FakeServer
    let target: WalkDatabases
    var grouping: ScanGrouping
    var measuring: ScanRequest.Measuring
    var selection = KeySelection()
    let hasFaults: Bool

    init(seed: Int) {
      var random = SeededGenerator(seed: seed)
      server = FakeServer(Keyspaces.mixed(1 + random.below(2), seed: seed), seed: seed)
      let several = random.chance(0.4)
      if several {
        for number in [3, 7] {
          server.add(Keyspaces.mixed(1, seed: seed + number), to: number)
        }
      }
      target = several ? .all : .only(0)
      grouping = ScanGrouping.allCases[random.below(ScanGrouping.allCases.count)]
      measuring = random.pick(.exact, .sample(5), .automatic)
      if random.chance(0.2) { selection.largerThan = 60 }
      if random.chance(0.2) { selection.neverExpires = true }
      hasFaults = Situation.damage(server, &random)
    }

    /// Draws the faults; false where there are none.
    private static func damage(_ server: FakeServer, _ random: inout SeededGenerator) -> Bool {
      let commands = ["PTTL", "MEMORY USAGE", "TYPE"].filter { _ in random.chance(0.3) }
      let share = UInt64(random.below(100))
      let error = random.pick(
        "NOPERM this user has no permissions to access one of the keys used as arguments",
        "ODD never heard of it",
        "WRONGTYPE what is this", "ERR internal", "ERR unknown command 'X', with args beginning with: 'y'",
        "NOPERM User cache has no permissions to run the 'x' command")
      let answersOddly = random.chance(0.4)
      func isHit(_ name: String, _ key: [UInt8]) -> Bool {
        commands.contains(name) && KeyHash.value(key.span) % 100 < share
      }
      server.faults.error = { name, key in !answersOddly && isHit(name, key) ? error : nil }
      server.faults.reply = { arguments in
        let name = arguments[0].text == "MEMORY" ? "MEMORY USAGE" : arguments[0].text
        let key = name == "MEMORY USAGE" ? arguments[2] : arguments.count > 1 ? arguments[1] : []
        // Another reply that no server gives ends the walk.
        return answersOddly && name == "MEMORY USAGE" && isHit(name, key) ? .null : nil
      }
      if random.chance(0.3) { server.faults.vanishing = { $0.bytes % 7 == 0 } }
      if random.chance(0.3) { server.faults.duplicates = 0.1 }
      let fields = [
        "used_memory:\(random.next() >> 1)", "used_memory_dataset:-5", "maxmemory:nan", "run_id:",
      ]
      server.info += fields.filter { _ in random.chance(0.3) }
      if random.chance(0.2) { server.info.removeAll { $0.hasPrefix("role") } }
      return answersOddly ? commands.contains("MEMORY USAGE") && share > 0 : !commands.isEmpty && share > 0
    }
  }

  @Test(arguments: 0..<10) func everyScanBalances(decade: Int) throws {
    for seed in stride(from: decade, to: Self.situations, by: 10) {
      let situation = Situation(seed: seed)
      var request = ScanRequest()
      request.walk.count = 30
      request.walk.selection = situation.selection
      (request.grouping, request.measuring) = (situation.grouping, situation.measuring)
      let outcome = try ScanOperation(request, of: situation.server.target(situation.target), context: .test)
        .run()
      let report = outcome.report
      let coverage = report.coverage
      let comment = Comment(rawValue: "seed \(seed)")
      #expect(report.totals.keys == coverage.keysSeen - coverage.keysVanished, comment)
      if coverage.isExact {
        #expect(
          coverage.keysSeen == coverage.keysMeasured + coverage.keysVanished + coverage.keysUnmeasured,
          comment)
      }
      for group in report.groups + [report.totals] {
        #expect(
          group.types.reduce(0) { $0 + $1.keys } <= group.known && group.unmeasured <= group.keys, comment)
        #expect(
          group.expiring ?? 0 >= 0 && group.withoutTTL ?? 0 >= 0 && group.memoryBytes ?? 0 >= 0, comment)
        #expect(group.known > 0 || group.keys == 0 || group.withoutTTL == nil, comment)
        #expect(
          group.known > 0 || group.keys == 0 || group.memoryBytes == nil && group.averageBytes == nil, comment
        )
        #expect(group.unmeasured == 0 || group.memoryError == nil, comment)
      }
      expectSum(\.keys, report, comment)
      expectSum(\.unmeasured, report, comment)
      expectSum({ $0.withoutTTL ?? 0 }, report, comment)
      expectSum({ $0.memoryBytes ?? 0 }, report, comment)
      if report.totals.unmeasured > 0 { #expect(!report.header.isComplete, comment) }
      if !situation.hasFaults { #expect(report.header.isComplete && report.totals.unmeasured == 0, comment) }
      // What ends with 0 has every key and all that is asked of it; no rule passes that could not be tried.
      let knowsTTLs = report.totals.withoutTTL != nil && report.totals.unmeasured == 0
      if report.header.isComplete { #expect(outcome.failure == nil && knowsTTLs, comment) }
      if report.isJudged { #expect(knowsTTLs && report.totals.memoryBytes != nil, comment) }
      if report.nagiosState(from: .critical) == .ok { #expect(report.isJudged, comment) }
      _ = report.table(width: 80, style: .plain, wording: .test)
      _ = report.json(wording: .test).serialized()
    }
  }

  @Test(arguments: 0..<10) func everyHistogramBalances(decade: Int) throws {
    for seed in stride(from: decade, to: Self.situations, by: 10) {
      let situation = Situation(seed: seed)
      var request = TTLRequest()
      request.walk.count = 30
      // Timelines take memory by the second.
      request.horizon = 600
      request.walk.selection = situation.selection
      (request.grouping, request.measuring) = (situation.grouping, situation.measuring)
      let outcome = try TTLOperation(request, of: situation.server.target(situation.target), context: .test)
        .run()
      let report = outcome.report
      let comment = Comment(rawValue: "seed \(seed)")
      for group in report.groups + [report.totals] where group.withoutTTL != nil {
        let buckets = group.buckets.reduce(0) { $0 + $1.keys }
        #expect(buckets + (group.withoutTTL ?? 0) + group.unmeasured == group.keys, comment)
      }
      #expect(report.groups.reduce(0) { $0 + $1.keys } == report.totals.keys, comment)
      for index in report.totals.buckets.indices {
        let sum = report.groups.reduce(0) {
          $0 + ($1.buckets.indices.contains(index) ? $1.buckets[index].keys : 0)
        }
        #expect(report.groups.isEmpty || sum == report.totals.buckets[index].keys, comment)
      }
      if report.totals.unmeasured > 0 { #expect(!report.header.isComplete, comment) }
      if report.header.isComplete {
        #expect(outcome.failure == nil && report.totals.withoutTTL != nil, comment)
      }
      _ = report.table(width: 80, style: .plain, wording: .test)
    }
  }

  private func expectSum(_ figure: (ScanGroup) -> Int, _ report: ScanReport, _ comment: Comment) {
    #expect(report.groups.reduce(0) { $0 + figure($1) } == figure(report.totals), comment)
  }
}
