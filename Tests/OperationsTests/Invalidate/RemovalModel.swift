import Keyspace
import TestSupport

@testable import Bytes
@testable import Operations

/// A key of a generated keyspace, with what its name says by construction.
struct ModelKey {
  var key: FakeKey
  var namespace: [String]?
  var version: Int?
}

/// A generated keyspace and a generated choice of its keys, which is also worked out from the model alone.
struct RemovalModel {
  private(set) var request = InvalidateRequest()
  /// Every key that lives.
  private(set) var live: [ModelKey] = []
  /// Tags by the names of their keys.
  private(set) var tagKeys: [[UInt8]] = []
  private var gone: [ModelKey] = []
  /// The keys that somebody named, in their order, each as often as it was named; nil where the database is walked.
  private(set) var named: [[UInt8]]?
  private var byName: [(ModelKey) -> Bool] = []
  private var byMeasure: [(FakeKey) -> Bool] = []
  private var random: SeededGenerator
  private let separator: String

  init(seed: Int) {
    random = SeededGenerator(seed: seed)
    separator = random.chance(0.15) ? "/" : ":"
    let size = random.chance(0.05) ? 300 : random.below(random.chance(0.2) ? 200 : 60)
    var known: Set<[UInt8]> = []
    for _ in 0..<size {
      let key = makeKey()
      if known.insert(key.key.name).inserted { live.append(key) }
    }
    for _ in 0..<10 {
      let key = makeKey()
      if known.insert(key.key.name).inserted { gone.append(key) }
    }
    chooseSource()
    chooseNames()
    chooseMeasures()
    request.walk.naming.separator = separator
    request.walk.pace = random.pick(Pace.allCases)
    request.walk.rate = random.chance(0.2) ? random.pick([10, 300, 100_000]) : nil
    request.walk.count = random.chance(0.3) ? random.pick([1, 7, 50, 1000]) : nil
    request.batchSize = random.pick([1, 2, 3, 10, 49, 50, 51, 100, 500, 1000])
    request.action = random.chance(0.2) ? .delete : .unlink
  }

  /// The keyspace, fresh with every call.
  func makeServer() -> FakeServer {
    let server = FakeServer(live.map(\.key))
    server.faults.emptyPages = request.batchSize.isMultiple(of: 2) ? 0.3 : 0
    return server
  }

  // MARK: - What must be chosen

  /// The keys that must be removed.
  var chosen: Set<[UInt8]> {
    let candidates = Set(named ?? live.map(\.key.name))
    return Set(
      live.filter { key in
        candidates.contains(key.key.name) && admits(key) && byMeasure.allSatisfy { $0(key.key) }
      }.map(\.key.name))
  }

  /// How many keys were named that fit by their names and do not live; of versions of which no key lives it is
  /// not known whether they are old.
  var absent: Int {
    guard let named else { return 0 }
    let candidates = Set(named)
    return gone.count { candidates.contains($0.key.name) && admits($0) }
  }

  private func admits(_ key: ModelKey) -> Bool { byName.allSatisfy { $0(key) } }

  // MARK: - Keys

  private mutating func makeKey() -> ModelKey {
    let (name, namespace, version) = makeName()
    var key = FakeKey(name, type: random.pick(["string", "string", "hash", "list", "zset", "stream"]))
    key.ttl = random.chance(0.2) ? -1 : Int64(1 + random.below(7_200_000))
    key.bytes = 50 + random.below(2000)
    key.idle = random.below(10_000)
    return ModelKey(key: key, namespace: namespace, version: version)
  }

  private mutating func makeName() -> (name: [UInt8], namespace: [String]?, version: Int?) {
    let number = random.below(1000)
    let application = random.pick(["app", "shop", "a*b", "user data", "\"q\"", "caché"])
    let version = 1 + random.below(5)
    func join(_ segments: [String]) -> [UInt8] { utf8(segments.joined(separator: separator)) }
    switch random.below(12) {
    case 0, 1, 2: return (join([application, "v\(version)", "user", "\(number)"]), [application], version)
    case 3: return (join([application, "v\(version)"]), [application], version)
    case 4: return (join(["v\(version)", application, "item-\(number)"]), [application], version)
    case 5:
      // Every organisation has come to a version of its own.
      let organisation = number % 12
      let reached = 1 + random.below(1 + organisation % 3)
      return (
        join(["org", "\(organisation)", "v\(reached)", "team"]), ["org", "\(organisation)"], reached
      )
    case 6: return (join(["gen", "v\(1 + number % 40)", "x\(random.below(3))"]), ["gen"], 1 + number % 40)
    // Where nothing parts a name, the word before its number is the namespace.
    case 7: return (utf8("flat_\(number)"), ["flat"], nil)
    case 8: return (join(["session", Keyspaces.uuid(&random)]), ["session"], nil)
    case 9:
      let tail = (0..<(1 + random.below(12))).map { _ in UInt8(random.below(256)) }
      let marks = utf8(separator + "{}")
      return (join(["bin", ""]) + tail.filter { !marks.contains($0) }, ["bin"], nil)
    case 10:
      return (
        utf8("{") + join([application, "v\(version)"]) + utf8("}") + join(["", "cart", "\(number)"]),
        [application], version
      )
    default: return (join(["pre_user", "\(number)"]), ["pre_user"], nil)
    }
  }

  // MARK: - Sources

  private mutating func chooseSource() {
    switch random.below(10) {
    case 0, 1:
      named = someNames()
      request.list = KeyList(named ?? [])
    case 2: addTags(template: "tag:{tag}", prefix: [], types: ["set"])
    case 3: addTags(template: "pre_tag:{tag}", prefix: utf8("pre_"), types: ["set", "zset", "zset"])
    case 4: addTags(template: "k:{tag}:keys", prefix: [], types: ["set", "zset"])
    default: break
    }
  }

  /// Names of some keys that live and some that do not, some of them twice.
  private mutating func someNames(_ fits: ([UInt8]) -> Bool = { _ in true }) -> [[UInt8]] {
    let share = random.unit()
    var names = (live + gone).map(\.key.name)
      .filter { !tagKeys.contains($0) && fits($0) && random.chance(share) }
    for name in names where random.chance(0.1) { names.append(name) }
    return names.shuffled(using: &random)
  }

  private mutating func addTags(template: String, prefix: [UInt8], types: [String]) {
    request.tagKey = TagKey(template) ?? .standard
    var all: [[UInt8]] = []
    for index in 0..<(1 + random.below(3)) {
      let tag = "t\(index)"
      request.tags.append(utf8(tag))
      let type = random.pick(types)
      let names = Set(someNames { type == "set" || $0.starts(with: prefix) })
      guard !names.isEmpty else { continue }
      all += names
      let entries = type == "zset" && !template.hasSuffix(":entries") && random.chance(0.7) ? ":entries" : ""
      let name = template.replacing("{tag}", with: tag) + entries
      var key = FakeKey(utf8(name), type: type)
      key.members = names.map { type == "zset" ? Array($0.dropFirst(prefix.count)) : $0 }
      tagKeys.append(key.name)
      live.append(ModelKey(key: key, namespace: FakeKey.namespace(name, separator), version: nil))
    }
    named = all
  }

  // MARK: - Conditions

  private mutating func chooseNames() {
    if random.chance(0.5) {
      let pattern = makePattern()
      request.walk.selection.pattern = Glob(pattern: pattern)
      byName.append { RemovalModel.matches(pattern[...], $0.key.name[...]) }
    }
    for _ in 0..<(random.chance(0.25) ? 1 + random.below(2) : 0) {
      let pattern = makePattern()
      request.walk.selection.excluded.append(Glob(pattern: pattern))
      byName.append { !RemovalModel.matches(pattern[...], $0.key.name[...]) }
    }
    if random.chance(0.25) { chooseNamespace() }
    if random.chance(0.25) { chooseVersion() }
    if random.chance(0.2) { chooseSuperseded() }
  }

  private mutating func makePattern() -> [UInt8] {
    guard !live.isEmpty, random.chance(0.7) else {
      return utf8(
        random.pick([
          "*", "**", "app*", "*v[123]*", "org?*", "[!-~]*", "*[^0-9]", "?????*", "*user*", "sess*",
        ]))
    }
    // A key whose bytes are in part replaced by wildcards; what means something in a glob is escaped.
    let from = random.below(12)
    let name = random.pick(live).key.name
    var pattern: [UInt8] = []
    for (index, byte) in name.enumerated() {
      if index >= from { break }
      switch random.below(12) {
      case 0: pattern += utf8("?")
      case 1: pattern += utf8("*")
      default: pattern += utf8("*?[]\\^-").contains(byte) ? utf8("\\") + [byte] : [byte]
      }
    }
    return pattern + (random.chance(0.9) ? utf8("*") : [])
  }

  private mutating func chooseNamespace() {
    let choices: [(text: String, fits: ([String]) -> Bool)] = [
      ("app", { $0 == ["app"] }), ("shop", { $0 == ["shop"] }), ("session", { $0 == ["session"] }),
      ("gen", { $0 == ["gen"] }), ("?????", { $0.count == 1 && $0[0].utf8.count == 5 }),
      ("org\(separator)*", { $0.count == 2 && $0[0] == "org" }), ("*", { $0.count == 1 }),
    ]
    let (text, fits) = random.pick(choices)
    request.walk.selection.namespaces = [NamespaceChoice(text, separator: separator)]
    byName.append { $0.namespace.map(fits) ?? false }
  }

  private mutating func chooseVersion() {
    let number = 1 + random.below(6)
    let choices: [(sign: String, fits: (Int) -> Bool)] = [
      ("", { $0 == number }), ("<", { $0 < number }), ("<=", { $0 <= number }), (">", { $0 > number }),
      (">=", { $0 >= number }),
    ]
    let (sign, fits) = random.pick(choices)
    if random.chance(0.2) {
      request.walk.selection.version = VersionChoice("none")
      byName.append { $0.version == nil }
    } else {
      request.walk.selection.version = VersionChoice("\(sign)v\(number)")
      byName.append { $0.version.map(fits) ?? false }
    }
  }

  /// The newest live version of each namespace stays, and so do generations.
  private mutating func chooseSuperseded() {
    request.walk.selection.isSuperseded = true
    var versions: [[String]: Set<Int>] = [:]
    for key in live {
      guard let namespace = key.namespace, let version = key.version else { continue }
      versions[namespace, default: []].insert(version)
    }
    let known = versions
    byName.append { key in
      guard let namespace = key.namespace, let version = key.version, let all = known[namespace] else {
        return false
      }
      return all.count <= 16 && all.contains { $0 > version }
    }
  }

  private mutating func chooseMeasures() {
    var selection = request.walk.selection
    func add(_ chance: Double, _ change: () -> Void, _ fits: @escaping (FakeKey) -> Bool) {
      guard random.chance(chance) else { return }
      change()
      byMeasure.append(fits)
    }
    let type = random.pick(["string", "hash", "set", "zset"])
    let time = Int64(random.below(7_200_000))
    let size = 50 + random.below(2000)
    let idle = random.below(10_000)
    add(0.2, { selection.type = type }) { $0.type == type }
    add(0.1, { selection.neverExpires = true }) { $0.ttl == -1 }
    add(0.15, { selection.ttlBelow = time }) { $0.ttl >= 0 && $0.ttl < time }
    add(0.15, { selection.ttlAbove = time / 2 }) { $0.ttl > time / 2 }
    add(0.15, { selection.largerThan = size }) { $0.bytes > size }
    add(0.15, { selection.idleAbove = idle }) { $0.idle > idle }
    request.walk.selection = selection
  }

  // MARK: - Globs

  /// A matcher as simple as can be, written from the rules: star, question mark, set, backslash.
  static func matches(_ pattern: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return key.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case UInt8(ascii: "*"):
      return matches(rest, key) || (!key.isEmpty && matches(pattern, key.dropFirst()))
    case UInt8(ascii: "?"): return !key.isEmpty && matches(rest, key.dropFirst())
    case UInt8(ascii: "["):
      guard let byte = key.first, let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
      return holds(Array(rest[..<end]), byte) && matches(rest[(end + 1)...], key.dropFirst())
    case UInt8(ascii: "\\"):
      return key.first == rest.first && matches(rest.dropFirst(), key.dropFirst())
    default: return key.first == first && matches(rest, key.dropFirst())
    }
  }

  private static func holds(_ set: [UInt8], _ byte: UInt8) -> Bool {
    if set.first == UInt8(ascii: "^") { return !holds(Array(set.dropFirst()), byte) }
    if set.count == 3, set[1] == UInt8(ascii: "-") { return (set[0]...set[2]).contains(byte) }
    return set.contains(byte)
  }
}

extension SeededGenerator {
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

extension FakeKey {
  /// The namespace of the name of a tag's key, which holds no version.
  fileprivate static func namespace(_ name: String, _ separator: String) -> [String]? {
    name.contains(separator) ? [String(name.prefix { String($0) != separator })] : nil
  }
}
