import Bytes

/// The id of a stream's entry: milliseconds and a sequence number, ordered as Redis orders them (streamCompareID in
/// t_stream.c).
struct SeedStreamID: Comparable {
  let milliseconds: UInt64
  let sequence: UInt64

  /// The one id that no entry has.
  static let zero = SeedStreamID(milliseconds: 0, sequence: 0)

  private init(milliseconds: UInt64, sequence: UInt64) {
    self.milliseconds = milliseconds
    self.sequence = sequence
  }

  /// Reads an id that is written out, such as `1700000000000-0` or `1700000000000`; nil for `*` and all else.
  init?(_ text: Span<UInt8>) {
    var dash = 0
    while dash < text.count, text[dash] != .dash { dash += 1 }
    guard let milliseconds = SeedStreamID.number(text.extracting(0..<dash)) else { return nil }
    self.milliseconds = milliseconds
    guard dash < text.count else {
      sequence = 0
      return
    }
    guard let sequence = SeedStreamID.number(text.extracting(dash + 1..<text.count)) else { return nil }
    self.sequence = sequence
  }

  /// The next larger id; nil for the largest.
  fileprivate var next: SeedStreamID? {
    if sequence < .max { return SeedStreamID(milliseconds: milliseconds, sequence: sequence + 1) }
    return milliseconds < .max ? SeedStreamID(milliseconds: milliseconds + 1, sequence: 0) : nil
  }

  static func < (first: SeedStreamID, second: SeedStreamID) -> Bool {
    (first.milliseconds, first.sequence) < (second.milliseconds, second.sequence)
  }

  private static func number(_ text: Span<UInt8>) -> UInt64? {
    guard text.count > 0 else { return nil }
    var value: UInt64 = 0
    for index in text.indices {
      let digit = text[index] &- UInt8(ascii: "0")
      let (shifted, shiftOverflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, sumOverflow) = shifted.addingReportingOverflow(UInt64(digit))
      guard digit < 10, !shiftOverflow, !sumOverflow else { return nil }
      value = sum
    }
    return value
  }
}

extension SeedEntry {
  /// The smallest id that an entry behind this one can have; nil where there can be none.
  package var nextID: [UInt8]? {
    id.lend(SeedStreamID.init)?.next.map { Array("\($0.milliseconds)-\($0.sequence)".utf8) }
  }

  /// True where the entry may come directly behind another, or first where there is none: ids rise.
  package func follows(_ other: SeedEntry?) -> Bool {
    guard let id = id.lend(SeedStreamID.init) else { return false }
    guard let other else { return true }
    return other.id.lend(SeedStreamID.init).map { id > $0 } ?? false
  }
}
