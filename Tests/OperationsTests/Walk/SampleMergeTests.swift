import Keyspace
import TestSupport
import Testing

/// Groups that become one keep what is known of each.
struct SampleMergeTests {
  /// A group of which every key, or the first few, is measured.
  private func figures(keys: Int, measured: Int, bytes: Int, ttl: Int64) -> GroupFigures {
    var figures = GroupFigures()
    for index in 0..<keys {
      figures.count(isChosen: index < measured)
      if index < measured { figures.record(KeyMeasure(ttlMilliseconds: ttl, memoryBytes: bytes)) }
    }
    return figures
  }

  @Test(arguments: [
    (10_000, 100, 1000, 1000), (10_000, 100, 1000, 10), (1000, 1000, 10_000, 100), (500, 500, 500, 500),
    (5000, 50, 100_000, 1000),
  ])
  func twoStrataOfDifferentDensityKeepTheirMeans(
    bigKeys: Int, bigSample: Int, smallKeys: Int, smallSample: Int
  ) {
    var merged = figures(keys: bigKeys, measured: bigSample, bytes: 1000, ttl: -1)
    merged.merge(figures(keys: smallKeys, measured: smallSample, bytes: 50, ttl: 60_000))
    let estimate = merged.estimate
    #expect(estimate.keys == bigKeys + smallKeys && merged.keys == estimate.keys)
    #expect(abs(estimate.memory - Double(bigKeys * 1000 + smallKeys * 50)) < 1e-3)
    #expect(abs(estimate.withoutTTL - Double(bigKeys)) < 1e-6)
    #expect(abs(estimate.ttl.total - Double(smallKeys)) < 1e-6)
    #expect(estimate.measured == bigSample + smallSample)
  }

  /// Only a whole is exact: of keys that were not measured a few may be of another size.
  @Test func aSampleOfEqualSizesIsNotExact() {
    let error = figures(keys: 210_000, measured: 2500, bytes: 64, ttl: -1).estimate.memoryError
    #expect(error > 0.001 && error < 0.002)
    #expect(figures(keys: 2500, measured: 2500, bytes: 64, ttl: -1).estimate.memoryError == 0)
  }

  /// The group that results goes on as a sample of its own: what comes later must not count for nothing.
  @Test func keysThatComeAfterAMergeAreSampledAgain() {
    var merged = figures(keys: 3000, measured: 500, bytes: 1000, ttl: -1)
    merged.merge(figures(keys: 3000, measured: 500, bytes: 100, ttl: 1000))
    for _ in 0..<4000 {
      let isChosen = merged.chosen < 500
      merged.count(isChosen: isChosen)
      if isChosen { merged.record(KeyMeasure(ttlMilliseconds: 1000, memoryBytes: 400)) }
    }
    let estimate = merged.estimate
    #expect(estimate.keys == 10_000)
    #expect(abs(estimate.memory - (3_000_000 + 300_000 + 1_600_000)) < 1e-3)
    #expect(abs(estimate.withoutTTL - 3000) < 1e-6)
  }

  /// Over many merges of noisy strata the mean error is nothing like the stated one.
  @Test func aMergeIsUnbiased() {
    var (sum, truth, covered) = (0.0, 0.0, 0)
    for seed in 1...200 {
      var random = SeededGenerator(seed: seed)
      var merged = GroupFigures()
      var bytes = 0
      for (keys, quota, scale) in [(4000, 100, 2000), (500, 400, 100), (1500, 300, 300)] {
        var part = GroupFigures()
        for index in 0..<keys {
          let size = random.below(scale) + random.below(scale)
          bytes += size
          part.count(isChosen: index < quota)
          if index < quota { part.record(KeyMeasure(ttlMilliseconds: 1, memoryBytes: size)) }
        }
        merged.merge(part)
      }
      let estimate = merged.estimate
      sum += estimate.memory
      truth += Double(bytes)
      if abs(estimate.memory - Double(bytes)) <= estimate.memoryError * estimate.memory { covered += 1 }
    }
    #expect(abs(sum / truth - 1) < 0.01)
    #expect(covered >= 180)
  }

  /// Answers that come after their group became part of another one are not taken for the other's.
  @Test func lateAnswersDoNotShiftTheNewSample() {
    var large = figures(keys: 3000, measured: 100, bytes: 1000, ttl: -1)
    var late = figures(keys: 200, measured: 100, bytes: 10, ttl: 1000)
    for _ in 0..<50 { late.count(isChosen: true) }
    large.merge(late)
    for _ in 0..<50 { large.record(KeyMeasure(ttlMilliseconds: 1000, memoryBytes: 10)) }
    for _ in 0..<100 {
      large.count(isChosen: true)
      large.record(KeyMeasure(ttlMilliseconds: 1000, memoryBytes: 5000))
    }
    #expect(abs(large.estimate.memory - (3_000_000 + 2500 + 500_000)) < 1e-3)
  }

  /// However it comes about, each key that SCAN named is counted or has vanished.
  @Test func vanishedKeysBalanceAcrossMerges() {
    var merged = figures(keys: 3000, measured: 100, bytes: 1000, ttl: -1)
    merged.count(isChosen: true)
    merged.count(isChosen: true)
    merged.merge(figures(keys: 50, measured: 50, bytes: 10, ttl: 1000))
    merged.vanish()
    merged.record(KeyMeasure(ttlMilliseconds: -1, memoryBytes: 1000))
    merged.count(isChosen: true)
    merged.vanish()
    #expect(merged.keys == 3051 && merged.estimate.keys == 3051)
    #expect(merged.estimate.vanished == 2)
    #expect(merged.chosen == 0)
  }

  @Test func momentsOfPartsAreThoseOfTheWhole() {
    var random = SeededGenerator(seed: 4)
    let values = (0..<1000).map { _ in Double(random.below(100_000)) }
    var whole = SampleMoments()
    values.forEach { whole.add($0) }
    for cut in [0, 1, 7, 500, 999, 1000] {
      var (left, right) = (SampleMoments(), SampleMoments())
      values[..<cut].forEach { left.add($0) }
      values[cut...].forEach { right.add($0) }
      left.merge(right)
      #expect(left.count == 1000 && left.largest == whole.largest)
      #expect(abs(left.mean / whole.mean - 1) < 1e-12 && abs(left.variance / whole.variance - 1) < 1e-12)
      let (mine, theirs) = (left.total(ofPopulation: 5000), whole.total(ofPopulation: 5000))
      #expect(abs(mine.halfWidth / theirs.halfWidth - 1) < 1e-9)
    }
    let mean = values.reduce(0, +) / 1000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999
    #expect(abs(whole.variance / variance - 1) < 1e-9)
  }
}
