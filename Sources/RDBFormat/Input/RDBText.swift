/// What stands before the bytes of a string.
struct RDBText {
  /// The bytes of the head itself.
  let size: Int
  /// The bytes that follow the head in the file.
  let stored: Int
  /// The bytes of the string itself.
  let length: Int
  /// True where the bytes that follow are compressed.
  var isCompressed = false
  /// The value of a string that is written as an integer, and is text nowhere.
  var integer: Int64?

  /// A string of up to this many bytes may be an integer (`LONG_STR_SIZE`, without its end).
  static let longestInteger = 20
  /// LZF makes at most 264 bytes of three.
  private static let greatestExpansion = 88

  /// Reads the head of a string without consuming it; nil where more bytes are needed.
  static func head(in input: borrowing RDBInput) throws(RDBError.Kind) -> RDBText? {
    guard let (length, size) = try input.length() else { return nil }
    switch length {
    case .plain(let length): return RDBText(size: size, stored: try input.check(length), length: Int(length))
    case .encoded(let number) where number < 3: return try integer(in: input, 1 << Int(number))
    case .encoded(3): return try compressed(in: input)
    case .encoded: throw .damaged("a string of an unknown encoding")
    }
  }

  private static func integer(
    in input: borrowing RDBInput, _ count: Int
  ) throws(RDBError.Kind) -> RDBText? {
    guard try input.holds(1 + count) else { return nil }
    let bits = input.integer(at: input.position &+ 1, count)
    let unused = UInt64(64 - 8 * count)
    let value = Int64(bitPattern: bits << unused) >> Int64(unused)
    return RDBText(size: 1 + count, stored: 0, length: value.textLength, integer: value)
  }

  private static func compressed(in input: borrowing RDBInput) throws(RDBError.Kind) -> RDBText? {
    guard let (stored, size) = try input.length(at: 1),
      let (length, otherSize) = try input.length(at: 1 &+ size)
    else { return nil }
    guard case .plain(let stored) = stored, case .plain(let length) = length else { throw .badLength }
    let count = try input.check(stored)
    guard length <= UInt64(count * greatestExpansion) else { throw .badLength }
    return RDBText(
      size: 1 &+ size &+ otherSize, stored: count, length: Int(length), isCompressed: true)
  }
}

extension Int64 {
  /// The digits and the sign of the number in decimals.
  var textLength: Int {
    var rest = magnitude
    var count = self < 0 ? 2 : 1
    while rest >= 10 {
      rest /= 10
      count &+= 1
    }
    return count
  }
}
