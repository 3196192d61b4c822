import Reporting
import TestSupport
import Testing

@testable import Operations

/// What is known of hits and misses where commands that only inspect keys were counted among them.
@Suite struct InspectingLookupsTests {
  private static func counters(hits: Int, misses: Int, inspections: Int?) -> StatsCounters {
    var counters = StatsCounters()
    (counters.hits, counters.misses, counters.inspections) = (hits, misses, inspections)
    return counters
  }

  @Test("the truth lies in the range whatever the lookups found, and what is noted makes it narrower")
  func containsTruth() {
    var random = SeededGenerator(seed: 20)
    for _ in 0..<2_000 {
      let (hits, misses) = (random.below(1_000), random.below(300))
      let found = StatsLookups(hits: random.below(400), misses: random.below(400))
      let noted = StatsLookups(hits: random.below(found.hits + 1), misses: random.below(found.misses + 1))
      let counters = Self.counters(
        hits: hits + found.hits, misses: misses + found.misses, inspections: found.hits + found.misses)
      let (blind, seeing) = (
        StatsWindow(counters, without: counters.inspectingLookups()),
        StatsWindow(counters, without: counters.inspectingLookups(noted: noted))
      )
      for window in [blind, seeing] {
        #expect(window.lookups == hits + misses)
        #expect(window.hitsRange?.contains(hits) == true && window.missesRange?.contains(misses) == true)
        // One figure is given only where it is off by less than a decimal of a percent shows.
        if let one = window.hits {
          #expect(abs(one - hits) * 1_000 <= hits + misses && window.misses == hits + misses - one)
        }
      }
      let (wide, narrow) = (blind.hitsRange ?? 0...0, seeing.hitsRange ?? 0...0)
      #expect(wide.lowerBound <= narrow.lowerBound && narrow.upperBound <= wide.upperBound)
    }
  }

  @Test("what all were is known where there were no misses, no hits, or all are noted") func known() {
    let rows: [(StatsCounters, StatsLookups, Int?)] = [
      (Self.counters(hits: 90, misses: 0, inspections: 40), StatsLookups(), 50),
      (Self.counters(hits: 0, misses: 90, inspections: 40), StatsLookups(), 0),
      (Self.counters(hits: 90, misses: 20, inspections: 40), StatsLookups(hits: 30, misses: 10), 60),
      (Self.counters(hits: 90, misses: 20, inspections: nil), StatsLookups(hits: 30), 60),
      (Self.counters(hits: 90, misses: 20, inspections: 40), StatsLookups(), nil),
    ]
    for (counters, noted, hits) in rows {
      let window = StatsWindow(counters, without: counters.inspectingLookups(noted: noted))
      #expect(window.hits == hits, "\(counters)")
    }
  }

  @Test("ranges of several servers add up, and one server that does not count leaves the sum unknown")
  func sums() {
    let counters = Self.counters(hits: 1_000, misses: 5_100, inspections: 5_000)
    let window = StatsWindow(counters, without: counters.inspectingLookups())
    let sum = StatsWindow(sum: [window, window])
    #expect(sum.hitsRange == 0...2_000 && sum.missesRange == 200...2_200 && sum.hitRatio == nil)
    #expect(sum.hitRatioText == "0.0 to 90.9 %")
    #expect(StatsWindow(sum: [window, StatsWindow()]).hitsRange == nil)
  }
}
