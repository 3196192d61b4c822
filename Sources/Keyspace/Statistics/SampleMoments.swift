package import Bytes

/// Count, mean, spread and skewness of a stream of figures, mergeable.
///
/// Welford's method, with the merges of Chan, Golub and LeVeque (1979) and, for the third moment, Pébay
/// (2008, SAND2008-6212, formula 2.5), keeps the sums exact enough where plain sums of powers would lose all
/// digits.
package struct SampleMoments: Sendable, Equatable {
  /// How many figures were added.
  package private(set) var count = 0
  /// Their mean; 0 where there are none.
  package private(set) var mean = 0.0
  /// The largest; 0 where there are none.
  package private(set) var largest = 0.0
  private var squares = 0.0
  private var cubes = 0.0

  /// No figures yet.
  package init() {}

  /// Adds a figure, which is not negative.
  package mutating func add(_ value: Double) {
    let before = Double(count)
    count += 1
    let size = Double(count)
    let difference = value - mean
    let step = difference / size
    let term = difference * step * before
    cubes += term * step * (size - 2) - 3 * step * squares
    squares += term
    mean += step
    largest = Swift.max(largest, value)
  }

  /// Takes another figure in place of one that was added.
  package mutating func replace(_ old: Double, with new: Double) {
    guard count > 0 else { return }
    let size = Double(count)
    let (before, after) = (old - mean, new - mean)
    // The sums of powers about the former mean, and then about the new one.
    let second = squares + after * after - before * before
    let third = cubes + after * after * after - before * before * before
    let shift = (new - old) / size
    squares = Swift.max(0, second - size * shift * shift)
    cubes = third - 3 * shift * second + 2 * size * shift * shift * shift
    mean += shift
    largest = Swift.max(largest, new)
  }

  /// Adds all figures of another stream.
  package mutating func merge(_ other: SampleMoments) {
    guard other.count > 0 else { return }
    let (mine, theirs) = (Double(count), Double(other.count))
    let total = mine + theirs
    let difference = other.mean - mean
    let term = difference * difference * mine * theirs / total
    cubes +=
      other.cubes + term * difference * (mine - theirs) / total
      + 3 * difference * (mine * other.squares - theirs * squares) / total
    squares += other.squares + term
    mean += difference * theirs / total
    count += other.count
    largest = Swift.max(largest, other.largest)
  }

  /// The unbiased sample variance; 0 with fewer than two figures.
  package var variance: Double { count > 1 ? squares / Double(count - 1) : 0 }

  /// The unbiased third central moment; 0 with fewer than three figures.
  var thirdMoment: Double {
    let size = Double(count)
    return count > 2 ? size * cubes / ((size - 1) * (size - 2)) : 0
  }

  /// The sum over a population of which these figures are a random sample without replacement.
  package func total(ofPopulation population: Int) -> SampleTotal {
    SampleTotal(of: self, population: population)
  }
}

/// The share of a population that has some trait, estimated from a sample.
package enum SampleShare {
  /// The number in the population that have the trait, and its variance.
  ///
  /// The variance uses Agresti and Coull's adjusted share (two successes and two failures added), so that a
  /// sample with none, or only, hits does not claim to be exact; with the correction for a finite population.
  package static func total(hits: Int, sampled: Int, population: Int) -> (value: Double, variance: Double) {
    guard sampled > 0 else { return (0, 0) }
    let (size, count) = (Double(population), Double(sampled))
    guard sampled < population else { return (Double(hits), 0) }
    let adjusted = (Double(hits) + 2) / (count + 4)
    let variance = adjusted * (1 - adjusted) / (count + 4)
    return (size * Double(hits) / count, size * size * (1 - count / size) * variance)
  }

  /// The normal distribution's quantile for a 95 % interval.
  static let normalQuantile = 1.96

  /// The half-width of a 95 % interval of the normal approximation.
  package static func halfWidth(ofVariance variance: Double) -> Double {
    normalQuantile * variance.squareRoot()
  }

  /// Student's quantile for a 95 % interval, within 1 % from three degrees of freedom on.
  ///
  /// Abramowitz and Stegun, Handbook of Mathematical Functions, formula 26.7.5.
  static func studentQuantile(_ degrees: Double) -> Double {
    let x = normalQuantile
    let (cube, fifth, seventh) = (x * x * x, x * x * x * x * x, x * x * x * x * x * x * x)
    return x + (cube + x) / (4 * degrees) + (5 * fifth + 16 * cube + 3 * x) / (96 * degrees * degrees)
      + (3 * seventh + 19 * fifth + 17 * cube - 15 * x) / (384 * degrees * degrees * degrees)
  }
}

extension SampleMoments: Checkpointed {
  /// Adds count, mean and the higher moments.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(count)
    for figure in [mean, largest, squares, cubes] { writer.add(figure) }
  }

  /// Reads count, mean and the higher moments.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    count = try reader.amount()
    mean = try reader.weight()
    largest = try reader.weight()
    squares = try reader.double()
    cubes = try reader.double()
  }
}
