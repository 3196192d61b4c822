import RedisClient
import Testing

@testable import Operations

/// What one run of `stats --state` leaves for the next.
@Suite struct StatsStateTests {
  private static let uri = "redis://cache-1:6379/0"

  private static func sample(_ runID: String?, at seconds: Double = 100) -> StatsSample {
    var sample = StatsSample(localSeconds: seconds)
    sample.runID = runID
    sample.counters.hits = 5
    return sample
  }

  static func reading(
    _ address: String, _ runID: String, hits: Int = 0, at seconds: Double = 100, role: String = "master",
    isClusterNode: Bool = true
  ) -> StatsReading {
    let info =
      "# Server\r\nrun_id:\(runID)\r\nuptime_in_seconds:100000\r\nrole:\(role)\r\nkeyspace_hits:\(hits)\r\n"
      + "keyspace_misses:0\r\ncluster_enabled:\(isClusterNode ? 1 : 0)\r\n"
    return StatsReading(
      address: address, info: info, commandStats: ServerInfo(), latencyStats: ServerInfo(),
      histogram: nil, localSeconds: seconds)
  }

  static func round(_ readings: StatsReading..., isWholeCluster: Bool = true) -> StatsRound {
    StatsRound(readings: readings, isWholeCluster: isWholeCluster)
  }

  @Test("a state reads back as it was written") func roundTrip() throws {
    let servers = ["a", "b"].map { (name: String) in StatsServer(address: "cache-\(name):6379", runID: name) }
    var state = StatsState(target: Self.uri)
    state.add(StatsLookups(hits: 3, misses: 1), at: servers[0], begun: 90)
    state.advance(
      to: Self.round(Self.reading("cache-a:6379", "a", hits: 7), Self.reading("cache-b:6379", "b")),
      of: Self.uri)
    state.add(StatsLookups(hits: 10, misses: 2, uncountedRuns: 1), at: servers[1], begun: 101)
    let read = try #require(try StatsState.decode(state.encoded))
    #expect(read == state && read.target == Self.uri)
    #expect(read.nodes.map(\.server) == servers)
    #expect(read.nodes[0].sample?.counters.hits == 7 && read.nodes[0].lookupsSinceSample.isEmpty)
    #expect(read.nodes[1].lookupsSinceSample == StatsLookups(hits: 10, misses: 2, uncountedRuns: 1))
    #expect(!read.nodes[1].straddlesSample)
  }

  @Test("a run that began before the last reading is noticed, also when another followed") func straddling() {
    var state = StatsNodeState(StatsServer(address: "h:1", runID: "a"))
    state.advance(to: Self.sample("a", at: 100), address: "h:1")
    state.add(StatsLookups(hits: 1), begun: 95)
    state.add(StatsLookups(hits: 1), begun: 120)
    #expect(state.straddlesSample)
    state.advance(to: Self.sample("a", at: 130), address: "h:1")
    #expect(!state.straddlesSample && state.lookupsSinceSample.isEmpty)
  }

  @Test("an empty file is no state, and anything else must be one") func decoding() throws {
    #expect(try StatsState.decode([]) == nil)
    for text in [
      "x", "{}", "[1]", "{\"schema\":\"rediscache.state/3\"}", "{\"schema\":\"rediscache.state/2\"}", "null",
    ] {
      #expect(throws: StatsState.Refusal.unreadable) { try StatsState.decode(Array(text.utf8)) }
    }
    let newer = String(decoding: StatsState(target: Self.uri).encoded, as: UTF8.self)
      .replacing("state/3", with: "state/4")
    #expect(throws: StatsState.Refusal.unreadable) { try StatsState.decode(Array(newer.utf8)) }
  }

  @Test("a file of the version that knew one server only is read") func firstVersion() throws {
    let text = """
      {"address":"cache-1:6379","last_run_began_seconds":101,"lookups":{"hits":13,"misses":3,"uncounted_runs":0},\
      "lookups_at_sample":{"hits":3,"misses":1,"uncounted_runs":0},"run_id":"a","sample":{"counters":{"hits":5},\
      "local_time_seconds":100,"run_id":"a"},"schema":"rediscache.state/1"}
      """
    let state = try #require(try StatsState.decode(Array(text.utf8)))
    #expect(
      state.target == nil && state.nodes.map(\.server) == [StatsServer(address: "cache-1:6379", runID: "a")])
    #expect(state.nodes[0].lookupsSinceSample == StatsLookups(hits: 10, misses: 2))
    #expect(state.nodes[0].sample == Self.sample("a"))
    try state.check(target: "redis://other/0", servers: [StatsServer(address: "cache-1:6379", runID: "b")])
    #expect(throws: StatsState.Refusal.otherTarget("cache-1:6379")) {
      try state.check(target: Self.uri, servers: [StatsServer(address: "cache-2:6379", runID: "b")])
    }
  }

  @Test("a state is of its target's name, or of the process or the address of one of its servers")
  func target() throws {
    var state = StatsState(target: Self.uri)
    func check(_ uri: String, _ address: String, _ runID: String?) throws {
      try state.check(target: uri, servers: [StatsServer(address: address, runID: runID)])
    }
    try check("redis://anywhere/0", "h:9", "z")
    state.advance(to: Self.round(Self.reading("h:1", "a"), Self.reading("h:2", "b")), of: Self.uri)
    try check("redis://h:1/0", "h:1", "a")
    try check("redis://h:2/0", "h:2", "z")
    try check("unix:///run/redis.sock", "/run/redis.sock", "b")
    // Sentinels may name any server by now.
    try check(Self.uri, "h:9", "z")
    #expect(throws: StatsState.Refusal.otherTarget(Self.uri)) { try check("redis://h:3/0", "h:3", "z") }
    #expect(throws: StatsState.Refusal.otherTarget(Self.uri)) { try check("redis://h:3/0", "h:3", nil) }
  }

  @Test("nodes come and go; what could not be read keeps its place") func advancing() {
    var state = StatsState(target: Self.uri)
    state.advance(
      to: Self.round(Self.reading("h:1", "a"), Self.reading("h:2", "b"), Self.reading("h:3", "c")),
      of: Self.uri)
    state.add(StatsLookups(hits: 4), at: StatsServer(address: "h:2", runID: "b"), begun: 150)
    // The second cannot be read, the third has handed over to a new one.
    var next = Self.round(Self.reading("h:1", "a", at: 200), Self.reading("h:4", "d", at: 200))
    next.faults = [
      StatsRound.Fault(address: "h:2", slots: SlotSet(), error: ClientError(.unreachable, "away"))
    ]
    state.advance(to: next, of: Self.uri)
    #expect(state.nodes.map(\.address) == ["h:1", "h:4", "h:2"])
    #expect(state.nodes.map { $0.sample?.localSeconds } == [200, 200, 100])
    #expect(state.nodes[2].lookupsSinceSample.hits == 4)
    // A node that is read by itself leaves the others where they are.
    state.advance(
      to: Self.round(Self.reading("/h4.sock", "d", at: 300), isWholeCluster: false), of: "unix:///h4.sock")
    #expect(state.nodes.map(\.address) == ["/h4.sock", "h:1", "h:2"])
    // A server that is no part of a cluster stands for its target alone.
    state.advance(
      to: Self.round(Self.reading("h:9", "z", isClusterNode: false), isWholeCluster: false), of: Self.uri)
    #expect(state.nodes.map(\.address) == ["h:9"])
  }

  @Test("lookups are noted with the server that counted them") func account() throws {
    let (one, two) = (StatsServer(address: "h:1", runID: "a"), StatsServer(address: "h:2", runID: "b"))
    let account = StatsLookupAccount(
      target: Self.uri,
      entries: [
        .init(server: one, lookups: StatsLookups(hits: 5, misses: 1)),
        .init(server: two, lookups: StatsLookups()),
      ])
    var state = StatsState(target: Self.uri)
    state.advance(to: Self.round(Self.reading("h:1", "a"), Self.reading("h:2", "b")), of: Self.uri)
    let noted = try account.noted(in: state, begun: 120)
    #expect(noted.nodes.map(\.lookupsSinceSample) == [StatsLookups(hits: 5, misses: 1), StatsLookups()])
    // The place of another process has counters of its own, and an account of its own.
    let fresh = try account.noted(in: nil, begun: 120)
    #expect(fresh.nodes.map(\.server) == [one] && fresh.nodes[0].sample == nil && fresh.target == Self.uri)
    var stranger = StatsState(target: "redis://else/0")
    stranger.advance(to: Self.round(Self.reading("h:7", "q")), of: "redis://else/0")
    #expect(throws: StatsState.Refusal.otherTarget("h:7")) { try account.noted(in: stranger, begun: 120) }
  }
}
