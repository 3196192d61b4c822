import Bytes

/// A choice of keys by one of their segments, as a user writes it: `2=orders`.
package struct SegmentChoice: Sendable, Equatable {
  /// The word for keys that do not have so many segments.
  package static let none = "none"

  /// The place of the segment, from 1.
  package let number: Int
  /// The segment's bytes; nil for keys without it.
  package let text: [UInt8]?

  /// Reads `NUMBER=TEXT`, the text as reports show it; nil where it is none, or where the number is not in a range.
  package init?(_ text: String, numbers: ClosedRange<Int>) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let number = Int(parts[0]), numbers.contains(number) else { return nil }
    self.number = number
    self.text = parts[1] == SegmentChoice.none ? nil : KeyText.bytes(quoted: parts[1])
  }

  /// The text that chooses a segment as reports show it; nil chooses keys without it.
  package static func text(_ segment: [UInt8]?) -> String {
    guard let segment else { return none }
    let text = KeyText.quoted(segment)
    return text == none ? "\"\(text)\"" : text
  }

  /// True where a key has the segment.
  package func contains(_ reading: KeyReading) -> Bool { reading.segment(number) == text }
}
