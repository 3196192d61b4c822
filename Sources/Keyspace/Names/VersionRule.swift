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
    var text: [UInt8] = []
    for index in range { text.append(key[index]) }
    return expression.matches(String(decoding: text, as: UTF8.self))
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
