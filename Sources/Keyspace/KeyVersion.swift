/// How the version segment of a key is recognised.
public struct VersionRule: Sendable, Equatable {
  /// The forms a version can take.
  enum Form: Sendable, Equatable {
    /// `v<digits>`, the default.
    case letterV
    /// A regular expression that the whole segment must match.
    case pattern(String)
  }

  let form: Form

  /// `v` and digits.
  public static let standard = VersionRule(form: .letterV)

  /// A rule from a regular expression that the whole segment must match.
  ///
  /// Throws the expression's own error where it does not parse.
  public init(pattern: String) throws {
    _ = try Regex(pattern)
    form = .pattern(pattern)
  }

  private init(form: Form) { self.form = form }
}

/// A version rule made ready for one reader; a compiled expression may not cross threads.
struct VersionMatcher {
  private let regex: Regex<AnyRegexOutput>?

  init(_ rule: VersionRule) {
    switch rule.form {
    case .letterV: regex = nil
    // The rule has compiled the same text before.
    case .pattern(let pattern): regex = try? Regex(pattern)
    }
  }

  /// True where a segment is a version.
  func matches(_ segment: ArraySlice<UInt8>) -> Bool {
    guard let regex else {
      return segment.first == UInt8(ascii: "v") && VersionMatcher.areDigits(segment.dropFirst())
    }
    return String(decoding: segment, as: UTF8.self).wholeMatch(of: regex) != nil
  }

  /// True where a segment is a version or a bare integer: what a schema accepts where it says that a version stands.
  func matchesInPosition(_ segment: ArraySlice<UInt8>) -> Bool {
    matches(segment) || VersionMatcher.areDigits(segment)
  }

  private static func areDigits(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.count <= 18 && bytes.allSatisfy(\.isDigit)
  }
}

/// The version that a key carries, comparable by its number.
public struct KeyVersion: Sendable, Hashable, Comparable {
  /// The digits of the segment as a number; 0 where it has none.
  public let number: UInt64
  /// The segment as it stands, such as `v7`.
  public let text: [UInt8]

  /// Reads the version out of its segment; a number too large for 64 bits counts as the largest.
  public init(_ segment: some Collection<UInt8>) {
    text = Array(segment)
    var number: UInt64 = 0
    for byte in segment where byte.isDigit {
      let (product, overflowed) = number.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(UInt64(byte - 0x30))
      number = overflowed || carried ? .max : sum
    }
    self.number = number
  }

  /// Orders by number, and by text where the numbers are equal.
  public static func < (left: KeyVersion, right: KeyVersion) -> Bool {
    left.number != right.number ? left.number < right.number : left.text.lexicographicallyPrecedes(right.text)
  }
}

/// A choice of versions as a user writes it: `v3`, `<v3`, `<=v3`, `>v3`, `>=v3`, `none`.
public struct VersionChoice: Sendable, Equatable {
  private enum Relation: Sendable, Equatable { case below, atMost, equal, atLeast, above, none }
  private let relation: Relation
  private let version: KeyVersion

  /// Reads an expression; nil where it holds no version number and is not `none`.
  public init?(_ text: String) {
    let relations: [(String, Relation)] = [
      ("<=", .atMost), (">=", .atLeast), ("<", .below), (">", .above), ("=", .equal), ("", .equal),
    ]
    guard text != "none" else {
      (relation, version) = (.none, KeyVersion([]))
      return
    }
    guard let (sign, relation) = relations.first(where: { text.hasPrefix($0.0) }) else { return nil }
    let name = text.dropFirst(sign.count).drop { $0 == " " }
    guard name.utf8.contains(where: \.isDigit), !name.contains(" ") else { return nil }
    self.relation = relation
    version = KeyVersion(name.utf8)
  }

  /// True where a key's version, or its lack of one, is among those chosen.
  public func contains(_ candidate: KeyVersion?) -> Bool {
    guard let candidate else { return relation == .none }
    return switch relation {
    case .none: false
    case .below: candidate.number < version.number
    case .atMost: candidate.number <= version.number
    case .equal: candidate.number == version.number
    case .atLeast: candidate.number >= version.number
    case .above: candidate.number > version.number
    }
  }
}
