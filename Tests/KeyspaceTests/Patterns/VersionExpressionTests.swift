import Testing

@testable import Keyspace

@Suite struct VersionExpressionTests {
  struct Row: Sendable {
    let pattern: String
    var matching: [String] = []
    var others: [String] = []
  }

  @Test(arguments: [
    Row(pattern: "v\\d+", matching: ["v1", "v20260131"], others: ["v", "1", "v1a", "xv1", ""]),
    Row(pattern: "^v[0-9]+$", matching: ["v1"], others: ["v", "v1$", "^v1"]),
    Row(
      pattern: "(r|rev-)\\d+|[0-9]{8}", matching: ["r7", "rev-7", "20260131"], others: ["rev7", "2026013"]),
    Row(pattern: "blue|green", matching: ["blue", "green"], others: ["bluegreen", "blu"]),
    Row(pattern: "v(\\d+\\.?)+", matching: ["v1", "v1.2.3", "v1."], others: ["v", "v.1", "v1..2", "v1x"]),
    Row(
      pattern: "(?:a{2,3}b?)*", matching: ["", "aa", "aaab", "aabaaa", "aaaaa"],
      others: ["a", "aab b", "baa"]),
    Row(pattern: "x{3}", matching: ["xxx"], others: ["xx", "xxxx"]),
    Row(pattern: "x{2,}", matching: ["xx", "xxxxx"], others: ["x"]),
    Row(pattern: "x{0,2}y", matching: ["y", "xy", "xxy"], others: ["xxxy"]),
    Row(pattern: "x{0}y", matching: ["y"], others: ["xy"]),
    Row(pattern: ".", matching: ["a", ".", "é", "日", "🙂"], others: ["", "ab", "éa"]),
    Row(pattern: "[^0-9]+", matching: ["abc", "é-日"], others: ["a1", ""]),
    Row(pattern: "\\D\\W\\S", matching: ["a-b", "éé日"], others: ["1-b", "aab", "a- "]),
    Row(pattern: "[\\w.\\-]+", matching: ["a_1.b-2"], others: ["a b"]),
    Row(pattern: "[]a-c-]+", matching: ["]-abc"], others: ["d"]),
    Row(pattern: "ä|ö+", matching: ["ä", "öö"], others: ["a", "äö"]),
    Row(pattern: "v\\x2e\\.\\\\", matching: ["v..\\"], others: ["v.x\\"]),
    Row(pattern: "a+?b??", matching: ["a", "aab"], others: ["b", "abb"]),
    Row(pattern: "(a|)b(|c)", matching: ["b", "ab", "bc", "abc"], others: ["a", "ac"]),
  ])
  func matchesWholeTexts(row: Row) throws {
    let expression = try VersionExpression(row.pattern)
    for text in row.matching { #expect(expression.accepts(Array(text.utf8)), "\(row.pattern): \(text)") }
    for text in row.others { #expect(!expression.accepts(Array(text.utf8)), "\(row.pattern): \(text)") }
  }

  @Test(arguments: [
    ("(", "no ) behind"), ("a)", "closes no group"), ("[a", "no ] behind"), ("*a", "nothing before it"),
    ("a**", "repeats what is repeated"), ("a++", "possessive"), ("(?=v)", "lookahead"),
    ("(?!v)", "negative lookahead"),
    ("(?<=v)1", "lookbehind"), ("(?<n>v)", "named groups"), ("(?>v)", "atomic"), ("(?i)v", "flags"),
    ("(v)\\1", "back references"), ("\\bv", "word boundaries"), ("\\p{L}", "Unicode properties"),
    ("\\Q", "\\Q"),
    ("a{", "count"), ("a{2,1}", "count"), ("a{2", "count"), ("a{9999}", "larger than"),
    ("{2}", "nothing before it"),
    ("(a{100}){100}", "repeats too much"), ("a^b", "^ has a place"), ("a$b", "$ has a place"),
    ("(a$)+", "$ has a place"),
    ("[b-a]", "ends before"), ("[[:digit:]]", "[:digit:]"), ("[ä]", "ASCII"), ("v\\", "nothing follows"),
    ("\\xg1", "hexadecimal"), (String(repeating: "(", count: 5_000), "nested"),
  ])
  func namesWhatItDoesNotKnow(pattern: String, words: String) {
    let fault = #expect(throws: VersionExpression.Fault.self) { try VersionExpression(pattern) }
    #expect(fault?.message.contains(words) == true, "\(pattern): \(fault?.message ?? "")")
  }

  @Test(arguments: ["v(\\d+\\.?)+", "v(1*)*", "(v|v1)(1|11)*1*"])
  func takesTimeInProportionToTheText(pattern: String) throws {
    let expression = try VersionExpression(pattern)
    let text = Array(("v" + String(repeating: "1", count: 9_998) + "x").utf8)
    let start = ContinuousClock.now
    #expect(!expression.accepts(text))
    #expect(expression.accepts(text.dropLast()))
    #expect(ContinuousClock.now - start < .seconds(1))
  }
}

extension VersionExpression {
  // What cannot leave its scope is no argument of a check.
  fileprivate func accepts(_ text: [UInt8]) -> Bool { matches(text.span) }
}
