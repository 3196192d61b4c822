import Bytes

/// Groups keys by their names while they stream by, in bounded memory.
///
/// Each level of the tree is a piece of a key, in the order of the key. What varies by its shape is one `*`
/// from the start; a short number has a node for each of its first values, because it may turn out never to
/// vary. `settle` decides the rest when all keys have been seen: which numbers are names, what is crowded
/// (`CrowdRule`), which places hold siblings, and what the known layouts of frameworks say. The outcome does
/// not depend on the order of the keys, except for places with more names than are kept apart
/// (`placeCapacity`) and for keys that fall into the overflow group.
///
/// A group is a small integer that stays valid. When two groups become one, `takeMerges` reports it, and the
/// owner of the figures merges them. Trees of several shards merge with `absorb`.
package struct GroupTree: Sendable {
  /// A namespace with more versions than this counts generations.
  package static let versionLimit = 16
  /// More names than this are never kept apart in one place; the first place of a key has room for four times
  /// as many.
  static let placeCapacity = 512
  /// The most values of a short number that are kept apart.
  static let numberCapacity = 16
  /// The most versions that are kept apart in one place: those of several namespaces where the version comes
  /// first.
  static let versionCapacity = 64

  /// Two groups that have become one.
  package struct Merge: Sendable, Equatable {
    /// The group that was merged.
    package let from: Int
    /// The group that has its keys now.
    package let into: Int
  }

  static let star: [UInt8] = [.star]
  static let generations = Array("v*".utf8)

  let level: GroupLevel
  /// The user's own separator.
  let separator: [UInt8]
  var nodes = GroupNodes()
  var groups: GroupLedger
  private var memo = PathMemo()
  /// What the known layouts of frameworks have given away.
  package internal(set) var recognised: [Recognition] = []
  /// Beginnings of keys that are a namespace, though nothing parts it from what follows.
  var gluedNamespaces: [GluedNamespace] = []
  /// The numbers of living groups and nodes beyond which the tree is made smaller.
  private var groupsBeforeFolding: Int
  private var nodesBeforeFolding: Int

  /// Makes an empty tree; `maximumGroups` is at least 1 and leaves the overflow group out.
  package init(level: GroupLevel, separator: String? = nil, maximumGroups: Int = 10_000) {
    self.level = level
    self.separator = Array((separator ?? "").utf8)
    groups = GroupLedger(maximum: max(1, maximumGroups))
    groupsBeforeFolding = max(1, maximumGroups) * 3 / 4
    nodesBeforeFolding = (max(1, maximumGroups) * 6 + 64) * 3 / 4
  }

  /// The number of group numbers given out so far, merged ones included.
  package var groupCount: Int { groups.nodes.count }

  /// The living group that a group's keys belong to now.
  package func current(_ group: Int) -> Int { groups.current(group) }

  /// The groups that have become one since the last call; the owner of figures merges them in this order.
  package mutating func takeMerges() -> [Merge] { groups.takeMerges() }

  /// A tree with this many nodes grows no further; a key has about six pieces. Tests read it.
  var maximumNodes: Int { groups.maximum * 6 + 64 }

  /// The group that a key belongs to.
  ///
  /// Complexity: O(length of the key), and O(size of a branch) at the rare moment when a place turns out to
  /// vary.
  package mutating func group(for reading: borrowing KeyReading) -> Int {
    if groups.livingCount > groupsBeforeFolding || nodes.livingCount > nodesBeforeFolding { foldWidePlaces() }
    let count = pieceCount(of: reading)
    let hash = memo.hash(reading, count: count)
    if let node = memo.node(hash, reading, changes: nodes.changes) {
      nodes[node].keys &+= 1
      return group(at: node)
    }
    guard let node = walk(reading, count: count, hash) else { return groups.makeOverflow() }
    nodes[node].keys &+= 1
    return group(at: node)
  }

  /// The number of pieces of a key that count at the tree's level.
  @inline(__always)
  private func pieceCount(of reading: borrowing KeyReading) -> Int {
    guard case .template(let depth?) = level else { return reading.tokens.count }
    return reading.tokens.firstIndex { $0.segment >= depth } ?? reading.tokens.count
  }

  /// The node of a key, reached piece by piece; nil where there is no room for it.
  private mutating func walk(_ reading: borrowing KeyReading, count: Int, _ hash: UInt64) -> Int? {
    var node = 0
    var values: UInt64 = 0
    var mayBeNoted = true
    for index in 0..<count {
      let token = reading.tokens[index]
      var valueDecides = false
      guard let next = step(from: node, token, in: reading.bytes, &valueDecides) else { return nil }
      if valueDecides, index < UInt64.bitWidth { values |= 1 << UInt64(index) }
      mayBeNoted = mayBeNoted && (!valueDecides || index < UInt64.bitWidth)
      node = next
    }
    if mayBeNoted { memo.note(node, hash, reading, values: values, changes: nodes.changes) }
    return node
  }

  /// The group of a node, made where it has none and one is left.
  mutating func group(at node: Int) -> Int {
    let group = nodes[node].group
    if group >= 0 { return Int(group) }
    guard groups.hasRoom else { return groups.makeOverflow() }
    let made = groups.make(at: node)
    nodes[node].group = Int32(truncatingIfNeeded: made)
    return made
  }

  // MARK: - Steps from node to node

  /// The node of a token below `parent`, made where there is room; nil where there is none.
  @inline(__always)
  private mutating func step(
    from parent: Int, _ token: KeyReading.Token, in bytes: [UInt8], _ valueDecides: inout Bool
  ) -> Int? {
    if token.role == .version { return stepToVersion(from: parent, token, in: bytes) }
    let found = nodes.child(of: parent, token.separator, token.role, bytes.span.extracting(token.range))
    guard let node = found ?? stepToNew(from: parent, token, in: bytes) else { return nil }
    guard token.traits.contains(.mayBeName), nodes[node].forms != .none else { return node }
    valueDecides = true
    return stepToForm(of: node, token.literal, in: bytes, capacity: formCapacity(of: node))
  }

  func formCapacity(of node: Int) -> Int {
    if nodes[node].role == .version { return GroupTree.versionCapacity }
    return nodes[node].separator == .none && nodes[node].kind == .star
      ? GroupTree.placeCapacity : GroupTree.numberCapacity
  }

  /// The node of one value of a place; the place's own where values are not kept apart.
  private mutating func stepToForm(of node: Int, _ literal: Range<Int>, in bytes: [UInt8], capacity: Int)
    -> Int?
  {
    let piece = bytes.span.extracting(literal)
    if let form = nodes.child(of: node, .form, nodes[node].role, piece) { return form }
    guard nodes[node].forms == .open else { return nodes[node].forms == .none ? node : node }
    guard nodes[node].formCount < capacity else {
      closeForms(of: node)
      return node
    }
    guard nodes.livingCount < maximumNodes else { return nil }
    return nodes.makeChild(of: node, .form, nodes[node].role, .form, Array(bytes[literal]))
  }

  private mutating func stepToVersion(from parent: Int, _ token: KeyReading.Token, in bytes: [UInt8]) -> Int?
  {
    let shape = GroupTree.generations
    let found = nodes.child(of: parent, token.separator, .version, shape.span)
    guard let node = found ?? stepToStar(from: parent, token.separator, .version) else { return nil }
    guard nodes[node].forms != .none else { return node }
    return stepToForm(of: node, token.literal, in: bytes, capacity: GroupTree.versionCapacity)
  }

  /// The node of a piece that has none yet.
  private mutating func stepToNew(from parent: Int, _ token: KeyReading.Token, in bytes: [UInt8]) -> Int? {
    if token.traits.contains(.variable) { return stepToStar(from: parent, token.separator, token.role) }
    let piece = Array(bytes[token.range])
    return stepToName(
      from: parent, token.separator, token.role, token.hasStar ? .partly : .name, piece)
  }

  /// The node of a name or of what holds it: a family, or `*`.
  mutating func stepToName(
    from parent: Int, _ separator: Separator, _ role: KeyReading.Role, _ kind: GroupNode.Kind,
    _ piece: [UInt8]
  ) -> Int? {
    if nodes[parent].hasFamilies, let family = family(of: piece, below: parent, separator, role) {
      return family
    }
    if nodes[parent].isClosed(separator) { return stepToStar(from: parent, separator, role) }
    if nodes[parent].nameCount >= GroupTree.placeCapacity * (parent == 0 ? 4 : 1) {
      thin(parent)
      return stepToName(from: parent, separator, role, kind, piece)
    }
    guard nodes.livingCount < maximumNodes else { return nil }
    return nodes.makeChild(of: parent, separator, role, kind, piece)
  }

  private func family(of piece: [UInt8], below parent: Int, _ separator: Separator, _ role: KeyReading.Role)
    -> Int?
  {
    var best: Int?
    for child in nodes.families(below: parent) {
      guard nodes[child].separator == separator, nodes[child].role == role,
        piece.starts(with: nodes[child].piece.dropLast())
      else { continue }
      if best.map({ nodes[$0].piece.count < nodes[child].piece.count }) ?? true { best = child }
    }
    return best
  }

  /// The `*` of a place (`v*` for versions); nil where there is no room for one.
  private mutating func stepToStar(from parent: Int, _ separator: Separator, _ role: KeyReading.Role) -> Int?
  {
    let piece = role == .version ? GroupTree.generations : GroupTree.star
    if let child = nodes.child(of: parent, separator, role, piece.span) { return child }
    guard nodes.livingCount < maximumNodes else { return nil }
    return nodes.makeChild(of: parent, separator, role, .star, piece)
  }

  /// Makes the tree smaller before groups or nodes run out.
  private mutating func foldWidePlaces() {
    thinWidePlaces()
    // Not again before half of the room is used up: otherwise every key would cost a walk over all of them.
    groupsBeforeFolding = max(groups.maximum * 3 / 4, (groups.livingCount + groups.maximum + 1) / 2)
    nodesBeforeFolding = max(maximumNodes * 3 / 4, (nodes.livingCount + maximumNodes + 1) / 2)
  }
}
