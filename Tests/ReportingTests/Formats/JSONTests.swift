import Foundation
import Reporting
import Testing

struct JSONTests {
  private func text(_ value: JSON, pretty: Bool = false) -> String {
    String(decoding: value.serialized(pretty: pretty), as: UTF8.self)
  }

  @Test func keepsTheOrderOfMembers() {
    let value: JSON = [
      "schema": "rediscache.scan/1", "z": 1, "a": [true, nil, 0.45], "empty": [:], "none": [],
    ]
    #expect(text(value) == #"{"schema":"rediscache.scan/1","z":1,"a":[true,null,0.45],"empty":{},"none":[]}"#)
  }

  @Test(
    arguments: [
      (.int(.min), "-9223372036854775808"), (.double(9.4), "9.4"), (.double(2), "2.0"),
      (.double(.nan), "null"),
      (.double(-.infinity), "null"), (.double(1e-7), "1e-07"), (.double(1e300), "1e+300"),
      (.optional(nil as Int?), "null"),
      (.optional(3), "3"), (.optional("x"), #""x""#), (.strings(["a", "b"]), #"["a","b"]"#),
      (.optional(false), "false"),
    ] as [(JSON, String)])
  func scalars(value: JSON, expected: String) {
    #expect(text(value) == expected)
  }

  @Test(arguments: [
    ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\r\t\u{08}\u{0C}\0", #""\n\r\t\u0008\u000c\u0000""#),
    ("\u{7F}\u{9B}\u{85}", #""\u007f\u009b\u0085""#),
    ("\u{2028}\u{2029}\u{202E}\u{2066}", #""\u2028\u2029\u202e\u2066""#),
    ("\u{E0041}", #""\udb40\udc41""#), ("naïve 鍵 🔑", #""naïve 鍵 🔑""#), ("\r\n", #""\r\n""#),
  ])
  func escapesStrings(string: String, expected: String) {
    #expect(text(.string(string)) == expected)
  }

  @Test(arguments: [
    ("user:é", "user:é"), ("a\"b", "a\"b"), ("a\0", "a\0"), ("", ""),
  ])
  func validKeysAreThemselves(key: String, expected: String) {
    #expect(JSON.key(Array(key.utf8)) == .string(expected))
  }

  @Test func otherKeysAreBase64() {
    #expect(JSON.key([0x61, 0xFF, 0x22]) == ["key": "Yf8i", "encoding": "base64"])
    let quoted = Array(#""a\xff\"""#.utf8)
    #expect(JSON.key(quoted) == .string(#""a\xff\"""#))
  }

  @Test func oneNameInBase64TakesTheOthersAlong() {
    let names = JSON.object(JSON.names([("a", [0x61]), ("b", [0xFF]), ("c", nil)]))
    #expect(names == ["a": "YQ==", "b": "/w==", "c": nil, "encoding": "base64"])
    #expect(JSON.object(JSON.names([("a", [0x61]), ("c", nil)])) == ["a": "a", "c": nil])
  }

  @Test func prettyKeepsSmallContainersOnOneLine() {
    let value: JSON = [
      "target": ["nodes": [["address": "h:6379", "role": "primary"]], "kind": "standalone"], "warnings": [],
      "buckets": [1, 2], "long": .array((0..<3).map { _ in .string(String(repeating: "x", count: 40)) }),
    ]
    let x = String(repeating: "x", count: 40)
    #expect(
      text(value, pretty: true) == """
        {
          "target": {
            "nodes": [
              {"address": "h:6379", "role": "primary"}
            ],
            "kind": "standalone"
          },
          "warnings": [],
          "buckets": [1, 2],
          "long": [
            "\(x)",
            "\(x)",
            "\(x)"
          ]
        }
        """)
  }

  @Test func equalityMindsOrderAndKind() {
    #expect(JSON.object([("a", 1), ("b", 2)]) == ["a": 1, "b": 2])
    #expect(JSON.object([("b", 2), ("a", 1)]) != ["a": 1, "b": 2])
    #expect(JSON.int(1) != .double(1))
    let value: JSON = ["a": ["b": "c"]]
    #expect(value["a"]?["b"] == "c")
    #expect(value["x"] == nil)
  }

  @Test(arguments: [false, true])
  func foundationReadsTheSameValue(pretty: Bool) throws {
    let strings = HarmlessnessTests.keys.map { String(decoding: $0, as: UTF8.self) }
    let numbers: [Double] = [0, -0.0, 0.1, 1e-7, .leastNonzeroMagnitude, 1.797e308, 123_456_789.123, -2.5]
    let value: JSON = [
      "strings": .strings(strings), "numbers": .array(numbers.map(JSON.double)), "int": .int(.max),
      "null": nil,
      "nested": [[[["deep": true]]]],
    ]
    let parsed = try JSONSerialization.jsonObject(with: Data(value.serialized(pretty: pretty)))
    let object = try #require(parsed as? [String: Any])
    let read = try #require(object["strings"] as? [String])
    #expect(read.map { Array($0.utf8) } == strings.map { Array($0.utf8) })
    #expect(object["numbers"] as? [Double] == numbers)
    #expect(object["int"] as? Int == .max)
    #expect(object["null"] is NSNull)
    let nested = object["nested"] as? [[[[String: Bool]]]]
    #expect(nested == [[[["deep": true]]]])
  }
}
