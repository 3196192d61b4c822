/// How often first segments occur, by which namespaces are told from identifiers.
///
/// A first segment is the name that people look for, so many different ones do not at once make the place vary: one that
/// holds a fair share of all keys stays a name, however many others there are.
struct NamespaceCensus: Sendable {
  /// More different first segments than this are never kept, whatever their share.
  static let capacity = 4096
  /// A namespace with fewer keys than this is no exception to the limit.
  static let fewestKeys = 1000

  /// Keys that have a namespace.
  var total = 0
  /// True once unknown first segments are no longer given a place of their own.
  var isClosed = false

  /// True where a first segment is a name by its share: at least one key in a hundred.
  func isName(seen: Int) -> Bool { seen >= NamespaceCensus.fewestKeys && seen * 100 >= total }

  /// True where a first segment may still become a name: SCAN meets keys in random order, so one that
  /// holds a hundredth of all keys has a quarter of that share early on, with near certainty.
  func mayBecomeName(seen: Int) -> Bool { seen * 400 >= total }
}

extension GroupTree {
  /// Decides what stays open while keys stream by; call it once, before reading labels.
  public mutating func settle() {
    guard namespaces.isClosed || nodes[0].distinct(.namespace) > GroupTree.distinctLimit else { return }
    let census = namespaces
    foldNamespaces { !census.isName(seen: $0) }
  }

  /// Merges what varies at a node once it has too many different children.
  mutating func enforceLimit(at node: Int, _ role: KeyReading.Role) {
    let distinct = nodes[node].distinct(role)
    if node == 0, role == .namespace {
      guard distinct > NamespaceCensus.capacity else { return }
      namespaces.isClosed = true
      let census = namespaces
      foldNamespaces { !census.mayBecomeName(seen: $0) }
      return
    }
    guard distinct > (role == .version ? GroupTree.versionLimit : GroupTree.distinctLimit) else { return }
    markVarying(node, role)
  }

  /// Notes that the place below a node varies and merges what stands there.
  mutating func markVarying(_ node: Int, _ role: KeyReading.Role) {
    guard !nodes[node].varies(role) else { return }
    nodes[node].setVaries(role)
    if case .entity = level, role == .tail {
      // An entity ends before the first segment that varies, so the branches fold into it.
      for child in children(of: node, .tail) { foldGroups(below: child, into: segmentBase(of: child)) }
    } else {
      for child in children(of: node, role) where !nodes[child].isStar {
        merge(child, into: variableChild(of: node, like: token(of: child)))
      }
    }
  }

  private mutating func foldNamespaces(where isFolded: (Int) -> Bool) {
    for child in children(of: 0, .namespace) where !nodes[child].isStar && isFolded(nodes[child].seen) {
      merge(child, into: variableChild(of: 0, like: token(of: child)))
    }
  }

  /// Merges a whole branch into another, place by place.
  private mutating func merge(_ from: Int, into target: Int) {
    mergeGroup(of: from, into: target)
    let orphans = children(of: from, nil)
    nodes[from].merged = target
    nodes[target].seen += nodes[from].seen
    for orphan in orphans {
      let token = token(of: orphan)
      if let twin = child(of: target, nodes[orphan].piece[...], token) {
        merge(orphan, into: twin)
      } else if nodes[target].varies(token.role), !nodes[orphan].isStar {
        merge(orphan, into: variableChild(of: target, like: token))
      } else {
        adopt(orphan, by: target)
      }
    }
    for role in [KeyReading.Role.namespace, .version, .tail] {
      if nodes[from].varies(role) { markVarying(target, role) } else { enforceLimit(at: target, role) }
    }
  }

  private mutating func foldGroups(below node: Int, into target: Int) {
    mergeGroup(of: node, into: target)
    for child in children(of: node, .tail) { foldGroups(below: child, into: target) }
  }

  /// The node under which the segment that a node is part of begins.
  private func segmentBase(of node: Int) -> Int {
    var node = node
    while !nodes[node].startsSegment { node = current(node: nodes[node].parent) }
    return current(node: nodes[node].parent)
  }

  func token(of node: Int) -> KeyReading.Token {
    let entry = nodes[node]
    return KeyReading.Token(
      range: 0..<entry.piece.count, role: entry.role, startsSegment: entry.startsSegment, lead: entry.lead,
      isVariable: entry.isStar, isPartlyVariable: false)
  }
}
