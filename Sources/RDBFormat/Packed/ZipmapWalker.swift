/// Reads a zipmap: a byte with the number of fields, fields with their values, and a byte of 0xff.
///
/// A field is a length (a byte, or 0xfe and four) and its bytes; a value has a byte behind its length that says how many
/// unused bytes follow it.
struct ZipmapWalker: PackWalker {
  private enum Part {
    case head
    case length
    case wide
    case slack
    case end
  }

  private var part = Part.head
  private var missing = 0
  private var skipped = 0
  private var isValue = false
  private var length = 0
  private var count = 0

  mutating func begin(length: Int) {
    part = .head
    missing = length
    skipped = 0
    isValue = false
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
    if skipped > missing { throw .damaged("a field of a zipmap is longer than the zipmap") }
  }

  private mutating func take(_ byte: UInt8, _ texts: inout PackCount) throws(RDBError.Kind) {
    switch part {
    case .head: part = .length
    case .length:
      switch byte {
      case 0xff where isValue: throw .damaged("a field of a zipmap has no value")
      case 0xff: part = .end
      case 0xfe:
        part = .wide
        length = 0
        count = 0
      default: begin(Int(byte), &texts)
      }
    case .wide:
      length |= Int(byte) << (8 * count)
      count &+= 1
      if count == 4 { begin(length, &texts) }
    case .slack:
      skipped = length + Int(byte)
      part = .length
    case .end: throw .damaged("a zipmap goes on behind its end")
    }
  }

  private mutating func begin(_ length: Int, _ texts: inout PackCount) {
    texts.note(length: length)
    self.length = length
    part = isValue ? .slack : .length
    skipped = isValue ? 0 : length
    isValue.toggle()
  }
}
