/// How often first segments occur, by which namespaces are told from identifiers.
///
/// A first segment is the name that people look for, so many different ones do not at once make the place
/// vary: one that holds a fair share of all keys stays a name, however many others there are.
struct NamespaceCensus: Sendable {
  /// More different first segments than this are never kept, whatever their share.
  static let capacity = 4096
  /// A namespace with fewer keys than this is no exception to the limit.
  static let fewestKeys = 100

  /// Keys that have a namespace.
  var total = 0
  /// How many there were when first segments were last merged; nil while each new one still gets a place of
  /// its own.
  var totalWhenClosed: Int?

  /// True once new first segments are no longer given a place of their own.
  var isClosed: Bool { totalWhenClosed != nil }

  /// True where a first segment is a name by its share: at least one key in a hundred.
  func isName(seen: Int) -> Bool { seen >= NamespaceCensus.fewestKeys && seen * 100 >= total }

  /// True where a first segment may still become a name: SCAN meets keys in random order, so one that
  /// holds a hundredth of all keys has a quarter of that share early on, with near certainty.
  func mayBecomeName(seen: Int) -> Bool { seen * 400 >= total }
}

extension GroupTree {
  /// Decides what stays open while keys stream by; call it once, after the last key and before reading
  /// labels.
  package mutating func settle() {
    guard namespaces.isClosed || nodes[0].distinct(.namespace) > GroupTree.distinctLimit else { return }
    let census = namespaces
    foldNamespaces { census.isName(seen: $0) }
  }

  /// Merges namespaces that do not look like names before they use up the groups or the nodes.
  mutating func relieve() {
    guard groups.livingCount * 4 > groups.maximum * 3 || nodes.livingCount * 4 > maximumNodes * 3 else {
      return
    }
    guard nodes[0].distinct(.namespace) > GroupTree.distinctLimit else { return }
    // Not again before there is twice as much to judge by: otherwise every key would cost a walk over all of
    // them.
    guard namespaces.total >= 2 * (namespaces.totalWhenClosed ?? 0) else { return }
    closeNamespaces()
  }

  /// Gives no place to first segments not yet seen, and keeps those that may be names.
  mutating func closeNamespaces() {
    let census = namespaces
    foldNamespaces { census.mayBecomeName(seen: $0) }
  }

  private mutating func foldNamespaces(keeping isKept: (Int) -> Bool) {
    namespaces.totalWhenClosed = namespaces.total
    let children = nodes.takeChildren(of: 0, .namespace)
    for child in children where nodes[child].isStar || isKept(nodes[child].seen) { nodes.adopt(child, by: 0) }
    for child in children where !nodes[child].isStar && !isKept(nodes[child].seen) {
      merge(child, into: starChild(of: 0, .namespace))
    }
  }
}
