package import Bytes

/// The sum over a population, estimated from a sample of it; totals of separate populations add up.
package struct SampleTotal: Sendable, Equatable {
  /// The estimated sum.
  package private(set) var value = 0.0
  /// The variance of `value`; 0 where exact.
  package private(set) var variance = 0.0
  /// What skewness adds to an interval's half-width, times `variance`: as such it adds up over populations.
  private var skew = 0.0

  /// Nothing.
  package init() {}

  /// The sum of a population of which some figures are a random sample without replacement.
  ///
  /// Value and variance: Cochran, Sampling Techniques, 3rd ed., formulas 2.7 and 2.19, N·ȳ with N²·(1 −
  /// n/N)·s²/n.
  ///
  /// Sizes of values are skewed: a sample that has missed the few huge ones has too small a mean and too
  /// small a spread at once. Therefore the variance is that of the sample with one more figure, beyond its
  /// largest (as Agresti and Coull add successes to a share), and the half-width grows by the skewness term
  /// of the Cornish-Fisher expansion of Student's t (Hall, The Bootstrap and Edgeworth Expansion, 1992,
  /// section 2.4; with the finite population's factors). No sample shows huge values so rare that it holds
  /// none.
  init(of sample: SampleMoments, population: Int) {
    guard sample.count > 0, population > 0 else { return }
    let (size, count) = (Double(population), Double(sample.count))
    value = size * sample.mean
    guard sample.count < population else { return }
    // One figure has no spread: the interval reaches from nothing to twice the value.
    guard sample.count > 1 else {
      variance = value * value / (SampleShare.normalQuantile * SampleShare.normalQuantile)
      return
    }
    // All alike: by the rule of three up to 3 in n of all keys may be of another kind (Hanley and Lippman-Hand, 1983). They
    // are taken to be twice as large.
    guard sample.variance > 0 else {
      let halfWidth = value * Swift.min(1, 3 / count) * (1 - count / size)
      variance = halfWidth * halfWidth / (SampleShare.normalQuantile * SampleShare.normalQuantile)
      return
    }
    var widened = sample
    widened.add(sample.mean + 1.5 * (sample.largest - sample.mean))
    let unsampled = 1 - count / size
    let student = SampleShare.studentQuantile(count - 1) / SampleShare.normalQuantile
    variance = size * size * unsampled * widened.variance / count * student * student
    let square = SampleShare.normalQuantile * SampleShare.normalQuantile
    let factor = unsampled / 2 + (1 + unsampled) * (square - 1) / 6
    let third = Swift.max(widened.thirdMoment, -widened.thirdMoment)
    skew = size * size * size * unsampled * factor * third / (count * count)
  }

  /// Adds the sum of another population.
  package mutating func add(_ other: SampleTotal) {
    value += other.value
    variance += other.variance
    skew += other.skew
  }

  /// Corrects the sum by what a figure was off.
  package mutating func shift(by difference: Double) { value = Swift.max(0, value + difference) }

  /// The half-width of a 95 % interval; 0 where exact.
  package var halfWidth: Double {
    variance > 0 ? SampleShare.halfWidth(ofVariance: variance) + skew / variance : 0
  }
}

extension SampleTotal: Checkpointed {
  /// Adds the sum and its uncertainty.
  package func write(to writer: inout CheckpointWriter) {
    for figure in [value, variance, skew] { writer.add(figure) }
  }

  /// Reads a sum and its uncertainty.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    value = try reader.weight()
    variance = try reader.double()
    skew = try reader.double()
  }
}
