extension GroupTree {
  /// Notes that the place below a node varies and merges what stands there.
  mutating func markVarying(_ node: Int, _ joint: Joint) {
    guard !nodes[node].varies(joint) else { return }
    nodes[node].setVaries(joint)
    let children = nodes.takeChildren(of: node, joint)
    for child in children where nodes[child].isStar { nodes.adopt(child, by: node) }
    for child in children where !nodes[child].isStar { attach(child, to: node) }
  }

  /// Merges a whole branch, which hangs nowhere, into another, place by place.
  mutating func merge(_ from: Int, into target: Int) {
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

  /// Hangs a branch that hangs nowhere below a node, merging it with what stands in its place.
  private mutating func attach(_ branch: Int, to parent: Int) {
    let joint = nodes[branch].joint
    if nodes[parent].varies(joint), !nodes[branch].isStar {
      if endsEntity(joint) {
        dissolve(branch, into: entityBase(parent, joint))
      } else {
        merge(branch, into: starChild(of: parent, joint))
      }
    } else if let twin = nodes.child(of: parent, joint, nodes[branch].piece, 0..<nodes[branch].piece.count) {
      merge(branch, into: twin)
    } else {
      nodes.adopt(branch, by: parent)
    }
  }

  /// Gives up a branch that hangs nowhere; its groups become the one of the entity that ends above it.
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
