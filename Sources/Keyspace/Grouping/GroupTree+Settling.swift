import Bytes

/// Decides what is a name, when all keys have been seen.
extension GroupTree {
  /// A number that never varies is a name if this many keys have it.
  static let keysOfAName = 20

  /// Completes the tree; call it once, after the last key and before reading labels.
  package mutating func settle() {
    recogniseLayouts()
    settleForms(below: 0)
    arrange(0)
    closeForms(below: 0)
    nodes.noteChange()
  }

  /// What is read from now on finds its place and makes no new values.
  private mutating func closeForms(below node: Int) {
    for child in nodes.children(of: node) { closeForms(below: child) }
    if nodes[node].formCount == 0 { nodes[node].forms = .none }
  }

  // MARK: - Values that never vary

  private mutating func settleForms(below node: Int) {
    for child in nodes.children(of: node) { settleForms(below: child) }
    if nodes[node].formCount > 0 { settleForms(of: node) } else if node != 0 { nodes[node].forms = .none }
  }

  private mutating func settleForms(of node: Int) {
    guard nodes[node].forms == .open || nodes[node].separator == .none else { return }
    let forms = nodes.children(of: node).filter { nodes[$0].kind == .form }
    var names = Set<Int>()
    if nodes[node].role == .version {
      if !hasGenerations(forms) { names = Set(forms) }
    } else if nodes[node].separator == .none, nodes[node].kind == .star {
      let sizes = forms.map { seen($0) }
      let least = CrowdRule.outstanding(forms.count > 8 ? sizes : [], atLeast: GroupTree.keysOfAName)
      names = Set(zip(forms, sizes).filter { $0.1 >= least }.map(\.0))
    } else if forms.count == 1, nodes[node].keys == 0, seen(node) >= GroupTree.keysOfAName,
      nodes.children(of: node).count == 1
    {
      names = Set(forms)
    }
    nodes[node].forms = names.isEmpty ? .none : .settled
    for form in nodes.takeChildren(of: node, where: { $0.kind == .form }) {
      if names.contains(form) { nodes.adopt(form, by: node) } else { merge(form, into: node) }
    }
  }

  /// True where a namespace has too many versions for each to be one: where the version comes first, the piece
  /// behind it is the namespace.
  private func hasGenerations(_ versions: [Int]) -> Bool {
    guard versions.count > GroupTree.versionLimit else { return false }
    guard let first = versions.first, nodes[Int(nodes[first].parent)].separator == .none else { return true }
    var counts: [[UInt8]: Int] = [:]
    for version in versions {
      for child in nodes.children(of: version) { counts[nodes[child].piece, default: 0] += 1 }
    }
    return counts.values.contains { $0 > GroupTree.versionLimit }
  }

  // MARK: - Crowds and siblings

  /// Arranges the places of a branch, those farthest from the root first.
  mutating func arrange(_ node: Int) {
    for child in nodes.children(of: node) { arrange(child) }
    for place in places(of: node) {
      thin(node, place, node == 0 ? .first : .others)
      joinSiblings(below: node, place)
      joinStragglers(below: node, place)
    }
  }

  /// A separator and role behind a node.
  struct Place: Hashable {
    var separator: Separator
    var role: KeyReading.Role
  }

  private func places(of node: Int) -> [Place] {
    var places: [Place] = []
    for child in nodes.children(of: node) where nodes[child].kind != .form {
      let place = Place(separator: nodes[child].separator, role: nodes[child].role)
      if !places.contains(place) { places.append(place) }
    }
    return places.filter { $0.role != .version }
  }

  func names(below node: Int, _ place: Place) -> [Int] {
    nodes.children(of: node).filter {
      nodes[$0].separator == place.separator && nodes[$0].role == place.role
        && (nodes[$0].kind == .name || nodes[$0].kind == .partly)
    }
  }

  /// Merges the crowd of a place.
  private mutating func thin(_ node: Int, _ place: Place, _ rule: CrowdRule) {
    let children = names(below: node, place)
    guard children.count > rule.limit else { return }
    let names = children.map { CrowdRule.Name(piece: nodes[$0].piece, keys: seen($0)) }
    for family in rule.families(of: names) {
      let members = family.members.map { children[$0] }
      nodes.take(Set(members), of: node)
      if family.prefix.isEmpty { nodes[node].close(place.separator) }
      let target = familyChild(of: node, place.separator, place.role, beginning: family.prefix)
      // In the order of the place: the numbers of nodes are others in a tree that was saved and restored.
      for member in members.reversed() { merge(member, into: target) }
      arrange(target)
    }
  }

  /// Merges what is rare in the places of a node that has too many names while keys still stream by.
  mutating func thin(_ node: Int) {
    let rule = CrowdRule(limit: node == 0 ? CrowdRule.first.limit : CrowdRule.others.limit, fewestKeys: 4)
    for place in places(of: node) { thin(node, place, rule) }
    // Whatever the rule keeps, the node must not grow for ever.
    guard nodes[node].nameCount >= GroupTree.placeCapacity * (node == 0 ? 4 : 1) else { return }
    for place in places(of: node) {
      let children = names(below: node, place)
      nodes[node].close(place.separator)
      nodes.take(Set(children), of: node)
      let target = starChild(of: node, place.separator, place.role)
      for child in children { merge(child, into: target) }
    }
  }

  /// Merges what is rare in all crowded places.
  mutating func thinWidePlaces() {
    thinWidePlaces(below: 0)
  }

  private mutating func thinWidePlaces(below node: Int) {
    for child in nodes.children(of: node) { thinWidePlaces(below: child) }
    let limit = node == 0 ? CrowdRule.first.limit : CrowdRule.others.limit
    guard nodes[node].nameCount > limit else { return }
    for place in places(of: node) where names(below: node, place).count > limit {
      nodes[node].close(place.separator)
      thin(node, place, CrowdRule(limit: limit, fewestKeys: 4))
    }
  }
}
