import Testing

@testable import Keyspace

@Suite struct PatternTextTests {
  @Test(arguments: [
    ("user:*", "user:*"), (#"a\*b"#, #"a\*b"#), ("a***b", "a*b"), (#"\x61"#, "a"), (#"\x2a"#, #"\*"#),
    (#"\x3F\x5b\x5c"#, #"\?\[\\"#), (#"\x5d"#, "]"), (#"\\x41"#, #"\\x41"#), (#"\\\x41"#, #"\\A"#),
    (#"[\x61-\x7a]"#, "[a-z]"), (#"[\x2a]"#, "[*]"), (#"[a\x2dz]"#, #"[a\-z]"#), (#"[\x5ea]"#, #"[\^a]"#),
    (#"[A-\x5d]"#, "[A-]]"), (#"[\x5d-z]"#, "[z-]]"), (#"[\x5c-\x5d]"#, #"[\\\]]"#),
    (#"[a\x5d]b"#, #"[a\]]b"#),
    (#"\[a\]"#, #"\[a\]"#), ("caf\u{E9}", "caf\u{E9}"),
  ]) func translates(text: String, glob: String) throws {
    let pattern = try PatternText(text)
    #expect(pattern.glob.bytes == Array(glob.utf8))
    #expect(pattern.warnings.isEmpty)
  }

  @Test func reachesBytesNoCommandLineCarries() throws {
    #expect(try PatternText(#"k\x00\xff\x0A*"#).glob.bytes == [0x6B, 0x00, 0xFF, 0x0A, 0x2A])
  }

  @Test func aSpelledByteMatchesOnlyItselfWhereverItStands() throws {
    for byte in UInt8.min...UInt8.max {
      let hex = (byte < 16 ? "0" : "") + String(byte, radix: 16)
      for text in [#"\x"# + hex, #"[\x"# + hex + "]", #"[a-c\x"# + hex + "]"] {
        let glob = try PatternText(text).glob
        for key in UInt8.min...UInt8.max {
          let expected = key == byte || (text.hasPrefix("[a-c") && (0x61...0x63).contains(key))
          #expect(glob.matches([key]) == expected, "\(text) on \(key)")
        }
      }
    }
  }

  @Test func aRangeBetweenSpelledBytesHoldsWhatLiesBetween() throws {
    let ends = Array(#"]\^-*az"#.utf8) + [0, 255]
    for start in ends {
      for end in ends {
        let text = "[" + Self.spelled(start) + "-" + Self.spelled(end) + "]x"
        let glob = try PatternText(text).glob
        let range = min(start, end)...max(start, end)
        for key in UInt8.min...UInt8.max {
          #expect(glob.matches([key, 0x78]) == range.contains(key), "\(text) on \(key)")
        }
      }
    }
  }

  @Test(arguments: [
    ("a[bc", 2, "never closed"), (#"ab\"#, 3, "nothing to escape"), ("[]", 1, "no key matches"),
    (#"[\x00-\xff]"#, 2, "x86-64"), (#"a\xg1"#, 2, "two hexadecimal digits"), (#"\x4"#, 1, "two hexadecimal"),
    ("\u{E9}[a", 2, "never closed"), ("a[\u{E9}]", 3, "single bytes"), ("[a-]", 1, "never closed"),
  ]) func warnsAndGoesOn(text: String, column: Int, words: String) throws {
    let warnings = try PatternText(text).warnings
    #expect(warnings.count == 1)
    #expect(warnings.first?.hasPrefix("column \(column): ") == true)
    #expect(warnings.first?.contains(words) == true)
  }

  @Test func warningsComeInTheOrderOfThePattern() throws {
    let warnings = try PatternText(#"[]\xq[a"#).warnings
    #expect(warnings.map { String($0.prefix(9)) } == ["column 1:", "column 3:", "column 6:"])
  }

  @Test func refusesTheEmptyPattern() {
    let error = #expect(throws: PatternError.self) { try PatternText("") }
    #expect(error?.message.contains("use '*' for every key") == true)
  }

  @Test func refusesMoreThanSixtyFourStars() throws {
    let allowed = String(repeating: "a**", count: 64)
    #expect(try PatternText(allowed).glob.bytes.count == 128)
    #expect(try PatternText("[" + String(repeating: "*", count: 200) + "]").warnings.isEmpty)
    let error = #expect(throws: PatternError.self) { try PatternText(allowed + "b*") }
    #expect(error?.column == 194)
    #expect(error?.message.contains("the limit is 64") == true)
    #expect(error?.message.contains("65 '*'") == true)
  }

  private static func spelled(_ byte: UInt8) -> String {
    #"\x"# + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
