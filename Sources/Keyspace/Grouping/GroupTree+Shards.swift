import Bytes

/// Trees of other shards.
extension GroupTree {
  /// Adds another tree's groups, such as those of another shard of a cluster.
  ///
  /// Both trees must have the same level and separator. Returns the group here for each living group there;
  /// `takeMerges` reports the merges that this causes. Call `settle` afterwards, not before.
  package mutating func absorb(_ other: GroupTree) -> [Int: Int] {
    var places: [Int: Int] = [:]
    graft(other, from: 0, to: 0, noting: &places)
    if let theirs = other.groups.overflow { places[theirs] = groups.makeOverflow() }
    return places.mapValues { current($0) }
  }

  private mutating func graft(
    _ other: GroupTree, from theirs: Int, to mine: Int, noting places: inout [Int: Int]
  ) {
    if other.nodes[theirs].group >= 0 { places[Int(other.nodes[theirs].group)] = group(at: mine) }
    nodes[mine].keys += other.nodes[theirs].keys
    for child in other.nodes.children(of: theirs).reversed() {
      guard let next = counterpart(of: child, in: other, below: mine) else {
        assign(groups.makeOverflow(), toAllBelow: child, of: other, noting: &places)
        continue
      }
      graft(other, from: child, to: next, noting: &places)
    }
    close(mine, like: other.nodes[theirs])
  }

  /// The node here for a node there, made where it is missing and there is room.
  private mutating func counterpart(of child: Int, in other: GroupTree, below mine: Int) -> Int? {
    let node = other.nodes[child]
    if node.kind == .form, nodes[mine].forms == .none { return mine }
    if let twin = nodes.child(of: mine, node.separator, node.role, node.piece.span) { return twin }
    switch node.kind {
    case .name, .partly:
      return stepToName(from: mine, node.separator, node.role, node.kind, node.piece)
    case .form:
      guard nodes[mine].formCount < formCapacity(of: mine) else {
        closeForms(of: mine)
        return nodes[mine].forms == .none ? mine : counterpart(of: child, in: other, below: mine)
      }
    case .star, .family: break
    }
    guard nodes.livingCount < maximumNodes else { return nil }
    return nodes.makeChild(of: mine, node.separator, node.role, node.kind, node.piece)
  }

  /// Closes the places that are closed there.
  private mutating func close(_ mine: Int, like theirs: GroupNode) {
    nodes[mine].closedBits |= theirs.closedBits
    switch (nodes[mine].forms, theirs.forms) {
    case (.none, _), (.open, .open), (.settled, .open): break
    case (_, .none): closeForms(of: mine)
    case (.open, .settled), (.settled, .settled): nodes[mine].forms = .settled
    }
  }

  private func assign(
    _ group: Int, toAllBelow node: Int, of other: GroupTree, noting places: inout [Int: Int]
  ) {
    if other.nodes[node].group >= 0 { places[Int(other.nodes[node].group)] = group }
    for child in other.nodes.children(of: node) {
      assign(group, toAllBelow: child, of: other, noting: &places)
    }
  }
}
