import Bytes

/// How the version segment of a key is recognised.
package struct VersionRule: Sendable, Equatable {
  /// What the whole segment must match; nil for `v` and digits, the default.
  let expression: VersionExpression?

  /// `v` and digits.
  package static let standard = VersionRule(expression: nil)

  /// A rule from a regular expression that the whole segment must match.
  package init(pattern: String) throws(VersionExpression.Fault) {
    expression = try VersionExpression(pattern)
  }

  private init(expression: VersionExpression?) { self.expression = expression }
}

/// Finds versions by a rule.
struct VersionMatcher {
  private let expression: VersionExpression?

  init(_ rule: VersionRule) { expression = rule.expression }

  /// True where versions are `v` and digits.
  var isStandard: Bool { expression == nil }

  /// True where a whole piece of a key is a version; `classes` are its own.
  @inline(__always)
  func matches(_ key: Span<UInt8>, _ range: Range<Int>, _ classes: ByteClasses) -> Bool {
    guard let expression else {
      // `v` is the only small letter, so it is enough to look for it at the start.
      guard classes == .lowercaseAndDigit else { return false }
      return VersionMatcher.isStandard(key, range)
    }
    guard VersionMatcher.hasLengthOfName(range) else { return false }
    return expression.matches(key.extracting(range))
  }

  /// True for `v` and digits.
  static func isStandard(_ key: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count > 1, hasLengthOfName(range), key[range.lowerBound] == UInt8(ascii: "v") else {
      return false
    }
    for index in range.dropFirst() where !key[index].isDigit { return false }
    return true
  }

  /// True where a segment is a version or a bare integer: what a schema accepts at the place of a version.
  /// Some accept only the integer.
  func matchesInPosition(_ key: Span<UInt8>, _ range: Range<Int>, mustBeBare: Bool) -> Bool {
    let classes = ByteClasses(of: key.extracting(range))
    return VersionMatcher.hasLengthOfName(range) && classes == .digit
      || !mustBeBare && matches(key, range, classes)
  }

  /// An empty segment is no version, whatever the expression; a very long one would only fill memory.
  private static func hasLengthOfName(_ range: Range<Int>) -> Bool {
    (1...SegmentShape.longestName).contains(range.count)
  }
}
