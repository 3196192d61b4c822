import Testing

@testable import Bytes
@testable import Operations
@testable import Reporting

/// Latencies merged over commands.
@Suite struct StatsHistogramTests {
  @Test("the server's rounded bounds fall into their bins") func bins() {
    var histogram = StatsHistogram()
    // As Redis 7.0 prints them.
    for (bin, bound) in [1.0, 2, 4, 8, 16, 33, 66, 132, 264, 528, 1057, 2113].enumerated() {
      histogram.add(bin + 1, upTo: bound)
    }
    #expect(histogram.counts == Array(1...12))
  }

  @Test("quantiles are interpolated inside their bin") func quantiles() throws {
    var histogram = StatsHistogram()
    histogram.add(90, upTo: 8)
    histogram.add(10, upTo: 132)
    // The bin of 8 µs is 4.096 to 8.192, that of 132 is 65.536 to 131.072.
    #expect(abs(try #require(histogram.quantile(0.45)) - 6.144e-6) < 1e-12)
    #expect(abs(try #require(histogram.quantile(0.95)) - 98.304e-6) < 1e-12)
    #expect(abs(try #require(histogram.quantile(1)) - 131.072e-6) < 1e-12)
    #expect(StatsHistogram().quantile(0.5) == nil)
  }

  @Test("merging weighs every call the same") func merging() throws {
    var (fast, slow) = (StatsHistogram(), StatsHistogram())
    fast.add(980, upTo: 2)
    slow.add(20, upTo: 1057)
    fast.merge(slow)
    #expect(fast.total == 1_000)
    #expect(try #require(fast.quantile(0.5)) < 3e-6)
    #expect(try #require(fast.quantile(0.99)) > 500e-6)
  }

  @Test("a difference holds the calls in between, and there is none after a reset") func difference() throws {
    var before = StatsHistogram()
    before.add(5, upTo: 2)
    var after = before
    after.add(3, upTo: 2)
    after.add(4, upTo: 16)
    #expect(try #require(after.since(before)).counts == [0, 3, 0, 0, 4])
    #expect(before.since(after) == nil)
    #expect(StatsHistogram().since(before) == nil)
  }

  @Test("percentiles of commands are mixed by their calls") func percentiles() throws {
    var mixed = StatsPercentiles()
    mixed.add(calls: 900, text: "p50=10.000,p99=20.000,p99.9=40.000")
    mixed.add(calls: 100, text: "p50=1000.000,p99=2000.000,p99.9=2000.000")
    mixed.add(calls: 0, text: "p50=9,p99=9,p99.9=9")
    mixed.add(calls: 7, text: "nonsense")
    // Nine calls of ten are fast, so the median is the fast command's, and the 95th percentile the slow one's median.
    let median = try #require(mixed.quantile(0.5))
    #expect((10e-6...12e-6).contains(median))
    let high = try #require(mixed.quantile(0.95))
    #expect((0.9e-3...1.1e-3).contains(high))
    var one = StatsPercentiles()
    one.add(calls: 5, text: "p50=10.000,p99=20.000,p99.9=40.000")
    #expect(abs(try #require(one.quantile(0.5)) - 10e-6) < 1e-9)
    #expect(abs(try #require(one.quantile(0.99)) - 20e-6) < 1e-9)
    #expect(StatsPercentiles().quantile(0.5) == nil)
    // A server that keeps the median alone does not know the rest.
    var median50 = StatsPercentiles()
    median50.add(calls: 5, text: "p50=10.000")
    #expect(median50.quantile(0.5) != nil && median50.quantile(0.99) == nil)
  }
}
