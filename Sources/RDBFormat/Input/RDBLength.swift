/// A length as dumps have it, or the mark of a string that is written in another way.
enum RDBLength {
  /// A number.
  case plain(UInt64)
  /// The number of a special encoding of strings.
  case encoded(UInt8)
}

extension RDBInput {
  /// Reads a length at a distance from the first byte, without consuming it; nil where more bytes are needed.
  ///
  /// The two highest bits of the first byte say how long it is: 6 bits, 14 bits, 32 or 64 bits behind it, or a special
  /// encoding.
  @inline(__always)
  func length(at distance: Int = 0) throws(RDBError.Kind) -> (length: RDBLength, size: Int)? {
    guard try holds(distance &+ 1) else { return nil }
    let start = position &+ distance
    let first = bytes[start]
    switch first >> 6 {
    case 0: return (.plain(UInt64(first)), 1)
    case 1:
      guard try holds(distance &+ 2) else { return nil }
      return (.plain(UInt64(first & 0x3f) << 8 | UInt64(bytes[start &+ 1])), 2)
    case 3: return (.encoded(first & 0x3f), 1)
    default: return try wideLength(first, at: distance)
    }
  }

  private func wideLength(
    _ first: UInt8, at distance: Int
  ) throws(RDBError.Kind) -> (length: RDBLength, size: Int)? {
    let start = position &+ distance &+ 1
    switch first {
    case 0x80:
      guard try holds(distance &+ 5) else { return nil }
      return (.plain(UInt64(UInt32(truncatingIfNeeded: integer(at: start, 4)).byteSwapped)), 5)
    case 0x81:
      guard try holds(distance &+ 9) else { return nil }
      return (.plain(integer(at: start, 8).byteSwapped), 9)
    default: throw .badLength
    }
  }

  /// Reads and consumes a number that is written as a length; nil where more bytes are needed.
  mutating func number() throws(RDBError.Kind) -> UInt64? {
    guard let (length, size) = try length() else { return nil }
    guard case .plain(let number) = length else { throw .badLength }
    skip(size)
    return number
  }

  /// Reads and consumes a little-endian number; nil where more bytes are needed.
  mutating func fixed(_ count: Int) throws(RDBError.Kind) -> UInt64? {
    guard try holds(count) else { return nil }
    let value = integer(at: position, min(8, count))
    skip(count)
    return value
  }
}
