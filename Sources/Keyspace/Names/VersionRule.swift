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

/// A version rule compiled for one reader: a compiled expression may not cross threads.
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

  /// True where a segment is a version or a bare integer: what a schema accepts at the place of a version.
  /// Some accept only the integer.
  func matchesInPosition(_ key: Span<UInt8>, _ segment: KeyReading.Segment, mustBeBare: Bool) -> Bool {
    VersionMatcher.hasLengthOfName(segment) && segment.classes == .digit
      || !mustBeBare && matches(key, segment)
  }

  /// An empty segment is no version, whatever the expression; a very long one would only fill memory.
  private static func hasLengthOfName(_ segment: KeyReading.Segment) -> Bool {
    (1...SegmentShape.longestName).contains(segment.range.count)
  }
}
