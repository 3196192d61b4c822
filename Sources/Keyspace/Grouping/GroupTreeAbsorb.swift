extension GroupTree {
  /// Takes over another tree's groups, as when the shards of a cluster have been scanned by themselves.
  ///
  /// Both trees must have the same level and separator. Gives the group here for each living group there;
  /// merges that this causes are told by `takeMerges`. Call `settle` afterwards, not before.
  package mutating func absorb(_ other: GroupTree) -> [Int: Int] {
    var places: [Int: Int] = [:]
    namespaces.total += other.namespaces.total
    graft(other, from: 0, to: 0, &places)
    if other.namespaces.isClosed, !namespaces.isClosed { closeNamespaces() }
    if let theirs = other.groups.overflow { places[theirs] = groups.makeOverflow() }
    return places.mapValues { current($0) }
  }

  private mutating func graft(_ other: GroupTree, from theirs: Int, to mine: Int, _ places: inout [Int: Int])
  {
    for joint in Joint.all where other.nodes[theirs].varies(joint) { markVarying(mine, joint) }
    if let theirGroup = other.nodes[theirs].group { places[theirGroup] = group(at: mine) }
    for child in other.nodes.children(of: theirs) {
      if mine == 0 { relieve() }
      let node = other.nodes[child]
      let token = KeyReading.Token(
        range: 0..<node.piece.count, joint: node.joint, segment: 0, isVariable: node.isStar)
      guard let next = step(from: mine, token, node.piece, keys: node.seen) else {
        assign(groups.makeOverflow(), toAllBelow: child, of: other, &places)
        continue
      }
      if next == mine {
        assign(group(at: entityBase(mine, node.joint)), toAllBelow: child, of: other, &places)
      } else {
        graft(other, from: child, to: next, &places)
      }
    }
  }

  private func assign(_ group: Int, toAllBelow node: Int, of other: GroupTree, _ places: inout [Int: Int]) {
    if let theirs = other.nodes[node].group { places[theirs] = group }
    for child in other.nodes.children(of: node) { assign(group, toAllBelow: child, of: other, &places) }
  }
}
