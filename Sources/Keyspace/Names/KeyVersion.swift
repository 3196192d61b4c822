import Bytes

/// How the version segment of a key is recognised.
package struct VersionRule: Sendable, Equatable {
  /// The forms a version can take.
  enum Form: Sendable, Equatable {
    /// `v<digits>`, the default.
    case letterV
    /// A regular expression that the whole segment must match.
    case pattern(String)
  }

  let form: Form

  /// `v` and digits.
  package static let standard = VersionRule(form: .letterV)

  /// A rule from a regular expression that the whole segment must match.
  ///
  /// Throws the expression's own error where it does not parse.
  package init(pattern: String) throws {
    _ = try Regex(pattern)
    form = .pattern(pattern)
  }

  private init(form: Form) { self.form = form }
}

/// A version rule made ready for one reader; a compiled expression may not cross threads.
struct VersionMatcher {
  /// In a box, because a regular expression's size is known at run time only: that would slow down all of the
  /// reader.
  private final class Expression {
    let regex: Regex<AnyRegexOutput>

    init(_ regex: Regex<AnyRegexOutput>) { self.regex = regex }

    func matches(_ text: String) -> Bool { text.wholeMatch(of: regex) != nil }
  }

  private let expression: Expression?

  init(_ rule: VersionRule) {
    switch rule.form {
    case .letterV: expression = nil
    // The rule has compiled the same text before.
    case .pattern(let pattern): expression = (try? Regex(pattern)).map(Expression.init)
    }
  }

  /// True where a segment of a key is a version.
  func matches(_ key: Span<UInt8>, _ segment: KeyReading.Segment) -> Bool {
    guard VersionMatcher.hasLengthOfName(segment), !segment.isForcedVariable else { return false }
    guard let expression else {
      // `v` is the only small letter, so it is enough to look for it at the start.
      guard segment.classes == [.lowercase, .digit], key[segment.range.lowerBound] == UInt8(ascii: "v") else {
        return false
      }
      for index in segment.range.dropFirst() where !key[index].isDigit { return false }
      return true
    }
    var text: [UInt8] = []
    for index in segment.range { text.append(key[index]) }
    return expression.matches(String(decoding: text, as: UTF8.self))
  }

  /// True where a segment is a version or a bare integer: what a schema accepts where it says that a version
  /// stands. Some accept the integer only.
  func matchesInPosition(_ key: Span<UInt8>, _ segment: KeyReading.Segment, mustBeBare: Bool) -> Bool {
    VersionMatcher.hasLengthOfName(segment) && segment.classes == .digit
      || !mustBeBare && matches(key, segment)
  }

  /// An empty segment says no version, whatever the expression; a very long one would only fill memory.
  private static func hasLengthOfName(_ segment: KeyReading.Segment) -> Bool {
    (1...SegmentShape.longestName).contains(segment.range.count)
  }
}

/// The version that a key carries, in the order of the numbers in it.
package struct KeyVersion: Sendable, Hashable, Comparable {
  /// The segment as it stands, such as `v7`.
  package let text: [UInt8]

  /// The version that a segment says.
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
