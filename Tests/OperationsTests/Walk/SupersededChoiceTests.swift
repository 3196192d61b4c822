import Keyspace
import TestSupport
import Testing

@testable import Operations

/// Which versions are superseded: never the newest of a single namespace, never generations.
struct SupersededChoiceTests {
  /// The names that are superseded.
  private func superseded(_ names: [String], among all: [String]? = nil) -> Set<String> {
    var selection = KeySelection()
    selection.isSuperseded = true
    var census = VersionCensus(KeyNaming(), selection)
    for name in all ?? names { _ = census.choose(utf8(name).span) }
    var choice = SupersededChoice(census, selection)
    #expect(choice.warnings.isEmpty)
    var reader = KeyNaming().makeReader()
    return Set(
      names.filter {
        reader.read(utf8($0).span)
        return choice.contains(reader.reading)
      })
  }

  static let cases: [(keys: [String], superseded: [String])] = [
    ([], []),
    (["app:v1:a"], []),
    (["app:v1:a", "app:v2:a"], ["app:v1:a"]),
    (["app:v9:a", "app:v10:a"], ["app:v9:a"]),
    (["app:v1:a", "app:v2:a", "shop:v1:a"], ["app:v1:a"]),
    (["app:v1:a", "v2:app:a"], ["app:v1:a"]),
    (["{app:v1}:a", "app:v2:a"], ["{app:v1}:a"]),
    (["app:v1", "app:v2"], ["app:v1"]),
    (["app:a", "app:v2:a", "flat"], []),
    (["org:1:v7:a", "org:2:v6:a", "org:1:v6:a", "org:2:v5:a"], ["org:1:v6:a", "org:2:v5:a"]),
    (["org:1:v7:a", "org:2:v6:a"], []),
    (["a*b:v1:x", "acb:v2:x"], []),
    (["a*b:v1:x", "a*b:v2:x"], ["a*b:v1:x"]),
    // A `*` of the name itself is part of the namespace where the version comes first, too.
    (["v1:a*b:x", "a*b:v2:x"], ["v1:a*b:x"]),
    (["v1:a*b:x", "a:v2:x"], []),
    (["app:v1:a", "app:sub:v2:a"], []),
    // Two spellings of one number are one version.
    (["app:v3:a", "app:v03:a"], []),
    (["org:1:v3:a", "org:1:v03:a", "org:2:v4:a"], []),
    (["app:v2:a", "app:v03:a", "app:v3:b"], ["app:v2:a"]),
    (["app:v99999999999999999999:a", "app:v100000000000000000000:a"], ["app:v99999999999999999999:a"]),
  ]

  @Test(arguments: cases.indices) func theNewestStays(index: Int) {
    let (keys, expected) = Self.cases[index]
    #expect(superseded(keys) == Set(expected))
    #expect(superseded(keys.reversed()) == Set(expected), "in any order")
  }

  /// org:1 has come to v7 and org:2 to v6: that v7 is live elsewhere says nothing about org:2.
  @Test(arguments: [2, 20, 33, 100, 500]) func eachSingleNamespaceHasANewestOfItsOwn(namespaces: Int) {
    for spelling: (Int) -> String in [{ "org:\($0)" }, { "org:team\(Keyspaces.word($0))" }, { "team-\($0)" }]
    {
      let keys = (0..<namespaces).flatMap { number in
        (0...(number % 4)).map { "\(spelling(number)):v\(5 + $0):x" }
      }
      let expected = (0..<namespaces).flatMap { number in
        (0..<(number % 4)).map { "\(spelling(number)):v\(5 + $0):x" }
      }
      #expect(superseded(keys) == Set(expected), "\(spelling(1))")
    }
  }

  @Test func theNewestOfARandomKeyspaceStays() {
    var random = SeededGenerator(seed: 3)
    for round in 0..<100 {
      let namespaces = (0..<(1 + random.below(60))).map { number in
        random.pick([
          "app\(Keyspaces.word(number))", "org:\(number)", "shop", "u-\(number)", "a:b:\(number % 7)",
        ])
      }
      let versions = 1 + random.below(8)
      let keys = (0..<random.below(300)).map { number in
        "\(random.pick(namespaces)):v\(1 + random.below(versions)):\(number)"
      }
      let found = superseded(keys)
      let groups = Dictionary(grouping: keys) { $0.split(separator: ":").dropLast(2).joined(separator: ":") }
      for (namespace, keys) in groups {
        func version(_ key: String) -> Int {
          Int(key.split(separator: ":").dropLast().last?.dropFirst() ?? "") ?? 0
        }
        let newest = keys.map(version).max() ?? 0
        for key in keys {
          #expect(found.contains(key) == (version(key) < newest), "round \(round): \(namespace) \(key)")
        }
      }
    }
  }

  @Test(arguments: [(16, true), (17, false), (60, false)]) func generationsStay(
    versions: Int, isRemoved: Bool
  ) {
    let keys = (1...versions).map { "user:v\($0):profile" }
    #expect(superseded(keys).count == (isRemoved ? versions - 1 : 0))
    let many = (0..<200).flatMap { user in (1...versions).map { "user:\(user):v\($0):profile" } }
    #expect(superseded(many).count == (isRemoved ? 200 * (versions - 1) : 0))
  }

  @Test func whatCameAfterTheCensusStays() {
    let known = ["app:v1:a", "app:v2:a"]
    #expect(superseded(["app:v3:a", "shop:v1:a", "app:v0:a"], among: known) == [])
    #expect(superseded(["app:v1:new"], among: known) == ["app:v1:new"])
  }

  /// Names that come after the census make places vary: the 17th version, the 33rd namespace. What is the newest
  /// stays the newest.
  @Test func whatComesLaterBringsNoNewestIntoDanger() {
    for versions in [2, 15, 16, 17] {
      let known = (1...versions).map { "user:v\($0):profile" }
      let later = (1...40).map { "user:v\($0):profile" }
      let expected = versions > 16 ? [] : known.dropLast()
      #expect(superseded(later + known, among: known).subtracting(expected) == [])
      #expect(superseded(known, among: known) == Set(expected))
    }
    for namespaces in [2, 31, 32, 33] {
      func names(_ range: Range<Int>, _ versions: [Int]) -> [String] {
        range.flatMap { number in versions.map { "\(Keyspaces.word(number)):a:v\($0):x" } }
      }
      let known = names(0..<namespaces, [1, 2])
      let found = superseded(names(0..<200, [1]) + known + names(0..<200, [1, 2, 3]), among: known)
      #expect(found.isSubset(of: names(0..<namespaces, [1])))
      for prefix in ["org:", "team-", "x:y:"] {
        let known = (0..<namespaces).flatMap { number in
          ["\(prefix)\(Keyspaces.word(number)):v1", "\(prefix)\(Keyspaces.word(number)):v2"]
        }
        let later = (0..<200).flatMap { number in (1...3).map { "\(prefix)\(Keyspaces.word(number)):v\($0)" }
        }
        let found = superseded(later + known, among: known)
        #expect(found.isSubset(of: known) && found.allSatisfy { $0.hasSuffix(":v1") })
      }
    }
  }

  @Test func namespacesBeyondTheBoundStayWhole() {
    var newest = NewestVersions()
    var reader = KeyNaming().makeReader()
    func note(_ name: String) {
      reader.read(utf8(name).span)
      newest.note(reader.reading)
    }
    for number in 0..<NewestVersions.limit { note("n\(number):v1") }
    #expect(!newest.isFull)
    note("beyond:v1")
    note("beyond:v2")
    note("n7:v2")
    #expect(newest.isFull)
    func isSuperseded(_ name: String) -> Bool {
      reader.read(utf8(name).span)
      return newest.isSuperseded(reader.reading)
    }
    #expect(!isSuperseded("beyond:v1") && isSuperseded("n7:v1") && !isSuperseded("n8:v1"))
  }
}
