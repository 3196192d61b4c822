import Bytes

/// Branches that become one.
extension GroupTree {
  /// Keys at a node and below it.
  ///
  /// Complexity: O(size of the branch).
  func seen(_ node: Int) -> Int {
    var sum = nodes[node].keys
    var next = Int(nodes[node].firstChild)
    while next != 0 {
      sum += seen(next)
      next = Int(nodes[next].nextSibling)
    }
    return sum
  }

  /// Merges a detached branch into another, place by place.
  mutating func merge(_ from: Int, into target: Int) {
    moveGroup(of: from, to: target)
    nodes[target].keys += nodes[from].keys
    nodes[from].keys = 0
    nodes[target].closedBits |= nodes[from].closedBits
    if nodes[target].keyRole == nil { nodes[target].keyRole = nodes[from].keyRole }
    if nodes[from].endsNamespace { nodes[target].endsNamespace = true }
    let formsBefore = nodes[from].forms
    for orphan in nodes.takeChildren(of: from) {
      // The values of a shape become part of what it joins, unless that has the same shape.
      if nodes[orphan].kind == .form, !isSameShape(from, target) || nodes[target].forms == .none {
        merge(orphan, into: target)
      } else {
        attach(orphan, to: target)
      }
    }
    if isSameShape(from, target), formsBefore == .none { closeForms(of: target) }
    nodes.release(from)
  }

  private func isSameShape(_ left: Int, _ right: Int) -> Bool {
    nodes[left].kind == nodes[right].kind && nodes[left].role == nodes[right].role
      && nodes[left].piece == nodes[right].piece
  }

  /// Attaches a detached branch below a node, or merges it with the branch that has its place.
  mutating func attach(_ branch: Int, to parent: Int) {
    let (separator, role) = (nodes[branch].separator, nodes[branch].role)
    let piece = nodes[branch].piece
    if let twin = nodes.child(of: parent, separator, role, piece.span) {
      merge(branch, into: twin)
    } else if nodes[branch].kind == .name || nodes[branch].kind == .partly, nodes[parent].isClosed(separator)
    {
      merge(branch, into: starChild(of: parent, separator, role))
    } else {
      nodes.adopt(branch, by: parent)
    }
  }

  /// The `*` of a place, made where it is missing.
  mutating func starChild(of parent: Int, _ separator: Separator, _ role: KeyReading.Role) -> Int {
    let piece = role == .version ? GroupTree.generations : GroupTree.star
    return nodes.child(of: parent, separator, role, piece.span)
      ?? nodes.makeChild(of: parent, separator, role, .star, piece)
  }

  /// The family that begins with some bytes, made where it is missing.
  mutating func familyChild(
    of parent: Int, _ separator: Separator, _ role: KeyReading.Role, beginning prefix: [UInt8]
  ) -> Int {
    var piece = prefix
    // Two identifiers in a row show as one.
    while let last = piece.last, last == UInt8(ascii: "_") || last == .dash,
      piece.dropLast().last == .star
    { piece.removeLast() }
    if piece.last != .star { piece.append(.star) }
    guard piece.count > 1 else { return starChild(of: parent, separator, role) }
    if let twin = nodes.child(of: parent, separator, role, piece.span) {
      guard nodes[twin].kind != .family else { return twin }
      // The shape is there already; it now holds whatever begins like it.
      nodes.take([twin], of: parent)
      let family = nodes.makeChild(of: parent, separator, role, .family, piece)
      merge(twin, into: family)
      return family
    }
    return nodes.makeChild(of: parent, separator, role, .family, piece)
  }

  private mutating func moveGroup(of node: Int, to target: Int) {
    let group = Int(nodes[node].group)
    guard group >= 0 else { return }
    nodes[node].group = -1
    if nodes[target].group >= 0 {
      groups.merge(group, into: Int(nodes[target].group))
    } else {
      nodes[target].group = Int32(truncatingIfNeeded: group)
      groups.move(group, to: target)
    }
  }

  // MARK: - Values of a place

  /// Merges the values of a place into it: it varies. Values that begin keys and have many of them stay.
  mutating func closeForms(of node: Int) {
    let staying = nodes[node].separator == .none && nodes[node].kind == .star ? frequentForms(of: node) : []
    nodes[node].forms = staying.isEmpty ? .none : .settled
    for form in nodes.takeChildren(of: node, where: { $0.kind == .form }) {
      if staying.contains(form) { nodes.adopt(form, by: node) } else { merge(form, into: node) }
    }
  }

  /// The values that stand out among those of a place so far.
  private func frequentForms(of node: Int) -> Set<Int> {
    let forms = nodes.children(of: node).filter { nodes[$0].kind == .form }.map { (node: $0, keys: seen($0)) }
    let least = CrowdRule.outstanding(forms.map(\.keys), atLeast: 4)
    return Set(forms.filter { $0.keys >= least }.map(\.node))
  }
}
