extension GroupTree {
  /// One piece in one place.
  struct Node: Sendable {
    var parent: Int
    var role: KeyReading.Role
    var piece: [UInt8]
    var startsSegment: Bool
    var lead: UInt8
    /// True for `*` and `v*`, which stand for all that was merged.
    var isStar: Bool
    var group: Int?
    /// The node that this one was merged into.
    var merged: Int?
    /// Keys whose namespace begins here; counted for first segments only.
    var seen = 0
    var firstChild: Int?
    var nextSibling: Int?
    private var distinctByRole: (Int, Int, Int) = (0, 0, 0)
    private var variesByRole: (Bool, Bool, Bool) = (false, false, false)

    init(parent: Int, role: KeyReading.Role, piece: [UInt8], startsSegment: Bool, lead: UInt8, isStar: Bool) {
      self.parent = parent
      self.role = role
      self.piece = piece
      self.startsSegment = startsSegment
      self.lead = lead
      self.isStar = isStar
    }

    /// The number of different pieces below, apart from `*`.
    func distinct(_ role: KeyReading.Role) -> Int {
      switch role {
      case .namespace: distinctByRole.0
      case .version: distinctByRole.1
      case .tail: distinctByRole.2
      }
    }

    mutating func countDistinct(_ role: KeyReading.Role, by change: Int) {
      switch role {
      case .namespace: distinctByRole.0 += change
      case .version: distinctByRole.1 += change
      case .tail: distinctByRole.2 += change
      }
    }

    /// True where the place below is known to vary.
    func varies(_ role: KeyReading.Role) -> Bool {
      switch role {
      case .namespace: variesByRole.0
      case .version: variesByRole.1
      case .tail: variesByRole.2
      }
    }

    mutating func setVaries(_ role: KeyReading.Role) {
      switch role {
      case .namespace: variesByRole.0 = true
      case .version: variesByRole.1 = true
      case .tail: variesByRole.2 = true
      }
    }
  }

  /// Finds a child without following links: parent, part and the piece's hash.
  struct ChildKey: Hashable, Sendable {
    let parent: Int
    let role: KeyReading.Role
    let startsSegment: Bool
    let lead: UInt8
    var hash: UInt64

    init(
      parent: Int, role: KeyReading.Role, startsSegment: Bool, lead: UInt8, _ piece: some Sequence<UInt8>
    ) {
      self.parent = parent
      self.role = role
      self.startsSegment = startsSegment
      self.lead = lead
      // FNV-1a, 64 bits; equal hashes are told apart by comparing the pieces.
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      self.hash = hash
    }
  }

  /// The living node that a node was merged into, or itself.
  func current(node: Int) -> Int {
    var node = node
    while let merged = nodes[node].merged { node = merged }
    return node
  }

  /// The children of a node that play a part, in no order.
  func children(of node: Int, _ role: KeyReading.Role?) -> [Int] {
    var result: [Int] = []
    var next = nodes[node].firstChild
    while let child = next {
      if nodes[child].merged == nil, role == nil || nodes[child].role == role { result.append(child) }
      next = nodes[child].nextSibling
    }
    return result
  }

  /// Links a node under a parent and makes it findable.
  mutating func adopt(_ node: Int, by parent: Int) {
    nodes[node].parent = parent
    nodes[node].nextSibling = nodes[parent].firstChild
    nodes[parent].firstChild = node
    if !nodes[node].isStar { nodes[parent].countDistinct(nodes[node].role, by: 1) }
    var key = childKey(of: node)
    while childIndex[key] != nil { key.hash &+= 1 }
    childIndex[key] = node
  }

  private func childKey(of node: Int) -> ChildKey {
    let entry = nodes[node]
    return ChildKey(
      parent: entry.parent, role: entry.role, startsSegment: entry.startsSegment, lead: entry.lead, entry.piece)
  }
}
