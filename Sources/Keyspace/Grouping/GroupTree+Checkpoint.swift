package import Bytes

/// Saves and restores a tree.
///
/// Merged groups are not saved: the others get new numbers, in the order of `livingGroups`. Nothing that
/// keeps a group's number, such as a pending reply, may outlive this.
extension GroupTree {
  /// Adds all nodes and groups to the checkpoint.
  ///
  /// Complexity: O(number of nodes).
  package func write(to writer: inout CheckpointWriter) {
    var places = [Int](repeating: 0, count: groupCount)
    let living = livingGroups
    for (place, group) in living.enumerated() { places[group] = place }
    writer.add(living.count)
    writer.add(groups.overflow.map { places[$0] })
    let order = nodesParentsFirst
    writer.add(order.count)
    for (node, parent) in order {
      if node != 0 {
        writer.add(parent)
        writer.add(Int(nodes[node].separator.rawValue))
        writer.add(Int(nodes[node].role.rawValue))
        writer.add(Int(nodes[node].kind.rawValue))
        writer.add(nodes[node].piece)
      }
      writer.add(Int(nodes[node].forms.rawValue))
      writer.add(nodes[node].closedBits)
      writer.add(nodes[node].keys)
      writer.add(nodes[node].group < 0 ? nil : places[current(Int(nodes[node].group))])
    }
  }

  /// All nodes, the root first, each with the place of its parent in this order.
  private var nodesParentsFirst: [(node: Int, parent: Int)] {
    var order = [(node: 0, parent: 0)]
    order.reserveCapacity(nodes.livingCount)
    var next = 0
    while next < order.count {
      // A new child becomes the first of its siblings: this order restores theirs.
      for child in nodes.children(of: order[next].node).reversed() { order.append((child, next)) }
      next += 1
    }
    return order
  }

  /// Restores a saved tree into an empty one, which must have the same level, separator and bound.
  package mutating func read(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    let groupCount = try reader.count()
    guard groupCount <= groups.maximum + 1 else { throw CheckpointDamage() }
    let overflow = try place(try reader.optionalAmount(), below: groupCount)
    var groupNodes = [Int](repeating: -1, count: groupCount)
    // The overflow group has no node of its own.
    if let overflow { groupNodes[overflow] = 0 }
    let nodeCount = try reader.count()
    for number in 0..<nodeCount {
      let node = number == 0 ? 0 : try readNode(number, from: &reader)
      guard let forms = GroupNode.Forms(rawValue: UInt8(try reader.number(in: 0...0xff))) else {
        throw CheckpointDamage()
      }
      nodes[node].forms = forms
      nodes[node].closedBits = try reader.number(in: 0...0xffff_ffff)
      nodes[node].keys = try reader.amount()
      guard let group = try place(try reader.optionalAmount(), below: groupCount) else { continue }
      guard groupNodes[group] < 0 else { throw CheckpointDamage() }
      groupNodes[group] = node
      nodes[node].group = Int32(truncatingIfNeeded: group)
    }
    guard nodeCount > 0, !groupNodes.contains(-1) else { throw CheckpointDamage() }
    groups.restore(nodes: groupNodes, overflow: overflow)
  }

  private mutating func readNode(
    _ number: Int, from reader: inout CheckpointReader
  ) throws(CheckpointDamage) -> Int {
    let parent = try reader.number(in: 0...(number - 1))
    guard let separator = Separator(rawValue: UInt8(try reader.number(in: 0...0xff))),
      let role = KeyReading.Role(rawValue: UInt8(try reader.number(in: 0...0xff))),
      let kind = GroupNode.Kind(rawValue: UInt8(try reader.number(in: 0...0xff)))
    else { throw CheckpointDamage() }
    let piece = try reader.piece()
    guard nodes.child(of: parent, separator, role, piece.span) == nil else { throw CheckpointDamage() }
    let node = nodes.makeChild(of: parent, separator, role, kind, piece)
    guard node == number else { throw CheckpointDamage() }
    return node
  }

  private func place(_ number: Int?, below count: Int) throws(CheckpointDamage) -> Int? {
    guard let number else { return nil }
    guard (0..<count).contains(number) else { throw CheckpointDamage() }
    return number
  }
}
