/// The place of a key in a set of keys that belong together, as applications keep one for each tag.
package struct SeedMembership: Sendable, Equatable {
  /// The name of the set.
  package var set: [UInt8]
  /// The member that stands for the key.
  package var member: [UInt8]
  /// The score in a sorted set, as text that Redis takes; nil in a plain set.
  package var score: [UInt8]?
  /// When the set expires, in milliseconds since 1970; nil where it does not, or where that is not known.
  package var setExpiresAt: Int64?

  /// Creates a membership.
  package init(set: [UInt8], member: [UInt8], score: [UInt8]? = nil, setExpiresAt: Int64? = nil) {
    self.set = set
    self.member = member
    self.score = score
    self.setExpiresAt = setExpiresAt
  }

  /// True where the set has expired by now, in milliseconds since 1970: there is nothing to be a member of.
  package func isOver(_ now: Int64) -> Bool { setExpiresAt.map { $0 <= now } ?? false }
}
