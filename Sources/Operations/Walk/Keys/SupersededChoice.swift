import Bytes
import Keyspace
import RedisClient

/// Which versions are not the newest of their namespace and database, learned by a walk over all names.
struct SupersededChoice {
  private var choices: [Int: DatabaseChoice]
  /// The database whose keys are looked at.
  var database: Int

  init(_ census: VersionCensus) {
    self.init(census.versions.mapValues { DatabaseChoice($0) })
  }

  private init(_ choices: [Int: DatabaseChoice]) {
    self.choices = choices
    database = choices.keys.min() ?? 0
  }

  /// True where a newer version of the key's namespace is live in the same database.
  mutating func contains(_ reading: KeyReading) -> Bool { choices[database]?.contains(reading) ?? false }

  /// What the reader must know of the choice.
  var warnings: [String] {
    guard choices.values.contains(where: \.isFull) else { return [] }
    return [
      "more than \(NewestVersions.limit) namespaces carry versions: of those beyond, no version counts as superseded"
    ]
  }
}

/// Which versions of one database are not the newest of their namespace.
private struct DatabaseChoice {
  private var tree: GroupTree
  /// The groups whose versions have an order; those of generations (`v*`) are not among them.
  private var groups: Set<Int>
  /// Groups below this number were there when the choice was made.
  private let judged: Int
  private let newest: NewestVersions

  /// True where a newer version of the key's namespace is live; a name that came later is not.
  ///
  /// The group alone does not decide: names that come after the census may make a segment variable, and then the newest
  /// version is in one group with those that it supersedes.
  mutating func contains(_ reading: KeyReading) -> Bool {
    let group = tree.group(for: reading)
    if group >= judged, DatabaseChoice.isOrdered(tree.label(of: group)) { groups.insert(group) }
    return groups.contains(group) && newest.isSuperseded(reading)
  }

  /// True where the versions of a group have an order: those of generations (`v*`) have none.
  private static func isOrdered(_ label: GroupLabel) -> Bool {
    !label.isOverflow && label.version != nil && label.version != VersionRanking.generations
  }

  init(_ versions: VersionCensus.Versions) {
    var tree = versions.tree
    tree.settle()
    groups = Set(tree.livingGroups.filter { DatabaseChoice.isOrdered(tree.label(of: $0)) })
    judged = tree.groupCount
    self.tree = tree
    newest = versions.newest
  }

  /// True where there are namespaces whose newest version is not known.
  var isFull: Bool { newest.isFull }
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
    newest.write(to: &writer)
  }

  init(from reader: inout CheckpointReader, _ naming: KeyNaming) throws(CheckpointDamage) {
    var tree = GroupTree(level: .version, separator: naming.separator)
    try tree.read(from: &reader)
    var groups = Set<Int>()
    for group in tree.livingGroups where try reader.flag() { groups.insert(group) }
    self.tree = tree
    self.groups = groups
    judged = tree.groupCount
    newest = try NewestVersions(from: &reader)
  }
}

/// Learns the versions of all namespaces, database by database; measures nothing.
struct VersionCensus: KeyVisitor {
  /// The versions of one database.
  struct Versions {
    fileprivate(set) var tree: GroupTree
    fileprivate(set) var newest: NewestVersions

    fileprivate init(_ naming: KeyNaming) {
      tree = GroupTree(level: .version, separator: naming.separator)
      newest = NewestVersions()
    }

    fileprivate mutating func note(_ reading: borrowing KeyReading) {
      _ = tree.group(for: reading)
      _ = tree.takeMerges()
      newest.note(reading)
    }

    fileprivate mutating func merge(_ other: Versions) {
      _ = tree.absorb(other.tree)
      _ = tree.takeMerges()
      newest.merge(other.newest)
    }
  }

  private let naming: KeyNaming
  private var reader: KeyReader
  private(set) var versions: [Int: Versions] = [:]
  private var database = 0

  init(_ naming: KeyNaming) {
    self.naming = naming
    reader = naming.makeReader()
  }

  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock) {
    self.database = database
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    reader.read(key)
    versions[database, default: Versions(naming)].note(reader.reading)
    return KeyPage.Choice()
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {}

  func fork() -> VersionCensus { VersionCensus(naming) }

  // A version that was live when it was met is one, whatever has become of the server since.
  mutating func startOver() {}

  mutating func merge(_ other: VersionCensus) {
    for (database, theirs) in other.versions { versions[database, default: Versions(naming)].merge(theirs) }
  }
}
