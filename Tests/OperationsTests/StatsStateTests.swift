import Keyspace
import Testing

@testable import Operations

/// What one run of `stats --state` leaves for the next.
@Suite struct StatsStateTests {
  private static func sample(_ runID: String?, at seconds: Double = 100) -> StatsSample {
    var sample = StatsSample(localSeconds: seconds)
    sample.runID = runID
    sample.counters.hits = 5
    return sample
  }

  @Test("a state reads back as it was written") func roundTrip() throws {
    var state = StatsState(address: "cache-1:6379", runID: "a")
    state.add(StatsLookups(hits: 3, misses: 1), begun: 90)
    state.advance(to: Self.sample("a"), address: "cache-1:6379")
    state.add(StatsLookups(hits: 10, misses: 2, uncountedRuns: 1), begun: 101)
    let read = try #require(try StatsState.decode(state.encoded))
    #expect(read == state)
    #expect(read.lookupsSinceSample == StatsLookups(hits: 10, misses: 2, uncountedRuns: 1))
    #expect(!read.straddlesSample)
  }

  @Test("a run that began before the last reading is noticed, also when another followed") func straddling() {
    var state = StatsState(address: "h:1", runID: "a")
    state.advance(to: Self.sample("a", at: 100), address: "h:1")
    state.add(StatsLookups(hits: 1), begun: 95)
    state.add(StatsLookups(hits: 1), begun: 120)
    #expect(state.straddlesSample)
    state.advance(to: Self.sample("a", at: 130), address: "h:1")
    #expect(!state.straddlesSample && state.lookupsSinceSample.isEmpty)
  }

  @Test("an empty file is no state, and anything else must be one") func decoding() throws {
    #expect(try StatsState.decode([]) == nil)
    for text in ["x", "{}", "[1]", "{\"schema\":\"rediscache.state/2\"}", "null"] {
      #expect(throws: StatsState.Refusal.unreadable) { try StatsState.decode(Array(text.utf8)) }
    }
    let newer = String(decoding: StatsState(address: "h:1", runID: nil).encoded, as: UTF8.self)
      .replacing("state/1", with: "state/2")
    #expect(throws: StatsState.Refusal.unreadable) { try StatsState.decode(Array(newer.utf8)) }
  }

  @Test("a state is of its process or its address") func target() throws {
    let state = StatsState(address: "h:1", runID: "a")
    try state.check(address: "h:1", runID: "a")
    try state.check(address: "h:1", runID: "b")
    try state.check(address: "/run/redis.sock", runID: "a")
    #expect(throws: StatsState.Refusal.otherTarget("h:1")) { try state.check(address: "h:2", runID: "b") }
    #expect(throws: StatsState.Refusal.otherTarget("h:1")) { try state.check(address: "h:2", runID: nil) }
  }
}
