import Bytes
import Keyspace
import RedisClient

/// Which keys are chosen by what only all names of a database show together, learned by a walk over them: those of versions
/// that are not the newest of their namespace, of a template, or without a namespace.
struct SupersededChoice {
  private var choices: [Int: DatabaseChoice]
  /// The database whose keys are looked at.
  var database: Int

  init(_ census: VersionCensus, _ selection: KeySelection) {
    self.init(census.versions.mapValues { DatabaseChoice($0, selection) })
  }

  private init(_ choices: [Int: DatabaseChoice]) {
    self.choices = choices
    database = choices.keys.min() ?? 0
  }

  /// True where a key is chosen among those of the same database.
  mutating func contains(_ reading: KeyReading) -> Bool { choices[database]?.contains(reading) ?? false }

  /// What the reader must know of the choice.
  var warnings: [String] {
    guard choices.values.contains(where: \.isFull) else { return [] }
    return [
      "more than \(NewestVersions.limit) namespaces carry versions: of those beyond, no version counts as superseded"
    ]
  }
}

/// The keys that are chosen of one database.
private struct DatabaseChoice {
  private var tree: GroupTree
  /// The groups whose keys may be chosen.
  private var groups: Set<Int>
  /// Groups below this number were there when the choice was made.
  private let judged: Int
  /// What decides about the others; nil where an earlier run has made the choice, and none of them is chosen.
  private let conditions: GroupConditions?
  private let wantsSuperseded: Bool
  private let newest: NewestVersions

  /// True where a key is chosen.
  ///
  /// The group alone does not decide which versions are superseded: names that come after the census may make a segment
  /// variable, and then the newest version is in one group with those that it supersedes.
  mutating func contains(_ reading: KeyReading) -> Bool {
    let group = tree.group(for: reading)
    if group >= judged, let conditions {
      let label = tree.label(of: group)
      // Nothing is known of the types of keys that come after the census.
      if conditions.admit(label, KeyRole(of: label, types: [])) { groups.insert(group) }
    }
    return groups.contains(group) && (!wantsSuperseded || newest.isSuperseded(reading))
  }

  init(_ versions: VersionCensus.Versions, _ selection: KeySelection) {
    var tree = versions.tree
    tree.settle()
    let living = tree.livingGroups
    let labels = living.map { tree.label(of: $0) }
    let roles = versions.types.roles(of: living, labels, in: tree)
    let conditions = GroupConditions(selection, among: labels)
    groups = Set(living.indices.filter { conditions.admit(labels[$0], roles[$0]) }.map { living[$0] })
    judged = tree.groupCount
    self.conditions = conditions
    self.tree = tree
    wantsSuperseded = selection.isSuperseded
    newest = versions.newest
  }

  /// True where there are namespaces whose newest version is not known.
  var isFull: Bool { newest.isFull }
}

/// What a choice asks of a group, as all names together show it.
private struct GroupConditions {
  private let selection: KeySelection
  private let templates: Set<[UInt8]>
  /// What is asked for as a template and is none, but may be the entity of some.
  private let entities: Set<[UInt8]>

  init(_ selection: KeySelection, among labels: [GroupLabel]) {
    self.selection = selection
    let shown = Set(labels.compactMap(\.template))
    templates = Set(selection.templates)
    entities = templates.subtracting(shown)
  }

  /// True where keys of the group, which are for something, may be chosen.
  func admit(_ label: GroupLabel, _ role: KeyRole) -> Bool {
    guard !label.isOverflow else { return false }
    if !selection.roles.isEmpty, !selection.roles.contains(role) { return false }
    // The versions of generations (`v*`) have no order.
    if selection.isSuperseded, label.version == nil || label.version == VersionRanking.generations {
      return false
    }
    if selection.withoutNamespace, let namespace = label.namespace,
      !selection.namespaces.contains(where: { $0.contains(namespace) })
    {
      return false
    }
    guard !templates.isEmpty else { return true }
    return label.template.map(templates.contains) ?? false || label.entity.map(entities.contains) ?? false
  }
}

extension SupersededChoice {
  /// Writes the choice to a checkpoint.
  func write(to writer: inout CheckpointWriter) {
    writer.add(choices.count)
    for (database, choice) in choices {
      writer.add(database)
      choice.write(to: &writer)
    }
  }

  /// Reads a choice that an earlier run has learned, for names that are read in the same way.
  init(from reader: inout CheckpointReader, _ naming: KeyNaming) throws(CheckpointDamage) {
    var choices: [Int: DatabaseChoice] = [:]
    for _ in 0..<(try reader.count()) {
      choices[try reader.amount()] = try DatabaseChoice(from: &reader, naming)
    }
    self.init(choices)
  }
}

extension DatabaseChoice {
  func write(to writer: inout CheckpointWriter) {
    tree.write(to: &writer)
    let living = tree.livingGroups
    for group in living { writer.add(groups.contains(group)) }
    writer.add(wantsSuperseded)
    newest.write(to: &writer)
  }

  init(from reader: inout CheckpointReader, _ naming: KeyNaming) throws(CheckpointDamage) {
    var tree = GroupTree(level: .template(), separator: naming.separator)
    try tree.read(from: &reader)
    var groups = Set<Int>()
    for group in tree.livingGroups where try reader.flag() { groups.insert(group) }
    self.tree = tree
    self.groups = groups
    judged = tree.groupCount
    conditions = nil
    wantsSuperseded = try reader.flag()
    newest = try NewestVersions(from: &reader)
  }
}

/// The types of some keys of each group, as far as they help to decide what the keys are for.
struct GroupTypes {
  /// Keys of a group that are asked for their types.
  private static let most = 1000

  private var types: [Int: Set<String>] = [:]
  private var asked: [Int: Int] = [:]

  /// True where another key of a group is to be asked; counts it.
  mutating func wants(_ group: Int) -> Bool {
    guard asked[group, default: 0] < GroupTypes.most else { return false }
    asked[group, default: 0] += 1
    return true
  }

  mutating func note(_ type: String, of group: Int) { types[group, default: []].insert(type) }

  /// Adds the types of another tree's groups, which have become groups of this one.
  mutating func merge(_ other: GroupTypes, _ places: [Int: Int], from tree: GroupTree) {
    for (group, theirs) in other.types {
      guard let mine = places[tree.current(group)] else { continue }
      types[mine, default: []].formUnion(theirs)
    }
  }

  /// What the keys of the living groups of a tree are for, in the same order.
  func roles(of living: [Int], _ labels: [GroupLabel], in tree: GroupTree) -> [KeyRole] {
    var current: [Int: Set<String>] = [:]
    for (group, some) in types { current[tree.current(group), default: []].formUnion(some) }
    return KeyRole.shared(
      among: zip(living, labels).map { group, label in
        KeyRole.Candidate(
          namespace: label.namespace, keys: tree.keys(of: group), known: label.role,
          role: KeyRole(of: label, types: Array(current[group] ?? [])))
      })
  }
}

/// Learns what names show together, database by database: their layout, and the versions of all namespaces. Measures nothing
/// but, where keys are chosen by what they are for, the types of some.
struct VersionCensus: KeyVisitor {
  /// The versions of one database.
  struct Versions {
    fileprivate(set) var tree: GroupTree
    fileprivate(set) var newest: NewestVersions
    fileprivate(set) var types = GroupTypes()

    fileprivate init(_ naming: KeyNaming) {
      tree = GroupTree(level: .template(), separator: naming.separator)
      newest = NewestVersions()
    }

    /// The group of the key.
    fileprivate mutating func note(_ reading: borrowing KeyReading) -> Int {
      let group = tree.group(for: reading)
      _ = tree.takeMerges()
      newest.note(reading)
      return group
    }

    fileprivate mutating func merge(_ other: Versions) {
      types.merge(other.types, tree.absorb(other.tree), from: other.tree)
      _ = tree.takeMerges()
      newest.merge(other.newest)
    }
  }

  private let naming: KeyNaming
  private let selection: KeySelection
  private let asksTypes: Bool
  private var reader: KeyReader
  private(set) var versions: [Int: Versions] = [:]
  private var database = 0

  init(_ naming: KeyNaming, _ selection: KeySelection) {
    self.init(
      naming, names: VersionCensus.names(deciding: selection), asksTypes: selection.learnsRoles)
  }

  private init(_ naming: KeyNaming, names: KeySelection, asksTypes: Bool) {
    self.naming = naming
    selection = names
    self.asksTypes = asksTypes
    reader = naming.makeReader()
  }

  /// The names that decide about a choice: all, where versions are compared; else those that a report shows which is made
  /// of the same choice, since its templates follow from them.
  static func names(deciding selection: KeySelection) -> KeySelection {
    selection.isSuperseded ? KeySelection() : selection.byNameAlone
  }

  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock) {
    self.database = database
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    guard selection.isEverything || selection.admits(key) else { return KeyPage.Choice() }
    reader.read(key)
    var choice = KeyPage.Choice()
    guard selection.admits(reader.reading) else { return choice }
    choice.tag = versions[database, default: Versions(naming)].note(reader.reading)
    guard asksTypes, versions[database]?.types.wants(choice.tag) ?? false else { return choice }
    choice.isChosen = true
    choice.measurements = .type
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    guard case .measured(let measure) = outcome, let type = measure.type else { return }
    versions[database]?.types.note(type, of: choice.tag)
  }

  func fork() -> VersionCensus { VersionCensus(naming, names: selection, asksTypes: asksTypes) }

  // A version that was live when it was met is one, whatever has become of the server since.
  mutating func startOver() {}

  mutating func merge(_ other: VersionCensus) {
    for (database, theirs) in other.versions { versions[database, default: Versions(naming)].merge(theirs) }
  }
}
