import TestSupport
import Testing

@testable import Keyspace

@Suite struct GlobTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var pattern: String
    var matching: [String]
    var other: [String]
    var testDescription: String { pattern }
  }

  static let rows: [Row] = [
    Row(pattern: "*", matching: ["", "a", "ab:c"], other: []),
    Row(pattern: "**", matching: ["", "a"], other: []),
    Row(pattern: "", matching: [""], other: ["a"]),
    Row(pattern: "user:*", matching: ["user:", "user:1"], other: ["user", "users:1", ""]),
    Row(pattern: "*:v6", matching: [":v6", "a:v6", "a:v6:v6"], other: ["a:v66", "v6"]),
    Row(pattern: "a*b*c", matching: ["abc", "axbxc", "abbcc"], other: ["ab", "acb", "abcd"]),
    Row(pattern: "h?llo", matching: ["hello", "hallo"], other: ["hllo", "heello"]),
    Row(pattern: "h[ae]llo", matching: ["hello", "hallo"], other: ["hillo"]),
    Row(pattern: "h[^e]llo", matching: ["hallo"], other: ["hello", "hllo"]),
    Row(pattern: "[a-c]", matching: ["a", "b", "c"], other: ["d", "-"]),
    Row(pattern: "[c-a]", matching: ["a", "b", "c"], other: ["d"]),
    Row(pattern: #"h\*llo"#, matching: ["h*llo"], other: ["hello"]),
    Row(pattern: #"[\]a]"#, matching: ["]", "a"], other: [#"\"#]),
    Row(pattern: #"[a-\z]"#, matching: ["a", #"\"#, "_", "z"], other: ["b", "y"]),
    Row(pattern: "a[bc", matching: ["ab", "ac"], other: ["a[bc", "a"]),
    Row(pattern: "a[", matching: [], other: ["a", "a[", "ab"]),
    Row(pattern: "a[^", matching: ["ab", "a^"], other: ["a"]),
    Row(pattern: "[]a", matching: [], other: ["a", "]a", "xa"]),
    Row(pattern: "[^]a", matching: ["xa", "^a"], other: ["a"]),
    Row(pattern: "[a-]", matching: ["a", "]", "_"], other: ["-", "b"]),
    Row(pattern: #"a\"#, matching: [#"a\"#], other: ["a"]),
    Row(pattern: #"[\"#, matching: [#"\"#], other: ["["]),
    Row(pattern: #"\a"#, matching: ["a"], other: [#"\a"#]),
  ]

  @Test(arguments: rows) func readsPatternsLikeRedis(row: Row) {
    let glob = Glob(pattern: Array(row.pattern.utf8))
    for key in row.matching { #expect(glob.matches(Array(key.utf8)), "should match \(key)") }
    for key in row.other { #expect(!glob.matches(Array(key.utf8)), "should not match \(key)") }
  }

  @Test func matchesASliceOfASpan() {
    let buffer = Array("xxuser:1yy".utf8)
    let glob = Glob(pattern: Array("user:?".utf8))
    let inside = glob.matches(buffer.span.extracting(2..<8))
    let beyond = glob.matches(buffer.span.extracting(2..<9))
    #expect(inside)
    #expect(!beyond)
  }

  @Test(
    arguments: [
      ("*", true, "", nil), ("***", true, "", nil), ("?*", false, "", nil), ("", false, "", ""),
      ("user:*", false, "user:", nil), (#"a\*b?"#, false, "a*b", nil), (#"a\*b"#, false, "a*b", "a*b"),
      ("a[b]", false, "a", nil), (#"a\"#, false, #"a\"#, #"a\"#),
    ] as [(String, Bool, String, String?)])
  func saysWhatItKnowsOfEveryMatch(pattern: String, everything: Bool, prefix: String, literal: String?) {
    let glob = Glob(pattern: Array(pattern.utf8))
    #expect(glob.matchesEverything == everything)
    #expect(glob.literalPrefix == Array(prefix.utf8))
    #expect(glob.literal == literal.map { Array($0.utf8) })
  }

  @Test func sendsRunsOfStarsAsOneAndLeavesSetsAlone() {
    let glob = Glob(pattern: Array(#"a**b\**[**]***"#.utf8))
    #expect(glob.bytes == Array(#"a*b\**[**]*"#.utf8))
    #expect(glob == Glob(pattern: Array(#"a*b\**[**]*"#.utf8)))
    #expect(Set([Glob(pattern: [0x2A]), Glob(pattern: [0x2A, 0x2A])]).count == 1)
  }

  @Test func agreesWithARecursiveReadingOfTheRules() {
    var random = SeededGenerator(seed: 20_260_131)
    let alphabet = Array(#"[]^-\*?ab"#.utf8) + [0, 255]
    var matched = 0
    for _ in 0..<40_000 {
      let pattern = Self.randomBytes(of: alphabet, upTo: 9, using: &random)
      let glob = Glob(pattern: pattern)
      for _ in 0..<6 {
        let key = Self.randomBytes(of: alphabet, upTo: 6, using: &random)
        let expected = NaiveGlob.matches(pattern[...], key[...])
        guard glob.matches(key) == expected else {
          Issue.record("pattern \(pattern), key \(key): expected \(expected)")
          return
        }
        if expected { matched += 1 }
      }
      if let literal = glob.literal { #expect(glob.matches(literal)) }
    }
    #expect(matched > 5_000, "too few matches to mean anything")
  }

  @Test func manyStarsOverALongKeyStayCheap() {
    let pattern = Array((String(repeating: "a*", count: 64) + "b").utf8)
    let key = [UInt8](repeating: UInt8(ascii: "a"), count: 20_000)
    let clock = ContinuousClock()
    let took = clock.measure { #expect(!Glob(pattern: pattern).matches(key)) }
    #expect(took < .seconds(10))
  }

  static func randomBytes(
    of alphabet: [UInt8], upTo length: Int, using random: inout SeededGenerator
  ) -> [UInt8] {
    (0..<Int.random(in: 0...length, using: &random)).map { _ in
      alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
    }
  }
}

/// The rules of the pattern language, written as plainly as possible.
private enum NaiveGlob {
  static func matches(_ pattern: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return key.isEmpty }
    let rest = pattern.dropFirst()
    switch Character(UnicodeScalar(first)) {
    case "*":
      return matches(rest, key) || (!key.isEmpty && matches(pattern, key.dropFirst()))
    case "?":
      return !key.isEmpty && matches(rest, key.dropFirst())
    case "[":
      guard let byte = key.first else { return false }
      let (allowed, after) = members(rest)
      return allowed.contains(byte) && matches(after, key.dropFirst())
    case "\\":
      let literal = rest.first ?? first
      return key.first == literal && matches(rest.dropFirst(), key.dropFirst())
    default:
      return key.first == first && matches(rest, key.dropFirst())
    }
  }

  /// The bytes a set allows, and the pattern behind it.
  private static func members(_ text: ArraySlice<UInt8>) -> (Set<UInt8>, ArraySlice<UInt8>) {
    var left = text
    var allowed: Set<UInt8> = []
    let negated = left.first == UInt8(ascii: "^")
    if negated { left = left.dropFirst() }
    while let first = left.first, first != UInt8(ascii: "]") {
      let start = left.startIndex
      if first == UInt8(ascii: "\\"), left.count > 1 {
        allowed.insert(left[start + 1])
        left = left.dropFirst(2)
      } else if left.count > 2, left[start + 1] == UInt8(ascii: "-") {
        let ends = [first, left[start + 2]].sorted()
        allowed.formUnion(ends[0]...ends[1])
        left = left.dropFirst(3)
      } else {
        allowed.insert(first)
        left = left.dropFirst()
      }
    }
    if negated { allowed = Set(UInt8.min...UInt8.max).subtracting(allowed) }
    return (allowed, left.dropFirst())
  }
}
