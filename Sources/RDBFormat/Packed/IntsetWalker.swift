/// Reads a set of integers: four bytes with the size of each, four with their number, and the integers.
struct IntsetWalker: PackWalker {
  private static let headLength = 8

  private var missing = 0
  private var size = 0
  private var left = 0
  private var gathered: UInt64 = 0
  private var count = 0

  mutating func begin(length: Int) {
    missing = length
    size = 0
    left = 0
    gathered = 0
    count = 0
  }

  var isWhole: Bool { size > 0 && left == 0 && missing == 0 }

  mutating func take(_ bytes: Span<UInt8>, _ texts: inout PackCount) throws(RDBError.Kind) {
    missing &-= bytes.count
    for index in bytes.indices {
      gathered |= UInt64(bytes[index]) << UInt64(8 &* count)
      count &+= 1
      if size == 0 {
        if count == IntsetWalker.headLength { try begin(behindHead: missing &+ bytes.count &- index &- 1) }
      } else if count == size {
        let unused = UInt64(64 - 8 * size)
        texts.note(integer: Int64(bitPattern: gathered << unused) >> Int64(unused))
        gathered = 0
        count = 0
        left &-= 1
      }
    }
  }

  /// Reads the head, behind which that number of bytes follows.
  private mutating func begin(behindHead rest: Int) throws(RDBError.Kind) {
    size = Int(gathered & 0xffff_ffff)
    left = Int(gathered >> 32)
    guard size == 2 || size == 4 || size == 8, left > 0, size * left == rest else {
      throw .damaged("a set of integers of another length than announced")
    }
    gathered = 0
    count = 0
  }
}
