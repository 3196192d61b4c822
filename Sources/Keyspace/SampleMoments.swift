/// Count, mean and spread of a stream of figures, mergeable.
///
/// Welford's method, with the merge of Chan, Golub and LeVeque (1979), keeps the sums of squares exact enough where a
/// plain sum of squares would lose all digits.
public struct SampleMoments: Sendable, Equatable {
  /// How many figures were added.
  public private(set) var count = 0
  /// Their mean; 0 where there are none.
  public private(set) var mean = 0.0
  private var squares = 0.0

  /// No figures yet.
  public init() {}

  /// Adds a figure.
  public mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / Double(count)
    squares += difference * (value - mean)
  }

  /// Adds all figures of another stream.
  public mutating func merge(_ other: SampleMoments) {
    guard other.count > 0 else { return }
    let total = Double(count + other.count)
    let difference = other.mean - mean
    squares += other.squares + difference * difference * Double(count) * Double(other.count) / total
    mean += difference * Double(other.count) / total
    count += other.count
  }

  /// The unbiased sample variance; 0 with fewer than two figures.
  public var variance: Double { count > 1 ? squares / Double(count - 1) : 0 }

  /// The sum over a population of which these figures are a random sample without replacement, and its variance.
  ///
  /// Cochran, Sampling Techniques, 3rd ed., formulas 2.7 and 2.19: N·ȳ with N²·(1 − n/N)·s²/n.
  public func total(ofPopulation population: Int) -> (value: Double, variance: Double) {
    guard count > 0 else { return (0, 0) }
    let (size, sampled) = (Double(population), Double(count))
    let unsampled = Swift.max(0, 1 - sampled / size)
    return (size * mean, size * size * unsampled * variance / sampled)
  }
}

/// The share of a population that has some trait, estimated from a sample.
public enum SampleShare {
  /// The number in the population that have the trait, and its variance.
  ///
  /// The variance uses Agresti and Coull's adjusted share (two successes and two failures added), so that a sample with
  /// none, or only, hits does not claim to be exact; with the correction for a finite population.
  public static func total(hits: Int, sampled: Int, population: Int) -> (value: Double, variance: Double) {
    guard sampled > 0 else { return (0, 0) }
    let (size, count) = (Double(population), Double(sampled))
    guard sampled < population else { return (Double(hits), 0) }
    let adjusted = (Double(hits) + 2) / (count + 4)
    let variance = adjusted * (1 - adjusted) / (count + 4)
    return (size * Double(hits) / count, size * size * (1 - count / size) * variance)
  }

  /// The half-width of a 95 % interval of the normal approximation.
  public static func halfWidth(ofVariance variance: Double) -> Double { 1.96 * variance.squareRoot() }
}
