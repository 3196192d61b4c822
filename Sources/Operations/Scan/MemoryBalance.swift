import Reporting

/// Whether the bytes of all keys explain the memory that the servers use for them.
///
/// MEMORY USAGE of a key includes its entry in the table of keys, which the server does not count among the data: the sum is
/// up to some 64 bytes a key larger. What belongs to no key, such as scripts, is smaller than the tolerance.
enum MemoryBalance: Equatable {
  /// Within what can be expected.
  case even
  /// Bytes are in use that no key explains: a few keys are far larger than those that were measured.
  case short(bytes: Double)
  /// The keys seem to take more bytes than are in use.
  case over(bytes: Double)

  /// Differences of less than this are not looked into.
  private static let tolerance = Double(8 << 20)
  /// Nor those of less than this share of the memory in use.
  private static let share = 0.15
  private static let entry = 64.0

  /// Compares the bytes of some keys, known to within a relative error, with those in use.
  init(bytes: Int, error: Double, keys: Int, used: Int) {
    let (sum, used) = (Double(bytes), Double(used))
    let slack = Self.tolerance + Self.share * used
    let entries = Self.entry * Double(keys)
    if sum * (1 + error) + slack < used {
      self = .short(bytes: used + entries - sum)
    } else if sum * (1 - error) > used + slack + entries {
      self = .over(bytes: sum - used)
    } else {
      self = .even
    }
  }

  /// The bytes that the difference leaves open.
  var bytes: Double {
    switch self {
    case .even: 0
    case .short(let bytes), .over(let bytes): bytes
    }
  }

  /// A row with an error that is wide enough for the difference; one whose figure is exact is left as it is.
  func widening(_ row: ScanGroup, isEstimate: Bool) -> ScanGroup {
    guard self != .even, isEstimate, let bytes = row.memoryBytes, bytes > 0, let error = row.memoryError
    else {
      return row
    }
    var row = row
    // A group of which too much is said cannot have less than nothing.
    let most = if case .over = self { 1.0 } else { Double.infinity }
    row.memoryError = max(error, min(most, self.bytes / Double(bytes)))
    return row
  }
}
