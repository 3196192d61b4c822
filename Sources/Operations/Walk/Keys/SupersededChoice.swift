import Bytes
import Keyspace
import RedisClient

/// Which versions are not the newest of their namespace, learned by a walk over all names.
struct SupersededChoice {
  private var tree: GroupTree
  /// The groups whose versions have an order; those of generations (`v*`) are not among them.
  private let groups: Set<Int>
  private let newest: NewestVersions

  /// True where a newer version of the key's namespace is live; a name that came later is not.
  ///
  /// The group alone does not decide: names that come after the census may make a segment variable, and then the newest
  /// version is in one group with those that it supersedes.
  mutating func contains(_ reading: KeyReading) -> Bool {
    groups.contains(tree.group(for: reading)) && newest.isSuperseded(reading)
  }

  init(_ census: VersionCensus) {
    var tree = census.tree
    tree.settle()
    groups = Set(
      tree.livingGroups.filter { group in
        let label = tree.label(of: group)
        return !label.isOverflow && label.version != nil && label.version != VersionRanking.generations
      })
    self.tree = tree
    newest = census.newest
  }

  /// What the reader must know of the choice.
  var warnings: [String] {
    guard newest.isFull else { return [] }
    return [
      "more than \(NewestVersions.limit) namespaces carry versions: of those beyond, no version counts as superseded"
    ]
  }
}

extension SupersededChoice {
  /// Writes the choice to a checkpoint.
  func write(to writer: inout CheckpointWriter) {
    tree.write(to: &writer)
    let living = tree.livingGroups
    for group in living { writer.add(groups.contains(group)) }
    newest.write(to: &writer)
  }

  /// Reads a choice that an earlier run has learned, for names that are read in the same way.
  init(from reader: inout CheckpointReader, _ naming: KeyNaming) throws(CheckpointDamage) {
    var tree = GroupTree(level: .version, separator: naming.separator)
    try tree.read(from: &reader)
    var groups = Set<Int>()
    for group in tree.livingGroups where try reader.flag() { groups.insert(group) }
    self.tree = tree
    self.groups = groups
    newest = try NewestVersions(from: &reader, separator: naming.separator)
  }
}

/// Learns the versions of all namespaces; measures nothing.
struct VersionCensus: KeyVisitor {
  private let naming: KeyNaming
  private var reader: KeyReader
  private(set) var tree: GroupTree
  private(set) var newest: NewestVersions

  init(_ naming: KeyNaming) {
    self.naming = naming
    reader = naming.makeReader()
    tree = GroupTree(level: .version, separator: naming.separator)
    newest = NewestVersions(separator: naming.separator)
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    reader.read(key, renderTail: false)
    _ = tree.group(for: reader.reading)
    _ = tree.takeMerges()
    newest.note(reader.reading)
    return KeyPage.Choice()
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {}

  func fork() -> VersionCensus { VersionCensus(naming) }

  // A version that was live when it was met is one, whatever has become of the server since.
  mutating func startOver() {}

  mutating func merge(_ other: VersionCensus) {
    _ = tree.absorb(other.tree)
    _ = tree.takeMerges()
    newest.merge(other.newest)
  }
}
