extension LogHistogram {
  /// The value that a share of the weight does not exceed: `quantile(0.5)` is the median.
  ///
  /// The answer is the midpoint of the bucket, within 1/128 of a value recorded there, and never outside of
  /// `min` and `max`. Nearest rank: the first bucket at which the weight so far reaches `q` times the total.
  /// `q` below 0 is 0 and above 1 is 1. Nil when nothing was recorded or `q` is not a number. Linear in the
  /// blocks in use.
  package func quantile(_ q: Double) -> Int64? {
    guard let min, let max, !q.isNaN else { return nil }
    guard q > 0 else { return min }
    guard q < 1 else { return max }
    // A hair less, so that 0.07 × 100 = 7.000000000000001 does not ask for an eighth.
    let wanted = q * total * (1 - 1e-12)
    var reached = 0.0
    var answer: Int64?
    forEachBucket { values, weight in
      reached += weight
      guard answer == nil, reached >= wanted else { return }
      answer = values.lowerBound + (values.upperBound - values.lowerBound) / 2
    }
    return Swift.min(Swift.max(answer ?? max, min), max)
  }

  /// The weight of the values up to and including `value`.
  ///
  /// Exact at the edges of buckets and of `min` and `max`; inside of a bucket the weight counts as evenly
  /// spread. Linear in the blocks in use.
  package func count(upTo value: Int64) -> Double {
    guard let min, let max, value >= min else { return 0 }
    guard value < max else { return total }
    var counted = 0.0
    forEachBucket { values, weight in
      let lower = Swift.max(values.lowerBound, min)
      let upper = Swift.min(values.upperBound, max)
      if value >= upper {
        counted += weight
      } else if value >= lower {
        counted += weight * (Double(value - lower) + 1) / (Double(upper - lower) + 1)
      }
    }
    return counted
  }
}
