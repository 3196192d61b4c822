import Keyspace
import TestSupport
import Testing

@testable import Reporting

/// Whether the intervals that a sampled scan states hold what they promise, over many seeded keyspaces.
struct SamplingCoverageTests {
  /// How the sizes of a group's values are spread.
  enum Sizes: String, CaseIterable, Sendable {
    case constant, even, narrowLognormal, lognormal, wideLognormal, widestLognormal, pareto
    case rareBig, rarerBig, twoKinds

    func draw(_ random: inout SeededGenerator) -> Int {
      switch self {
      case .constant: return 72
      case .even: return 50 + random.below(1000)
      case .narrowLognormal: return Int(random.lognormal(5, 0.5))
      case .lognormal: return Int(random.lognormal(5, 1))
      case .wideLognormal: return Int(random.lognormal(5, 1.5))
      case .widestLognormal: return Int(random.lognormal(5, 2))
      // Beyond the power 2 even the variance has no bound.
      case .pareto: return Int(100 * random.pareto(2.5))
      case .rareBig: return 200 + random.below(100) + (random.chance(0.01) ? 50_000 : 0)
      case .rarerBig: return 200 + random.below(100) + (random.chance(0.003) ? 100_000 : 0)
      case .twoKinds: return random.chance(0.4) ? 64 : 2048
      }
    }
  }

  private static let shares = [0.0, 0.001, 0.02, 0.3, 0.9, 0.999, 1]

  struct Coverage {
    var cases = 0
    var memoryHits = 0
    var withoutTTLHits = 0
    var memoryErrors = 0.0
    var memory: Double { Double(memoryHits) / Double(cases) }
    var withoutTTL: Double { Double(withoutTTLHits) / Double(cases) }
  }

  /// Samples one group of a seeded keyspace as a scan does, and notes whether the truth lies in the
  /// intervals.
  private func sample(
    _ sizes: Sizes, keys: Int, quota: Int, share: Double, seed: Int, _ coverage: inout Coverage
  ) {
    var random = SeededGenerator(seed: seed)
    var figures = GroupFigures()
    var (bytes, without) = (0, 0)
    for _ in 0..<keys {
      let size = sizes.draw(&random)
      let expires = !random.chance(share)
      bytes += size
      without += expires ? 0 : 1
      let isChosen = figures.chosen < quota
      figures.count(isChosen: isChosen)
      if isChosen { figures.record(KeyMeasure(ttlMilliseconds: expires ? 1000 : -1, memoryBytes: size)) }
    }
    let estimate = figures.estimate
    coverage.cases += 1
    coverage.memoryErrors += estimate.memoryError
    if abs(estimate.memory - Double(bytes)) <= estimate.memoryError * estimate.memory + 0.5 {
      coverage.memoryHits += 1
    }
    if abs(estimate.withoutTTL - Double(without)) <= estimate.withoutTTLError + 0.5 {
      coverage.withoutTTLHits += 1
    }
  }

  @Test(arguments: Sizes.allCases)
  func theTruthLiesInTheStatedInterval(sizes: Sizes) {
    var coverage = Coverage()
    // What a sample has not met it cannot tell of: of rare values it must be large enough to hold a few.
    let quota = sizes == .rarerBig ? ScanDefaults.sample : 500
    let seeds = 1...420
    for seed in seeds {
      let share = SamplingCoverageTests.shares[seed % SamplingCoverageTests.shares.count]
      // From half to a fifth of the keys are measured.
      sample(sizes, keys: 2 * quota + 5 * seed, quota: quota, share: share, seed: seed, &coverage)
    }
    #expect(coverage.memory >= 0.90, "\(sizes): memory within the interval")
    #expect(coverage.withoutTTL >= 0.93, "\(sizes): keys without TTL within the interval")
  }

  @Test func onAverageTheIntervalsHoldWhatTheyPromise() {
    var coverage = Coverage()
    for sizes in Sizes.allCases {
      for seed in 1001...1100 {
        let share = SamplingCoverageTests.shares[seed % SamplingCoverageTests.shares.count]
        sample(sizes, keys: 10_000, quota: ScanDefaults.sample, share: share, seed: seed, &coverage)
      }
    }
    #expect(coverage.cases >= 1000)
    #expect(coverage.memory >= 0.93)
    #expect(coverage.withoutTTL >= 0.93)
  }

  /// An interval that always holds because it is endless would be of no use.
  @Test func theErrorIsSmallWhereSizesAreTame() {
    var coverage = Coverage()
    for seed in 1...20 {
      sample(.narrowLognormal, keys: 20_000, quota: 2500, share: 0.5, seed: seed, &coverage)
    }
    #expect(coverage.memoryErrors / 20 < 0.025)
  }

  @Test(arguments: [1, 2, 5])
  func aTinySampleDoesNotClaimToBeExact(quota: Int) {
    var coverage = Coverage()
    for seed in 1...50 {
      sample(.even, keys: 1000, quota: quota, share: 0.5, seed: seed, &coverage)
    }
    #expect(coverage.memoryErrors > 0 && coverage.memory >= 0.6)
  }

  @Test func aWholeMeasurementHasNoError() {
    var figures = GroupFigures()
    var random = SeededGenerator(seed: 1)
    var bytes = 0
    for _ in 0..<1000 {
      let size = Sizes.wideLognormal.draw(&random)
      bytes += size
      figures.count(isChosen: true)
      figures.record(KeyMeasure(ttlMilliseconds: 5, memoryBytes: size))
    }
    #expect(figures.estimate.memoryError == 0 && figures.estimate.withoutTTLError == 0)
    #expect(Int(figures.estimate.memory.rounded()) == bytes)
  }
}

enum ScanDefaults {
  static let sample = 2500
}
