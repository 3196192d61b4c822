import Bytes

/// The nodes of a tree in one array, with a hash table over all of them by parent, separator, role and piece.
///
/// Places of freed nodes are used again, so memory follows the number of living nodes.
struct GroupNodes: Sendable {
  private var nodes: [GroupNode]
  private var free: [Int] = []
  /// Node numbers; 0, the root, marks an empty slot, -1 the slot of a removed node. The size is a power of
  /// two.
  private var slots = [Int32](repeating: 0, count: 64)
  /// Slots that are not empty.
  private var used = 0
  /// Differs from tree to tree, so that no client can choose keys that all fall into one slot.
  private let seed = KeyHash.newSeed
  /// The families below each node that has some.
  private var familiesByParent: [Int: [Int]] = [:]

  /// How often nodes were unlinked: what led to a node before may lead elsewhere now.
  private(set) var changes = 0

  init() {
    nodes = [GroupNode(parent: 0, separator: .none, role: .open, kind: .name, piece: [])]
  }

  /// The number of nodes in use.
  var livingCount: Int { nodes.count - free.count }

  subscript(node: Int) -> GroupNode {
    _read { yield nodes[node] }
    _modify { yield &nodes[node] }
  }

  // MARK: - Finding

  /// The node below a parent with a piece.
  func child(of parent: Int, _ separator: Separator, _ role: KeyReading.Role, _ piece: Span<UInt8>) -> Int? {
    let hash = hash(parent, separator, role, piece)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let node = Int(slots[slot])
      if node > 0, nodes[node].hash == hash, isChild(node, of: parent, piece) { return node }
      if node == 0 { return nil }
      slot = (slot &+ 1) & mask
    }
  }

  private func isChild(_ node: Int, of parent: Int, _ piece: Span<UInt8>) -> Bool {
    // Separator and role are part of the hash.
    guard nodes[node].parent == parent else { return false }
    let own = nodes[node].piece
    return piece.holds(own.span)
  }

  private func hash(_ parent: Int, _ separator: Separator, _ role: KeyReading.Role, _ piece: Span<UInt8>)
    -> UInt64
  {
    let place = UInt64(parent) << 8 | UInt64(separator.rawValue) << 2 | UInt64(role.rawValue)
    return KeyHash.tableValue(piece, seed: seed ^ place &* 0x9e37_79b9_7f4a_7c15)
  }

  /// The children of a node, in no order.
  func children(of node: Int) -> [Int] {
    var result: [Int] = []
    var next = Int(nodes[node].firstChild)
    while next != 0 {
      result.append(next)
      next = Int(nodes[next].nextSibling)
    }
    return result
  }

  // MARK: - Changing

  /// Makes a node below a parent.
  mutating func makeChild(
    of parent: Int, _ separator: Separator, _ role: KeyReading.Role, _ kind: GroupNode.Kind, _ piece: [UInt8]
  ) -> Int {
    let node = GroupNode(parent: parent, separator: separator, role: role, kind: kind, piece: piece)
    var place = nodes.count
    if let reused = free.popLast() {
      place = reused
      nodes[place] = node
    } else {
      nodes.append(node)
    }
    adopt(place, by: parent)
    return place
  }

  /// Links a detached node below a parent.
  mutating func adopt(_ node: Int, by parent: Int) {
    nodes[node].parent = Int32(truncatingIfNeeded: parent)
    nodes[node].nextSibling = nodes[parent].firstChild
    nodes[parent].firstChild = Int32(truncatingIfNeeded: node)
    switch nodes[node].kind {
    case .name, .partly: nodes[parent].nameCount += 1
    case .form: nodes[parent].formCount += 1
    case .family:
      nodes[parent].hasFamilies = true
      familiesByParent[parent, default: []].append(node)
    case .star: break
    }
    let piece = nodes[node].piece
    nodes[node].hash = hash(parent, nodes[node].separator, nodes[node].role, piece.span)
    if (used + 1) * 2 > slots.count { rebuildSlots() }
    insert(node)
  }

  /// Unlinks those children that are chosen, and returns them.
  mutating func takeChildren(of node: Int, where isChosen: (GroupNode) -> Bool = { _ in true }) -> [Int] {
    let all = children(of: node)
    changes += 1
    nodes[node].firstChild = 0
    var taken: [Int] = []
    // In this order the rest keep theirs.
    for child in all.reversed() {
      guard isChosen(nodes[child]) else {
        nodes[child].nextSibling = nodes[node].firstChild
        nodes[node].firstChild = Int32(truncatingIfNeeded: child)
        continue
      }
      taken.append(child)
      remove(child)
      uncount(child, of: node)
    }
    return taken
  }

  /// Unlinks some children of one node.
  mutating func take(_ children: Set<Int>, of node: Int) {
    guard !children.isEmpty else { return }
    changes += 1
    var kept: [Int] = []
    for child in self.children(of: node).reversed() {
      guard children.contains(child) else {
        kept.append(child)
        continue
      }
      remove(child)
      uncount(child, of: node)
    }
    nodes[node].firstChild = 0
    for child in kept {
      nodes[child].nextSibling = nodes[node].firstChild
      nodes[node].firstChild = Int32(truncatingIfNeeded: child)
    }
  }

  private mutating func uncount(_ child: Int, of parent: Int) {
    switch nodes[child].kind {
    case .name, .partly: nodes[parent].nameCount -= 1
    case .form: nodes[parent].formCount -= 1
    case .family: familiesByParent[parent]?.removeAll { $0 == child }
    case .star: break
    }
  }

  /// Says that places were closed, or opened, without unlinking a node.
  mutating func noteChange() { changes += 1 }

  /// The families below a node.
  func families(below node: Int) -> [Int] { familiesByParent[node] ?? [] }

  /// Frees a detached node without children.
  mutating func release(_ node: Int) {
    nodes[node] = GroupNode(parent: 0, separator: .none, role: .open, kind: .name, piece: [])
    free.append(node)
  }

  // MARK: - Slots

  private mutating func insert(_ node: Int) {
    var slot = Int(truncatingIfNeeded: nodes[node].hash) & (slots.count - 1)
    while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
    if slots[slot] == 0 { used += 1 }
    slots[slot] = Int32(node)
  }

  private mutating func remove(_ node: Int) {
    var slot = Int(truncatingIfNeeded: nodes[node].hash) & (slots.count - 1)
    while slots[slot] != 0, Int(slots[slot]) != node { slot = (slot + 1) & (slots.count - 1) }
    if slots[slot] != 0 { slots[slot] = -1 }
  }

  /// Makes room for twice the nodes, and drops the slots of removed nodes.
  private mutating func rebuildSlots() {
    let kept = slots.filter { $0 > 0 }
    var size = 64
    while size < (kept.count + 1) * 4 { size *= 2 }
    slots = [Int32](repeating: 0, count: size)
    used = 0
    for node in kept { insert(Int(node)) }
  }
}
