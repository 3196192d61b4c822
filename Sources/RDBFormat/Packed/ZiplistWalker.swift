/// Reads a ziplist: 10 bytes of head, elements, and a byte of 0xff.
///
/// An element is the length of the one before (a byte, or 0xfe and four), an encoding and its data. The encoding begins
/// with 00, 01 or 10 for strings of up to 63, 16,383 and more bytes; bytes from 0xc0 on are integers of 2, 4, 8, 3 and 1
/// bytes, and of none where the byte itself is the number.
struct ZiplistWalker: PackWalker {
  private enum Part {
    case head
    case element
    case before
    case encoding
    case wide(first: UInt8)
    case end
  }

  private static let headLength = 10

  private var part = Part.head
  private var missing = 0
  private var skipped = 0
  private var gathered: UInt64 = 0
  private var count = 0
  private var wanted = 0

  mutating func begin(length: Int) {
    part = .head
    missing = length
    skipped = ZiplistWalker.headLength
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
      } else {
        try take(bytes[position], &texts)
        position &+= 1
      }
    }
    if skipped > missing { throw .damaged("an element of a ziplist is longer than the ziplist") }
  }

  private mutating func take(_ byte: UInt8, _ texts: inout PackCount) throws(RDBError.Kind) {
    switch part {
    case .head, .element: begin(byte)
    case .before, .encoding: try encode(byte, &texts)
    case .wide(let first):
      gathered = gathered << 8 | UInt64(byte)
      count &+= 1
      if count == wanted { finish(first, &texts) }
    case .end: throw .damaged("a ziplist goes on behind its end")
    }
  }

  private mutating func begin(_ byte: UInt8) {
    switch byte {
    case 0xff: part = .end
    case 0xfe:
      part = .before
      skipped = 4
    default: part = .encoding
    }
  }

  private mutating func encode(_ first: UInt8, _ texts: inout PackCount) throws(RDBError.Kind) {
    part = .element
    switch first {
    case ..<0x40:
      texts.note(length: Int(first))
      skipped = Int(first)
    case 0xf1...0xfd: texts.note(integer: Int64(first & 0x0f) - 1)
    default:
      wanted = try ZiplistWalker.width(first)
      gathered = 0
      count = 0
      part = .wide(first: first)
    }
  }

  /// The bytes of the encoding behind the first one; those of an integer are part of it.
  private static func width(_ first: UInt8) throws(RDBError.Kind) -> Int {
    switch first {
    case ..<0x80, 0xfe: 1
    case ..<0xc0: 4
    case 0xc0: 2
    case 0xd0: 4
    case 0xe0: 8
    case 0xf0: 3
    default: throw .damaged("an element of a ziplist in an unknown encoding")
    }
  }

  /// Lengths have their highest byte first, integers their lowest.
  private mutating func finish(_ first: UInt8, _ texts: inout PackCount) {
    part = .element
    guard first >= 0xc0 else {
      let length = first < 0x80 ? Int(first & 0x3f) << 8 | Int(gathered) : Int(gathered)
      texts.note(length: length)
      skipped = length
      return
    }
    let value = gathered.byteSwapped >> UInt64(64 - 8 * wanted)
    let unused = UInt64(64 - 8 * wanted)
    texts.note(integer: Int64(bitPattern: value << unused) >> Int64(unused))
  }
}
