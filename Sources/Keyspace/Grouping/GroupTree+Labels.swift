extension GroupTree {
  /// The groups that live, in the order in which they were first met.
  package var livingGroups: [Int] { (0..<groupCount).filter { current($0) == $0 } }

  /// The names of a living group.
  package func label(of group: Int) -> GroupLabel {
    guard group != groups.overflow else { return .overflow }
    let path = path(to: groups.nodes[group])
    let namespace = path.filter { nodes[$0].joint.role == .namespace }
    let version = path.first { nodes[$0].joint.role == .version }
    let isClassified = !namespace.isEmpty || version != nil
    var label = GroupLabel(
      namespace: namespace.isEmpty ? nil : text(of: namespace), version: version.map { nodes[$0].piece })
    switch level {
    case .version: break
    case .entity: label.entity = isClassified ? text(of: path) : nil
    case .template(let depth):
      label.template = text(of: path)
      if depth == nil, isClassified { label.entity = text(of: entityPart(of: path)) }
    }
    return label
  }

  /// The nodes from the root, which is left out, down to a node.
  private func path(to node: Int) -> [Int] {
    var path: [Int] = []
    var node = node
    while node != 0 {
      path.append(node)
      node = nodes[node].parent
    }
    return path.reversed()
  }

  /// The part of a whole path that ends before the first segment that varies after namespace and version.
  private func entityPart(of path: [Int]) -> [Int] {
    var part = path[...]
    let isTail = { (node: Int) in nodes[node].joint.role == .tail }
    let varying = path.firstIndex { isTail($0) && nodes[$0].piece.contains(UInt8(ascii: "*")) }
    if let varying {
      let start = path[...varying].lastIndex { nodes[$0].joint.lead == .separator }
      part = path[..<(start ?? varying)]
    }
    while let last = part.last, isTail(last), nodes[last].joint.lead == .separator, nodes[last].piece.isEmpty
    {
      part.removeLast()
    }
    return Array(part)
  }

  // MARK: - Text

  private func text(of path: [Int]) -> [UInt8] {
    var text: [UInt8] = []
    for (index, segment) in inOrderOfKey(segments(of: path)).enumerated() {
      if index > 0 { text.append(contentsOf: separator) }
      if segment.isEmpty { text.append(UInt8(ascii: "*")) }
      for node in segment {
        if let lead = nodes[node].joint.lead.byte { text.append(lead) }
        text.append(contentsOf: nodes[node].piece)
      }
    }
    return text
  }

  /// The nodes of a path, those of each segment together.
  private func segments(of path: [Int]) -> [[Int]] {
    var segments: [[Int]] = []
    for node in path {
      if nodes[node].joint.lead == .separator {
        segments.append([node])
      } else {
        segments[segments.count - 1].append(node)
      }
    }
    return segments
  }

  /// The segments in the order of the key: an arrangement lists the role of each of the first segments.
  ///
  /// An empty list is a segment that varies before the namespace or version and is no part of an entity.
  private func inOrderOfKey(_ segments: [[Int]]) -> [[Int]] {
    func role(_ segment: [Int]) -> KeyReading.Role { nodes[segment[0]].joint.role }
    guard let place = segments.firstIndex(where: { role($0) == .arrangement }) else { return segments }
    var remaining = segments
    remaining.remove(at: place)
    var ordered: [[Int]] = []
    for part in nodes[segments[place][0]].piece {
      if let next = remaining.firstIndex(where: { role($0).rawValue == part }) {
        ordered.append(remaining.remove(at: next))
      } else if remaining.contains(where: { role($0) != .tail }) {
        ordered.append([])
      }
    }
    return ordered + remaining
  }
}
