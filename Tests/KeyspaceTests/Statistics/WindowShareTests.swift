import TestSupport
import Testing

@testable import Keyspace

/// Estimates from windows of time, on simulated traffic whose truth is known.
@Suite struct WindowShareTests {
  /// A group of keys in simulated traffic.
  struct Group {
    /// Reads a second.
    let rate: Double
    /// The part of them that finds its key.
    let hitRatio: Double
    /// How much busier its bursts are than its mean; 1 for none.
    var burst = 1.0
  }

  /// What a shop's cache may look like: one large group, a poor one, a rare one, one in bursts and one that never hits.
  static let groups = [
    Group(rate: 30_000, hitRatio: 0.97), Group(rate: 4_000, hitRatio: 0.2), Group(rate: 40, hitRatio: 0.6),
    Group(rate: 2_000, hitRatio: 0.85, burst: 3), Group(rate: 300, hitRatio: 0),
  ]

  /// A minute of traffic: what the windows saw of each group's hits, and the truth.
  struct Minute {
    var seen: [WindowCounts]
    var whole = WindowCounts()
    var hits: [Int]
    var misses: [Int]
    let windows: Int

    /// Windows of 150 ms, as many as make up 5 % of a minute.
    init(_ groups: [Group], seed: Int, windows: Int = 20, seconds: Double = 60, length: Double = 0.15) {
      var generator = SeededGenerator(seed: seed)
      seen = groups.map { _ in WindowCounts() }
      (hits, misses) = (groups.map { _ in 0 }, groups.map { _ in 0 })
      self.windows = windows
      for (index, group) in groups.enumerated() {
        for window in 0..<windows {
          // A burst takes a fifth of the windows.
          let isBurst = generator.chance(0.2)
          let factor = group.burst == 1 ? 1 : isBurst ? group.burst : (1 - 0.2 * group.burst) / 0.8
          let count = generator.poisson(group.rate * group.hitRatio * length * factor)
          seen[index].add(count, in: window)
          whole.merge(seen[index].within(window..<(window + 1)))
          hits[index] += count
        }
        let rest = seconds - Double(windows) * length
        hits[index] += generator.poisson(group.rate * group.hitRatio * rest)
        misses[index] = generator.poisson(group.rate * (1 - group.hitRatio) * seconds)
      }
    }

    /// True where a group's hit ratio lies in its stated interval.
    func holds(_ group: Int) -> Bool {
      let share = WindowShare(of: seen[group], in: whole, windows: windows)
      let all = Double(hits.reduce(0, +))
      func ratio(_ hits: Double) -> Double { hits / max(1, hits + Double(misses[group])) }
      let truth = ratio(Double(hits[group]))
      return ratio(all * share.low) - 1e-9 <= truth && truth <= ratio(all * share.high) + 1e-9
    }
  }

  @Test(arguments: [20, 40]) func statedIntervalsHoldInAtLeast95PercentOfRuns(windows: Int) {
    var held = Self.groups.map { _ in 0 }
    for seed in 0..<200 {
      let minute = Minute(Self.groups, seed: seed, windows: windows)
      for group in Self.groups.indices where minute.holds(group) { held[group] += 1 }
    }
    for (group, count) in held.enumerated() { #expect(count >= 190, "group \(group): \(count) of 200") }
  }

  @Test func intervalsAreNoWiderThanTheyMustBe() {
    let minute = Minute(Self.groups, seed: 7)
    let large = WindowShare(of: minute.seen[0], in: minute.whole, windows: minute.windows)
    #expect(large.high - large.low < 0.08)
    let rare = WindowShare(of: minute.seen[2], in: minute.whole, windows: minute.windows)
    #expect(rare.high < 3 * rare.low, "about 72 of its reads were seen")
  }

  @Test func aGroupThatWasNotSeenHasAnUpperBound() {
    var whole = WindowCounts()
    for window in 0..<20 { whole.add(500, in: window) }
    let share = WindowShare(of: WindowCounts(), in: whole, windows: 20)
    #expect(share.value == 0)
    #expect(share.low == 0)
    #expect((3e-4...8e-4).contains(share.high), "about four of 10,000 may have been missed: \(share.high)")
  }

  @Test func aGroupThatIsAllThatWasSeenMayYetLackSomething() {
    var whole = WindowCounts()
    for window in 0..<20 { whole.add(500, in: window) }
    let share = WindowShare(of: whole, in: whole, windows: 20)
    #expect(share.value == 1)
    #expect(share.high == 1)
    #expect((0.999..<1).contains(share.low))
  }

  @Test func withoutAnythingSeenNothingIsKnown() {
    let share = WindowShare(of: WindowCounts(), in: WindowCounts(), windows: 20)
    #expect((share.low, share.high) == (0, 1))
  }

  @Test func countsOfTheSameWindowsAdd() {
    var (one, other) = (WindowCounts(), WindowCounts())
    for (window, count) in [(1, 2), (3, 4), (7, 1)] { one.add(count, in: window) }
    for (window, count) in [(0, 1), (3, 2), (9, 5)] { other.add(count, in: window) }
    one.merge(other)
    #expect(one.cells.map(\.window) == [0, 1, 3, 7, 9])
    #expect(one.cells.map(\.count) == [1, 2, 6, 1, 5])
    #expect(one.within(1..<7).total == 8)
    one.add(3, in: 2)
    #expect(one.cells.map(\.window) == [0, 1, 2, 3, 7, 9], "a late count finds its place")
  }
}
