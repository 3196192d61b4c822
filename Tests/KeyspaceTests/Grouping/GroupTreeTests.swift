import TestSupport
import Testing

@testable import Keyspace

@Suite struct GroupTreeTests {
  /// A name that no shape gives away, another one for each number.
  static func name(_ number: Int) -> String {
    let syllables = ["ba", "ne", "ti", "ro", "lu", "sha", "mi", "ka", "po", "ve"]
    var rest = number
    var name = ""
    repeat {
      name += syllables[rest % 10]
      rest /= 10
    } while rest > 0
    return name
  }

  static func names(_ count: Int) -> [String] { (0..<count).map(name) }

  static let allLevels: [GroupLevel] = [
    .version, .entity, .template(), .template(depth: 1), .template(depth: 3),
  ]

  // MARK: - The documentation's table

  struct Row: Sendable, CustomTestStringConvertible {
    var keys: [String]
    var namespace: String
    var version: String
    var entity: String
    var template: String
    var testDescription: String { "\(keys.count) keys like \(keys[0])" }
  }

  static let rows: [Row] = [
    Row(
      keys: (1...100).map { "app:v2:user:\($0):profile" }, namespace: "app", version: "v2",
      entity: "app:v2:user",
      template: "app:v2:user:*:profile"),
    Row(
      keys: (1...100).map { "user:v2:\($0).profile" }, namespace: "user", version: "v2", entity: "user:v2",
      template: "user:v2:*.profile"),
    Row(
      keys: names(100).map { "org:\($0):v7:team.list" }, namespace: "org:*", version: "v7",
      entity: "org:*:v7:team.list",
      template: "org:*:v7:team.list"),
    Row(
      keys: {
        var random = SeededGenerator(seed: 1)
        return (1...100).map { _ in "session:" + random.uuid() }
      }(), namespace: "session", version: "none", entity: "session", template: "session:*"),
    Row(
      keys: (1...60).flatMap { version in (1...5).map { "user:\($0):v\(version):profile" } },
      namespace: "user:*",
      version: "v*", entity: "user:*:v*:profile", template: "user:*:v*:profile"),
    Row(
      keys: (1...100).map { "user_data_new_\($0)" }, namespace: "user_data_new", version: "none",
      entity: "user_data_new",
      template: "user_data_new_*"),
  ]

  @Test(arguments: rows) func readsTheDocumentedKeys(row: Row) {
    let count = row.keys.count
    #expect(KeyGrouping.names(row.keys, .version) == ["\(row.namespace) \(row.version)": count])
    #expect(KeyGrouping.names(row.keys, .entity) == [row.entity: count])
    #expect(KeyGrouping.names(row.keys, .template()) == [row.template: count])
    var grouping = KeyGrouping(.version)
    for key in row.keys { grouping.add(key) }
    grouping.settle()
    #expect(
      Set(grouping.labels.keys.map(\.byNamespace)).map { KeyGrouping.text($0.namespace) } == [row.namespace])
    #expect(grouping.labels.keys.allSatisfy { $0.byNamespace.version == nil })
  }

  @Test func cutsTemplatesAtADepth() {
    let keys = (1...50).map { "app:v2:user:\($0):profile" } + ["app:v2:team"]
    #expect(KeyGrouping.names(keys, .template(depth: 1)) == ["app": 51])
    #expect(KeyGrouping.names(keys, .template(depth: 3)) == ["app:v2:user": 50, "app:v2:team": 1])
    #expect(KeyGrouping.names(keys, .template(depth: 4)) == ["app:v2:user:*": 50, "app:v2:team": 1])
    #expect(KeyGrouping.names(["v2:app:x"], .template(depth: 1)) == ["v2": 1])
    #expect(KeyGrouping.names(["v2:app:x"], .template(depth: 2)) == ["v2:app": 1])
  }

  // MARK: - Limits

  @Test(arguments: [(31, false), (32, false), (33, true), (500, true)])
  func collapsesMoreThan32Names(count: Int, collapses: Bool) {
    let keys = Self.names(count).flatMap { ["app:\($0)", "app:\($0):x"] }
    let templates = KeyGrouping.names(keys, .template())
    #expect(templates.count == (collapses ? 2 : count * 2))
    #expect(templates["app:*"] == (collapses ? count : nil))
    #expect(templates["app:*:x"] == (collapses ? count : nil))
    #expect(KeyGrouping.names(keys, .entity).count == (collapses ? 1 : count * 2))
    #expect(KeyGrouping.names(keys, .entity)["app"] == (collapses ? count * 2 : nil))
  }

  @Test(arguments: [(15, false), (16, false), (17, true), (60, true)])
  func takesMoreThan16VersionsForGenerations(count: Int, collapses: Bool) {
    let keys = (1...count).flatMap { ["app:v\($0):user", "v\($0):shop:cart", "app:x"] }
    for level in [GroupLevel.version, .entity, .template()] {
      var grouping = KeyGrouping(level)
      for key in keys { grouping.add(key) }
      grouping.settle()
      let versions = Set(grouping.labels.keys.map { KeyGrouping.text($0.version) })
      #expect(versions == (collapses ? ["v*", "none"] : Set((1...count).map { "v\($0)" } + ["none"])))
      #expect(grouping.total == keys.count)
    }
  }

  /// Each namespace has its own versions, also where the version comes first.
  @Test func countsVersionsByNamespace() {
    let keys = (1...30).map { "v\($0):\(Self.name($0 % 10)):x" }
    #expect(KeyGrouping.names(keys, .version).count == 30)
    #expect(KeyGrouping.names(keys, .template()).keys.allSatisfy { !$0.contains("*") })
    // The same namespace, whichever comes first.
    #expect(KeyGrouping.names(["v2:app:x", "app:v2:x"], .version) == ["app v2": 2])
    #expect(KeyGrouping.names(["v2:app:x", "app:v2:x"], .template()) == ["v2:app:x": 1, "app:v2:x": 1])
  }

  /// What hangs by a dot does not use up the room of what hangs by a separator.
  @Test func countsEachPlaceByItself() {
    let keys = Self.names(32).flatMap { ["app:x.\($0)", "app:x:\($0)", "app:x/\($0)"] }
    #expect(KeyGrouping.names(keys, .template()).count == 96)
    #expect(KeyGrouping.names(keys, .entity).count == 96)
  }

  @Test func namesNextToIdentifiersStay() {
    let keys = (1...1000).map { "app:\($0)" } + ["app:total", "app:latest"]
    #expect(KeyGrouping.names(keys, .template()) == ["app:*": 1000, "app:total": 1, "app:latest": 1])
    #expect(KeyGrouping.names(keys, .entity) == ["app": 1000, "app:total": 1, "app:latest": 1])
  }

  // MARK: - Entities

  /// Where a part of a segment varies, the segment is no part of the entity.
  @Test func entitiesEndBeforePartsThatVary() {
    let many = Self.names(40)
    #expect(KeyGrouping.names(many.map { "app:user:team.\($0)" }, .entity) == ["app:user:team": 40])
    #expect(KeyGrouping.names(many.map { "app:user:team.\($0).x:y" }, .entity) == ["app:user:team": 40])
    #expect(
      KeyGrouping.names(many.map { "app:user:a.b.\($0)" } + ["app:user:a.b", "app:user:a"], .entity)
        == ["app:user:a.b": 41, "app:user:a": 1])
    #expect(KeyGrouping.names(many.map { "app::team.\($0)" }, .entity) == ["app::team": 40])
    #expect(
      KeyGrouping.names(many.map { "app:.\($0)" } + ["app:", "app"], .entity) == ["app": 41, "none": 1])
    #expect(KeyGrouping.names(many.map { "app.\($0):user" }, .entity) == ["app.*:user": 40])
    let tenants = Self.names(300)
    #expect(KeyGrouping.names(tenants.map { "\($0):user:7" }, .entity) == ["*:user": 300])
    // A place below one that varies in another part stays as it is.
    #expect(
      KeyGrouping.names(many.map { "app:team.\($0)" } + ["app:team:list", "app:team"], .entity)
        == ["app:team": 41, "app:team:list": 1])
  }

  // MARK: - Order

  /// Keys of every kind: names, identifiers, versions and places that turn out to vary early, late and never.
  static func mixture(_ count: Int, seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      func pick(_ count: Int) -> String { name(Int.random(in: 0..<count, using: &random)) }
      let number = Int.random(in: 0..<1_000_000, using: &random)
      return switch Int.random(in: 0..<16, using: &random) {
      case 0: "app:v\(number % 3):user:\(number):profile"
      case 1: "app:v\(number % 20):\(pick(50)).\(pick(4))"
      case 2: "org:\(pick(60)):v\(number % 5):team.\(pick(3))"
      case 3: "org:\(pick(20)):\(pick(20)):\(pick(20))"
      case 4: "v\(number % 18):\(pick(6)):\(pick(36))"
      case 5: "\(pick(5)):\(pick(5)):\(pick(40)):\(pick(2))"
      case 6: "\(pick(5)).\(pick(40)):\(pick(3))"
      case 7: "users::\(pick(34))"
      case 8: "cache:\(pick(8)).\(pick(33)).\(pick(3)):\(pick(2))"
      case 9: "cache:\(pick(33))_\(number):\(pick(3))"
      case 10: "cache:\(pick(34))/\(pick(3))"
      case 11: pick(45)
      case 12: "x_\(pick(30))_\(number)"
      case 13: "{tag:\(pick(40))}:v\(number % 17):x"
      case 14: "deep:\(pick(3)):\(pick(3)):\(pick(3)):\(pick(34)):\(pick(3)):\(pick(3))"
      default: ["", ":", "a:*:b", "a:b*", "*", "v1", "v1:", "a::", ":1:x.\(pick(40))..y"][number % 9]
      }
    }
  }

  @Test(arguments: allLevels) func theOrderOfKeysDoesNotMatter(level: GroupLevel) {
    var random = SeededGenerator(seed: 50)
    var keys = Self.mixture(1000, seed: 3)
    let expected = KeyGrouping.names(keys, level)
    #expect(expected.values.reduce(0, +) == keys.count)
    for _ in 0..<50 {
      keys.shuffle(using: &random)
      let found = KeyGrouping.names(keys, level)
      #expect(found == expected)
    }
  }

  /// No label is given to two groups, and coarser levels are sums of finer ones.
  @Test(arguments: [UInt64(1), 2, 3, 4]) func levelsAgree(seed: UInt64) {
    let keys = Self.mixture(3000, seed: seed)
    var finest = KeyGrouping(.template())
    for key in keys { finest.add(key) }
    finest.settle()
    #expect(finest.labels.count == finest.tree.livingGroups.count)
    var entities: [String: Int] = [:]
    var versions: [String: Int] = [:]
    for (label, count) in finest.labels {
      entities[KeyGrouping.text(label.entity), default: 0] += count
      versions["\(KeyGrouping.text(label.namespace)) \(KeyGrouping.text(label.version))", default: 0] += count
    }
    #expect(KeyGrouping.names(keys, .entity) == entities)
    #expect(KeyGrouping.names(keys, .version) == versions)
  }

  /// Every key counts in the group whose label covers it.
  @Test func labelsCoverTheirKeys() {
    let keys = Self.mixture(3000, seed: 8)
    var grouping = KeyGrouping(.template())
    for key in keys { grouping.add(key) }
    grouping.settle()
    var found: [GroupLabel: Int] = [:]
    for key in keys {
      grouping.reader.read(Array(key.utf8))
      let group = grouping.tree.group(for: grouping.reader.reading)
      let label = grouping.tree.label(of: group)
      found[label, default: 0] += 1
      let pattern = Glob(pattern: label.template ?? [])
      #expect(pattern.matches(Array(key.filter { $0 != "{" && $0 != "}" }.utf8)), "\(key)")
    }
    #expect(found == grouping.labels)
    #expect(grouping.tree.takeMerges().isEmpty)
  }

  // MARK: - Bounds

  @Test(arguments: [1, 2, 10, 100]) func overflowKeepsTheTotal(maximumGroups: Int) {
    let keys = Self.mixture(3000, seed: 9)
    for level in Self.allLevels {
      var grouping = KeyGrouping(level, maximumGroups: maximumGroups)
      for key in keys { grouping.add(key) }
      grouping.settle()
      #expect(grouping.total == keys.count)
      #expect(grouping.tree.livingGroups.count <= maximumGroups + 1)
      #expect(grouping.tree.nodes.livingCount <= grouping.tree.maximumNodes + GroupTree.placeCapacity)
      #expect(grouping.labels.keys.count { $0.isOverflow } <= 1)
    }
  }

  @Test func overflowHasALabelOfItsOwn() {
    let names = KeyGrouping.names(["a:x", "b:x", "c:x", "d:x"], .version)
    #expect(names.count == 4)
    var grouping = KeyGrouping(.version, maximumGroups: 3)
    for key in ["a:x", "b:x", "c:x", "d:x", "e:x", "a:x"] { grouping.add(key) }
    #expect(grouping.names == ["a none": 2, "b none": 1, "c none": 1, "overflow": 2])
    #expect(grouping.labels[.overflow] == 2)
    #expect(GroupLabel.overflow.byNamespace.isOverflow)
  }

  @Test(arguments: [GroupLevel.version, .entity, .template()])
  func manyDistinctNamesTakeLittleRoom(level: GroupLevel) {
    var grouping = KeyGrouping(level)
    let count = 1_000_000 / Self.thinning
    for number in 0..<count {
      let name = Self.name(number)
      switch number % 4 {
      case 0: grouping.add(name)
      case 1: grouping.add("\(name):x:y")
      case 2: grouping.add("app:\(name):\(name)")
      default: grouping.add("app:v1:a.\(name)/\(name)")
      }
    }
    #expect(grouping.tree.nodes.livingCount < 9000)
    grouping.settle()
    #expect(grouping.total == count)
    #expect(grouping.tree.livingGroups.count <= 5)
    #expect(grouping.tree.nodes.livingCount < 20)
    #expect(grouping.tree.groupCount < 20_000)
  }

  #if DEBUG
    /// Without optimisation a key takes ten times as long.
    static let thinning = 10
  #else
    static let thinning = 1
  #endif

  @Test func keysOfAnyFormAreCounted() {
    var grouping = KeyGrouping(.template())
    let keys = [
      "", ":", String(repeating: ":", count: 5000), String(repeating: ".", count: 5000),
      String(repeating: "x", count: 5000),
      String(repeating: "a:", count: 2500), String(repeating: "a.", count: 60) + ":b", "{}", "{}:{}",
      "{a}:{b}",
    ]
    for key in keys + keys { grouping.add(key) }
    #expect(grouping.total == keys.count * 2)
    #expect(grouping.names.values.allSatisfy { $0 % 2 == 0 })
    #expect(grouping.names["*"] == 4)
  }

  /// Room that merged branches have taken is used again.
  @Test func collapsedPlacesGiveTheirRoomBack() {
    var grouping = KeyGrouping(.template(), maximumGroups: 2000)
    for first in 0..<32 {
      for second in 0..<40 {
        for third in 0..<30 {
          grouping.add("app:\(Self.name(first)):\(Self.name(second)):\(Self.name(third))")
        }
      }
    }
    #expect(grouping.names.count == 32 * 30)
    #expect(grouping.names["overflow"] == nil)
    #expect(grouping.names["app:ba:*:ne"] == 40)
  }

  // MARK: - Namespaces

  @Test func manySmallNamespacesVary() {
    let keys = Self.names(257).flatMap { name in (0..<20).map { "\(name):v1:user:\($0)" } }
    #expect(KeyGrouping.names(keys, .version) == ["* v1": 5140])
    #expect(KeyGrouping.names(Array(keys.prefix(5120)), .version).count == 256)
  }

  @Test func namespacesWithAFairShareStayNames() {
    var keys: [String] = []
    for name in Self.names(40) { keys += (0..<1000).map { "\(name):\($0)" } }
    #expect(KeyGrouping.names(keys, .version).count == 40)
    keys += (0..<3000).map { "\(Self.name($0 + 100)):x" }
    let names = KeyGrouping.names(keys, .version)
    #expect(names.count == 41)
    #expect(names["* none"] == 3000)
    #expect(names["ba none"] == 1000)
    // Fewer than twenty keys, or less than five times the median, do not stand out.
    let few = Self.names(300).flatMap { name in (0..<9).map { "\(name):\($0)" } }
    #expect(KeyGrouping.names(few, .version) == ["* none": 2700])
  }

  /// Namespaces by the thousand are told apart while keys stream by, as SCAN brings them: in random order.
  @Test(arguments: [GroupLevel.version, .entity, .template()])
  func namespacesStandOutAmongThousandsOfIdentifiers(level: GroupLevel) {
    var random = SeededGenerator(seed: 12)
    var keys = (0..<20_000).map { "\(Self.name($0)):\(Self.name($0 % 5)):x" }
    for name in ["app", "session", "cart"] { keys += (0..<1000).map { "\(name):\($0)" } }
    keys.shuffle(using: &random)
    var grouping = KeyGrouping(level)
    for key in keys { grouping.add(key) }
    grouping.settle()
    #expect(grouping.total == keys.count)
    #expect(!grouping.labels.keys.contains { $0.isOverflow })
    let namespaces = Set(grouping.labels.keys.map { KeyGrouping.text($0.namespace) })
    #expect(namespaces == ["app", "session", "cart", "*"])
    #expect(grouping.tree.nodes.livingCount < 40)
  }
}
