import TestSupport
import Testing

@testable import Keyspace

/// The segments of a name as they stand, and labels of names with stars of their own.
struct SegmentTests {
  private static let cases: [(key: String, segments: [String])] = [
    ("app:v2:user:42", ["app", "v2", "user", "42"]), ("a", ["a"]), ("", [""]),
    (":1:views.x", ["", "1", "views.x"]), ("shop::42::x", ["shop", "42", "x"]),
    ("a/b/c.png", ["a", "b", "c.png"]), ("com.example.User:7", ["com.example.User", "7"]),
    ("{user:42}:cart", ["user", "42", "cart"]), ("user_data_7", ["user_data_7"]),
    ("limit:fe80::1:burst", ["limit", "fe80::1", "burst"]),
  ]

  @Test(arguments: cases.indices) func segmentsStandAsTheyAre(index: Int) {
    let (key, segments) = Self.cases[index]
    var reader = KeyReader()
    reader.read(Array(key.utf8))
    for (place, segment) in segments.enumerated() {
      #expect(reader.reading.segment(place + 1) == Array(segment.utf8), "\(key) \(place + 1)")
    }
    #expect(reader.reading.segment(segments.count + 1) == nil, "\(key)")
  }

  @Test func choicesSayWhatTheyChoose() {
    for segment in [[], Array("none".utf8), Array("a b\n=".utf8), [0xff, 0], nil] as [[UInt8]?] {
      let choice = SegmentChoice("3=\(SegmentChoice.text(segment))", numbers: 1...24)
      #expect(choice?.number == 3 && choice?.text == segment, "\(segment ?? [])")
    }
    for text in ["", "3", "x=a", "0=a", "25=a", "=a"] {
      #expect(SegmentChoice(text, numbers: 1...24) == nil, "\(text)")
    }
  }

  /// A star between letters is the name's own: what varies shows as one at a joint or at an end.
  @Test func aStarOfTheNameIsPartOfTheNamespace() {
    let label = KeyGrouping.label("v4:a*b:x")
    #expect(KeyGrouping.text(label?.namespace) == "a*b" && KeyGrouping.text(label?.version) == "v4")
    let varying = KeyGrouping.label("v4:user_7:x")
    #expect(KeyGrouping.text(varying?.namespace) == "user")
  }
}
