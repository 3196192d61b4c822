import RedisClient
import Reporting
import Testing

@testable import Operations

/// Readings of several servers compared with earlier ones.
@Suite struct StatsIntervalsTests {
  private static func earlier(
    _ address: String, _ runID: String, hits: Int = 0, at seconds: Double = 100, lookups: Int = 0
  ) -> StatsEarlier {
    var earlier = StatsEarlier(StatsStateTests.reading(address, runID, hits: hits, at: seconds))
    earlier.lookups = StatsLookups(hits: lookups)
    return earlier
  }

  private static func reading(
    _ address: String, _ runID: String, hits: Int = 0, role: String = "master"
  ) -> StatsReading {
    StatsStateTests.reading(address, runID, hits: hits, at: 160, role: role)
  }

  private static func hits(_ intervals: StatsIntervals) -> [Int?] {
    intervals.spans.map { $0?.window?.hits }
  }

  @Test("each server is compared with itself, wherever it is now, and loses its own lookups") func pairs() {
    // The first two have changed their addresses.
    let round = StatsStateTests.round(
      Self.reading("h:2", "a", hits: 110), Self.reading("h:1", "b", hits: 220),
      Self.reading("h:3", "c", hits: 300))
    let intervals = StatsIntervals(
      round,
      since: [
        Self.earlier("h:3", "c", hits: 299), Self.earlier("h:1", "a", hits: 100, lookups: 4),
        Self.earlier("h:2", "b", hits: 200, lookups: 15),
      ])
    #expect(Self.hits(intervals) == [6, 5, 1])
    #expect(intervals.spans.map { $0?.window?.subtracted?.count } == [4, 15, 0])
    #expect(intervals.isWhole && intervals.warnings.isEmpty, "\(intervals.warnings)")
    #expect(intervals.spans.allSatisfy { $0?.window?.seconds == 60 })
  }

  @Test("a failover leaves the other nodes their intervals, and the totals none") func failover() {
    let round = StatsStateTests.round(Self.reading("h:1", "a", hits: 12), Self.reading("h:5", "e", hits: 900))
    let intervals = StatsIntervals(
      round, since: [Self.earlier("h:1", "a", hits: 10), Self.earlier("h:2", "b", hits: 20)])
    #expect(Self.hits(intervals) == [2, nil] && !intervals.isWhole)
    #expect(intervals.warnings.count == 3, "\(intervals.warnings)")
    for (warning, words) in zip(
      intervals.warnings,
      ["h:5 is read for the first time", "h:2 is no longer read", "the totals have no interval"])
    {
      #expect(warning.hasPrefix(words), "\(warning)")
    }
  }

  @Test("a node that has gone takes the interval of the totals with it") func gone() {
    let earlier = [Self.earlier("h:1", "a"), Self.earlier("h:2", "b")]
    var round = StatsStateTests.round(Self.reading("h:1", "a", hits: 3))
    let gone = StatsIntervals(round, since: earlier)
    #expect(Self.hits(gone) == [3] && !gone.isWhole)
    // One that should have been read and could not is told elsewhere, and so is that the totals are not of all.
    round.faults = [StatsRound.Fault(address: "h:2", slots: SlotSet(), error: ClientError(.timeout, "late"))]
    let away = StatsIntervals(round, since: earlier)
    #expect(away.isWhole && away.warnings.isEmpty, "\(away.warnings)")
    // One node of a cluster, read by itself, says nothing of the others.
    round = StatsStateTests.round(Self.reading("h:1", "a", hits: 3), isWholeCluster: false)
    let alone = StatsIntervals(round, since: earlier)
    #expect(Self.hits(alone) == [3] && alone.isWhole && alone.warnings.isEmpty)
  }

  @Test("a restart and a change of role are told with the node") func events() {
    let round = StatsStateTests.round(
      Self.reading("h:1", "z", hits: 5), Self.reading("h:2", "b", role: "slave"),
      Self.reading("h:3", "c", hits: 2))
    let intervals = StatsIntervals(
      round, since: [Self.earlier("h:1", "a"), Self.earlier("h:2", "b"), Self.earlier("h:3", "c")])
    #expect(Self.hits(intervals) == [nil, nil, 2] && !intervals.isWhole)
    #expect(intervals.warnings[0].hasPrefix("another server answers at h:1"), "\(intervals.warnings)")
    #expect(intervals.warnings[1].hasPrefix("h:2 was primary and is replica now"), "\(intervals.warnings)")
  }

  @Test("behind one name another server answers: that is a failover, and no interval", arguments: ["b", nil])
  func oneName(_ runID: String?) {
    // Its counters are higher, so that nothing but the address tells where there is no run_id.
    let before = Self.earlier("h:1", "a", hits: 10)
    var reading = Self.reading("h:2", runID ?? "", hits: 5_000)
    if runID == nil {
      let info = "role:master\r\nkeyspace_hits:5000\r\nkeyspace_misses:9\r\nuptime_in_seconds:100060\r\n"
      reading = StatsReading(
        address: "h:2", info: info, commandStats: ServerInfo(), latencyStats: ServerInfo(),
        histogram: nil, localSeconds: 160)
    }
    let intervals = StatsIntervals(StatsRound(readings: [reading]), since: [before])
    #expect(Self.hits(intervals) == [nil] && !intervals.isWhole)
    #expect(
      intervals.warnings.count == 1 && intervals.warnings[0].contains("h:2 in place of h:1 (a failover?)"),
      "\(intervals.warnings)")
  }

  @Test("intervals of different lengths add up to counts without rates") func lengths() {
    let round = StatsStateTests.round(Self.reading("h:1", "a", hits: 30), Self.reading("h:2", "b", hits: 50))
    let intervals = StatsIntervals(
      round, since: [Self.earlier("h:1", "a"), Self.earlier("h:2", "b", at: 40)])
    let report = Self.report(round, intervals)
    #expect(report.totals.interval?.hits == 80 && report.totals.interval?.seconds == nil)
    #expect(report.nodes.map { $0.figures.interval?.seconds } == [60, 120])
    #expect(intervals.warnings.count == 1 && intervals.warnings[0].contains("differ in length"))
    let even = StatsIntervals(
      round, since: [Self.earlier("h:1", "a"), Self.earlier("h:2", "b", at: 99.5)])
    #expect(even.warnings.isEmpty && Self.report(round, even).totals.interval?.seconds == 60.5)
  }

  @Test("without every node's interval there is none of the totals, and nothing is subtracted from them")
  func totals() {
    let round = StatsStateTests.round(Self.reading("h:1", "a", hits: 30), Self.reading("h:2", "b", hits: 50))
    let whole = Self.report(
      round,
      StatsIntervals(
        round, since: [Self.earlier("h:1", "a", lookups: 9), Self.earlier("h:2", "b", hits: 5, lookups: 2)]))
    #expect(whole.totals.interval?.hits == 64 && whole.totals.interval?.subtracted?.count == 11)
    #expect(whole.nodes.map { $0.figures.interval?.subtracted?.count } == [9, 2])
    let partial = Self.report(
      round, StatsIntervals(round, since: [Self.earlier("h:1", "a", lookups: 9)]))
    #expect(partial.totals.interval == nil)
    #expect(
      partial.nodes.map { $0.figures.interval?.hits } == [21, nil] && partial.totals.lifetime.hits == 80)
  }

  private static func report(_ round: StatsRound, _ intervals: StatsIntervals) -> StatsReport {
    StatsReporter(round: round, intervals: intervals, commandContext: []).report(
      ReportHeader(
        schema: "", toolVersion: "", uri: "", kind: "", server: nil, serverVersion: nil, nodes: [],
        startedAt: ""))
  }
}
