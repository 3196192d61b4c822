import Reporting
import Testing

@testable import Operations

/// Whether two readings can be compared.
@Suite struct StatsSampleTests {
  private static func sample(_ change: (inout StatsSample) -> Void = { _ in }) -> StatsSample {
    var sample = StatsSample(localSeconds: 1_000)
    sample.runID = "a"
    (sample.processID, sample.port) = (77, 6_379)
    sample.replicationID = "r"
    sample.role = "primary"
    sample.uptimeSeconds = 500
    sample.serverMicroseconds = 1_000_000_000
    sample.resets = 0
    sample.counters.hits = 100
    sample.counters.misses = 10
    sample.counters.commands = 1_000
    change(&sample)
    return sample
  }

  private static func later(_ change: (inout StatsSample) -> Void = { _ in }) -> StatsSample {
    sample {
      $0.localSeconds = 1_060
      $0.uptimeSeconds = 560
      $0.serverMicroseconds = 1_060_500_000
      $0.counters.hits = 150
      $0.counters.commands = 1_100
      change(&$0)
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let later: StatsSample
    let expected: StatsContinuity

    init(_ name: String, _ expected: StatsContinuity, _ change: (inout StatsSample) -> Void) {
      testDescription = name
      later = StatsSampleTests.later(change)
      self.expected = expected
    }
  }

  static let rows = [
    Row("nothing happened", .unbroken) { _ in },
    Row("a new process", .restarted) { ($0.runID, $0.uptimeSeconds) = ("b", 20) },
    Row("a new process that tells no uptime", .restarted) { ($0.runID, $0.uptimeSeconds) = ("b", nil) },
    Row("a process that was there before", .replaced) { ($0.runID, $0.uptimeSeconds) = ("b", 5_000) },
    Row("no run_id, uptime went back", .restarted) { ($0.runID, $0.uptimeSeconds) = (nil, 3) },
    Row("no run_id, and nothing else happened", .unbroken) { $0.runID = nil },
    Row("no run_id, another process", .replaced) { ($0.runID, $0.processID) = (nil, 78) },
    Row("no run_id, another port", .replaced) { ($0.runID, $0.port) = (nil, 6_380) },
    Row("no run_id, uptime and process", .unbroken) {
      ($0.runID, $0.uptimeSeconds, $0.processID, $0.port) = (nil, nil, nil, nil)
    },
    Row("another role", .roleChanged) { $0.role = "replica" },
    Row("another history", .resynchronized) { $0.replicationID = "s" },
    Row("RESETSTAT counted", .reset) { $0.resets = 1 },
    Row("hits went down", .reset) { $0.counters.hits = 99 },
    Row("commands went down", .reset) { $0.counters.commands = 999 },
    Row("a field is not told any more", .unbroken) { $0.counters.hits = nil },
  ]

  @Test("what happened in between is told apart", arguments: rows) func continuity(_ row: Row) {
    #expect(row.later.continuity(since: Self.sample()) == row.expected)
  }

  /// The counters of a young server soon pass those of before.
  @Test("without run_id a start between two readings shows by the uptime", arguments: [true, false])
  func youngServer(tellsTime: Bool) {
    func reading(_ seconds: Double, uptime: Int) -> StatsSample {
      Self.sample {
        ($0.runID, $0.processID, $0.localSeconds, $0.uptimeSeconds) = (nil, nil, seconds, uptime)
        $0.serverMicroseconds = tellsTime ? Int(seconds * 1e6) : nil
      }
    }
    // Five seconds after it had run for a minute, the server has run for one.
    #expect(reading(1_005, uptime: 1).continuity(since: reading(1_000, uptime: 60)) == .restarted)
    // Started in the same second as the first reading.
    #expect(reading(1_010, uptime: 5).continuity(since: reading(1_000, uptime: 1)) == .restarted)
    #expect(reading(1_010, uptime: 11).continuity(since: reading(1_000, uptime: 2)) == .unbroken)
    // The first reading told no uptime.
    var mute = reading(1_000, uptime: 0)
    mute.uptimeSeconds = nil
    #expect(reading(1_060, uptime: 30).continuity(since: mute) == .restarted)
    #expect(reading(1_060, uptime: 3_000).continuity(since: mute) == .unbroken)
  }

  @Test("a histogram with fewer calls was reset") func histogram() {
    var (full, less) = (StatsHistogram(), StatsHistogram())
    full.add(5, upTo: 2)
    less.add(4, upTo: 2)
    let before = Self.sample { $0.histogram = full }
    #expect(Self.later { $0.histogram = less }.continuity(since: before) == .reset)
  }

  @Test("the server's clock comes first, and a clock that went back is passed over") func seconds() {
    #expect(Self.later().seconds(since: Self.sample()) == 60.5)
    #expect(Self.later { $0.serverMicroseconds = nil }.seconds(since: Self.sample()) == 60)
    #expect(
      Self.later { ($0.serverMicroseconds, $0.localSeconds) = (5, 990) }.seconds(since: Self.sample()) == 60)
    #expect(
      Self.later { ($0.serverMicroseconds, $0.localSeconds, $0.uptimeSeconds) = (5, 990, nil) }
        .seconds(since: Self.sample()) == nil)
  }

  @Test("differences and sums lack what either side lacks; own lookups are taken off") func counters() {
    let difference = Self.later().counters.since(Self.sample().counters)
    #expect(difference.hits == 50 && difference.misses == 0 && difference.evictedKeys == nil)
    // There are no more own misses than misses.
    let noted = difference.inspectingLookups(noted: StatsLookups(hits: 20, misses: 5))
    #expect(noted == InspectingLookups(count: 20))
    #expect(StatsWindow(difference, without: noted).hits == 30)
    let sum = Self.later().counters.adding(Self.sample().counters)
    #expect(sum.hits == 250 && sum.evictedKeys == nil)
  }
}
