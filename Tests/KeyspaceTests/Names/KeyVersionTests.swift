import Testing

@testable import Keyspace

@Suite struct KeyVersionTests {
  static let ascending = [
    "v", "v0", "v1", "v1.2", "v1.9", "v1.10", "v2", "v3-rc1", "v9", "v10", "v100", "v18446744073709551615",
    "v18446744073709551616", "v99999999999999999999999999",
  ]

  @Test func ordersByTheNumbersInThem() {
    let versions = Self.ascending.map { KeyVersion($0.utf8) }
    for (index, low) in versions.enumerated() {
      #expect(!(low < low))
      for high in versions[(index + 1)...] {
        #expect(low < high)
        #expect(!(high < low))
      }
    }
    #expect(versions.shuffled().sorted() == versions)
  }

  @Test func tellsEqualNumbersApartByText() {
    let plain = KeyVersion("v3".utf8)
    let padded = KeyVersion("v03".utf8)
    #expect(plain != padded)
    #expect((plain < padded) != (padded < plain))
    #expect(KeyVersion("v3".utf8) == plain)
    #expect(Set([plain, padded, plain]).count == 2)
  }

  @Test(
    arguments: [
      ("v3", ["v3", "3", "v03", "r3"], ["v2", "v4", "v30", "v3.1"]),
      ("=v3", ["v3"], ["v4"]),
      ("3", ["v3"], ["v4"]),
      ("<v3", ["v1", "v2", "v0"], ["v3", "v10"]),
      ("<= v3", ["v1", "v3"], ["v4", "v10"]),
      (">v3", ["v4", "v10"], ["v3", "v1"]),
      (">=v3", ["v3", "v10"], ["v2"]),
      (">=1.10", ["v1.10", "v1.11", "v2"], ["v1.9", "v1"]),
      ("<v99999999999999999999", ["v18446744073709551616"], ["v99999999999999999999"]),
    ] as [(String, [String], [String])])
  func choosesVersions(expression: String, inside: [String], outside: [String]) throws {
    let choice = try #require(VersionChoice(expression))
    for version in inside { #expect(choice.contains(KeyVersion(version.utf8)), "\(version)") }
    for version in outside { #expect(!choice.contains(KeyVersion(version.utf8)), "\(version)") }
    #expect(!choice.contains(nil))
  }

  @Test func choosesKeysWithoutAVersion() throws {
    let none = try #require(VersionChoice("none"))
    #expect(none.contains(nil))
    #expect(!none.contains(KeyVersion("v1".utf8)))
  }

  @Test(arguments: ["", "v", "<", "<=", "newest", "< v", "v1 v2", "v1,v2", "<>v3", "<<v3", "None"])
  func refusesWhatIsNoChoice(expression: String) {
    #expect(VersionChoice(expression) == nil)
  }
}
