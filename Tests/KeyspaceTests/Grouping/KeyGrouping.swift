import TestSupport

@testable import Keyspace

/// Groups keys as a scan does: counts by group number, merged as the tree says.
struct KeyGrouping {
  var reader: KeyReader
  var tree: GroupTree
  var counts: [Int] = []

  init(
    _ level: GroupLevel, separator: String? = nil, versionRule: VersionRule = .standard,
    schemas: [KeySchema] = [],
    maximumGroups: Int = 10_000
  ) {
    reader = KeyReader(separator: separator, versionRule: versionRule, schemas: schemas)
    tree = GroupTree(level: level, separator: separator, maximumGroups: maximumGroups)
  }

  mutating func add(_ key: String) { add(Array(key.utf8)) }

  mutating func add(_ key: [UInt8]) {
    reader.read(key)
    let group = tree.group(for: reader.reading)
    while group >= counts.count { counts.append(0) }
    applyMerges()
    counts[tree.current(group)] += 1
  }

  private mutating func applyMerges() {
    for merge in tree.takeMerges() {
      counts[merge.into] += counts[merge.from]
      counts[merge.from] = 0
    }
  }

  mutating func settle() {
    tree.settle()
    while counts.count < tree.groupCount { counts.append(0) }
    applyMerges()
  }

  mutating func absorb(_ other: KeyGrouping) {
    let places = tree.absorb(other.tree)
    while counts.count < tree.groupCount { counts.append(0) }
    applyMerges()
    for (theirs, mine) in places { counts[tree.current(mine)] += other.counts[theirs] }
  }

  /// How many keys each living group holds.
  var labels: [GroupLabel: Int] {
    var labels: [GroupLabel: Int] = [:]
    for group in tree.livingGroups { labels[tree.label(of: group), default: 0] += counts[group] }
    return labels
  }

  /// The names of the groups at the tree's own level, with the number of keys in each.
  var names: [String: Int] {
    var names: [String: Int] = [:]
    for (label, count) in labels { names[Self.name(label, tree.level), default: 0] += count }
    return names
  }

  var total: Int { counts.reduce(0, +) }

  private static func name(_ label: GroupLabel, _ level: GroupLevel) -> String {
    if label.isOverflow { return "overflow" }
    return switch level {
    case .version: "\(text(label.namespace)) \(text(label.version))"
    case .entity: text(label.entity)
    case .template: text(label.template)
    }
  }

  static func text(_ bytes: [UInt8]?) -> String {
    bytes.map { String(decoding: $0, as: UTF8.self) } ?? "none"
  }

  /// The names that some keys are grouped under once all have been seen.
  static func names(
    _ keys: [String], _ level: GroupLevel, separator: String? = nil, schemas: [KeySchema] = []
  ) -> [String: Int] {
    var grouping = KeyGrouping(level, separator: separator, schemas: schemas)
    for key in keys { grouping.add(key) }
    grouping.settle()
    return grouping.names
  }

  /// The one template that a key alone has.
  static func template(_ key: String, separator: String? = nil, schemas: [KeySchema] = []) -> String {
    names([key], .template(), separator: separator, schemas: schemas).keys.first ?? ""
  }

  /// The one label, at the level of templates, that a key alone has.
  static func label(
    _ key: String, separator: String? = nil, versionRule: VersionRule = .standard, schemas: [KeySchema] = []
  )
    -> GroupLabel?
  {
    var grouping = KeyGrouping(.template(), separator: separator, versionRule: versionRule, schemas: schemas)
    grouping.add(key)
    grouping.settle()
    return grouping.labels.keys.first
  }
}

extension SeededGenerator {
  /// A random text over an alphabet.
  mutating func token(_ alphabet: String, _ length: Int) -> String {
    let letters = Array(alphabet)
    return String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &self)] })
  }

  mutating func hex(_ length: Int) -> String { token("0123456789abcdef", length) }

  mutating func uuid() -> String { "\(hex(8))-\(hex(4))-\(hex(4))-\(hex(4))-\(hex(12))" }
}
