extension GroupTree {
  /// The groups that live, in the order in which they were first met.
  public var livingGroups: [Int] { (0..<groupCount).filter { current($0) == $0 } }

  /// The names of a living group.
  public func label(of group: Int) -> GroupLabel {
    guard groupNodes[group] >= 0 else { return .overflow }
    let path = path(to: groupNodes[group])
    let version = path.first { nodes[$0].role == .version }
    let namespace = path.filter { nodes[$0].role == .namespace }
    var label = GroupLabel(
      namespace: namespace.isEmpty ? nil : text(of: namespace), version: version.map { nodes[$0].piece })
    switch level {
    case .version: break
    case .entity: label.entity = namespace.isEmpty && version == nil ? nil : text(of: path)
    case .template(let depth):
      label.template = text(of: path)
      if depth == nil, !namespace.isEmpty || version != nil { label.entity = text(of: entityPart(of: path)) }
    }
    return label
  }

  /// The nodes from the root, which is left out, down to a node.
  private func path(to node: Int) -> [Int] {
    var path: [Int] = []
    var node = node
    while node != 0 {
      path.append(node)
      node = current(node: nodes[node].parent)
    }
    return path.reversed()
  }

  private func text(of path: [Int]) -> [UInt8] {
    var text: [UInt8] = []
    for (index, node) in path.enumerated() {
      if index > 0 {
        if nodes[node].startsSegment { text.append(contentsOf: separator) } else { text.append(nodes[node].lead) }
      }
      text.append(contentsOf: nodes[node].piece)
    }
    return text
  }

  /// The part of a whole path that ends before the first segment that varies after namespace and version.
  private func entityPart(of path: [Int]) -> [Int] {
    guard let varying = path.firstIndex(where: { nodes[$0].role == .tail && nodes[$0].piece.contains(0x2a) }) else {
      return path
    }
    let start = path[...varying].lastIndex { nodes[$0].startsSegment } ?? varying
    return Array(path[..<start])
  }

  /// Takes over another tree's groups, as when the shards of a cluster have been scanned by themselves.
  ///
  /// `keys` tells how many keys a group of the other tree holds. Gives the group here for each group there; merges that
  /// this causes are told by `takeMerges`.
  public mutating func absorb(_ other: GroupTree, keys: (Int) -> Int) -> [Int: Int] {
    var result: [Int: Int] = [:]
    for group in other.livingGroups {
      result[group] = absorb(group, of: other, keys: keys(group))
    }
    return result.mapValues { current($0) }
  }

  private mutating func absorb(_ group: Int, of other: GroupTree, keys: Int) -> Int {
    guard other.groupNodes[group] >= 0 else { return overflow() }
    var node = 0
    var otherParent = 0
    for otherNode in other.path(to: other.groupNodes[group]) {
      let token = other.token(of: otherNode)
      if other.nodes[otherParent].varies(token.role) { markVarying(node, token.role) }
      guard let next = step(from: node, token, in: other.nodes[otherNode].piece, weight: keys) else {
        return overflow()
      }
      node = next
      otherParent = otherNode
    }
    namespaces.isClosed = namespaces.isClosed || other.namespaces.isClosed
    return self.group(at: current(node: node))
  }
}
