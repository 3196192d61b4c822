import Keyspace
import RedisClient

/// Knows which versions are not the newest of their namespace; learned by a walk over all names.
struct SupersededChoice {
  private var tree: GroupTree
  private let supersededGroups: Set<Int>

  /// True where a newer version of the key's namespace is live; a name that came later is not.
  mutating func contains(_ reading: KeyReading) -> Bool {
    supersededGroups.contains(tree.group(for: reading))
  }

  init(tree: GroupTree) {
    var tree = tree
    tree.settle()
    self.tree = tree
    let groups = tree.livingGroups
    let labels = groups.map { tree.label(of: $0) }
    let superseded = VersionRanking(labels: labels)
    supersededGroups = Set(zip(groups, labels).filter { superseded.isSuperseded($0.1) }.map(\.0))
  }
}

/// The newest version of each namespace among some groups.
struct VersionRanking {
  private var newest: [[UInt8]?: KeyVersion] = [:]

  init(labels: [GroupLabel]) {
    for label in labels {
      guard let version = label.version, version != Array("v*".utf8) else { continue }
      let candidate = KeyVersion(version)
      if newest[label.namespace].map({ $0 < candidate }) ?? true { newest[label.namespace] = candidate }
    }
  }

  /// The newest version of a namespace; nil where it has none.
  func newest(of namespace: [UInt8]?) -> KeyVersion? { newest[namespace] }

  /// True where a newer version of the group's namespace is live. Generations (`v*`) never are.
  func isSuperseded(_ label: GroupLabel) -> Bool {
    guard let version = label.version, version != Array("v*".utf8), let newest = newest[label.namespace]
    else {
      return false
    }
    return KeyVersion(version) < newest
  }
}

/// Learns the versions of all namespaces; measures nothing.
struct VersionCensus: KeyVisitor {
  private var reader: KeyReader
  private(set) var tree: GroupTree

  init(_ naming: KeyNaming) {
    reader = naming.makeReader()
    tree = GroupTree(level: .version, separator: naming.separator)
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    reader.read(key, renderTail: false)
    _ = tree.group(for: reader.reading)
    _ = tree.takeMerges()
    return KeyPage.Choice()
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: MeasureOutcome) {}
}
