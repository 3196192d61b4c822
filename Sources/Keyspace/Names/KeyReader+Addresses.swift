import Bytes

/// Addresses that the separator has split: with `:` between segments, `throttle:2001:db8::1` has four.
extension KeyReader {
  /// Makes one variable segment of each network address among the segments.
  mutating func joinAddresses(_ key: Span<UInt8>) {
    var index = 0
    while index + 2 < reading.segments.count {
      if let length = addressLength(at: index, in: key) {
        let end = reading.segments[index + length - 1].range.upperBound
        let range = reading.segments[index].range.lowerBound..<end
        let joined = KeyReading.Segment(range: range, classes: .punctuation, isForcedVariable: true)
        reading.segments.replaceSubrange(index..<(index + length), with: CollectionOfOne(joined))
      }
      index += 1
    }
  }

  private func addressLength(at index: Int, in key: Span<UInt8>) -> Int? {
    let first = reading.segments[index]
    // Nearly every segment fails here: only its length is looked at.
    guard (2...4).contains(first.range.count), isHexadecimal(first, in: key) else { return nil }
    return first.range.count == 2 ? hardwareLength(at: index, in: key) : internetLength(at: index, in: key)
  }

  /// Six groups of two digits of base 16 (IEEE 802), a letter among them.
  private func hardwareLength(at index: Int, in key: Span<UInt8>) -> Int? {
    let run = reading.segments[index...].prefix(7).prefix {
      $0.range.count == 2 && isHexadecimal($0, in: key)
    }
    return run.count == 6 && hasLetter(run) ? 6 : nil
  }

  /// An IPv6 address (RFC 4291, 2.2): eight groups of up to four digits of base 16, or fewer of them and one
  /// `::`.
  ///
  /// Dates and counts look alike, so there must be a letter, and the first group one that is in use:
  /// 2000::/3, or f….
  private func internetLength(at index: Int, in key: Span<UInt8>) -> Int? {
    switch key[reading.segments[index].range.lowerBound] {
    case UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "f"), UInt8(ascii: "F"): break
    default: return nil
    }
    var groups = 0
    var gaps = 0
    var next = index
    while next < reading.segments.count, groups + gaps < 8 {
      let segment = reading.segments[next]
      if segment.range.isEmpty {
        guard gaps == 0 else { break }
        gaps = 1
      } else {
        guard segment.range.count <= 4, isHexadecimal(segment, in: key) else { break }
        groups += 1
      }
      next += 1
    }
    guard groups + gaps == 8 || (gaps == 1 && groups >= 2), hasLetter(reading.segments[index..<next]) else {
      return nil
    }
    return next - index
  }

  private func hasLetter(_ segments: ArraySlice<KeyReading.Segment>) -> Bool {
    segments.contains { !$0.classes.isDisjoint(with: .letters) }
  }

  private func isHexadecimal(_ segment: KeyReading.Segment, in key: Span<UInt8>) -> Bool {
    for index in segment.range where !key[index].isHexDigit { return false }
    return true
  }
}
