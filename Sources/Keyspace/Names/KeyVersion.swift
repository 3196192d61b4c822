import Bytes

/// The version that a key carries, in the order of the numbers in it.
package struct KeyVersion: Sendable, Hashable, Comparable {
  /// The segment as written, such as `v7`.
  package let text: [UInt8]

  /// The version in a segment.
  package init(_ segment: some Collection<UInt8>) { text = Array(segment) }

  /// Orders by the numbers in the segments, so that `v2` comes before `v10` and `v1.9` before `v1.10`, and by
  /// text where they are the same.
  package static func < (left: KeyVersion, right: KeyVersion) -> Bool {
    let order = left.compareNumbers(with: right)
    return order != 0 ? order < 0 : left.text.lexicographicallyPrecedes(right.text)
  }

  /// Negative where the numbers in this version come before those in another, 0 where they are the same.
  package func compareNumbers(with other: KeyVersion) -> Int {
    var mine = text[...]
    var theirs = other.text[...]
    while true {
      guard let left = KeyVersion.takeNumber(&mine) else {
        return KeyVersion.takeNumber(&theirs) == nil ? 0 : -1
      }
      guard let right = KeyVersion.takeNumber(&theirs) else { return 1 }
      if left.count != right.count { return left.count < right.count ? -1 : 1 }
      if left != right { return left.lexicographicallyPrecedes(right) ? -1 : 1 }
    }
  }

  /// The next run of digits without its leading zeros, nil at the end.
  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    text = text.drop { !$0.isDigit }
    guard !text.isEmpty else { return nil }
    let digits = text.prefix(while: \.isDigit)
    text = text[digits.endIndex...]
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}
