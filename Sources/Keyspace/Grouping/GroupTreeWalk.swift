extension GroupTree {
  private static let star = [UInt8(ascii: "*")]
  private static let generations = Array("v*".utf8)

  /// A tree with this many nodes grows no further; a key has about six pieces.
  var maximumNodes: Int { groups.maximum * 6 + 64 }

  /// Goes to the node of a token, making it where room is left; nil where none is. So many `keys` take this
  /// step.
  mutating func step(from parent: Int, _ token: KeyReading.Token, _ bytes: [UInt8], keys: Int = 1) -> Int? {
    let joint = token.joint
    if token.isVariable || nodes[parent].varies(joint) { return stepToStar(from: parent, joint) }
    if let child = nodes.child(of: parent, joint, bytes, token.range) {
      if parent == 0 { nodes[child].seen += keys }
      return child
    }
    guard hasRoom(at: parent, joint, for: GroupNode.weight(of: bytes[token.range], below: parent)) else {
      return stepToStar(from: parent, joint)
    }
    guard nodes.livingCount < maximumNodes else { return nil }
    let made = nodes.makeChild(of: parent, joint, Array(bytes[token.range]), isStar: false)
    if parent == 0 { nodes[made].seen = keys }
    return made
  }

  /// Goes to the `*` of a place; stays where an entity ends before it.
  private mutating func stepToStar(from parent: Int, _ joint: Joint) -> Int? {
    guard !endsEntity(joint) else { return parent }
    let piece = GroupTree.starPiece(joint)
    if let child = nodes.child(of: parent, joint, piece, 0..<piece.count) { return child }
    guard nodes.livingCount < maximumNodes else { return nil }
    return nodes.makeChild(of: parent, joint, piece, isStar: true)
  }

  /// The `*` of a place (`v*` for versions), made where it is missing.
  mutating func starChild(of parent: Int, _ joint: Joint) -> Int {
    let piece = GroupTree.starPiece(joint)
    return nodes.child(of: parent, joint, piece, 0..<piece.count)
      ?? nodes.makeChild(of: parent, joint, piece, isStar: true)
  }

  private static func starPiece(_ joint: Joint) -> [UInt8] { joint.role == .version ? generations : star }

  /// True where what varies is not kept below the entity.
  func endsEntity(_ joint: Joint) -> Bool { level == .entity && joint.role == .tail }

  /// True where one more distinct piece may stand in a place; if not, the place is made to vary.
  private mutating func hasRoom(at node: Int, _ joint: Joint, for weight: Int) -> Bool {
    if node == 0, joint == .namespace {
      if nodes[0].distinct(joint) >= NamespaceCensus.capacity { closeNamespaces() }
      return !namespaces.isClosed
    }
    let limit = GroupTree.limit(joint)
    if limit < .max, nodes[node].distinct(joint) + weight > limit { markVarying(node, joint) }
    return !nodes[node].varies(joint)
  }

  /// The most distinct pieces that a place may have.
  static func limit(_ joint: Joint) -> Int {
    switch joint.role {
    case .namespace, .tail: distinctLimit
    case .version: versionLimit
    // The order of the parts of a key does not vary: there are as many as there are schemas.
    case .arrangement: .max
    }
  }
}
