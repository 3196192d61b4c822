/// One piece of a key in one place of the tree.
struct GroupNode: Sendable {
  /// The node above; the root's is itself.
  var parent: Int
  let joint: Joint
  let piece: [UInt8]
  /// True for `*` and `v*`, which represent all merged pieces.
  let isStar: Bool
  /// The hash under which the node is found.
  var hash: UInt64 = 0
  var group: Int?
  /// Keys with this piece; counted below the root only.
  var seen = 0
  /// The first child; 0 where there is none, because the root is no child.
  var firstChild = 0
  /// The next node below the same parent; 0 at the end.
  var nextSibling = 0
  private var distinctByJoint = SIMD8<UInt16>(repeating: 0)
  private var variesByJoint: UInt8 = 0

  init(parent: Int, joint: Joint, piece: [UInt8], isStar: Bool) {
    self.parent = parent
    self.joint = joint
    self.piece = piece
    self.isStar = isStar
  }

  /// How much a piece counts towards a place's limit of distinct pieces.
  ///
  /// A piece that varies in part, such as `user_*`, has many values, and a place with more than a few such
  /// pieces varies: `org:acme-corp-*`, `org:blue-sky-*` … are the slugs of `org:*`. At the root they are the
  /// best name there is.
  static func weight(of piece: some Sequence<UInt8>, below parent: Int) -> Int {
    parent != 0 && piece.contains(UInt8(ascii: "*")) ? 4 : 1
  }

  /// The number of distinct children with a joint, each by its weight, without `*`.
  func distinct(_ joint: Joint) -> Int { Int(distinctByJoint[joint.number]) }

  mutating func setDistinct(_ joint: Joint, to count: Int) { distinctByJoint[joint.number] = UInt16(count) }

  /// True where the place below is known to vary.
  func varies(_ joint: Joint) -> Bool { variesByJoint >> UInt8(joint.number) & 1 == 1 }

  mutating func setVaries(_ joint: Joint) { variesByJoint |= 1 << UInt8(joint.number) }
}
