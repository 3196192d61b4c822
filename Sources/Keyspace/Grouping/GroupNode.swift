/// One piece of a key in one place of the tree.
struct GroupNode: Sendable {
  /// The node above; the root's is itself.
  var parent: Int
  let joint: Joint
  let piece: [UInt8]
  /// True for `*` and `v*`, which stand for all that was merged.
  let isStar: Bool
  /// The hash under which the node is found.
  var hash: UInt64 = 0
  var group: Int?
  /// Keys that passed; counted below the root only.
  var seen = 0
  /// The first of the nodes below; 0, which is the root and below nothing, where there are none.
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

  /// What a piece counts for among the different pieces of a place.
  ///
  /// A piece that varies in part, such as `user_*`, stands for many values, and a place with more than a few
  /// kinds of them varies: `org:acme-corp-*`, `org:blue-sky-*` … are the slugs of `org:*`. At the root they
  /// are the best name there is.
  static func weight(of piece: some Sequence<UInt8>, below parent: Int) -> Int {
    parent != 0 && piece.contains(UInt8(ascii: "*")) ? 4 : 1
  }

  /// The number of different pieces that hang below in one way, each by its weight, apart from `*`.
  func distinct(_ joint: Joint) -> Int { Int(distinctByJoint[joint.number]) }

  mutating func setDistinct(_ joint: Joint, to count: Int) { distinctByJoint[joint.number] = UInt16(count) }

  /// True where the place below is known to vary.
  func varies(_ joint: Joint) -> Bool { variesByJoint >> UInt8(joint.number) & 1 == 1 }

  mutating func setVaries(_ joint: Joint) { variesByJoint |= 1 << UInt8(joint.number) }
}
