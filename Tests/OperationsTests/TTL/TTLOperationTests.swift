import Operations
import Reporting
import TestSupport
import Testing

@testable import Quantities

struct TTLOperationTests {
  private func run(_ server: FakeServer, _ configure: (inout TTLRequest) -> Void = { _ in }) throws
    -> TTLReport
  {
    var request = TTLRequest()
    request.walk.count = 100
    configure(&request)
    let outcome = try TTLOperation(request, of: server.target(), context: .test).run()
    #expect(outcome.failure == nil)
    #expect(server.names.isSubset(of: ["SCAN", "PTTL", "INFO", "TIME"]))
    for group in outcome.report.groups + [outcome.report.totals] {
      #expect(
        group.buckets.reduce(0) { $0 + $1.keys } == group.expiring, "no key that never expires is in a bucket"
      )
    }
    return outcome.report
  }

  /// `count` keys of one namespace with TTLs in seconds.
  private func keys(_ namespace: String, _ count: Int, ttl: (Int) -> Double) -> [FakeKey] {
    (0..<count).map { FakeKey("\(namespace):\($0)", ttl: Int64(ttl($0) * 1000)) }
  }

  @Test func keysOfAGroupThatHasGoneAltogetherAreCounted() throws {
    let server = FakeServer(keys("a", 100) { _ in 30 } + keys("b", 10) { _ in 30 })
    server.faults.vanishing = { $0.name.text.hasPrefix("b:") || $0.name.text == "a:7" }
    let report = try run(server)
    #expect(report.groups.map(\.keys) == [99] && report.groups.map(\.vanished) == [1])
    #expect(report.totals.keys == 99 && report.totals.vanished == 11)
    #expect(report.coverage.keysVanished == 11)
  }

  @Test func bucketsThatAreNamedHoldWhatLiesBetweenTheirEdges() throws {
    var all = keys("a", 100) { _ in 30 } + keys("a:b", 50) { _ in 60 } + keys("a:c", 25) { _ in 61 }
    all += (0..<7).map { FakeKey("a:never:\($0)") }
    let report = try run(FakeServer(all)) { $0.buckets = [60_000, 3_600_000] }
    let group = try #require(report.groups.first)
    #expect(report.groups.count == 1)
    #expect(
      group.buckets == [.init(upTo: 60, keys: 150), .init(upTo: 3600, keys: 25), .init(upTo: nil, keys: 0)])
    #expect(group.withoutTTL == 7)
    #expect(group.keys == 182)
  }

  @Test func fittedBucketsCoverAllAndAreFew() throws {
    var random = SeededGenerator(seed: 3)
    let all =
      keys("s", 3000) { _ in 1 + random.unit() * 3599 } + keys("p", 3000) { _ in random.unit() * 86_400 }
    let report = try run(FakeServer(all))
    let edges = report.totals.buckets.compactMap(\.upTo)
    #expect((4...8).contains(edges.count))
    #expect(edges == edges.sorted())
    #expect(report.totals.buckets.last == .init(upTo: nil, keys: 0))
    #expect(report.groups.map { $0.buckets.compactMap(\.upTo) } == [edges, edges])
  }

  @Test func keysThatVanishAreCountedApart() throws {
    let server = FakeServer(keys("a", 300) { _ in 100 })
    server.faults.vanishing = { $0.name.last == UInt8(ascii: "7") }
    let report = try run(server)
    #expect(report.totals.vanished == 30)
    #expect(report.totals.keys == 270)
    #expect(report.groups.first?.vanished == 30)
  }

  @Test(arguments: [3600.0, 21_600, 80_000])
  func aPlantedWaveOfOnePercentIsFoundToTheSecond(range: Double) throws {
    var random = SeededGenerator(seed: Int(range))
    let at = Int(range / 2)
    // Waves are judged by template: the planted keys are the last of the one that all have.
    let all = keys("p:v7", 40_400) {
      $0 < 40_000 ? random.unit() * range : Double(at) + Double($0 % 10)
    }
    let server = FakeServer(all)
    let report = try run(server) { $0.measuring = .exact }
    let wave = try #require(report.groups.first?.waves.first)
    #expect(report.groups.first?.waves.count == 1)
    // The fake server's TTLs stand still while its clock goes on, so a slow run shifts the wave a little.
    let moments = (0...2).map { Timestamp(secondsSince1970: server.time + at + $0).text }
    #expect(moments.contains(wave.at))
    let background = 40_000 * 60 / range
    #expect(abs(Double(wave.keys) - 400 - background) < 100)
    #expect(wave.command?.line.contains("--expires-after") == true)
  }

  @Test func keysThatAllExpireTogetherAreAWaveAndAPolicy() throws {
    let report = try run(FakeServer(keys("session", 5000) { 3590 + Double($0 % 10) }))
    let group = try #require(report.groups.first)
    #expect(group.waves.count == 1)
    #expect(group.waves.first?.keys == 5000)
    #expect(group.policy?.contains("all 5,000 keys of session") == true)
    #expect(
      group.policy?.contains("1.0h") == true || group.policy?.contains("60m") == true
        || group.policy?.contains("1h") == true)
  }

  @Test func oneTTLSetAllTheTimeIsAPolicyAndNoWave() throws {
    var random = SeededGenerator(seed: 11)
    let report = try run(FakeServer(keys("session", 5000) { _ in random.unit() * 3600 }))
    #expect(report.groups.first?.waves.isEmpty == true)
    #expect(report.groups.first?.policy?.contains("set at different times") == true)
  }

  @Test func aSampleKeepsCountsExactAndSaysItsError() throws {
    var random = SeededGenerator(seed: 5)
    var all = keys("a", 9000) { _ in random.unit() * 3600 }
    all += (0..<1000).map { FakeKey("a:never:\($0)") }
    let report = try run(FakeServer(all)) { $0.measuring = .sample(500) }
    #expect(!report.coverage.isExact)
    // So many of each of the two templates.
    #expect(report.coverage.keysMeasured == 1000)
    let group = try #require(report.groups.first)
    #expect(group.keys == 10_000)
    let without = try #require(group.withoutTTL)
    #expect(abs(without - 1000) <= 2 * (group.withoutTTLError ?? 0))
    #expect((1...400).contains(group.withoutTTLError ?? 0))
  }
}
