/// What a key is for.
package enum KeyRole: String, Sendable, CaseIterable {
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
}
