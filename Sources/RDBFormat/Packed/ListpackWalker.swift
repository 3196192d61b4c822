/// Reads a listpack: 6 bytes of head, elements, and a byte of 0xff.
///
/// An element is an encoding, its data, and its length once more, for readers that come from behind. The highest bits of
/// the first byte say which encoding: 0 an integer of 7 bits, 10 a string of up to 63 bytes, 110 an integer of 13 bits,
/// 1110 a string of up to 4,095 bytes, 0xf0 a longer one, 0xf1 to 0xf4 integers of 2, 3, 4 and 8 bytes.
struct ListpackWalker: PackWalker {
  private enum Part {
    case head
    case element
    case wide(first: UInt8)
    case end
  }

  private static let headLength = 6

  private var part = Part.head
  private var missing = 0
  private var skipped = 0
  /// The bytes of a head or an encoding that have come, and how many make it whole.
  private var gathered: UInt64 = 0
  private var count = 0
  private var wanted = 0

  mutating func begin(length: Int) {
    part = .head
    missing = length
    skipped = 0
    gather(ListpackWalker.headLength)
  }

  var isWhole: Bool { if case .end = part { missing == 0 } else { false } }

  mutating func take(_ bytes: Span<UInt8>, _ texts: inout PackCount) throws(RDBError.Kind) {
    missing &-= bytes.count
    var position = 0
    while position < bytes.count {
      if skipped > 0 {
        let part = min(skipped, bytes.count &- position)
        skipped &-= part
        position &+= part
        continue
      }
      let byte = bytes[position]
      position &+= 1
      if case .element = part {
        begin(byte, &texts)
      } else if case .end = part {
        throw .damaged("a listpack goes on behind its end")
      } else {
        gathered |= UInt64(byte) << UInt64(8 &* count)
        count &+= 1
        if count == wanted { try finish(length: missing &+ bytes.count, &texts) }
      }
    }
    if skipped > missing { throw .damaged("an element of a listpack is longer than the listpack") }
  }

  private mutating func gather(_ count: Int) {
    gathered = 0
    self.count = 0
    wanted = count
  }

  private mutating func begin(_ byte: UInt8, _ texts: inout PackCount) {
    switch byte {
    case ..<0x80:
      texts.note(integer: Int64(byte))
      skipped = 1
    case ..<0xc0:
      texts.note(length: Int(byte & 0x3f))
      skipped = Int(byte & 0x3f) &+ 1
    case 0xff: part = .end
    default:
      part = .wide(first: byte)
      gather(ListpackWalker.width(byte))
    }
  }

  /// The bytes of the encoding behind the first one; those of an integer are part of it.
  private static func width(_ first: UInt8) -> Int {
    switch first {
    case ..<0xf0: 1
    case 0xf0: 4
    case 0xf1: 2
    case 0xf2: 3
    case 0xf3: 4
    default: 8
    }
  }

  private mutating func finish(length: Int, _ texts: inout PackCount) throws(RDBError.Kind) {
    guard case .wide(let first) = part else {
      // The number of elements behind the length is not that of large listpacks, and is not needed.
      guard gathered & 0xffff_ffff >= 7 else { throw .damaged("a listpack without an end") }
      part = .element
      return
    }
    part = .element
    switch first {
    case ..<0xe0:
      let bits = Int64(first & 0x1f) << 8 | Int64(gathered)
      texts.note(integer: bits >= 1 << 12 ? bits - 1 << 13 : bits)
      skipped = 1
    case ..<0xf0: skip(Int(first & 0x0f) << 8 | Int(gathered), head: 2, &texts)
    case 0xf0: skip(Int(gathered), head: 5, &texts)
    case 0xf1...0xf4:
      let unused = UInt64(64 - 8 * wanted)
      texts.note(integer: Int64(bitPattern: gathered << unused) >> Int64(unused))
      skipped = 1
    default: throw .damaged("an element of a listpack in an unknown encoding")
    }
  }

  private mutating func skip(_ length: Int, head: Int, _ texts: inout PackCount) {
    texts.note(length: length)
    skipped = length + ListpackWalker.backLength(of: head + length)
  }

  /// The bytes that the length of an element takes behind it.
  private static func backLength(of length: Int) -> Int {
    switch length {
    case ...127: 1
    case ..<16_383: 2
    case ..<2_097_151: 3
    case ..<268_435_455: 4
    default: 5
    }
  }
}
