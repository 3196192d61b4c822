@testable import RDBFormat

/// Writes dumps by hand, for versions and kinds that no server at hand writes.
struct DumpBuilder {
  private(set) var bytes: [UInt8]

  init(_ magic: String = "REDIS0011") { bytes = Array(magic.utf8) }

  /// Adds bytes as they are.
  mutating func raw(_ more: [UInt8]) { bytes += more }

  /// Adds a length as servers write it.
  mutating func length(_ value: Int) { bytes += DumpBuilder.length(value) }

  /// Adds a string.
  mutating func text(_ text: String) { text_(Array(text.utf8)) }

  /// Adds a string of bytes.
  mutating func text_(_ text: [UInt8]) {
    length(text.count)
    bytes += text
  }

  /// Adds the type and name of a key.
  mutating func key(_ type: UInt8, _ name: String) {
    bytes.append(type)
    text(name)
  }

  /// Adds a little-endian number.
  mutating func fixed(_ value: Int64, _ count: Int) {
    bytes += (0..<count).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
  }

  /// The dump with its end and its checksum.
  var whole: [UInt8] {
    let body = bytes + [255]
    var sum = CRC64()
    sum.add(body.span)
    return body + (0..<8).map { UInt8(truncatingIfNeeded: sum.value >> UInt64(8 * $0)) }
  }

  static func length(_ value: Int) -> [UInt8] {
    switch value {
    case ..<64: [UInt8(value)]
    case ..<16_384: [0x40 | UInt8(value >> 8), UInt8(value & 0xff)]
    case ...0xffff_ffff: [0x80] + (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    default: [0x81] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
    }
  }

  /// A listpack of strings of up to 63 bytes and integers of up to 7 bits.
  static func listpack(_ elements: [String]) -> [UInt8] {
    var body: [UInt8] = []
    for element in elements {
      if let number = UInt8(element), number < 128 {
        body += [number, 1]
      } else {
        body += [0x80 | UInt8(element.utf8.count)] + Array(element.utf8) + [UInt8(element.utf8.count + 1)]
      }
    }
    let total = body.count + 7
    return [UInt8(total & 0xff), UInt8(total >> 8), 0, 0, UInt8(elements.count), 0] + body + [0xff]
  }

  /// A ziplist of strings of up to 63 bytes.
  static func ziplist(_ elements: [String]) -> [UInt8] {
    var body: [UInt8] = []
    var before = 0
    for element in elements {
      body += [UInt8(before), UInt8(element.utf8.count)] + Array(element.utf8)
      before = element.utf8.count + 2
    }
    let total = body.count + 11
    let tail = total - 1 - before
    return [
      UInt8(total & 0xff), UInt8(total >> 8), 0, 0, UInt8(tail & 0xff), UInt8(tail >> 8), 0, 0,
      UInt8(elements.count), 0,
    ] + body + [0xff]
  }
}
