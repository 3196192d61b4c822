/// One piece of a key in one place of the tree.
struct GroupNode: Sendable {
  /// What a node stands for.
  enum Kind: UInt8, Sendable {
    /// A piece as written.
    case name
    /// A piece of which a part varies, such as `user_*`.
    case partly
    /// `*`: whatever has no other node in its place. For versions, `v*`.
    case star
    /// Whatever begins alike: `product-detail-*`.
    case family
    /// One of the values of the node above, as long as it is not known whether that varies.
    case form
  }

  /// Whether the values of a place get nodes of their own below the node of their shape.
  enum Forms: UInt8, Sendable {
    /// Each new one does.
    case open
    /// Those that have one keep it.
    case settled
    /// None does: the place varies.
    case none
  }

  /// The node above; the root's is itself.
  var parent: Int32
  /// What precedes the piece; `form` for one of several values of the node above.
  let separator: Separator
  let role: KeyReading.Role
  let kind: Kind
  var forms = Forms.open
  /// True where a signature says that the namespace ends here.
  var endsNamespace = false
  /// True where a signature says that the piece is a version.
  var isVersion = false
  /// The role of the keys from here on, where a signature gives it away.
  var keyRole: KeyRole?
  let piece: [UInt8]
  /// The hash under which the node is found.
  var hash: UInt64 = 0
  /// The group of the keys that end here; -1 where there is none.
  var group: Int32 = -1
  /// The first child; 0 where there is none, because the root is no child.
  var firstChild: Int32 = 0
  /// The next node below the same parent; 0 at the end.
  var nextSibling: Int32 = 0
  /// Children that are names or vary in part.
  var nameCount: Int32 = 0
  /// Children that are values of this node.
  var formCount: Int32 = 0
  /// A bit for each separator behind which no name gets a node of its own any more.
  private var closedPlaces: UInt32 = 0
  /// True where a child is a family.
  var hasFamilies = false
  /// Keys that end here.
  var keys = 0

  init(parent: Int, separator: Separator, role: KeyReading.Role, kind: Kind, piece: [UInt8]) {
    self.parent = Int32(truncatingIfNeeded: parent)
    self.separator = separator
    self.role = role
    self.kind = kind
    self.piece = piece
  }

  /// True where new names behind a separator join the `*`.
  func isClosed(_ separator: Separator) -> Bool { closedPlaces >> UInt32(separator.rawValue) & 1 == 1 }

  mutating func close(_ separator: Separator) { closedPlaces |= 1 << UInt32(separator.rawValue) }

  /// The closed places as a number, to be saved.
  var closedBits: Int {
    get { Int(closedPlaces) }
    set { closedPlaces = UInt32(truncatingIfNeeded: newValue) }
  }
}
