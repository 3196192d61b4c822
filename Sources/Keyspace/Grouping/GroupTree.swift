/// Groups keys by their names while they stream by, in bounded memory.
///
/// Each level of the tree is a piece of a key: those of the namespace, the version, those of the rest. Where
/// more than `distinctLimit` different pieces have been seen in one place, the place varies: its branches are
/// merged into one `*`. The outcome does not depend on the order of the keys, with two exceptions: which keys
/// fall into the overflow group once `maximumGroups` are in use, and namespaces by the thousand
/// (`NamespaceCensus`).
///
/// A group is a small integer that stays valid. When two groups become one, `takeMerges` reports it, and the
/// owner of the figures merges them. Trees of several shards merge with `absorb`.
package struct GroupTree: Sendable {
  /// A place with more distinct pieces than this varies.
  package static let distinctLimit = 32
  /// A namespace with more versions than this counts generations.
  package static let versionLimit = 16

  /// Two groups that have become one.
  package struct Merge: Sendable, Equatable {
    /// The group that was merged.
    package let from: Int
    /// The group that has its keys now.
    package let into: Int
  }

  private static let star = [UInt8(ascii: "*")]
  private static let generations = Array("v*".utf8)

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
    mergeNamespacesIfFull()
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
      guard let next = step(from: node, token, in: reading.bytes) else { return groups.makeOverflow() }
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
      guard let next = step(from: node, token, in: reading.bytes) else { return groups.makeOverflow() }
      if isTail, token.isPartlyVariable || nodes[node].varies(token.joint) {
        return group(at: entityBase(node, token.joint))
      }
      node = next
    }
    return group(at: entityEnd(node))
  }

  /// The node at which an entity ends where the piece below `node` with `joint` varies: the piece's whole
  /// segment does not belong to the entity.
  private func entityBase(_ node: Int, _ joint: Joint) -> Int {
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
  private mutating func group(at node: Int) -> Int {
    if let group = nodes[node].group { return group }
    guard groups.hasRoom else { return groups.makeOverflow() }
    let group = groups.make(at: node)
    nodes[node].group = group
    return group
  }
}

// MARK: - Steps from node to node

extension GroupTree {
  /// A tree with this many nodes grows no further; a key has about six pieces. Tests read it.
  var maximumNodes: Int { groups.maximum * 6 + 64 }

  /// The node of a token below `parent`, made where there is room; nil where there is none.
  private mutating func step(from parent: Int, _ token: KeyReading.Token, in bytes: [UInt8], keys: Int = 1)
    -> Int?
  {
    let joint = token.joint
    if token.isVariable || nodes[parent].varies(joint) { return stepToStar(from: parent, joint: joint) }
    if let child = nodes.child(of: parent, joint: joint, bytes, token.range) {
      if parent == 0 { nodes[child].seen += keys }
      return child
    }
    guard hasRoom(at: parent, joint, for: GroupNode.weight(of: bytes[token.range], below: parent)) else {
      return stepToStar(from: parent, joint: joint)
    }
    guard nodes.livingCount < maximumNodes else { return nil }
    let made = nodes.makeChild(of: parent, joint: joint, Array(bytes[token.range]), isStar: false)
    if parent == 0 { nodes[made].seen = keys }
    return made
  }

  /// The `*` of a place, or `parent` itself where an entity ends before the place; nil where there is no
  /// room.
  private mutating func stepToStar(from parent: Int, joint: Joint) -> Int? {
    guard !endsEntity(joint) else { return parent }
    let piece = GroupTree.starPiece(joint)
    if let child = nodes.child(of: parent, joint: joint, piece, 0..<piece.count) { return child }
    guard nodes.livingCount < maximumNodes else { return nil }
    return nodes.makeChild(of: parent, joint: joint, piece, isStar: true)
  }

  /// The `*` of a place (`v*` for versions), made where it is missing.
  private mutating func starChild(of parent: Int, joint: Joint) -> Int {
    let piece = GroupTree.starPiece(joint)
    return nodes.child(of: parent, joint: joint, piece, 0..<piece.count)
      ?? nodes.makeChild(of: parent, joint: joint, piece, isStar: true)
  }

  private static func starPiece(_ joint: Joint) -> [UInt8] { joint.role == .version ? generations : star }

  /// True where what varies is not kept below the entity.
  private func endsEntity(_ joint: Joint) -> Bool { level == .entity && joint.role == .tail }

  /// True where a place has room for one more distinct piece; if not, the place becomes one that varies.
  private mutating func hasRoom(at node: Int, _ joint: Joint, for weight: Int) -> Bool {
    if node == 0, joint == .namespace {
      if nodes[0].distinct(joint) >= NamespaceCensus.capacity { closeNamespaces() }
      return !namespaces.isClosed
    }
    let limit = GroupTree.limit(joint)
    if limit < .max, nodes[node].distinct(joint) + weight > limit { markVarying(node, joint) }
    return !nodes[node].varies(joint)
  }

  /// The most distinct pieces that a place may have.
  private static func limit(_ joint: Joint) -> Int {
    switch joint.role {
    case .namespace, .tail: distinctLimit
    case .version: versionLimit
    // The order of the parts of a key does not vary: there are as many as there are schemas.
    case .arrangement: .max
    }
  }
}

// MARK: - Places that vary

extension GroupTree {
  /// Marks the place below a node as one that varies and merges its branches.
  private mutating func markVarying(_ node: Int, _ joint: Joint) {
    guard !nodes[node].varies(joint) else { return }
    nodes[node].setVaries(joint)
    let children = nodes.takeChildren(of: node, joint)
    for child in children where nodes[child].isStar { nodes.adopt(child, by: node) }
    for child in children where !nodes[child].isStar { attach(child, to: node) }
  }

  /// Merges a detached branch into another, place by place.
  private mutating func merge(_ from: Int, into target: Int) {
    moveGroup(of: from, to: target)
    nodes[target].seen += nodes[from].seen
    for orphan in nodes.takeChildren(of: from) { attach(orphan, to: target) }
    for joint in Joint.all {
      if nodes[from].varies(joint) || nodes[target].distinct(joint) > GroupTree.limit(joint) {
        markVarying(target, joint)
      }
    }
    nodes.release(from)
  }

  /// Attaches a detached branch below a node, or merges it with the branch that has its place.
  private mutating func attach(_ branch: Int, to parent: Int) {
    let joint = nodes[branch].joint
    if nodes[parent].varies(joint), !nodes[branch].isStar {
      if endsEntity(joint) {
        dissolve(branch, into: entityBase(parent, joint))
      } else {
        merge(branch, into: starChild(of: parent, joint: joint))
      }
    } else if let twin = nodes.child(
      of: parent, joint: joint, nodes[branch].piece, 0..<nodes[branch].piece.count)
    {
      merge(branch, into: twin)
    } else {
      nodes.adopt(branch, by: parent)
    }
  }

  /// Frees a detached branch; its groups become the group of the entity that ends above it.
  private mutating func dissolve(_ branch: Int, into target: Int) {
    moveGroup(of: branch, to: target)
    for child in nodes.takeChildren(of: branch) { dissolve(child, into: target) }
    nodes.release(branch)
  }

  private mutating func moveGroup(of node: Int, to target: Int) {
    guard let group = nodes[node].group else { return }
    nodes[node].group = nil
    if let other = nodes[target].group {
      groups.merge(group, into: other)
    } else {
      nodes[target].group = group
      groups.move(group, to: target)
    }
  }
}

// MARK: - Namespaces by the thousand

extension GroupTree {
  /// Decides which first segments are names; call it once, after the last key and before reading labels.
  package mutating func settle() {
    guard namespaces.isClosed || nodes[0].distinct(.namespace) > GroupTree.distinctLimit else { return }
    let census = namespaces
    foldNamespaces { census.isName(seen: $0) }
  }

  /// Merges namespaces that do not look like names before they use up the groups or the nodes.
  private mutating func mergeNamespacesIfFull() {
    guard groups.livingCount * 4 > groups.maximum * 3 || nodes.livingCount * 4 > maximumNodes * 3 else {
      return
    }
    guard nodes[0].distinct(.namespace) > GroupTree.distinctLimit else { return }
    // Not again before twice as many keys are counted: otherwise every key would cost a walk over all of
    // them.
    guard namespaces.total >= 2 * (namespaces.totalWhenClosed ?? 0) else { return }
    closeNamespaces()
  }

  /// Merges first segments that cannot be names, and from now on every new one.
  private mutating func closeNamespaces() {
    let census = namespaces
    foldNamespaces { census.mayBecomeName(seen: $0) }
  }

  private mutating func foldNamespaces(keeping isKept: (Int) -> Bool) {
    namespaces.totalWhenClosed = namespaces.total
    let children = nodes.takeChildren(of: 0, .namespace)
    for child in children where nodes[child].isStar || isKept(nodes[child].seen) { nodes.adopt(child, by: 0) }
    for child in children where !nodes[child].isStar && !isKept(nodes[child].seen) {
      merge(child, into: starChild(of: 0, joint: .namespace))
    }
  }
}

// MARK: - Trees of other shards

extension GroupTree {
  /// Adds another tree's groups, such as those of another shard of a cluster.
  ///
  /// Both trees must have the same level and separator. Returns the group here for each living group there;
  /// `takeMerges` reports the merges that this causes. Call `settle` afterwards, not before.
  package mutating func absorb(_ other: GroupTree) -> [Int: Int] {
    var places: [Int: Int] = [:]
    namespaces.total += other.namespaces.total
    graft(other, from: 0, to: 0, noting: &places)
    if other.namespaces.isClosed, !namespaces.isClosed { closeNamespaces() }
    if let theirs = other.groups.overflow { places[theirs] = groups.makeOverflow() }
    return places.mapValues { current($0) }
  }

  private mutating func graft(
    _ other: GroupTree, from theirs: Int, to mine: Int, noting places: inout [Int: Int]
  ) {
    for joint in Joint.all where other.nodes[theirs].varies(joint) { markVarying(mine, joint) }
    if let theirGroup = other.nodes[theirs].group { places[theirGroup] = group(at: mine) }
    for child in other.nodes.children(of: theirs) {
      if mine == 0 { mergeNamespacesIfFull() }
      let node = other.nodes[child]
      let token = KeyReading.Token(
        range: 0..<node.piece.count, joint: node.joint, segment: 0, isVariable: node.isStar)
      guard let next = step(from: mine, token, in: node.piece, keys: node.seen) else {
        assign(groups.makeOverflow(), toAllBelow: child, of: other, noting: &places)
        continue
      }
      if next == mine {
        assign(group(at: entityBase(mine, node.joint)), toAllBelow: child, of: other, noting: &places)
      } else {
        graft(other, from: child, to: next, noting: &places)
      }
    }
  }

  private func assign(
    _ group: Int, toAllBelow node: Int, of other: GroupTree, noting places: inout [Int: Int]
  ) {
    if let theirs = other.nodes[node].group { places[theirs] = group }
    for child in other.nodes.children(of: node) {
      assign(group, toAllBelow: child, of: other, noting: &places)
    }
  }
}
