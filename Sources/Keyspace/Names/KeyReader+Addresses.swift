import Bytes

/// Addresses that the separator has split: `throttle:2001:db8::1` has three pieces.
extension KeyReader {
  /// Makes one piece of each network address among the segments.
  mutating func joinAddresses(_ key: Span<UInt8>) {
    var index = 0
    while index + 1 < reading.segments.count {
      if let length = addressLength(at: index, in: key) {
        let end = reading.segments[index + length - 1].end
        let separator = reading.segments[index].separator
        let start = reading.segments[index].start
        let joined = KeyReading.Segment(
          start: start, end: end, classes: [.digit, .punctuation], separator: separator, isAddress: true)
        reading.segments.replaceSubrange(index..<(index + length), with: CollectionOfOne(joined))
      }
      index += 1
    }
  }

  private func addressLength(at index: Int, in key: Span<UInt8>) -> Int? {
    let first = reading.segments[index]
    // Nearly every segment fails here: only its length is looked at.
    guard (2...4).contains(first.count), isHexadecimal(first, in: key) else { return nil }
    return first.count == 2 ? hardwareLength(at: index, in: key) : internetLength(at: index, in: key)
  }

  /// Six groups of two digits of base 16 (IEEE 802), a letter among them.
  private func hardwareLength(at index: Int, in key: Span<UInt8>) -> Int? {
    var next = index
    while next < reading.segments.count, next < index + 7, reading.segments[next].count == 2,
      next == index || reading.segments[next].separator == .colon,
      isHexadecimal(reading.segments[next], in: key)
    { next += 1 }
    return next - index == 6 && hasLetter(reading.segments[index..<next]) ? 6 : nil
  }

  /// An IPv6 address (RFC 4291, 2.2): eight groups of up to four digits of base 16, or fewer of them and one
  /// `::`.
  ///
  /// Dates and counts look alike, so there must be a letter, and the first group one that is in use:
  /// 2000::/3, or f….
  private func internetLength(at index: Int, in key: Span<UInt8>) -> Int? {
    switch key[reading.segments[index].start] {
    case UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "f"), UInt8(ascii: "F"): break
    default: return nil
    }
    var gaps = 0
    var next = index
    while next < reading.segments.count, next - index + gaps < 8 {
      let segment = reading.segments[next]
      guard (1...4).contains(segment.count), isHexadecimal(segment, in: key) else { break }
      if next > index {
        guard segment.separator == .colon || (segment.separator == .doubleColon && gaps == 0) else { break }
        if segment.separator == .doubleColon { gaps = 1 }
      }
      next += 1
    }
    let groups = next - index
    guard groups == 8 || (gaps == 1 && groups >= 2), hasLetter(reading.segments[index..<next]) else {
      return nil
    }
    return groups
  }

  private func hasLetter(_ segments: ArraySlice<KeyReading.Segment>) -> Bool {
    segments.contains { !$0.classes.isDisjoint(with: .letters) }
  }

  private func isHexadecimal(_ segment: KeyReading.Segment, in key: Span<UInt8>) -> Bool {
    for index in segment.range where !key[index].isHexDigit { return false }
    return true
  }
}
