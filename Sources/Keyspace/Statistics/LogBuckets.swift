/// How `LogHistogram` cuts the numbers from 0 to `Int64.max` into 3,712 buckets.
///
/// Each octave from 2^e to 2^(e+1) is cut into 64 equal buckets, so a bucket is at most 1/64 of its values
/// wide and its midpoint within 1/128 of each. Octaves below 2^7 have fewer values than that: every number
/// under 128 is a bucket.
enum LogBuckets {
  /// Buckets in an octave.
  static let perOctave = 64

  private static let octaveShift = 6

  /// The bucket a value belongs to; negative values belong to bucket 0.
  static func index(of value: Int64) -> Int {
    guard value >= Int64(perOctave) else { return Int(max(value, 0)) }
    let shift = Int64.bitWidth - 1 - value.leadingZeroBitCount - octaveShift
    // The top seven bits are 64 to 127: a leading one and the bucket within the octave.
    return shift &* perOctave &+ Int(value &>> Int64(shift))
  }

  /// The values of a bucket.
  static func range(of index: Int) -> ClosedRange<Int64> {
    guard index >= 2 * perOctave else { return Int64(index)...Int64(index) }
    let shift = Int64(index / perOctave - 1)
    let lower = Int64(perOctave + index % perOctave) << shift
    return lower...(lower + ((1 << shift) - 1))
  }
}
