import Keyspace
import TestSupport
import Testing

struct ExpiryWaveTests {
  private static let now = 1_800_000_000

  private func timeline(_ expiries: [Double]) -> ExpiryTimeline {
    var timeline = ExpiryTimeline(start: ExpiryWaveTests.now, horizon: 24 * 3600, resolution: 30)
    for seconds in expiries { timeline.add(expiry: ExpiryWaveTests.now + Int(seconds)) }
    return timeline
  }

  /// 1,000 keyspaces of 200 to 20,000 keys whose TTLs are spread evenly over two minutes to a day.
  @Test func evenSpreadsGiveNoAlarm() {
    var alarms = 0
    for seed in 1...1000 {
      var random = SeededGenerator(seed: seed)
      let ranges: [Double] = [120, 600, 3600, 21_600, 86_400]
      let range = ranges[seed % 5]
      let keys = [200, 1000, 2500, 20_000][seed % 4]
      if !ExpiryWaveDetector.waves(in: timeline((0..<keys).map { _ in random.unit() * range })).isEmpty {
        alarms += 1
      }
    }
    #expect(alarms == 0, "false alarms in a thousand keyspaces")
  }

  /// A random part of the TTL, as is advised against waves, must not be called one: neither at once nor later.
  @Test(arguments: [900, 1800, 3600, 40_000], [0.08, 0.1, 0.2])
  func jitterIsNoWave(ttl: Double, jitter: Double) {
    for (seed, passed) in [0, 0.3, 0.6, 0.8].enumerated() {
      var random = SeededGenerator(seed: seed + 1)
      let expiries = (0..<5000).map { _ in
        ttl * (1 + jitter * (2 * random.unit() - 1)) - passed * ttl * (1 - jitter)
      }
      #expect(ExpiryWaveDetector.waves(in: fineTimeline(expiries)).isEmpty, "after \(passed) of the TTL")
    }
  }

  @Test(arguments: [300, 900, 1800, 3600, 40_000], [0.5, 20, 60])
  func whatExpiresWithinAMinuteIsAWave(ttl: Double, seconds: Double) {
    var random = SeededGenerator(seed: 5)
    let expiries = (0..<5000).map { _ in ttl + random.unit() * seconds }
    let waves = ExpiryWaveDetector.waves(in: fineTimeline(expiries))
    #expect(waves.first.map { $0.keys > 2400 } == true)
  }

  private func fineTimeline(_ expiries: [Double]) -> ExpiryTimeline {
    var timeline = ExpiryTimeline(start: ExpiryWaveTests.now, horizon: 24 * 3600, resolution: 1)
    for seconds in expiries { timeline.add(expiry: ExpiryWaveTests.now + Int(seconds)) }
    return timeline
  }

  @Test(arguments: 1...8, [3600, 14_400, 72_000])
  func aWaveOfOnePercentIsFoundWhereItIs(seed: Int, seconds: Int) throws {
    let range = Double(seconds)
    var random = SeededGenerator(seed: seed)
    // A wave of one per cent stands out where an even spread puts far less into a minute.
    let planted = range < 7200 ? 0.08 : 0.01
    let at = 600 + random.unit() * (range - 1200)
    let keys = 20_000
    let expiries = (0..<keys).map { _ in
      random.chance(planted) ? at + random.unit() * 20 : random.unit() * range
    }
    let waves = ExpiryWaveDetector.waves(in: timeline(expiries))
    #expect(waves.count == 1)
    let wave = try #require(waves.first)
    let begins = Double(wave.at - ExpiryWaveTests.now)
    #expect(begins <= at + 1 && begins + Double(wave.windowSeconds) >= at + 20 - 1)
    let background = Double(keys) * 60 / range
    #expect(abs(Double(wave.keys) - planted * Double(keys) - background) < 0.25 * planted * Double(keys) + 30)
    #expect(abs(wave.expected / background - 1) < 0.2)
  }

  @Test func severalWavesAreToldLargestFirst() {
    var random = SeededGenerator(seed: 9)
    let expiries = (0..<20_000).map { _ -> Double in
      switch random.below(100) {
      case 0..<4: 7200 + random.unit() * 15
      case 4..<6: 30_000 + random.unit() * 15
      default: random.unit() * 80_000
      }
    }
    let waves = ExpiryWaveDetector.waves(in: timeline(expiries))
    #expect(waves.count == 2)
    #expect(waves.first.map { abs($0.at - ExpiryWaveTests.now - 7200) <= 60 } == true)
    #expect(waves.last.map { abs($0.at - ExpiryWaveTests.now - 30_000) <= 60 } == true)
  }

  enum Smooth: String, CaseIterable, Sendable {
    case exponential, rising, falling, bell
  }

  /// A bell of a few minutes is a heap, and therefore left out.
  static let smooth: [(Smooth, Int)] =
    [150, 300, 600, 3600, 14_400].flatMap { seconds in
      Smooth.allCases.filter { $0 != .bell || seconds >= 600 }.map { ($0, seconds) }
    }

  /// Thick ends and middles are how TTLs are spread, not waves.
  @Test(arguments: smooth)
  func smoothSpreadsGiveNoAlarm(shape: Smooth, seconds: Int) {
    let scale = Double(seconds)
    var alarms = 0
    for seed in 1...20 {
      var random = SeededGenerator(seed: seed)
      let expiries = (0..<5000).map { _ -> Double in
        switch shape {
        case .exponential: scale * random.exponential()
        case .rising: 3 * scale * random.unit().squareRoot()
        case .falling: 3 * scale * (1 - random.unit().squareRoot())
        case .bell: max(0, 3 * scale + 0.7 * scale * random.normal())
        }
      }
      if !ExpiryWaveDetector.waves(in: timeline(expiries)).isEmpty { alarms += 1 }
    }
    #expect(alarms == 0, "\(shape) of \(scale) s")
  }

  /// Few keys make no wave, however they fall.
  @Test func fewKeysGiveNoAlarm() {
    #expect(ExpiryWaveDetector.waves(in: timeline((0..<90).map { $0 < 60 ? 500 : Double($0) * 100 })).isEmpty)
    #expect(ExpiryWaveDetector.waves(in: timeline([])).isEmpty)
  }

  @Test func timelinesMergeAndForgetNothing() {
    var random = SeededGenerator(seed: 2)
    let expiries = (0..<3000).map { _ in random.unit() * 30 * 3600 }
    var left = timeline(Array(expiries.prefix(1000)))
    left.merge(timeline(Array(expiries.dropFirst(1000))))
    #expect(left == timeline(expiries))
    #expect(left.total + left.later == 3000 && left.later > 0)
  }
}
