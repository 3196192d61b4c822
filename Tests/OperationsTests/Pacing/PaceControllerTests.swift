import TestSupport
import Testing

@testable import Bytes
@testable import Operations

/// How hard a walk works the server, in simulated time.
struct PaceControllerTests {
  private static let target = 0.3e-3

  /// What holds the server once the pace has settled; the last two batches ask for what is left.
  private func settled(_ server: SimulatedServer, after first: Int = 15) -> ArraySlice<Double> {
    server.holds.dropFirst(first).dropLast(2)
  }

  private func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  /// For how long the mean batch, once the pace has settled, would have held the server without noise.
  private func quietHold(_ server: SimulatedServer) -> Double {
    let usual = server.costs(0)
    let sizes = server.counts.dropFirst(20).dropLast(2).map(Double.init)
    return mean(sizes) * (usual.scannedKey + 2 * usual.measure) + usual.scan
  }

  struct Speed: Sendable, CustomTestStringConvertible {
    let name: String
    let costs: SimulatedServer.Costs
    let keys: Int
    var testDescription: String { name }
  }

  static let speeds = [
    Speed(name: "usual", costs: .init(), keys: 20_000),
    Speed(name: "fast", costs: .init(scan: 2e-6, scannedKey: 0.1e-6, measure: 0.25e-6), keys: 40_000),
    Speed(name: "slow", costs: .init(scan: 20e-6, scannedKey: 1e-6, measure: 5e-6), keys: 3000),
    Speed(name: "dear SCAN", costs: .init(scan: 150e-6), keys: 20_000),
  ]

  struct Distance: Sendable, CustomTestStringConvertible {
    let milliseconds: Double
    /// What comes on top at random, half of it on average.
    var jitter = 0.0
    var costs = SimulatedServer.Costs()
    /// The share of the server's time that is made use of, at least.
    let use: Double
    /// What 19 holds of 20 may last at most, as a multiple of the target.
    var longest = 1.5
    var testDescription: String {
      "\(milliseconds) ms, \(jitter) ms of jitter, \(costs.measure * 1e6) µs a command"
    }
  }

  private static let slowCommands = SimulatedServer.Costs(scan: 20e-6, scannedKey: 1e-6, measure: 5e-6)

  static let distances = [
    Distance(milliseconds: 0.2, use: 0.8),
    Distance(milliseconds: 0.5, jitter: 0.1, use: 0.7),
    Distance(milliseconds: 1, use: 0.75),
    Distance(milliseconds: 1, jitter: 0.4, use: 0.6),
    // A page may take a twentieth of the way, and what measures it comes on top.
    Distance(milliseconds: 2, costs: slowCommands, use: 0.6, longest: 1.75),
    Distance(milliseconds: 10, use: 0.15),
  ]

  /// A page cannot be asked for before the one before it is here: what is far away is asked for more at a time, but held
  /// no longer.
  @Test(arguments: distances) func aServerFarAwayIsKeptBusyAndNotHeldLonger(distance: Distance) throws {
    let server = SimulatedServer(keys: 60_000)
    var random = SeededGenerator(seed: 3)
    server.costs = { _ in
      var costs = distance.costs
      costs.roundTrip = (distance.milliseconds + distance.jitter * random.unit()) / 1000
      return costs
    }
    try server.walk(PaceController(.auto))
    #expect(server.keys == 60_000)
    let holds = settled(server, after: 60)
    let use = server.busy / server.time
    #expect(use >= distance.use, "\(use)")
    let long = holds.count { $0 > distance.longest * PaceControllerTests.target }
    // What was sent apart may arrive together where the way is uneven.
    #expect(long * 20 <= holds.count, "\(long) of \(holds.count), up to \(holds.max() ?? 0)")
    let sizes = server.counts.dropFirst(20).dropLast(2)
    #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $1 <= 2 * $0 && $1 >= $0 / 2 - 1 })
    #expect(sizes.allSatisfy { $0 <= PaceController.fullBatch })
  }

  /// Over a long way the pace is set by how often a page can be asked for, and an uneven way tells nothing of the server.
  /// What may hold it depends on what SCAN takes: on a small machine a microsecond for each key.
  @Test(arguments: [(10.0, 4.0), (50.0, 10.0)], [1e-6])
  func farAwayAutoIsNearlyAsFastAsFull(way: (milliseconds: Double, jitter: Double), scannedKey: Double) throws
  {
    func walk(_ pace: Pace) throws -> SimulatedServer {
      let server = SimulatedServer(keys: 100_000)
      var random = SeededGenerator(seed: 5)
      server.costs = { _ in
        .init(scannedKey: scannedKey, roundTrip: (way.milliseconds + way.jitter * random.unit()) / 1000)
      }
      try server.walk(PaceController(pace))
      #expect(server.keys == 100_000)
      return server
    }
    let (auto, full, gentle) = (try walk(.auto), try walk(.full), try walk(.gentle))
    let isCheap = scannedKey < 0.5e-6
    #expect(
      auto.time <= (isCheap || way.milliseconds > 20 ? 2 : 2.5) * full.time,
      "\(auto.time) s against \(full.time) s")
    let holds = settled(auto, after: 60)
    // What was sent apart may arrive together where the way is uneven.
    let long = holds.count { $0 > (isCheap ? 2 : 3.5) * PaceControllerTests.target }
    #expect(long * 7 <= holds.count, "\(long) of \(holds.count), up to \(holds.max() ?? 0)")
    #expect(gentle.time <= 4 * full.time, "\(gentle.time) s against \(full.time) s")
    #expect(gentle.busy <= 0.25 * gentle.time)
    let restless = settled(gentle, after: 60).count { $0 > 0.6e-3 }
    #expect(restless * 20 <= gentle.holds.count, "\(restless) of \(gentle.holds.count)")
  }

  /// The rate is the bound, and not how often a page can be asked for.
  @Test func aRateIsReachedOverALongWay() throws {
    let server = SimulatedServer(keys: 100_000)
    server.costs = { _ in .init(roundTrip: 50e-3) }
    try server.walk(PaceController(.auto, rate: 5_000))
    let measured = Double(server.keys) / server.time
    #expect((0.9 * 5_000...1.05 * 5_000).contains(measured), "\(measured) keys a second")
  }

  @Test(arguments: speeds) func batchesHoldTheServerForAFractionOfAMillisecond(speed: Speed) throws {
    let server = SimulatedServer(keys: speed.keys)
    server.costs = { _ in speed.costs }
    try server.walk(PaceController(.auto))
    let holds = settled(server)
    #expect(holds.count > 10)
    #expect(abs(mean(holds) / PaceControllerTests.target - 1) <= 0.5)
    #expect(holds.allSatisfy { $0 <= 1.5 * PaceControllerTests.target })
    // Once settled the sizes stay: no hunting about the target.
    let sizes = server.counts.dropFirst(20).dropLast(2)
    #expect(zip(sizes, sizes.dropFirst()).allSatisfy { abs($1 - $0) * 10 <= max($0, 20) })
    #expect(server.keys == speed.keys)
  }

  @Test func aServerTooSlowForTheTargetGetsTheSmallestBatches() throws {
    let server = SimulatedServer(keys: 1000)
    server.costs = { _ in .init(measure: 200e-6) }
    try server.walk(PaceController(.auto))
    #expect(Set(server.counts.suffix(20)) == [10])
  }

  @Test func aStepInLoadIsFollowedBothWays() throws {
    let server = SimulatedServer(keys: 30_000)
    let slow = SimulatedServer.Costs(scan: 50e-6, scannedKey: 2e-6, measure: 8e-6)
    server.costs = { (0.03..<0.12).contains($0) ? slow : .init() }
    try server.walk(PaceController(.auto))
    let overshoot = server.holds.count { $0 > 2 * PaceControllerTests.target }
    #expect(overshoot <= 8, "a few batches, until the change is known")
    #expect(abs(mean(settled(server).suffix(30)) / PaceControllerTests.target - 1) <= 0.5)
  }

  /// A single slow batch is not believed, but two are.
  @Test func aServerThatStaysAHundredTimesSlowerIsBelievedSoon() throws {
    let server = SimulatedServer(keys: 10_000)
    let slow = SimulatedServer.Costs(scan: 500e-6, scannedKey: 20e-6, measure: 80e-6)
    server.costs = { $0 < 0.01 ? .init() : slow }
    try server.walk(PaceController(.auto))
    #expect(Set(server.counts.suffix(20)) == [10])
    let smallest = 500e-6 + 10 * (20e-6 + 2 * 80e-6)
    #expect(server.holds.count { $0 > 2 * smallest } <= 7)
  }

  @Test(arguments: [1, 2, 3, 4, 5]) func noisyRepliesDoNotDriveItAway(seed: Int) throws {
    let server = SimulatedServer(keys: 30_000)
    var random = SeededGenerator(seed: seed)
    server.noise = { random.lognormal(-0.08, 0.4) * (random.chance(0.01) ? 20 : 1) }
    try server.walk(PaceController(.auto))
    #expect((0.5...1.5).contains(quietHold(server) / PaceControllerTests.target))
    let sizes = server.counts.dropFirst(20).dropLast(2)
    #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $1 <= 2 * $0 && $1 >= $0 / 2 - 1 })
  }

  /// A host that takes the processor away for ten milliseconds now and then makes a reply a hundred times as slow.
  @Test(arguments: [1, 2, 3, 4, 5]) func momentsWithoutTheServerDoNotMakeBatchesSmall(seed: Int) throws {
    let server = SimulatedServer(keys: 60_000)
    var random = SeededGenerator(seed: seed)
    server.noise = { random.chance(0.02) ? 100 : 1 }
    try server.walk(PaceController(.auto))
    #expect((0.88...1).contains(quietHold(server) / PaceControllerTests.target))
  }

  /// A pattern that matches nothing is work for the server all the same, and must be asked for in decent
  /// batches.
  @Test(arguments: [0.0, 0.001, 0.02, 0.5]) func sparsePatternsAreWalkedInFullBatches(matching: Double) throws
  {
    let server = SimulatedServer(keys: 60_000)
    server.matching = matching
    try server.walk(PaceController(.auto), pattern: Array("app:*".utf8))
    #expect(server.counts.dropFirst(20).allSatisfy { $0 >= 150 })
    #expect(settled(server).allSatisfy { $0 <= 1.5 * PaceControllerTests.target })
  }

  @Test(arguments: speeds) func gentleRestsThreeQuartersOfTheTime(speed: Speed) throws {
    let server = SimulatedServer(keys: speed.keys)
    server.costs = { _ in speed.costs }
    try server.walk(PaceController(.gentle))
    #expect(server.keys == speed.keys)
    #expect(server.busy / server.time <= 0.25)
    // At rest, but not asleep.
    #expect(server.time <= 6 * server.busy + Double(server.counts.count) * speed.costs.roundTrip * 3)
    #expect(abs(mean(settled(server)) / 0.2e-3 - 1) <= 0.5)
  }

  @Test(arguments: [50, 1000, 20_000, 100_000], [Pace.auto, .gentle, .full])
  func theRateIsKept(rate: Int, pace: Pace) throws {
    let server = SimulatedServer(keys: min(40 * rate, 60_000))
    if rate == 100_000 { server.costs = { _ in .init(roundTrip: 0.2e-3) } }
    try server.walk(PaceController(pace, rate: rate))
    let measured = Double(server.keys) / server.time
    #expect(measured <= 1.05 * Double(rate))
    if pace != .gentle { #expect(measured >= 0.95 * Double(rate)) }
    #expect(server.counts.allSatisfy { $0 <= max(1, rate / 10) })
  }

  @Test func fullAsksForThousands() throws {
    let server = SimulatedServer(keys: 50_000)
    try server.walk(PaceController(.full))
    #expect(Set(server.counts) == [1000])
    #expect(server.busy / server.time >= 0.85, "the server has always something to do")
  }

  @Test(arguments: Pace.allCases, [1, 77, 5000]) func aFixedCountIsKept(pace: Pace, count: Int) throws {
    let server = SimulatedServer(keys: 20 * count)
    try server.walk(PaceController(pace, count: count))
    #expect(Set(server.counts) == [count])
  }

  /// A clock that has shown hardly any time must not keep a controller from learning.
  @Test(arguments: [(Pace.auto, 30), (.gentle, 20)], [Duration.zero, .microseconds(1)])
  func aServerThatTookNoTimeMayBecomeSlow(pace: (kind: Pace, batch: Int), before: Duration) {
    var controller = PaceController(pace.kind)
    for _ in 0..<100 { controller.observe(keys: 50, requested: 50, service: before) }
    for _ in 0..<15 {
      let size = controller.batchSize
      controller.observe(keys: size, requested: size, service: .microseconds(10 * size))
    }
    #expect((pace.batch...pace.batch + 2).contains(controller.batchSize))
  }

  /// The controller by itself: what it is told, it keeps within its bounds.
  @Test func observationsMoveTheSizeByTwoAtMost() {
    var pace = PaceController(.auto)
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let before = pace.batchSize
      pace.observe(keys: before, requested: before, service: .seconds(random.lognormal(-9, 4)))
      #expect(pace.batchSize <= 2 * before && pace.batchSize >= before / 2)
      #expect((10...1000).contains(pace.batchSize))
      #expect(pace.pause(elapsed: .zero) == .zero)
    }
  }
}
