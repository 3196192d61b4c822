/// Groups keys by their names while they stream by, in bounded memory.
///
/// Each level of the tree is a piece of a key. Where more than `distinctLimit` different pieces have been seen in one place,
/// the place varies: its branches are merged into one `*`. The outcome does not depend on the order of the keys, save for
/// which keys fall into the overflow group once `maximumGroups` are in use.
///
/// A group is a small integer that stays valid; when two groups become one, `takeMerges` says so, and the owner of
/// the figures merges them. Trees of several shards merge with `absorb`.
public struct GroupTree: Sendable {
  /// A place with more distinct pieces than this varies.
  public static let distinctLimit = 32
  /// A namespace with more versions than this counts generations.
  public static let versionLimit = 16

  /// Two groups that have become one.
  public struct Merge: Sendable, Equatable {
    /// The group that is no more.
    public let from: Int
    /// The group that its keys belong to now.
    public let into: Int
  }

  let level: GroupLevel
  let separator: [UInt8]
  let maximumGroups: Int
  var nodes: [Node]
  var childIndex: [ChildKey: Int] = [:]
  var groupNodes: [Int] = []
  /// Where a group went that is no more; itself where it lives.
  private var forwarding: [Int] = []
  private var merges: [Merge] = []
  private var overflowGroup: Int?
  var namespaces = NamespaceCensus()

  /// Makes an empty tree.
  public init(level: GroupLevel, separator: String = ":", maximumGroups: Int = 10_000) {
    self.level = level
    self.separator = Array(separator.utf8)
    self.maximumGroups = max(1, maximumGroups)
    nodes = [Node(parent: 0, role: .tail, piece: [], startsSegment: true, lead: 0, isStar: false)]
  }

  /// The number of group numbers given out so far, merged ones included.
  public var groupCount: Int { groupNodes.count }

  /// The living group that a group's keys belong to now.
  public func current(_ group: Int) -> Int {
    var group = group
    while forwarding[group] != group { group = forwarding[group] }
    return group
  }

  /// The groups that have become one since the last call; the owner of figures merges them in this order.
  public mutating func takeMerges() -> [Merge] {
    guard !merges.isEmpty else { return [] }
    defer { merges.removeAll() }
    return merges
  }

  /// The group that a key belongs to.
  ///
  /// Complexity: O(number of pieces), and O(size of a branch) at the rare moment when a place turns out to vary.
  public mutating func group(for reading: KeyReading) -> Int {
    if case .entity = level, !reading.isClassified { return group(at: 0) }
    var node = 0
    var segmentStart = 0
    var depth = 0
    for token in reading.tokens {
      if token.startsSegment {
        segmentStart = node
        depth += 1
        if case .template(let limit?) = level, depth > limit { break }
      }
      if token.role == .tail {
        if case .version = level { continue }
        if case .entity = level, token.isVariable || token.isPartlyVariable || nodes[node].varies(.tail) {
          return group(at: segmentStart)
        }
      }
      guard let next = step(from: node, token, in: reading.rendered) else { return overflow() }
      if nodes[node].varies(.tail), token.role == .tail, case .entity = level { return group(at: segmentStart) }
      node = next
    }
    return group(at: node)
  }

  // MARK: - Walking

  /// Goes to the child for a token, making it where room is left; nil where none is.
  mutating func step(
    from parent: Int, _ token: KeyReading.Token, in rendered: [UInt8], weight: Int = 1
  ) -> Int? {
    let isNamespaceRoot = parent == 0 && token.role == .namespace
    if isNamespaceRoot { namespaces.total += weight }
    let piece = rendered[token.range]
    if !token.isVariable, let child = child(of: parent, piece, token) {
      if isNamespaceRoot { nodes[child].seen += weight }
      return child
    }
    if token.isVariable || nodes[parent].varies(token.role) || (isNamespaceRoot && namespaces.isClosed) {
      return variableChild(of: parent, like: token)
    }
    guard nodes.count < maximumGroups * 6 + 64 else { return nil }
    let made = makeChild(of: parent, Array(piece), token)
    if isNamespaceRoot { nodes[made].seen = weight }
    enforceLimit(at: parent, token.role)
    return current(node: made)
  }

  func child(of parent: Int, _ piece: ArraySlice<UInt8>, _ token: KeyReading.Token) -> Int? {
    var key = ChildKey(
      parent: parent, role: token.role, startsSegment: token.startsSegment, lead: token.lead, piece)
    while let found = childIndex[key] {
      if nodes[found].piece.elementsEqual(piece) { return current(node: found) }
      key.hash &+= 1
    }
    return nil
  }

  private mutating func makeChild(
    of parent: Int, _ piece: [UInt8], _ token: KeyReading.Token, isStar: Bool = false
  ) -> Int {
    let node = nodes.count
    nodes.append(
      Node(
        parent: parent, role: token.role, piece: piece, startsSegment: token.startsSegment, lead: token.lead,
        isStar: isStar))
    adopt(node, by: parent)
    return node
  }

  /// The `*` child (`v*` for versions), made where it is missing.
  mutating func variableChild(of parent: Int, like token: KeyReading.Token) -> Int {
    let piece = token.role == .version ? GroupTree.generations : GroupTree.star
    return child(of: parent, piece[...], token) ?? makeChild(of: parent, piece, token, isStar: true)
  }

  static let star = [UInt8(ascii: "*")]
  static let generations = Array("v*".utf8)

  // MARK: - Groups

  mutating func group(at node: Int) -> Int {
    if let group = nodes[node].group { return group }
    guard groupNodes.count - mergedCount < maximumGroups else { return overflow() }
    let group = newGroup(at: node)
    nodes[node].group = group
    return group
  }

  private var mergedCount = 0

  private mutating func newGroup(at node: Int) -> Int {
    groupNodes.append(node)
    forwarding.append(groupNodes.count - 1)
    return groupNodes.count - 1
  }

  mutating func overflow() -> Int {
    if let overflowGroup { return overflowGroup }
    let group = newGroup(at: -1)
    overflowGroup = group
    return group
  }

  mutating func mergeGroup(of node: Int, into target: Int) {
    guard let group = nodes[node].group else { return }
    nodes[node].group = nil
    if let other = nodes[target].group {
      forwarding[group] = other
      mergedCount += 1
      merges.append(Merge(from: group, into: other))
    } else {
      nodes[target].group = group
      groupNodes[group] = target
    }
  }
}
