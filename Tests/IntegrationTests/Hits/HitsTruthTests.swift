import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` beside replayed traffic whose reads, hits and misses are known: misses are exact, and ratios lie in their intervals.
///
/// One short run as a rule; twenty where REDISCACHE_ALL_TRUTH is 1 (`make truth`).
@Suite(.serialized, .overlappingApart) struct HitsTruthTests {
  private static let runs = ProcessInfo.processInfo.environment["REDISCACHE_ALL_TRUTH"] == "1" ? 20 : 1

  /// One comparison of a ratio with the truth.
  private struct Comparison: CustomStringConvertible {
    let name: String
    let truth: Double
    let found: Double
    let error: Double
    // What happens between the looks at both sides, a hundredth of a second of some, is part of neither.
    var isWithin: Bool { abs(found - truth) <= error + 0.002 }
    var description: String { "\(name): \(found) ± \(error), in truth \(truth)" }
  }

  private static func compare(seed: Int) throws -> [Comparison] {
    try RedisServer.with(HitsTests.events) { server in
      try server.populate(300, prefix: "product:v7:")
      try server.populate(900, prefix: "session:")
      try server.populate(20, prefix: "search:")
      let load = try HitsReadsTests.Load(on: server, seed: seed)
      let run = try HitsFixture(
        server, ["--for", runs > 1 ? "8s" : "2s", "--json", "--duty", "20%", "--no-memory"])
      let before = load.counts
      let report = try run.report()
      let after = load.counts
      _ = load.stop()
      #expect(report.coverage.misses == 1 && report.complete, "\(report.warnings)")
      #expect(report.groups.reduce(0) { $0 + ($1.misses ?? 0) } == report.totals.misses, "to the unit")
      return try HitsReadsTests.namespaces.map { name in
        let parts = name.split(separator: ":").map(String.init)
        let group = try #require(report.group(parts[0], parts.count > 1 ? parts[1] : nil), "\(name)")
        let (first, last) = (before[name] ?? (0, 0), after[name] ?? (0, 0))
        let truth = Double(last.hits - first.hits) / Double(max(1, last.reads - first.reads))
        return Comparison(
          name: name, truth: truth, found: try #require(group.hitRatio),
          error: try #require(group.hitRatioError))
      }
    }
  }

  @Test("ratios lie in their 95 % intervals") func truth() throws {
    let all = try (0..<Self.runs).flatMap { try Self.compare(seed: 100 + $0) }
    let outside = all.filter { !$0.isWithin }
    // Of sixty, three are expected outside of intervals that are no wider than they must be.
    #expect(outside.count * 20 <= max(all.count, 20), "\(outside.count) of \(all.count) outside: \(outside)")
    let widest = all.map(\.error).max() ?? 1
    #expect(widest < 0.25, "intervals that say something: \(widest)")
  }
}
