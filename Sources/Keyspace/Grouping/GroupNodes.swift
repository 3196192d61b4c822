import Bytes

/// The nodes of a tree in one array, with a hash table over all of them by parent, joint and piece.
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

  init() {
    nodes = [GroupNode(parent: 0, joint: .namespace, piece: [], isStar: false)]
  }

  /// The number of nodes in use.
  var livingCount: Int { nodes.count - free.count }

  subscript(node: Int) -> GroupNode {
    _read { yield nodes[node] }
    _modify { yield &nodes[node] }
  }

  // MARK: - Finding

  /// The node below a parent whose piece is `bytes[range]`.
  func child(of parent: Int, joint: Joint, _ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    let piece = bytes.span.extracting(range)
    let hash = hash(parent, joint, piece)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let node = Int(slots[slot])
      if node > 0, nodes[node].hash == hash, isChild(node, of: parent, joint: joint, piece) { return node }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isChild(_ node: Int, of parent: Int, joint: Joint, _ piece: Span<UInt8>) -> Bool {
    guard nodes[node].parent == parent, nodes[node].joint == joint else { return false }
    let own = nodes[node].piece
    return piece.holds(own.span)
  }

  private func hash(_ parent: Int, _ joint: Joint, _ piece: Span<UInt8>) -> UInt64 {
    let place = UInt64(parent) << 3 | UInt64(joint.number)
    return KeyHash.tableValue(piece, seed: seed ^ place &* 0x9e37_79b9_7f4a_7c15)
  }

  /// The children of a node, in no order.
  func children(of node: Int) -> [Int] {
    var result: [Int] = []
    var next = nodes[node].firstChild
    while next != 0 {
      result.append(next)
      next = nodes[next].nextSibling
    }
    return result
  }

  // MARK: - Changing

  /// Makes a node below a parent.
  mutating func makeChild(of parent: Int, joint: Joint, _ piece: [UInt8], isStar: Bool) -> Int {
    let node = GroupNode(parent: parent, joint: joint, piece: piece, isStar: isStar)
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
    nodes[node].parent = parent
    nodes[node].nextSibling = nodes[parent].firstChild
    nodes[parent].firstChild = node
    let joint = nodes[node].joint
    if !nodes[node].isStar {
      let weight = GroupNode.weight(of: nodes[node].piece, below: parent)
      nodes[parent].setDistinct(joint, to: nodes[parent].distinct(joint) + weight)
    }
    let piece = nodes[node].piece
    nodes[node].hash = hash(parent, joint, piece.span)
    if (used + 1) * 2 > slots.count { rebuildSlots() }
    insert(node)
  }

  /// Unlinks all children, or those with one joint, and returns them.
  mutating func takeChildren(of node: Int, _ joint: Joint? = nil) -> [Int] {
    let all = children(of: node)
    nodes[node].firstChild = 0
    var taken: [Int] = []
    for child in all {
      guard joint == nil || nodes[child].joint == joint else {
        nodes[child].nextSibling = nodes[node].firstChild
        nodes[node].firstChild = child
        continue
      }
      taken.append(child)
      remove(child)
      nodes[node].setDistinct(nodes[child].joint, to: 0)
    }
    return taken
  }

  /// Frees a detached node without children.
  mutating func release(_ node: Int) {
    nodes[node] = GroupNode(parent: 0, joint: .namespace, piece: [], isStar: false)
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
