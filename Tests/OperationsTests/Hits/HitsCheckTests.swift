import Reporting
import Testing

@testable import Operations

@Suite struct HitsCheckTests {
  /// A report of which two groups are known: `product v7` for sure, `search` between 70 and 90 %.
  static let report: HitsReport = {
    var totals = StatsWindow()
    (totals.serverHits, totals.serverMisses, totals.seconds) = (900, 100, 10)
    func group(_ namespace: String, _ version: String?, _ ratio: Double, _ error: Double) -> HitsGroup {
      var group = HitsGroup()
      group.names.namespace = Array(namespace.utf8)
      group.names.version = version.map { Array($0.utf8) }
      (group.hits, group.misses, group.hitRatio, group.hitRatioError) = (400, 50, ratio, error)
      return group
    }
    let header = ReportHeader(
      schema: "rediscache.hits/1", toolVersion: "1", uri: "redis://a", kind: "standalone", server: nil,
      serverVersion: nil, nodes: [], startedAt: "")
    return HitsReport(
      header: header, grouping: .version, totals: totals,
      coverage: .init(misses: 1, missesSeen: 100, missesCounted: 100),
      groups: [group("product", "v7", 0.97, 0), group("search", nil, 0.8, 0.1)], others: [], topKeys: nil,
      top: 40)
  }()

  @Test(arguments: [
    ("hit_ratio < 80%", false), ("hit_ratio < 95%", true), ("misses > 9/s", true), ("misses > 11/s", false),
    ("misses >= 100 and hits == 900", true), ("product:v7: hit_ratio < 98%", true),
    ("product:v7: hit_ratio < 90%", false), ("search: hit_ratio < 60%", false),
    ("search: hit_ratio < 95%", true),
    ("product:v7: misses > 4/s", true),
  ])
  func decides(_ text: String, _ holds: Bool) throws {
    let check = HitsCheck([try HitsCheck.Condition(text)], on: Self.report)
    #expect(check.holding.isEmpty != holds)
    #expect(check.undecided.isEmpty)
  }

  @Test(arguments: ["search: hit_ratio < 80%", "search: hit_ratio > 85%", "nosuch: hit_ratio < 80%"])
  func doesNotDecideWithinAnInterval(_ text: String) throws {
    let check = HitsCheck([try HitsCheck.Condition(text)], on: Self.report)
    #expect(check.holding.isEmpty && check.undecided.count == 1)
  }

  @Test(arguments: ["evicted_keys > 1", "hit_ratio", "product: ", "a: b: hit_ratio < 2"])
  func refusesWhatIsNoCondition(_ text: String) {
    #expect(throws: StatsConditionError.self) { try HitsCheck.Condition(text) }
  }
}
