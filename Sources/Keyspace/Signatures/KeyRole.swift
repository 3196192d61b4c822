/// What a key is for.
package enum KeyRole: String, Sendable, CaseIterable, Comparable {
  /// A cached value: it can be computed again.
  case entry
  /// A user's session or token.
  case session
  /// A lock, or who holds it.
  case lock
  /// A counter, a rate limit.
  case counter
  /// A queue, its jobs and their bookkeeping.
  case queue
  /// The members of a cache tag.
  case tag
  /// An index of other keys.
  case index

  /// Orders by name, so that ties are decided alike in every run.
  package static func < (left: KeyRole, right: KeyRole) -> Bool { left.rawValue < right.rawValue }
}
