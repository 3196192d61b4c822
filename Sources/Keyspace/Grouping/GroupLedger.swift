/// The numbers of groups: the node of each, and the group that a merged one became.
struct GroupLedger: Sendable {
  /// Two groups that have become one.
  typealias Merge = GroupTree.Merge

  /// The most living groups at a time, without the overflow group.
  let maximum: Int
  /// The node of each group; the root for the overflow group, which has none of its own.
  private(set) var nodes: [Int] = []
  private var forwarding: [Int] = []
  private var merges: [Merge] = []
  private var mergedCount = 0
  /// The group of the keys for which no group was left.
  private(set) var overflow: Int?

  init(maximum: Int) { self.maximum = maximum }

  /// The number of groups that are not merged.
  var livingCount: Int { nodes.count - mergedCount }

  /// True where another group may be made. The numbers themselves are bounded too, since merged groups keep
  /// theirs.
  var hasRoom: Bool { livingCount - (overflow == nil ? 0 : 1) < maximum && nodes.count < maximum * 32 }

  mutating func make(at node: Int) -> Int {
    nodes.append(node)
    forwarding.append(nodes.count - 1)
    return nodes.count - 1
  }

  mutating func makeOverflow() -> Int {
    if let overflow { return overflow }
    let group = make(at: 0)
    overflow = group
    return group
  }

  /// The living group that a group's keys belong to now.
  func current(_ group: Int) -> Int {
    var group = group
    while forwarding[group] != group { group = forwarding[group] }
    return group
  }

  mutating func move(_ group: Int, to node: Int) { nodes[group] = node }

  mutating func merge(_ group: Int, into target: Int) {
    forwarding[group] = target
    mergedCount += 1
    merges.append(Merge(from: group, into: target))
  }

  mutating func takeMerges() -> [Merge] {
    guard !merges.isEmpty else { return [] }
    defer { merges.removeAll() }
    return merges
  }
}

extension GroupLedger {
  /// Restores saved groups: the node of each, and which of them is the overflow group.
  mutating func restore(nodes: [Int], overflow: Int?) {
    self.nodes = nodes
    forwarding = Array(nodes.indices)
    self.overflow = overflow
    merges.removeAll()
    mergedCount = 0
  }
}
