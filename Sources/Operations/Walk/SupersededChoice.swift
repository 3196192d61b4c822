import Bytes
import Keyspace

/// Knows which versions are not the newest of their namespace; learned by a walk over all names.
struct SupersededChoice {
  private var tree: GroupTree
  /// The groups whose versions follow each other; generations are none of them, wherever they stand.
  private let groups: Set<Int>
  private let newest: NewestVersions

  /// True where a newer version of the key's namespace is live; a name that came later is not.
  ///
  /// Groups alone do not decide: names that come after the census may make a place vary, and then the newest
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

/// The newest version of each single namespace, as far as a bound allows.
struct NewestVersions {
  /// So many namespaces are remembered, at about a hundred bytes each.
  static let limit = 100_000

  private let separator: [UInt8]
  private var versions: [[UInt8]: KeyVersion] = [:]
  private(set) var isFull = false

  init(separator: String) { self.separator = Array(separator.utf8) }

  mutating func note(_ reading: KeyReading) {
    guard let version = reading.version else { return }
    note(version, of: reading.namespace(separator: separator))
  }

  mutating func merge(_ other: NewestVersions) {
    for (namespace, version) in other.versions { note(version, of: namespace) }
    isFull = isFull || other.isFull
  }

  private mutating func note(_ version: KeyVersion, of namespace: [UInt8]) {
    guard let known = versions[namespace] else {
      if versions.count < NewestVersions.limit { versions[namespace] = version } else { isFull = true }
      return
    }
    if known < version { versions[namespace] = version }
  }

  func isSuperseded(_ reading: KeyReading) -> Bool {
    guard let version = reading.version else { return false }
    // `v3` and `v03` are spellings of one version, here as in version expressions.
    return versions[reading.namespace(separator: separator)].map { version.compareNumbers(with: $0) < 0 }
      ?? false
  }
}

/// The newest version of each namespace among some groups.
struct VersionRanking {
  /// The version of a group that holds many generations.
  static let generations = Array("v*".utf8)

  private var newest: [[UInt8]?: KeyVersion] = [:]

  init(labels: [GroupLabel]) {
    for label in labels {
      guard let version = label.version, version != VersionRanking.generations else { continue }
      let candidate = KeyVersion(version)
      if newest[label.namespace].map({ $0 < candidate }) ?? true { newest[label.namespace] = candidate }
    }
  }

  /// The newest version of a namespace; nil where it has none.
  func newest(of namespace: [UInt8]?) -> KeyVersion? { newest[namespace] }

  /// True where a newer version of the group's namespace is live. Generations (`v*`) never are.
  func isSuperseded(_ label: GroupLabel) -> Bool {
    guard let version = label.version, version != VersionRanking.generations,
      let newest = newest[label.namespace]
    else {
      return false
    }
    return KeyVersion(version).compareNumbers(with: newest) < 0
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

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: MeasureOutcome) {}

  func fork() -> VersionCensus { VersionCensus(naming) }

  // A version that was live when it was met is one, whatever has become of the server since.
  mutating func startOver() {}

  mutating func merge(_ other: VersionCensus) {
    _ = tree.absorb(other.tree)
    _ = tree.takeMerges()
    newest.merge(other.newest)
  }
}

extension SupersededChoice {
  /// Adds the choice to what is saved.
  func write(to writer: inout CheckpointWriter) {
    tree.write(to: &writer)
    let living = tree.livingGroups
    for group in living { writer.add(groups.contains(group)) }
    newest.write(to: &writer)
  }

  /// Takes up a choice that was learned by another run, for names that are read in the same way.
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

extension NewestVersions {
  fileprivate func write(to writer: inout CheckpointWriter) {
    writer.add(isFull)
    writer.add(versions.count)
    for (namespace, version) in versions {
      writer.add(namespace)
      writer.add(version.text)
    }
  }

  fileprivate init(
    from reader: inout CheckpointReader, separator: String
  ) throws(CheckpointDamage) {
    self.init(separator: separator)
    isFull = try reader.flag()
    for _ in 0..<(try reader.count()) { versions[try reader.piece()] = KeyVersion(try reader.piece()) }
  }
}
