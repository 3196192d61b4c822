/// Groups keys by their names while they stream by, in bounded memory.
///
/// Each level of the tree is a piece of a key: those of the namespace, the version, those of the rest. Where
/// more than `distinctLimit` different pieces have been seen in one place, the place varies: its branches are
/// merged into one `*`. The outcome does not depend on the order of the keys, save for which keys fall into
/// the overflow group once `maximumGroups` are in use, and for namespaces by the thousand
/// (`NamespaceCensus`).
///
/// A group is a small integer that stays valid; when two groups become one, `takeMerges` says so, and the
/// owner of the figures merges them. Trees of several shards merge with `absorb`.
package struct GroupTree: Sendable {
  /// A place with more distinct pieces than this varies.
  package static let distinctLimit = 32
  /// A namespace with more versions than this counts generations.
  package static let versionLimit = 16

  /// Two groups that have become one.
  package struct Merge: Sendable, Equatable {
    /// The group that is no more.
    package let from: Int
    /// The group that its keys belong to now.
    package let into: Int
  }

  let level: GroupLevel
  let separator: [UInt8]
  var nodes = GroupNodes()
  var groups: GroupLedger
  var namespaces = NamespaceCensus()

  /// Makes an empty tree; `maximumGroups` is at least 1 and leaves the overflow group out.
  package init(level: GroupLevel, separator: String = ":", maximumGroups: Int = 10_000) {
    self.level = level
    self.separator = Array(separator.utf8)
    groups = GroupLedger(maximum: max(1, maximumGroups))
  }

  /// The number of group numbers given out so far, merged ones included.
  package var groupCount: Int { groups.nodes.count }

  /// The living group that a group's keys belong to now.
  package func current(_ group: Int) -> Int { groups.current(group) }

  /// The groups that have become one since the last call; the owner of figures merges them in this order.
  package mutating func takeMerges() -> [Merge] { groups.takeMerges() }

  /// The group that a key belongs to.
  ///
  /// Complexity: O(length of the key), and O(size of a branch) at the rare moment when a place turns out to
  /// vary.
  package mutating func group(for reading: borrowing KeyReading) -> Int {
    relieve()
    if reading.hasNamespace { namespaces.total += 1 }
    return switch level {
    case .version:
      group(for: reading) { token in token.joint.role.rawValue <= KeyReading.Role.version.rawValue }
    case .template(nil): group(for: reading) { _ in true }
    case .template(let depth?): group(for: reading) { token in token.segment < depth }
    case .entity: reading.isClassified ? entityGroup(for: reading) : group(at: 0)
    }
  }

  /// The group at the end of those tokens that are kept.
  private mutating func group(
    for reading: borrowing KeyReading, keeping isKept: (KeyReading.Token) -> Bool
  ) -> Int {
    var node = 0
    for token in reading.tokens where isKept(token) {
      guard let next = step(from: node, token, reading.bytes) else { return groups.makeOverflow() }
      node = next
    }
    return group(at: node)
  }

  /// The group at the end of the last segment before the first one that varies after namespace and version.
  private mutating func entityGroup(for reading: borrowing KeyReading) -> Int {
    var node = 0
    for token in reading.tokens {
      let isTail = token.joint.role == .tail
      if isTail, token.isVariable { return group(at: entityBase(node, token.joint)) }
      guard let next = step(from: node, token, reading.bytes) else { return groups.makeOverflow() }
      if isTail, token.isPartlyVariable || nodes[node].varies(token.joint) {
        return group(at: entityBase(node, token.joint))
      }
      node = next
    }
    return group(at: entityEnd(node))
  }

  /// The node at which an entity ends where the piece that hangs below `node` by `joint` varies: the segment
  /// that the piece is part of does not belong to the entity.
  func entityBase(_ node: Int, _ joint: Joint) -> Int {
    guard joint.lead != .separator else { return entityEnd(node) }
    var start = node
    while nodes[start].joint.lead != .separator { start = nodes[start].parent }
    return entityEnd(nodes[start].parent)
  }

  /// An entity does not end in empty segments: those of `users::42` (Spring) are `users`.
  private func entityEnd(_ node: Int) -> Int {
    var node = node
    while nodes[node].joint.role == .tail, nodes[node].joint.lead == .separator, nodes[node].piece.isEmpty {
      node = nodes[node].parent
    }
    return node
  }

  /// The group of a node, made where it has none and one is left.
  mutating func group(at node: Int) -> Int {
    if let group = nodes[node].group { return group }
    guard groups.hasRoom else { return groups.makeOverflow() }
    let group = groups.make(at: node)
    nodes[node].group = group
    return group
  }
}
